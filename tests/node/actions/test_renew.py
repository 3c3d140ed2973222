"""Calls end by themselves: their owners are reminded once and in time, may renew them, and what ends is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from node.actions.renew import renew, tend_calls
from node.errors import Conflict, Forbidden
from node.mailing import rendering
from node.node import Node
from node.store.db import Db
from node.store.hub import hub
from node.store.notices.mails import Mail
from node.store.posts import posts
from schemas.records import Post, Viewer
from schemas.things import CallDetail
from tests.factories import a_member, a_post


async def a_call(db: Db, who: Viewer, *, began_days_ago: int = 0, **detail: Any) -> Post:
    """A call of a member's that began some days ago."""
    call = await a_post(db, who.actor, kind="call", call=CallDetail(**detail), written_by=who.account.id)
    began = datetime.now(UTC) - timedelta(days=began_days_ago)
    await db.execute("UPDATE calls SET renewed_at = $2 WHERE post_id = $1", call.id, began)
    return call


def in_days(days: float) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


async def state(db: Db, call: Post) -> str:
    found: str = await db.fetchval("SELECT state FROM calls WHERE post_id = $1", call.id)
    return found


async def told(db: Db, call: Post) -> int:
    """How many notices and letters say that it ends."""
    notices: int = await db.fetchval(
        "SELECT count(*) FROM notifications WHERE post_id = $1 AND kind = 'call_expiring'", call.id
    )
    letters: int = await db.fetchval("SELECT count(*) FROM mails WHERE kind = 'call_expiring'")
    return notices + letters


@pytest.mark.parametrize(
    ("began", "days", "reminded"),
    [(30, 3, True), (2, 5, False), (30, 20, False), (85, None, True), (20, None, False)],
)
async def test_the_owner_is_reminded_once_when_a_call_ends_soon(
    node: Node, db: Db, began: int, days: int | None, reminded: bool
) -> None:
    who = await a_member(db)
    await db.execute("UPDATE accounts SET confirmed_at = now(), email = 'a@b.example' WHERE id = $1", who.account.id)
    call = await a_call(db, who, began_days_ago=began, deadline=in_days(days) if days else None)
    await tend_calls(node)
    await tend_calls(node)
    assert await told(db, call) == (2 if reminded else 0)
    assert await state(db, call) == "open"


async def test_the_letter_says_when_and_leads_to_the_renewal(node: Node, db: Db) -> None:
    who = await a_member(db)
    await db.execute("UPDATE accounts SET confirmed_at = now(), email = 'a@b.example' WHERE id = $1", who.account.id)
    call = await a_call(db, who, began_days_ago=30, deadline=in_days(3))
    await tend_calls(node)
    row = await db.fetchrow("SELECT * FROM mails")
    mail = Mail(**{name: row[name] for name in Mail.__struct_fields__})
    letter = rendering.write(mail, await hub.get(db), node.settings)
    assert letter.subject.startswith("Your call ends soon")
    assert f"{call.url}/desk" in letter.text
    assert f'href="{call.url}/desk"' in letter.html


async def test_a_call_whose_time_is_over_is_closed_and_that_is_told(node: Node, db: Db) -> None:
    who = await a_member(db)
    past, old, young = (
        await a_call(db, who, began_days_ago=10, deadline=in_days(-1)),
        await a_call(db, who, began_days_ago=91),
        await a_call(db, who, began_days_ago=80),
    )
    await tend_calls(node)
    assert [await state(db, one) for one in (past, old, young)] == ["closed", "closed", "open"]
    rows = await db.fetch("SELECT document FROM activities WHERE type = 'Update' ORDER BY id")
    said = [msgspec.json.decode(row["document"])["object"]["coop:call"]["state"] for row in rows]
    assert said == ["closed", "closed"]
    await tend_calls(node)
    assert await db.fetchval("SELECT count(*) FROM activities WHERE type = 'Update'") == 2


async def test_a_renewed_call_is_open_and_its_owner_reminded_again(node: Node, db: Db) -> None:
    who = await a_member(db)
    call = await a_call(db, who, began_days_ago=30, deadline=in_days(-1))
    await tend_calls(node)
    renewed = await renew(node, db, who, call.id)
    assert renewed.call
    assert renewed.call.state == "open"
    assert renewed.call.deadline
    assert 29 < (renewed.call.deadline - datetime.now(UTC)).days + 1 <= 31
    await db.execute("UPDATE calls SET renewed_at = now() - interval '60 days', deadline = $1", in_days(2))
    await tend_calls(node)
    assert await told(db, call) >= 1


async def test_a_call_without_a_deadline_begins_its_time_anew(node: Node, db: Db) -> None:
    who = await a_member(db)
    call = await a_call(db, who, began_days_ago=89)
    await tend_calls(node)
    await renew(node, db, who, call.id)
    assert await told(db, call) == await db.fetchval("SELECT count(*) FROM mails")
    await tend_calls(node)
    now = await posts.find(db, call.id)
    assert now
    assert now.call
    assert now.call.state == "open"


async def test_only_the_owner_renews_and_only_what_is_not_over(node: Node, db: Db) -> None:
    who, other = await a_member(db), await a_member(db)
    call = await a_call(db, who, deadline=in_days(3))
    with pytest.raises(Forbidden):
        await renew(node, db, other, call.id)
    await db.execute("UPDATE calls SET state = 'withdrawn' WHERE post_id = $1", call.id)
    with pytest.raises(Conflict):
        await renew(node, db, who, call.id)
