"""Accounts with what their mandates allow, sessions and tokens: kept as hashes, ended with their account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from node.errors import Conflict
from node.store.access import bearers, sessions, tokens
from node.store.db import Db
from node.store.members import accounts, mandates
from tests.factories import a_local_actor, a_member

LOCKED_OUT = (
    "UPDATE accounts SET disabled_at = now()",
    "UPDATE actors SET suspended_at = now()",
    "UPDATE actors SET deleted_at = now()",
)


async def test_an_account_may_do_what_its_mandates_in_force_allow(db: Db) -> None:
    who = await a_member(db, "ana", roles=("member",))
    editor = await mandates.insert(db, who.account.id, "editor", ends_at=datetime.now(UTC) + timedelta(days=1))
    found = await accounts.find(db, who.account.id)
    assert found
    assert found.roles == ["editor", "member"]
    assert "publish_as_hub" in found.permissions
    assert len(set(found.permissions)) == len(found.permissions)
    assert await mandates.end(db, editor.id)
    assert not await mandates.end(db, editor.id)
    found = await accounts.find(db, who.account.id)
    assert found
    assert (found.roles, "publish_as_hub" in found.permissions) == (["member"], False)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE mandates SET starts_at = now() - interval '2 days', ends_at = now() - interval '1 day'",
        "UPDATE mandates SET starts_at = now() + interval '1 day'",
    ],
)
async def test_a_mandate_that_is_over_or_to_come_allows_nothing(db: Db, change: str) -> None:
    who = await a_member(db, "ana", roles=("steward",))
    await db.execute(change)
    found = await accounts.find(db, who.account.id)
    assert found
    assert (found.roles, found.permissions) == ([], [])
    assert await mandates.list_of(db, who.account.id) == []


async def test_a_mail_address_belongs_to_one_account_whatever_its_case(db: Db) -> None:
    who = await a_member(db, "ana")
    found = await accounts.find_by_email(db, (who.account.email or "").upper())
    assert found
    assert found.id == who.account.id
    other = await a_local_actor(db, "bo")
    with pytest.raises(Conflict):
        await accounts.insert(
            db, other, email=(who.account.email or "").upper(), password_hash=None, language="en", zone="UTC"
        )


async def test_a_name_that_was_borne_or_is_kept_is_not_free(db: Db) -> None:
    await a_member(db, "ana")
    await db.execute("UPDATE actors SET deleted_at = now()")
    await db.execute("INSERT INTO reserved_names (name, reason) VALUES ('moved', 'test')")
    assert [await accounts.is_reserved(db, name) for name in ("Ana", "MOVED", "bo")] == [True, True, False]


async def test_a_session_is_found_by_its_key_alone(db: Db) -> None:
    who = await a_member(db, "ana")
    await sessions.put(db, "key", who.account.id, {"account": who.account.id})
    assert await sessions.find(db, "key") == {"account": who.account.id}
    assert await sessions.find(db, "other") is None
    assert await sessions.find(db, sessions.hash_of("key").hex()) is None


async def test_ending_all_sessions_but_one_ends_the_others(db: Db) -> None:
    who = await a_member(db, "ana")
    for key in ("one", "two", "three"):
        await sessions.put(db, key, who.account.id, {"account": who.account.id})
    await sessions.delete_of(db, who.account.id, but="two")
    assert [bool(await sessions.find(db, key)) for key in ("one", "two", "three")] == [False, True, False]
    await sessions.delete_of(db, who.account.id)
    assert await sessions.find(db, "two") is None


async def test_sessions_that_have_ended_are_forgotten(db: Db) -> None:
    who = await a_member(db, "ana")
    for key in ("old", "new"):
        await sessions.put(db, key, who.account.id, {})
    await db.execute(
        "UPDATE sessions SET expires_at = now() - interval '1 s' WHERE key_hash = $1", sessions.hash_of("old")
    )
    assert await sessions.find(db, "old") is None
    await sessions.delete_expired(db)
    assert await db.fetchval("SELECT count(*) FROM sessions") == 1


async def test_a_token_is_given_once_and_revoked_by_its_owner_only(db: Db) -> None:
    who, other = await a_member(db, "ana"), await a_member(db, "bo")
    token = await tokens.insert(db, who.account.id, ["read"], name="script")
    found = await bearers.find(db, token)
    assert found
    assert found.viewer
    assert (found.viewer.account.id, found.viewer.acting.id) == (who.account.id, who.actor.id)
    assert (found.viewer.account.permissions, found.scopes) == (who.account.permissions, ("read",))
    assert [one.name for one in await tokens.list_of(db, who.account.id)] == ["script"]
    assert await bearers.find(db, token + "x") is None
    assert not await tokens.revoke(db, other.account.id, found.id)
    assert await tokens.revoke(db, who.account.id, found.id)
    assert await bearers.find(db, token) is None
    assert await tokens.list_of(db, who.account.id) == []


@pytest.mark.parametrize("change", LOCKED_OUT)
async def test_case_129_sessions_and_tokens_end_with_their_account(db: Db, change: str) -> None:
    who = await a_member(db, "ana")
    token = await tokens.insert(db, who.account.id, ["read"])
    await sessions.put(db, "key", who.account.id, {})
    await db.execute(change)
    assert await bearers.find(db, token) is None
    assert await sessions.find(db, "key") is None
