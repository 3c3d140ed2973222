"""A series does not flood its followers: near dates are told at once, far ones when their time comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from node.actions import withdraw
from node.actions.publish import publish
from node.actions.series import tell_dates
from node.node import Node
from node.store.db import Db
from node.store.events import events
from node.store.people import follows
from node.store.posts import posts
from schemas.check import decode
from schemas.limits import SERIES_TOLD_AT_ONCE, SERIES_TOLD_DAYS
from schemas.records import Post, Viewer
from tests.drafts import json_of
from tests.factories import a_member, a_remote_actor, the_hub

WEEKS = 52
NEAR = 5


@pytest.fixture
async def ana(node: Node, db: Db) -> Viewer:
    """Who publishes, with a follower elsewhere."""
    await the_hub(db, node.urls)
    ana, bo = await a_member(db, "ana", urls=node.urls), await a_remote_actor(db)
    await follows.insert(db, bo.id, ana.actor.id, "https://peer.example/f/1", accepted=True)
    return ana


async def a_series(node: Node, db: Db, ana: Viewer, *, ahead: int = 3) -> list[Post]:
    """A weekly event of a year, which begins in some days."""
    starts = (datetime.now(UTC) + timedelta(days=ahead)).strftime("%Y-%m-%dT14:00")
    raw = json_of("event", starts=starts, ends=None, zone="UTC", repeat={"every": "week", "count": WEEKS})
    first = await publish(node, db, ana, decode(msgspec.json.encode(raw)))
    return await events.list_series(db, first.series or "")


async def told(db: Db, verb: str = "Create") -> list[dict[str, Any]]:
    rows = await db.fetch("SELECT document FROM activities WHERE type = $1 ORDER BY id", verb)
    return [msgspec.json.decode(row["document"])["object"] for row in rows]


async def pass_days(db: Db, days: int) -> None:
    """As if all this had been so many days ago."""
    moved = timedelta(days=days)
    await db.execute("UPDATE events SET starts_at = starts_at - $1::interval, ends_at = ends_at - $1::interval", moved)
    await db.execute(
        "UPDATE posts SET published_at = published_at - $1::interval, updated_at = updated_at - $1::interval", moved
    )


async def test_only_dates_of_the_next_weeks_are_told_at_once(node: Node, db: Db, ana: Viewer) -> None:
    dates = await a_series(node, db, ana)
    assert len(dates) == WEEKS
    assert [one["id"] for one in await told(db)] == [date.uri for date in dates[:NEAR]]
    assert await db.fetchval("SELECT count(*) FROM deliveries") == NEAR
    await tell_dates(node)
    assert len(await told(db)) == NEAR


async def test_the_first_date_is_told_however_far_it_is(node: Node, db: Db, ana: Viewer) -> None:
    dates = await a_series(node, db, ana, ahead=SERIES_TOLD_DAYS + 30)
    assert [one["id"] for one in await told(db)] == [dates[0].uri]


async def test_a_later_date_is_told_once_when_its_time_comes(node: Node, db: Db, ana: Viewer) -> None:
    dates = await a_series(node, db, ana)
    await pass_days(db, 7)
    for _ in range(2):
        await tell_dates(node)
    said = await told(db)
    assert [one["id"] for one in said] == [date.uri for date in dates[: NEAR + 1]]
    late = await posts.get(db, dates[NEAR].id, None)
    assert datetime.now(UTC) - late.published_at < timedelta(minutes=5)
    assert await db.fetchval("SELECT count(*) FROM deliveries") == NEAR + 1


async def test_after_a_long_sleep_all_that_are_due_are_told(node: Node, db: Db, ana: Viewer) -> None:
    dates = await a_series(node, db, ana, ahead=SERIES_TOLD_DAYS + 30)
    await db.execute("UPDATE events SET starts_at = now() + interval '20 days'")
    await tell_dates(node)
    assert len(await told(db)) == len(dates) > 2 * SERIES_TOLD_AT_ONCE


async def test_who_holds_a_far_date_hears_that_it_is_cancelled_and_it_is_not_told_later(
    node: Node, db: Db, ana: Viewer
) -> None:
    dates = await a_series(node, db, ana)
    await withdraw.cancel_event(node, db, ana, dates[NEAR].id)
    assert [one["id"] for one in await told(db, "Update")] == [dates[NEAR].uri]
    await withdraw.delete(node, db, ana, dates[NEAR + 1].id)
    await pass_days(db, 21)
    await tell_dates(node)
    assert [one["id"] for one in await told(db)] == [dates[number].uri for number in (*range(NEAR), NEAR + 2)]
