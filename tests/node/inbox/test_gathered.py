"""What is done for many at once has the effects each alone would have, and no failure of one touches the others."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from node.arrivals import receiving
from node.arrivals.arriving import Arriving
from node.arrivals.receiving import Ended, Receiving, Round
from node.inbox import gathered
from node.inbox.gathered import Told
from node.inbox.outcome import Outcome
from node.node import Node
from node.store.db import Db
from node.store.people import actors, blocks
from node.store.posts import posts
from node.store.queues import arrivals
from node.store.queues.arrivals import NewArrival
from schemas.records import Actor
from tests.factories import a_post, a_remote_actor
from tests.node.inbox.conftest import PUBLIC, Hub, an_activity

WORKER = 9


def a_note(actor: Actor, number: int, member: Actor | None = None, **fields: Any) -> dict[str, Any]:
    """A Create of a public note that names the member, if any."""
    note = {
        "id": f"{actor.uri}/notes/{number}",
        "type": "Note",
        "attributedTo": actor.uri,
        "content": f"Number {number}",
        "to": [PUBLIC],
        "cc": [member.uri] if member else [],
        "tag": [{"type": "Mention", "href": member.uri, "name": "@x"}] if member else [],
    }
    return an_activity(actor, "Create", note | fields, to=note["to"], cc=note["cc"])


async def together(hub: Hub, *documents: dict[str, Any], gather: bool = True) -> Round:
    """One round of all of these."""
    new = [
        NewArrival(
            uri=one["id"],
            type=one["type"],
            actor_uri=one["actor"],
            host=one["actor"].split("/")[2],
            body=msgspec.json.encode(one).decode(),
        )
        for one in documents
    ]
    kept = [await arrivals.insert_and_take(hub.db, [one], [WORKER]) for one in new]  # one by one: in this order
    working = Receiving(hub.node)
    return await working.together(
        [working.understand(taken) for one in kept for taken in one.taken[WORKER]], gather=gather
    )


async def counts(hub: Hub) -> list[int]:
    """Posts from elsewhere, mentions, likes, boosts and notices."""
    row = await hub.db.fetchrow(
        """
        SELECT (SELECT count(*) FROM posts WHERE NOT local AND kind <> 'boost'), (SELECT count(*) FROM mentions),
               (SELECT sum(likes_count) FROM posts), (SELECT sum(boosts_count) FROM posts),
               (SELECT count(*) FROM notifications)
        """
    )
    return list(row)


@pytest.mark.parametrize("gather", [True, False])
async def test_a_round_has_the_effects_of_each_alone(hub: Hub, *, gather: bool) -> None:
    post = await a_post(hub.db, hub.member)
    followed, stranger, blocked = [await a_remote_actor(hub.db) for _ in range(3)]
    await hub.follow(followed)
    await blocks.insert(hub.db, hub.member.id, blocked.id, None)
    first = a_note(stranger, 1, hub.member)
    done = await together(
        hub,
        a_note(followed, 1),
        a_note(followed, 2, inReplyTo=f"{stranger.uri}/notes/1"),
        first,
        a_note(stranger, 2),  # names nobody here
        a_note(blocked, 1, hub.member),
        first | {"id": f"{stranger.uri}/again"},
        an_activity(stranger, "Like", post.uri),
        an_activity(stranger, "Like", post.uri, content="🌱"),
        an_activity(followed, "Like", f"{post.uri}/nothing"),
        an_activity(blocked, "Like", post.uri),
        an_activity(followed, "Announce", post.uri, to=[PUBLIC]),
        an_activity(blocked, "Announce", post.uri, to=[PUBLIC]),
        gather=gather,
    )
    assert (len(done.ended), list(done.apart), list(done.later)) == (12, [], [])
    assert await counts(hub) == [3, 1, 2, 1, 3]
    assert sorted(await hub.notices()) == ["boost", "like", "mention"]
    outcomes = [type(one.outcome).__name__ for one in sorted(done.ended, key=lambda one: one.arrival.id)]
    assert sorted(outcomes) == ["Ignored"] * 5 + ["Taken"] * 7


async def test_what_comes_after_something_else_of_the_same_actor_waits_for_it(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    gone = an_activity(bo, "Delete", f"{bo.uri}/notes/1")
    await hub.follow(bo)
    done = await together(hub, a_note(bo, 2), gone, a_note(bo, 1))
    assert [one.counted for one in done.ended] == ["", "not known here", "deleted before"]
    assert await posts.find_by_uri(hub.db, f"{bo.uri}/notes/1") is None
    assert await posts.find_by_uri(hub.db, f"{bo.uri}/notes/2") is not None


async def test_whoever_is_suspended_has_no_effect_in_a_round_either(hub: Hub) -> None:
    bo, cy = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    await hub.db.execute("UPDATE actors SET suspended_at = now() WHERE id = $1", bo.id)
    done = await together(hub, a_note(bo, 1, hub.member), a_note(cy, 1, hub.member))
    assert {one.counted for one in done.ended} == {"", "suspended"}
    assert await hub.notices() == ["mention"]


async def test_a_taken_id_is_left_to_the_receiver_who_finds_another(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    from node.store.posts import remote_posts  # noqa: PLC0415 - to be patched

    bo, taken = await a_remote_actor(hub.db), await a_post(hub.db, hub.member)
    ids = iter([taken.id, taken.id, taken.id + 1])
    monkeypatch.setattr(remote_posts, "new_id", lambda _: next(ids))
    await together(hub, a_note(bo, 1, hub.member))
    kept = await posts.find_by_uri(hub.db, f"{bo.uri}/notes/1")
    assert kept is not None and kept.id == taken.id + 1
    assert await hub.notices() == ["mention"]


async def test_when_gathering_fails_each_is_done_by_its_receiver(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(_node: Node, db: Db, told: list[Told]) -> list[Outcome | None]:
        await gathered.gather_creates(_node, db, told)
        raise RuntimeError("after its effects")

    monkeypatch.setitem(receiving.GATHERERS, "Create", fail)  # type: ignore[arg-type]  # a dict in truth
    people = [await a_remote_actor(hub.db) for _ in range(3)]
    working = Arriving(hub.node, WORKER)
    with pytest.raises(receiving.NotGathered):
        await together(hub, *(a_note(one, 1, hub.member) for one in people))
    rows = await hub.db.fetch("SELECT id, uri, type, actor_uri, host, body, attempts, received_at FROM arrivals")
    heard = [working._receiving.understand(receiving.Arrival(**row)) for row in rows]
    done = await working._together(heard)
    assert len([one for one in done.ended if isinstance(one, Ended)]) == 3
    assert await hub.notices() == ["mention"] * 3
    assert all([await actors.find(hub.db, one.uri) for one in people])
