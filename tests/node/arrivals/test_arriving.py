"""What arrived has its effect once, in order, and trouble with one activity is no trouble for the others."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from federation.addresses import host_of
from node.arrivals import receiving
from node.arrivals.arriving import Arriving
from node.inbox import RECEIVERS, Needs, Outcome, Taken
from node.node import Node
from node.siblings.waking import Bell
from node.store.db import Db
from node.store.people import actors
from node.store.posts import posts
from node.store.queues import arrivals
from schemas.objects import RemoteActivity
from schemas.records import Actor
from tests.factories import a_remote_actor, the_hub
from tests.journeys.conftest import eventually
from tests.peer import Peer, hostile_peer

WORKER = 7
Receive = Callable[[Node, Db, RemoteActivity, Actor], Any]


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with hostile_peer("127.0.0.7") as peer:
        yield peer


@asynccontextmanager
async def working(node: Node) -> AsyncIterator[Bell]:
    """The loop that works on arrivals, for as long as the block lasts."""
    bell = Bell()
    task = asyncio.create_task(Arriving(node, WORKER).run(bell))
    try:
        yield bell
    finally:
        bell.stop()
        await asyncio.wait_for(task, 30)


@pytest.fixture
def receive(monkeypatch: pytest.MonkeyPatch) -> Callable[[Receive], None]:
    """`receive(function)`: what a Like does in this test."""

    def put(receiver: Receive) -> None:
        monkeypatch.setattr(receiving, "RECEIVERS", {**RECEIVERS, "Like": receiver})
        monkeypatch.delitem(receiving.GATHERERS, "Like", raising=False)  # type: ignore[arg-type]  # a dict in truth

    return put


def a_like(actor_uri: str, number: int, **fields: Any) -> arrivals.NewArrival:
    host = host_of(actor_uri)
    said = {
        "id": f"{actor_uri}/likes/{number}",
        "type": "Like",
        "actor": actor_uri,
        "object": f"{actor_uri}/x",
    } | fields
    return arrivals.NewArrival(
        uri=f"{actor_uri}/likes/{number}", type="Like", actor_uri=actor_uri, host=host, body=json.dumps(said)
    )


async def ended(db: Db) -> dict[str, int]:
    """How many ended how."""
    rows = await db.fetch("SELECT outcome, count(*) AS n FROM arrivals WHERE done_at IS NOT NULL GROUP BY outcome")
    return {row["outcome"]: row["n"] for row in rows}


async def until_ended(db: Db, count: int) -> dict[str, int]:
    async def all_ended() -> bool:
        return sum((await ended(db)).values()) == count

    await eventually(all_ended, f"{count} arrivals end")
    return await ended(db)


async def test_an_actors_activities_are_worked_on_in_their_order(
    node: Node, db: Db, receive: Callable[[Receive], None]
) -> None:
    seen: dict[str, list[int]] = {}

    async def note(_node: Node, _db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
        seen.setdefault(actor.uri, []).append(int((activity.id or "").rpartition("/")[2]))
        return Taken()

    receive(note)
    people = [await a_remote_actor(db) for _ in range(3)]
    for number in range(30):
        await arrivals.insert_many(db, [a_like(one.uri, number) for one in people])
    async with working(node):
        assert await until_ended(db, 90) == {"accepted": 90}
    assert seen == {one.uri: list(range(30)) for one in people}


async def test_what_has_no_room_in_memory_is_worked_on_later(
    node: Node, db: Db, receive: Callable[[Receive], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("node.arrivals.arriving.ARRIVALS_LEASED_CHARS", 300)
    most = 0

    async def note(_node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
        nonlocal most
        most = max(most, await db.fetchval("SELECT count(*) FROM arrivals WHERE leased_by = $1", WORKER))
        return Taken()

    receive(note)
    people = [await a_remote_actor(db) for _ in range(10)]
    await arrivals.insert_many(db, [a_like(one.uri, number) for one in people for number in range(3)])
    async with working(node):
        assert await until_ended(db, 30) == {"accepted": 30}
    assert most == 300 // len(a_like(people[0].uri, 1).body) + 1


async def test_effect_and_end_are_one_transaction(node: Node, db: Db, receive: Callable[[Receive], None]) -> None:
    tries = 0

    async def half(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
        nonlocal tries
        tries += 1
        await db.execute("INSERT INTO gone (uri, actor_uri) VALUES ('half', 'x')")
        if tries == 1:
            raise RuntimeError("in the middle")
        return Taken()

    receive(half)
    bo = await a_remote_actor(db)
    await arrivals.insert_many(db, [a_like(bo.uri, 1)])
    async with working(node) as bell:

        async def put_off() -> bool:
            return bool(await db.fetchval("SELECT reason FROM arrivals WHERE leased_by IS NULL"))

        await eventually(put_off, "it is put off")
        assert await db.fetchval("SELECT count(*) FROM gone") == 0
        assert await db.fetchval("SELECT reason FROM arrivals") == "RuntimeError: in the middle"
        await db.execute("UPDATE arrivals SET next_at = now()")
        bell.ring()
        assert await until_ended(db, 1) == {"accepted": 1}
    assert await db.fetchval("SELECT count(*) FROM gone") == 1


async def test_one_that_fails_does_not_hold_up_the_actors_others(
    node: Node, db: Db, receive: Callable[[Receive], None]
) -> None:
    async def fail_first(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
        if (activity.id or "").endswith("/0"):
            raise RuntimeError("always")
        return Taken()

    receive(fail_first)
    bo = await a_remote_actor(db)
    for number in range(5):
        await arrivals.insert_many(db, [a_like(bo.uri, number)])
    async with working(node):
        assert await until_ended(db, 4) == {"accepted": 4}


async def test_one_that_fails_among_others_has_no_effect_and_theirs_come_once(
    node: Node, db: Db, receive: Callable[[Receive], None]
) -> None:
    people = [await a_remote_actor(db) for _ in range(6)]

    async def note(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
        await db.execute("INSERT INTO tallies (day, host, type, reason) VALUES (now(), $1, 'x', 'x')", actor.uri)
        if actor.uri == people[3].uri:
            raise RuntimeError("always")
        return Taken()

    receive(note)
    await arrivals.insert_many(db, [a_like(one.uri, 1) for one in people])
    async with working(node):
        assert await until_ended(db, 5) == {"accepted": 5}
    rows = await db.fetch("SELECT host FROM tallies WHERE type = 'x'")
    assert {row["host"] for row in rows} == {one.uri for one in people} - {people[3].uri}


async def test_an_arrival_that_always_fails_is_given_up_with_its_reason(
    node: Node, db: Db, receive: Callable[[Receive], None]
) -> None:
    async def fail(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
        raise RuntimeError("always\x00\n")

    receive(fail)
    await arrivals.insert_many(db, [a_like((await a_remote_actor(db)).uri, 1)])
    await db.execute("UPDATE arrivals SET attempts = 11")
    async with working(node):
        assert await until_ended(db, 1) == {"dead": 1}
    assert await db.fetchval("SELECT reason FROM arrivals") == "RuntimeError: always\\x00\\n"


async def test_what_is_needed_is_learnt_before_the_receiver_runs_again(
    node: Node, db: Db, peer: Peer, receive: Callable[[Receive], None]
) -> None:
    transactions: list[bool] = []

    async def need(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
        known = await actors.find(db, peer.actor_id)
        transactions.append(known is not None)
        return Taken() if known else Needs(actors=(peer.actor_id,))

    receive(need)
    await arrivals.insert_many(db, [a_like((await a_remote_actor(db)).uri, 1)])
    async with working(node):
        assert await until_ended(db, 1) == {"accepted": 1}
    assert transactions == [False, True]


async def test_what_is_not_to_be_had_is_asked_for_once(
    node: Node, db: Db, peer: Peer, receive: Callable[[Receive], None]
) -> None:
    async def need(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
        return Needs(posts=(peer.url("/notes/never"),))

    receive(need)
    await arrivals.insert_many(db, [a_like((await a_remote_actor(db)).uri, 1)])
    async with working(node):
        assert await until_ended(db, 1) == {"ignored": 1}
    assert len(peer.requests("/notes/never")) == 1


async def test_what_may_be_had_later_is_waited_for(
    node: Node, db: Db, peer: Peer, receive: Callable[[Receive], None]
) -> None:
    async def need(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
        return Needs(actors=(peer.actor_id,)) if await actors.find(db, peer.actor_id) is None else Taken()

    receive(need)
    peer.serve(f"/users/{peer.name}", b"", status=503)
    await arrivals.insert_many(db, [a_like((await a_remote_actor(db)).uri, 1)])
    async with working(node) as bell:

        async def put_off() -> bool:
            return bool(await db.fetchval("SELECT reason FROM arrivals WHERE leased_by IS NULL"))

        await eventually(put_off, "it is put off")
        peer.serve(f"/users/{peer.name}", peer.actor)
        await db.execute("UPDATE arrivals SET next_at = now()")
        bell.ring()
        assert await until_ended(db, 1) == {"accepted": 1}


async def test_a_slow_host_that_is_asked_holds_up_nobody_else(
    node: Node, db: Db, receive: Callable[[Receive], None]
) -> None:
    async with hostile_peer("127.0.0.8") as slow:
        slow.stream("/slow", b" ", pause=0.2)

        async def need(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
            return Needs(posts=(slow.url("/slow"),)) if actor.host == "peer.example" else Taken()

        receive(need)
        stuck = [await a_remote_actor(db) for _ in range(40)]
        others = [await a_remote_actor(db, host="https://well.example") for _ in range(10)]
        await arrivals.insert_many(db, [a_like(one.uri, 1) for one in stuck + others])
        task = asyncio.create_task(Arriving(node, WORKER).run(Bell()))
        assert await until_ended(db, 10) == {"accepted": 10}
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert await db.fetchval("SELECT count(*) FROM arrivals WHERE leased_by IS NOT NULL") == 0


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"id": "https://peer.example/other"}, "refused"),
        ({"actor": "https://peer.example/users/other"}, "refused"),
        ({"object": None}, "refused"),
        ({"type": "Wave"}, "ignored"),
    ],
    ids=str,
)
async def test_case_103_what_the_door_and_the_reader_read_differently_is_refused(
    node: Node, db: Db, fields: dict[str, Any], outcome: str
) -> None:
    bo = await a_remote_actor(db)
    await arrivals.insert_many(db, [a_like(bo.uri, 1, **fields)])
    async with working(node):
        assert await until_ended(db, 1) == {outcome: 1}


async def test_a_host_that_was_blocked_meanwhile_has_no_effect(node: Node, db: Db) -> None:
    hub, bo = await the_hub(db, node.urls), await a_remote_actor(db)
    await arrivals.insert_many(db, [a_like(bo.uri, 1, object=hub.uri)])
    await db.execute(
        "INSERT INTO measures (kind, target_kind, target, state) VALUES ('suspend', 'domain', 'example', 'executed')"
    )
    await node.policy.refresh(db)
    async with working(node):
        assert await until_ended(db, 1) == {"refused": 1}


async def test_a_strangers_words_do_not_fill_the_tallies(node: Node, db: Db) -> None:
    bo = await a_remote_actor(db)
    bodies = [a_like(bo.uri, number, type=f"Wave{number}") for number in range(20)]
    await arrivals.insert_many(db, bodies)
    async with working(node):
        await until_ended(db, 20)
    await node.tallies.flush()
    assert await db.fetchval("SELECT count(*) FROM tallies") == 1


async def test_case_1_an_embedded_object_of_another_origin_is_not_taken(node: Node, db: Db, peer: Peer) -> None:
    evil = await a_remote_actor(db, host="https://evil.example")
    note = {"id": peer.url("/notes/1"), "type": "Note", "attributedTo": peer.actor_id, "content": "forged"}
    said = a_like(evil.uri, 1, type="Create", object=note, to="https://www.w3.org/ns/activitystreams#Public")
    await arrivals.insert_many(db, [said])
    async with working(node):
        outcome = await until_ended(db, 1)
    assert set(outcome) <= {"ignored", "refused"}
    assert await posts.find_by_uri(db, peer.url("/notes/1")) is None


async def test_what_another_process_took_in_is_passed_on_to_who_has_its_actor(
    node: Node, db: Db, receive: Callable[[Receive], None]
) -> None:
    go_on, seen = asyncio.Event(), list[str]()

    async def wait(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
        await go_on.wait()
        seen.append(activity.id or "")
        return Taken()

    receive(wait)
    bo = await a_remote_actor(db)
    busy, other = Arriving(node, WORKER), Arriving(node, WORKER + 1)
    with tempfile.TemporaryDirectory(prefix="allmende-test-") as folder:
        async with busy.siblings.meeting(Path(folder)), other.siblings.meeting(Path(folder)):

            async def met() -> bool:
                return WORKER in other.takers

            await eventually(met, "they have met")
            bell = Bell()
            task = asyncio.create_task(busy.run(bell))
            await asyncio.sleep(0)
            busy.share((await arrivals.insert_and_take(db, [a_like(bo.uri, 1)], busy.takers)).taken)
            kept = await arrivals.insert_and_take(db, [a_like(bo.uri, 2)], other.takers)
            assert list(kept.taken) == [WORKER]
            other.share(kept.taken)
            go_on.set()
            assert await until_ended(db, 2) == {"accepted": 2}
            bell.stop()
            await asyncio.wait_for(task, 30)
    assert seen == [f"{bo.uri}/likes/1", f"{bo.uri}/likes/2"]
    assert await db.fetchval("SELECT max(attempts) FROM arrivals") == 1


async def test_what_was_lost_on_its_way_to_a_worker_is_taken_when_the_other_has_ended(
    node: Node, db: Db, receive: Callable[[Receive], None]
) -> None:
    async def take(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
        return Taken()

    receive(take)
    bo = await a_remote_actor(db)
    await arrivals.insert_and_take(db, [a_like(bo.uri, 1)], [WORKER])
    arriving, bell = Arriving(node, WORKER), Bell()
    arriving.look_for_lost()
    task = asyncio.create_task(arriving.run(bell))
    assert await until_ended(db, 1) == {"accepted": 1}
    bell.stop()
    await asyncio.wait_for(task, 30)


async def test_what_cannot_be_passed_on_is_given_back(node: Node, db: Db, receive: Callable[[Receive], None]) -> None:
    async def take(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
        return Taken()

    receive(take)
    bo = await a_remote_actor(db)
    kept = await arrivals.insert_and_take(db, [a_like(bo.uri, 1)], [WORKER + 1])
    arriving, bell = Arriving(node, WORKER), Bell()
    arriving.share(kept.taken)
    task = asyncio.create_task(arriving.run(bell))
    assert await until_ended(db, 1) == {"accepted": 1}
    bell.stop()
    await asyncio.wait_for(task, 30)


async def test_what_is_passed_on_to_one_that_ends_is_given_back(node: Node, db: Db) -> None:
    arriving, bell = Arriving(node, WORKER), Bell()
    kept = await arrivals.insert_and_take(db, [a_like((await a_remote_actor(db)).uri, 1)], [WORKER])
    bell.stop()
    arriving.siblings._take(kept.taken[WORKER])  # as it comes from a line while the loop has not begun, or has ended
    await asyncio.wait_for(arriving.run(bell), 30)
    assert await db.fetchval("SELECT leased_by IS NULL FROM arrivals")
