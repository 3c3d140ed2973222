"""One list per event, whatever door an answer came through."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from node.actions.attend import attend, decide, promote, settled_elsewhere
from node.errors import Conflict, NotFound
from node.node import Node
from node.store.db import Db
from node.store.events import rsvps
from node.store.posts import posts
from schemas.records import Post
from tests.factories import a_local_actor, a_member, a_post, a_remote_actor, a_remote_object, an_event_detail, the_hub

SEATS = 7
CROWD = 100


async def an_event(db: Db, **detail: object) -> Post:
    hub = await the_hub(db)
    return await a_post(db, hub, kind="event", event=an_event_detail(**detail))  # type: ignore[arg-type]


async def said(db: Db, verb: str) -> list[dict[str, object]]:
    rows = await db.fetch("SELECT document FROM activities WHERE type = $1 ORDER BY id", verb)
    return [msgspec.json.decode(row["document"]) for row in rows]


async def test_a_member_attends_and_leaves(node: Node, db: Db) -> None:
    event, member = await an_event(db), await a_member(db)
    assert (await attend(node, db, member.actor, event.id, "going", "button")).state == "going"
    assert (await posts.get(db, event.id, None)).event.going == 1  # type: ignore[union-attr]
    assert (await attend(node, db, member.actor, event.id, "declined", "button")).state == "declined"
    assert await rsvps.counts(db, event.id) == {"declined": 1}


async def test_case_144_capacity_holds_under_simultaneous_answers(node: Node, db: Db) -> None:
    event = await an_event(db, capacity=SEATS)
    crowd = [await a_remote_actor(db) for _ in range(CROWD)]

    async def come(number: int) -> str:
        async with node.database.pool.acquire() as own, own.transaction():
            uri = f"{crowd[number].uri}/joins/{number}"
            answer = await attend(node, own, crowd[number], event.id, "going", "join", activity_uri=uri)
            return answer.state

    states = await asyncio.gather(*(come(number) for number in range(CROWD)))
    assert (states.count("going"), states.count("waiting")) == (SEATS, CROWD - SEATS)
    assert await rsvps.counts(db, event.id) == {"going": SEATS, "waiting": CROWD - SEATS}
    assert len(await said(db, "Accept")) == SEATS


async def test_the_same_answer_at_the_same_time_takes_one_seat(node: Node, db: Db) -> None:
    event, eager = await an_event(db, capacity=SEATS), await a_remote_actor(db)

    async def come() -> None:
        async with node.database.pool.acquire() as own, own.transaction():
            await attend(node, own, eager, event.id, "going", "join", activity_uri=f"{eager.uri}/joins/1")

    await asyncio.gather(*(come() for _ in range(10)))
    assert await rsvps.counts(db, event.id) == {"going": 1}


async def test_who_waits_longest_moves_up_and_is_told(node: Node, db: Db) -> None:
    event = await an_event(db, capacity=1)
    first, second, third = [await a_remote_actor(db) for _ in range(3)]
    for one in (first, second, third):
        await attend(node, db, one, event.id, "going", "join", activity_uri=f"{one.uri}/joins/1")
    await attend(node, db, first, event.id, "declined", "join")
    assert await rsvps.counts(db, event.id) == {"declined": 1, "going": 1, "waiting": 1}
    promoted = await rsvps.find(db, event.id, second.id)
    assert promoted is not None and promoted.state == "going"
    assert (await said(db, "Accept"))[-1]["to"] == [second.uri]


async def test_more_seats_let_the_waiting_in(node: Node, db: Db) -> None:
    event = await an_event(db, capacity=1)
    members = [await a_member(db) for _ in range(3)]
    for one in members:
        await attend(node, db, one.actor, event.id, "going", "button")
    await db.execute("UPDATE events SET capacity = 2 WHERE post_id = $1", event.id)
    assert [answer.actor_id for answer in await promote(node, db, event)] == [members[1].actor.id]


async def test_a_full_event_without_a_waiting_list_says_so(node: Node, db: Db) -> None:
    event = await an_event(db, capacity=1, waiting_list=False)
    await attend(node, db, (await a_member(db)).actor, event.id, "going", "button")
    with pytest.raises(Conflict, match="full"):
        await attend(node, db, (await a_member(db)).actor, event.id, "going", "button")


@pytest.mark.parametrize(
    "detail",
    [
        {"status": "cancelled"},
        {"starts": datetime.now(UTC) - timedelta(days=2)},
        {"join_mode": "none"},
        {"join_mode": "external", "external_url": "https://tickets.example"},
    ],
)
async def test_an_event_that_takes_no_answers_refuses_them(node: Node, db: Db, detail: dict[str, object]) -> None:
    event = await an_event(db, **detail)
    with pytest.raises(Conflict):
        await attend(node, db, (await a_member(db)).actor, event.id, "going", "button")


async def test_organisers_decide_where_they_want_to(node: Node, db: Db) -> None:
    event, guest = await an_event(db, join_mode="restricted"), await a_remote_actor(db)
    uri = f"{guest.uri}/joins/1"
    asked = await attend(node, db, guest, event.id, "going", "join", activity_uri=uri)
    assert (asked.state, await said(db, "Accept")) == ("asked", [])
    assert (await decide(node, db, event, asked.id, accept=True)).state == "going"
    assert (await said(db, "Accept"))[0]["object"]["id"] == uri  # type: ignore[index]
    assert (await decide(node, db, event, asked.id, accept=False)).state == "declined"
    assert (await said(db, "Reject"))[0]["to"] == [guest.uri]


async def test_nobody_is_admitted_who_did_not_ask(node: Node, db: Db) -> None:
    event, other = await an_event(db), await an_event(db)
    asked = await attend(node, db, await a_remote_actor(db), other.id, "going", "join")
    for number in (asked.id, asked.id + 1000):
        with pytest.raises(NotFound):
            await decide(node, db, event, number, accept=True)


async def test_an_event_for_hub_members_takes_no_stranger(node: Node, db: Db) -> None:
    hub = await the_hub(db)
    event = await a_post(db, hub, kind="event", audience="hub")
    with pytest.raises(NotFound):
        await attend(node, db, await a_remote_actor(db), event.id, "going", "join")


async def test_a_member_joins_an_event_elsewhere(node: Node, db: Db) -> None:
    organiser, member = await a_remote_actor(db), await a_local_actor(db)
    event = await posts.upsert_remote(db, a_remote_object(organiser, kind="event"), organiser)
    assert event is not None
    asked = await attend(node, db, member, event.id, "going", "button")
    assert asked.state == "asked"
    assert (await said(db, "Join"))[0]["id"] == asked.activity_uri
    await attend(node, db, member, event.id, "going", "button")
    assert len(await said(db, "Join")) == 1
    assert await settled_elsewhere(db, event, member, accepted=True)
    settled = await rsvps.find(db, event.id, member.id)
    assert settled is not None and settled.state == "going"
    await attend(node, db, member, event.id, "declined", "button")
    assert len(await said(db, "Leave")) == 1


async def test_an_answer_to_a_join_that_nobody_sent_changes_nothing(node: Node, db: Db) -> None:
    organiser, member = await a_remote_actor(db), await a_local_actor(db)
    event = await posts.upsert_remote(db, a_remote_object(organiser, kind="event"), organiser)
    assert event is not None
    assert not await settled_elsewhere(db, event, member, accepted=True)
    assert await rsvps.find(db, event.id, member.id) is None
