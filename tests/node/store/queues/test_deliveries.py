"""Deliveries are owed once per inbox, leased host by host, and never to a host whose breaker is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from node.ids import new_id
from node.store.db import Db
from node.store.posts import activities
from node.store.queues import deliveries
from node.store.queues.deliveries import Owed, PutOff
from node.store.servers import hosts
from schemas.records import Activity
from tests.factories import URLS, a_remote_actor, the_hub

WORKER = 7


async def an_activity(db: Db) -> Activity:
    number = new_id()
    return await activities.insert(
        db,
        Activity(
            id=number,
            uri=URLS.activity(number),
            type="Create",
            actor_id=(await the_hub(db)).id,
            post_id=None,
            object_uri=None,
            audience="public",
            recipients=[],
            document='{"type":"Create"}',
            published_at=datetime.now(UTC),
        ),
    )


async def owe(db: Db, *inboxes: str) -> Activity:
    activity = await an_activity(db)
    owed = [Owed(inbox=inbox, host=inbox.split("/")[2]) for inbox in inboxes]
    await deliveries.insert_many(db, activity.id, activity.actor_id, owed)
    return activity


async def due(db: Db, *, busy: tuple[str, ...] = ()) -> set[str]:
    return {one.host for one in await deliveries.due_hosts(db, 100, busy=busy)}


async def test_an_inbox_is_owed_an_activity_once(db: Db) -> None:
    activity = await owe(db, "https://a.example/inbox", "https://a.example/inbox", "https://b.example/inbox")
    await deliveries.insert_many(
        db, activity.id, activity.actor_id, [Owed(inbox="https://a.example/inbox", host="a.example")]
    )
    assert await db.fetchval("SELECT count(*) FROM deliveries") == 2


async def test_hosts_with_something_due_are_found_less_those_that_are_busy(db: Db) -> None:
    for _ in range(3):
        await owe(db, "https://a.example/inbox", "https://b.example/inbox", "https://c.example/inbox")
    assert await due(db, busy=("b.example",)) == {"a.example", "c.example"}


async def test_a_lease_is_of_one_host_in_order_with_the_text_to_send(db: Db) -> None:
    said = [await owe(db, "https://a.example/inbox", "https://b.example/inbox") for _ in range(3)]
    taken = await deliveries.lease(db, WORKER, "a.example", 2)
    assert [one.activity_id for one in taken] == [one.id for one in said[:2]]
    assert {(one.host, one.document) for one in taken} == {("a.example", '{"type":"Create"}')}
    assert len(await deliveries.lease(db, WORKER, "a.example", 9)) == 1
    assert await deliveries.lease(db, WORKER, "a.example", 9) == []
    assert await due(db) == {"b.example"}


async def test_what_arrived_is_owed_no_more_and_what_failed_waits(db: Db) -> None:
    await owe(db, "https://a.example/inbox")
    await owe(db, "https://a.example/inbox")
    one, other = await deliveries.lease(db, WORKER, "a.example", 9)
    await deliveries.finish(db, [one.id])
    await deliveries.put_off(db, [PutOff(id=other.id, seconds=60.0, error="timeout")])
    assert await due(db) == set()
    row = await db.fetchrow("SELECT attempts, last_error, leased_until, next_at - now() AS wait FROM deliveries")
    assert row is not None
    assert (row["attempts"], row["last_error"], row["leased_until"]) == (1, "timeout", None)
    assert timedelta(seconds=50) < row["wait"] <= timedelta(seconds=60)


async def test_what_is_given_up_keeps_its_reason_and_is_never_due(db: Db) -> None:
    await owe(db, "https://a.example/inbox")
    (one,) = await deliveries.lease(db, WORKER, "a.example", 9)
    await deliveries.put_off(db, [PutOff(id=one.id, seconds=None, error="gone")])
    assert await due(db) == set()
    assert await db.fetchval("SELECT last_error FROM deliveries WHERE dead_at IS NOT NULL") == "gone"
    assert await deliveries.forget_dead(db, timedelta(days=30)) == 0
    assert await deliveries.forget_dead(db, timedelta(0)) == 1


async def test_what_found_no_way_for_a_week_is_given_up_though_it_was_never_tried(db: Db) -> None:
    await owe(db, "https://a.example/inbox")
    await owe(db, "https://b.example/inbox")
    await db.execute("UPDATE deliveries SET created_at = now() - interval '8 days' WHERE host = 'a.example'")
    assert await deliveries.give_up_old(db, timedelta(days=7)) == 1
    assert await due(db) == {"b.example"}


@pytest.mark.parametrize(("open_for", "expected"), [(60.0, set()), (-1.0, {"a.example"}), (None, {"a.example"})])
async def test_a_host_whose_breaker_is_open_is_left_alone(db: Db, open_for: float | None, expected: set[str]) -> None:
    await owe(db, "https://a.example/inbox")
    await hosts.lock_breaker(db, "a.example")
    await hosts.keep_breaker(db, "a.example", {"state": "open"}, open_for)
    assert await due(db) == expected


async def test_hosts_that_are_well_come_before_those_that_fail(db: Db) -> None:
    await owe(db, *(f"https://{name}.example/inbox" for name in "abcdef"))
    for name in "abc":
        await hosts.lock_breaker(db, f"{name}.example")
        await hosts.keep_breaker(db, f"{name}.example", {"failures": 1}, None)
    found = await deliveries.due_hosts(db, 4)
    assert [one.failing for one in found] == [False, False, False, True]


async def test_inboxes_are_shared_and_leave_out_whom_nobody_should_tell(db: Db) -> None:
    hub = await the_hub(db)
    one, same = await a_remote_actor(db), await a_remote_actor(db)
    alone = await a_remote_actor(db, host="https://alone.example", shared_inbox=None)
    gone = await a_remote_actor(db, host="https://gone.example")
    blocked = await a_remote_actor(db, host="https://blocked.example")
    await db.execute("UPDATE actors SET deleted_at = now() WHERE id = $1", gone.id)
    await db.execute("INSERT INTO blocks (blocker_id, blocked_id) VALUES ($1, $2)", hub.id, blocked.id)
    for follower in (one, same, gone, blocked):
        await db.execute(
            "INSERT INTO follows (follower_id, followed_id, uri, state) VALUES ($1, $2, $3, 'accepted')",
            follower.id,
            hub.id,
            f"{follower.uri}/follow",
        )
    assert await activities.inboxes(db, hub.id, followers=True, to=[]) == [one.shared_inbox]
    assert await activities.inboxes(db, hub.id, followers=False, to=[alone.id, gone.id]) == [alone.inbox]
    everyone = await activities.inboxes(db, hub.id, followers=True, to=[alone.id])
    assert sorted(everyone) == sorted([one.shared_inbox or "", alone.inbox])


async def test_each_of_many_deliveries_has_the_text_of_its_activity(db: Db) -> None:
    inboxes = [f"https://here.example/inboxes/{number}" for number in range(3)]
    texts = {(await owe(db, *inboxes)).id, (await owe(db, *inboxes)).id}
    await db.execute("UPDATE activities SET document = to_json(id)")
    leased = await deliveries.lease(db, WORKER, "here.example", 10)
    assert {one.activity_id for one in leased} == texts
    assert [int(one.document) for one in leased] == [one.activity_id for one in leased]
