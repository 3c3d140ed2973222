"""However somebody of another server answers an event: one list, one private confirmation with a way to change it, and
word of what changes."""

from __future__ import annotations

from typing import Any

from node.actions import rsvp_links, rsvp_poll, withdraw
from node.actions.rsvp_news import tell_attendees
from node.store.events import rsvp_terms, rsvps
from node.store.hub import hub as hubs
from schemas.attending import Question, Terms
from schemas.records import Actor, Post
from tests.factories import a_remote_actor
from tests.node.inbox.conftest import Hub, a_note
from tests.node.inbox.test_event_poll import OPTIONS, TAKEN, an_event, states, votes


async def notes(hub: Hub, to: Actor) -> list[str]:
    """The text of the direct messages to somebody."""
    said = [one["object"] for one in await hub.said("Create") if one["to"] == [to.uri]]
    return [note["content"] for note in said if note["type"] == "Note"]


async def link(hub: Hub, event: Post, actor: Actor) -> str:
    given = await rsvps.find(hub.db, event.id, actor.id)
    assert given
    return f"/rsvp/{rsvp_links.token((await hubs.get(hub.db)).secret, given.id)}"


async def replies(hub: Hub, actor: Actor, event: Post, word: str) -> tuple[str, str | None]:
    return await hub.says(actor, "Create", a_note(actor, content=word, inReplyTo=event.uri, to=[event.actor.uri]))


async def joins(hub: Hub, actor: Actor, event: Post) -> tuple[str, str | None]:
    return await hub.says(actor, "Join", event.uri, to=[event.actor.uri])


async def test_a_vote_and_a_keyword_are_confirmed_once_with_the_way_to_change_them(hub: Hub) -> None:
    host, event = await an_event(hub)
    poll = await rsvp_poll.ask_by_poll(hub.node, hub.db, host, event.id)
    voter, replier = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    for _ in range(2):
        assert await votes(hub, voter, poll, OPTIONS[0]) == TAKEN
        assert await replies(hub, replier, event, "maybe") == TAKEN
    for actor, said in ((voter, "you are coming."), (replier, "you may come.")):
        (told,) = await notes(hub, actor)
        assert (said in told, await link(hub, event, actor) in told) == (True, True)


async def test_a_join_is_confirmed_by_an_accept_and_by_a_message_only_where_something_is_asked(hub: Hub) -> None:
    _, event = await an_event(hub)
    _, other = await an_event(hub)
    await rsvp_terms.put(hub.db, other.id, Terms(questions=(Question(id="food", label="What do you eat?"),)))
    bo = await a_remote_actor(hub.db)
    for one in (event, other, other):
        assert await joins(hub, bo, one) == TAKEN
    assert len(await hub.said("Accept")) >= 2
    (told,) = await notes(hub, bo)
    assert ("have questions for you" in told, await link(hub, other, bo) in told) == (True, True)


async def test_a_cancellation_reaches_every_door_by_an_update_and_one_message(hub: Hub) -> None:
    host, event = await an_event(hub)
    poll = await rsvp_poll.ask_by_poll(hub.node, hub.db, host, event.id)
    voter, replier, joiner, absent = [await a_remote_actor(hub.db) for _ in range(4)]
    await votes(hub, voter, poll, OPTIONS[0])
    await replies(hub, replier, event, "coming")
    await joins(hub, joiner, event)
    await replies(hub, absent, event, "no")
    before = {actor.id: len(await notes(hub, actor)) for actor in (voter, replier, joiner, absent)}
    await withdraw.cancel_event(hub.node, hub.db, host, event.id, why="The roof leaks.")
    for _ in range(2):
        await tell_attendees(hub.node, event.id)
    for actor in (voter, replier, joiner):
        told = (await notes(hub, actor))[before[actor.id] :]
        assert ["This event is cancelled." in one and "The roof leaks." in one for one in told] == [True]
    assert len(await notes(hub, absent)) == before[absent.id]
    updated: list[Any] = [one["object"]["name"] for one in await hub.said("Update") if one["object"]["type"] == "Event"]
    assert updated == ["Cancelled: Plenum"]
    assert await states(hub, event) == {"going": 3, "declined": 1}


async def test_who_moves_up_hears_of_it_by_their_own_door(hub: Hub) -> None:
    _, event = await an_event(hub, capacity=1)
    first, replier, joiner = [await a_remote_actor(hub.db) for _ in range(3)]
    await replies(hub, first, event, "coming")
    await replies(hub, replier, event, "coming")
    await joins(hub, joiner, event)
    assert await hub.said("Accept") == []
    await replies(hub, first, event, "no")
    await replies(hub, replier, event, "no")
    assert ["you are coming" in told for told in await notes(hub, replier)] == [False, True, False]
    (accepted,) = await hub.said("Accept")
    assert accepted["to"] == [joiner.uri]
