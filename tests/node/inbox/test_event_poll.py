"""The poll that asks who comes to an event: what followers get, and what their votes do in the event's list."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from node.actions import counts, publish, rsvp_poll, withdraw
from node.actions.attend import attend
from node.errors import Conflict, Forbidden
from node.store.events import rsvps
from node.store.posts import posts
from node.store.timelines import lists
from schemas.check import decode
from schemas.records import Actor, Post, Viewer
from tests.drafts import json_of
from tests.factories import a_member, a_post, a_remote_actor, an_event_detail
from tests.node.inbox.conftest import PUBLIC, Hub, a_note

TAKEN = ("accepted", None)
OPTIONS = ["I am coming", "Maybe", "I cannot come"]


async def an_event(hub: Hub, **detail: Any) -> tuple[Viewer, Post]:
    """An event of a new member who is asked to answer for it."""
    host = await a_member(hub.db, urls=hub.node.urls)
    event = await a_post(hub.db, host.actor, kind="event", text="Plenum", event=an_event_detail(**detail))
    return host, event


async def asked(hub: Hub, **detail: Any) -> tuple[Viewer, Post, Post]:
    """Such an event, whose host has asked by a poll."""
    host, event = await an_event(hub, **detail)
    return host, event, await rsvp_poll.ask_by_poll(hub.node, hub.db, host, event.id)


async def votes(hub: Hub, voter: Actor, poll: Post, option: str) -> tuple[str, str | None]:
    note = a_note(voter, name=option, inReplyTo=poll.uri, to=[poll.actor.uri])
    del note["content"]
    return await hub.says(voter, "Create", note, to=[poll.actor.uri])


async def states(hub: Hub, event: Post) -> dict[str, int]:
    return dict(await rsvps.counts(hub.db, event.id))


async def test_followers_get_one_unlisted_question_that_answers_the_event(hub: Hub) -> None:
    host, event = await an_event(hub)
    bo = await a_remote_actor(hub.db)
    await hub.followed_by(bo, host.actor)
    poll = await rsvp_poll.ask_by_poll(hub.node, hub.db, host, event.id)
    again = await rsvp_poll.ask_by_poll(hub.node, hub.db, host, event.id)
    (said,) = await hub.said("Create")
    question = said["object"]
    assert again.id == poll.id
    assert (question["type"], question["inReplyTo"], question["coop:rsvpFor"]) == ("Question", event.uri, event.uri)
    assert (question["to"], question["cc"]) == ([host.actor.followers], [PUBLIC])
    assert [one["name"] for one in question["oneOf"]] == OPTIONS
    assert "organisers see who answered" in question["content"]
    assert [row["inbox"] for row in await hub.db.fetch("SELECT inbox FROM deliveries")] == [bo.shared_inbox]


async def test_a_vote_is_an_answer_with_a_seat_or_a_place_in_the_queue(hub: Hub) -> None:
    _, event, poll = await asked(hub, capacity=1)
    first, second, third, fourth = [await a_remote_actor(hub.db) for _ in range(4)]
    for voter, option in ((first, 0), (second, 0), (third, 1), (fourth, 2)):
        assert await votes(hub, voter, poll, OPTIONS[option]) == TAKEN
    assert await states(hub, event) == {"going": 1, "waiting": 1, "maybe": 1, "declined": 1}
    assert {one.door for one in await rsvps.list_of(hub.db, event.id)} == {"poll"}
    assert await hub.db.fetchval("SELECT count(*) FROM posts WHERE NOT local") == 0


async def test_the_latest_vote_counts_and_frees_the_seat(hub: Hub) -> None:
    _, event, poll = await asked(hub, capacity=1)
    first, second = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    for voter in (first, second):
        await votes(hub, voter, poll, OPTIONS[0])
    assert await votes(hub, first, poll, OPTIONS[2]) == TAKEN
    found = {one.actor_id: one.state for one in await rsvps.list_of(hub.db, event.id)}
    assert found == {first.id: "declined", second.id: "going"}


async def test_who_votes_is_told_how_it_stands_and_how_to_change_it(hub: Hub) -> None:
    host, event, poll = await asked(hub)
    bo = await a_remote_actor(hub.db)
    await votes(hub, bo, poll, OPTIONS[0])
    said = (await hub.said("Create"))[-1]
    assert said["to"] == [bo.uri] and not said.get("cc")
    text = said["object"]["content"]
    assert "you are coming." in text and event.url in text and "reply to this message" in text
    note = a_note(bo, inReplyTo=said["object"]["id"], content="<p>no</p>", to=[host.actor.uri])
    assert await hub.says(bo, "Create", note, to=[host.actor.uri]) == TAKEN
    assert await states(hub, event) == {"declined": 1}


async def test_who_votes_for_a_seat_that_is_not_there_is_told(hub: Hub) -> None:
    _, event, poll = await asked(hub, capacity=1, waiting_list=False)
    first, second, third = [await a_remote_actor(hub.db) for _ in range(3)]
    assert await votes(hub, first, poll, OPTIONS[0]) == TAKEN
    assert await votes(hub, second, poll, OPTIONS[0]) == ("ignored", "This event is full.")
    note = a_note(third, inReplyTo=event.uri, content="<p>yes</p>")
    assert await hub.says(third, "Create", note) == TAKEN
    told = [one for one in await hub.said("Create") if "was not counted" in one["object"]["content"]]
    assert [one["to"] for one in told] == [[second.uri], [third.uri]] and await states(hub, event) == {"going": 1}


async def test_our_own_lists_do_not_show_the_question(hub: Hub) -> None:
    host, event, poll = await asked(hub)
    viewer = host.actor.id
    shown = [
        await lists.list_public(hub.db, viewer=viewer),
        await lists.list_of_actor(hub.db, host.actor.id, viewer=viewer),
        await lists.replies(hub.db, event.id, viewer=viewer),
        await lists.list_context(hub.db, event.context or "", viewer=viewer),
        (await lists.context(hub.db, event.id, viewer=viewer))[1],
    ]
    assert {one.id for found in shown for one in found} == {event.id} and poll.rsvp_for_id == event.id


async def test_results_follow_the_list_and_a_cancelled_event_closes_the_poll(hub: Hub) -> None:
    host, event, poll = await asked(hub)
    bo, cy = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    await votes(hub, bo, poll, OPTIONS[0])
    await attend(hub.node, hub.db, cy, event.id, "maybe", "join")
    await counts.tell_counts(hub.node, event.id)
    told = (await hub.said("Update"))[-1]["object"]
    assert [one["replies"]["totalItems"] for one in told["oneOf"]] == [1, 1, 0] and "closed" not in told
    await withdraw.cancel_event(hub.node, hub.db, host, event.id)
    assert await votes(hub, cy, poll, OPTIONS[0]) == ("ignored", "This event is cancelled.")
    await counts.tell_counts(hub.node, event.id)
    assert "closed" in (await hub.said("Update"))[-1]["object"]
    assert await votes(hub, cy, poll, OPTIONS[2]) == ("ignored", "This poll is over.")
    assert await states(hub, event) == {"going": 1, "maybe": 1}


async def test_a_deleted_event_takes_its_poll_with_it(hub: Hub) -> None:
    host, event, poll = await asked(hub)
    await withdraw.delete(hub.node, hub.db, host, event.id)
    gone = [said["object"]["id"] for said in await hub.said("Delete")]
    assert gone == [poll.uri, event.uri] and await posts.find(hub.db, poll.id) is None


@pytest.mark.parametrize(
    ("detail", "fields"),
    [({"status": "cancelled"}, {}), ({"join_mode": "none"}, {}), ({}, {"audience": "hub"})],
)
async def test_nobody_is_asked_about_what_takes_no_answers(
    hub: Hub, detail: dict[str, Any], fields: dict[str, Any]
) -> None:
    host = await a_member(hub.db)
    event = await a_post(hub.db, host.actor, kind="event", event=an_event_detail(**detail), **fields)
    with pytest.raises(Conflict):
        await rsvp_poll.ask_by_poll(hub.node, hub.db, host, event.id)
    assert await hub.said("Create") == []


async def test_only_who_may_change_the_event_asks(hub: Hub) -> None:
    _, event = await an_event(hub)
    with pytest.raises(Forbidden):
        await rsvp_poll.ask_by_poll(hub.node, hub.db, await a_member(hub.db), event.id)


async def test_another_hub_hides_the_question_too(hub: Hub) -> None:
    """What a hub publishes, read by a hub: the event is in its lists, the poll of it is not."""
    bo = await a_remote_actor(hub.db)
    await hub.follow(bo)
    host = await a_member(hub.db, urls=hub.node.urls)
    event = await publish.publish(hub.node, hub.db, host, decode(msgspec.json.encode(json_of("event"))))
    poll = await rsvp_poll.ask_by_poll(hub.node, hub.db, host, event.id)
    for said in await hub.said("Create"):
        moved = msgspec.json.encode(said).decode().replace(host.actor.uri, bo.uri)
        for ours in (event.uri, poll.uri):
            moved = moved.replace(ours, f"{bo.uri}/{ours.rpartition('/')[2]}")
        theirs = msgspec.json.decode(moved) | {"id": f"{bo.uri}/said/{said['object']['id'].rpartition('/')[2]}"}
        assert await hub.hear(theirs) == TAKEN
    copy = await posts.find_by_uri(hub.db, f"{bo.uri}/{poll.id}")
    shown = [one.uri for one in await lists.list_of_actor(hub.db, bo.id, viewer=hub.member.id)]
    assert copy is not None and copy.poll is not None and copy.rsvp_for_id is not None
    assert shown == [f"{bo.uri}/{event.id}"]
