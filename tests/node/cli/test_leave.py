"""`allmende account delete`."""

from __future__ import annotations

from node.store.db import Db
from node.store.people import actors
from tests.node.cli.conftest import Allmende
from tests.node.cli.test_account import PASSWORD, found


async def test_an_account_is_deleted_at_once_and_its_name_not_given_again(db: Db, allmende: Allmende) -> None:
    await found(allmende)
    make = ("account", "create", "bo", "--email", "bo@example.org", "--password-stdin")
    assert (await allmende(*make, given=PASSWORD + "\n")).status == 0
    done = await allmende("account", "delete", "bo", "--now", "--yes")
    assert (done.status, done.out.strip()) == (0, "bo is deleted.")
    bo = await actors.find_local(db, "bo")
    assert bo and bo.deleted_at
    assert (await allmende(*make, given=PASSWORD + "\n")).status != 0
    assert (await allmende("account", "delete", "bo", "--yes")).status != 0


async def test_the_last_steward_is_not_deleted(db: Db, allmende: Allmende) -> None:
    await found(allmende)
    assert (await allmende("account", "delete", "ana", "--now", "--yes")).status != 0
    ana = await actors.find_local(db, "ana")
    assert ana and ana.deleted_at is None
