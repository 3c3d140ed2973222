"""Join, TentativeJoin and Leave from elsewhere: one list, one seat each, and an answer to who asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from node.store.events import rsvps
from node.store.people import blocks
from schemas.records import Actor, Post
from tests.factories import a_post, a_remote_actor, an_event_detail
from tests.node.inbox.conftest import Hub, an_activity

TAKEN = ("accepted", None)
NONE = ("ignored", "no event of ours")


async def an_event(hub: Hub, *, audience: str = "public", **detail: Any) -> Post:
    return await a_post(hub.db, hub.actor, kind="event", event=an_event_detail(**detail), audience=audience)


async def state_of(hub: Hub, event: Post, actor: Actor) -> str | None:
    found = await rsvps.find(hub.db, event.id, actor.id)
    return found.state if found else None


async def test_a_join_takes_a_seat_once_and_is_accepted_as_often_as_it_is_asked(hub: Hub) -> None:
    event, bo = await an_event(hub, capacity=1), await a_remote_actor(hub.db)
    join = an_activity(bo, "Join", event.uri, participationMessage="<p>With a child</p>")
    for _ in range(2):
        assert await hub.hear(join) == TAKEN
    assert await rsvps.counts(hub.db, event.id) == {"going": 1}
    assert [one["object"]["id"] for one in await hub.said("Accept")] == [join["id"]] * 2


async def test_who_finds_it_full_waits_and_hears_when_a_seat_is_free(hub: Hub) -> None:
    event = await an_event(hub, capacity=1)
    bo, cy = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    assert await hub.says(bo, "Join", event.uri) == TAKEN
    waiting = an_activity(cy, "Join", event.uri)
    assert await hub.hear(waiting) == TAKEN
    assert await state_of(hub, event, cy) == "waiting"
    assert len(await hub.said("Accept")) == 1
    assert await hub.says(bo, "Leave", event.uri) == TAKEN
    assert (await state_of(hub, event, bo), await state_of(hub, event, cy)) == ("declined", "going")
    assert (await hub.said("Accept"))[-1]["object"]["id"] == waiting["id"]


@pytest.mark.parametrize("mode", ["restricted", "invite"])
async def test_where_organisers_decide_a_join_asks(hub: Hub, mode: str) -> None:
    event, bo = await an_event(hub, join_mode=mode), await a_remote_actor(hub.db)
    assert await hub.says(bo, "Join", event.uri) == TAKEN
    assert (await state_of(hub, event, bo), await hub.said("Accept")) == ("asked", [])


@pytest.mark.parametrize(
    ("detail", "answer"),
    [
        ({"status": "cancelled"}, "Reject"),
        ({"starts": datetime.now(UTC) - timedelta(days=9)}, "Reject"),
        ({"capacity": 1, "waiting_list": False}, "Reject"),
        ({"join_mode": "external"}, "Ignore"),
        ({"join_mode": "none"}, "Ignore"),
    ],
)
async def test_who_cannot_come_in_is_told(hub: Hub, detail: dict[str, Any], answer: str) -> None:
    event, bo = await an_event(hub, **detail), await a_remote_actor(hub.db)
    if "capacity" in detail:
        await rsvps.put(hub.db, event.id, hub.member.id, "going", "button")
    before = await rsvps.counts(hub.db, event.id)
    join = an_activity(bo, "Join", event.uri)
    assert (await hub.hear(join))[0] == "ignored"
    (said,) = await hub.said(answer)
    assert (said["object"] if answer == "Ignore" else said["object"]["id"]) == join["id"]
    assert said["to"] == [bo.uri]
    assert await rsvps.counts(hub.db, event.id) == before


async def test_a_maybe_takes_no_seat(hub: Hub) -> None:
    event, bo = await an_event(hub, capacity=1), await a_remote_actor(hub.db)
    for _ in range(2):
        assert await hub.says(bo, "TentativeJoin", event.uri) == TAKEN
    assert await rsvps.counts(hub.db, event.id) == {"maybe": 1}
    over = await an_event(hub, status="cancelled")
    assert (await hub.says(bo, "TentativeJoin", over.uri))[0] == "ignored"


@pytest.mark.parametrize("verb", ["Join", "TentativeJoin", "Leave"])
@pytest.mark.parametrize("which", ["hidden", "a post", "elsewhere", "blocked"])
async def test_what_one_may_not_see_or_is_no_event_is_not_joined(hub: Hub, verb: str, which: str) -> None:
    bo = await a_remote_actor(hub.db)
    event = await an_event(hub, audience="hub" if which == "hidden" else "public")
    if which == "blocked":
        await blocks.insert(hub.db, hub.actor.id, bo.id, None)
    post = await a_post(hub.db, hub.actor)
    uri = {"a post": post.uri, "elsewhere": f"{bo.uri}/event"}.get(which, event.uri)
    assert await hub.says(bo, verb, uri) == NONE
    assert await hub.db.fetchval("SELECT count(*) FROM rsvps") == 0
    assert await hub.db.fetchval("SELECT count(*) FROM activities") == 0


async def test_who_was_not_coming_leaves_nothing(hub: Hub) -> None:
    event, bo = await an_event(hub), await a_remote_actor(hub.db)
    assert await hub.says(bo, "Leave", event.uri) == ("ignored", "was not coming")
    assert await rsvps.counts(hub.db, event.id) == {}
