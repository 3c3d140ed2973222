"""`allmende account suspend` and `unsuspend`."""

from __future__ import annotations

import pytest

from node.store.db import Db
from node.store.hub import hub
from node.store.people import actors
from tests.factories import a_member, a_remote_actor
from tests.node.cli.conftest import Allmende


async def test_a_member_is_suspended_and_the_suspension_lifted(db: Db, allmende: Allmende) -> None:
    await hub.prepare(db, "https://hub.example")
    member = await a_member(db, "ana")
    done = await allmende("account", "suspend", "ana", "--public-reason", "threats")
    assert (done.status, done.err) == (0, "")
    assert "ana is suspended." in done.out
    assert (await actors.get(db, member.actor.id)).suspended_at is not None
    done = await allmende("account", "unsuspend", "@ana")
    assert (done.status, done.out) == (0, "@ana is no longer suspended.\n")
    assert (await actors.get(db, member.actor.id)).suspended_at is None


@pytest.mark.parametrize("named", ["bo@peer.example", "https://peer.example/users/bo"])
async def test_somebody_elsewhere_is_named_by_handle_or_address(db: Db, allmende: Allmende, named: str) -> None:
    remote = await a_remote_actor(db, "bo")
    assert (await allmende("account", "suspend", named)).status == 0
    assert (await actors.get(db, remote.id)).suspended_at is not None


@pytest.mark.parametrize("named", ["nobody", "nobody@peer.example", "https://peer.example/users/nobody"])
async def test_who_is_unknown_cannot_be_suspended(allmende: Allmende, named: str) -> None:
    done = await allmende("account", "suspend", named)
    assert done.status == 1
    assert f"{named} is nobody here" in done.err


async def test_lifting_what_is_not_suspended_is_said(db: Db, allmende: Allmende) -> None:
    await a_member(db, "ana")
    done = await allmende("account", "unsuspend", "ana")
    assert (done.status, done.err) == (1, "Error: ana is not suspended.\n")
