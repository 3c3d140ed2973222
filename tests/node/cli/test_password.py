"""`account password`: a new password for somebody who forgot theirs, and the end of whatever the old one opened."""

from __future__ import annotations

import pytest

from node.actions import factors as deeds
from node.secrets import passwords
from node.store.access import bearers, factors, sessions, tokens
from node.store.db import Db
from node.store.members import accounts
from schemas.records import Viewer
from tests.factories import a_member
from tests.node.cli.conftest import Allmende

NEW = "nine loud turnips sing"


@pytest.fixture
async def ana(db: Db) -> Viewer:
    """A member with a session and an authenticator app."""
    who = await a_member(db, "ana")
    await sessions.put(db, "a key", who.account.id, {"account": who.account.id})
    await factors.begin_totp(db, who.account.id, deeds.new_secret())
    await db.execute("UPDATE totp SET confirmed_at = now()")
    await deeds.new_recovery_codes(db, who.account.id)
    return who


async def test_case_129_a_new_password_ends_sessions_and_tokens(db: Db, ana: Viewer, allmende: Allmende) -> None:
    token = await tokens.insert(db, ana.account.id, ("read",))
    done = await allmende("account", "password", "@ana", "--password-stdin", given=NEW + "\n")
    assert (done.status, done.out) == (0, "@ana has a new password.\n")
    account = await accounts.find(db, ana.account.id)
    assert account
    assert await passwords.matches(account.password_hash, NEW)
    assert await sessions.find(db, "a key") is None
    assert await bearers.find(db, token) is None
    assert (await factors.of(db, ana.account.id)).totp  # case 132: the second step stays


async def test_the_second_step_goes_where_that_is_asked_for(db: Db, ana: Viewer, allmende: Allmende) -> None:
    done = await allmende("account", "password", "ana", "--password-stdin", "--without-second-step", given=NEW)
    assert (done.status, done.out) == (0, "ana has a new password, and no second step.\n")
    assert await factors.of(db, ana.account.id) == factors.Factors(totp=False, passkeys=0, recovery_codes=0)


@pytest.mark.parametrize(("name", "given"), [("nobody", NEW), ("ana", "short"), ("hub", NEW)])
async def test_nobody_and_a_weak_password_are_refused(
    db: Db, ana: Viewer, allmende: Allmende, name: str, given: str
) -> None:
    done = await allmende("account", "password", name, "--password-stdin", given=given)
    assert done.status == 1
    assert done.err.startswith("Error: ")
    assert await sessions.find(db, "a key") is not None
