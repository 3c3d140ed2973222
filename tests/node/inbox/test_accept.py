"""Answers to what we asked: only whoever was asked gives them, and only once do they have an effect."""

from __future__ import annotations

import pytest

from node.actions import answer, attend, follow
from node.store.calls import answers
from node.store.events import rsvps
from node.store.people import follows
from node.store.posts import posts
from schemas.answers import Answer
from schemas.records import Actor, Post
from schemas.things import CallDetail
from tests.factories import a_post, a_remote_actor, a_remote_object, an_event_detail
from tests.node.inbox.conftest import Hub

TAKEN = ("accepted", None)
NOBODY = "https://evil.example"


async def asked_to_follow(hub: Hub, followed: Actor) -> str:
    """The id of the member's pending follow."""
    return (await follow.follow(hub.node, hub.db, hub.member, followed)).uri


async def state_of(hub: Hub, followed: Actor) -> str | None:
    found = await follows.find(hub.db, hub.member.id, followed.id)
    return found.state if found else None


@pytest.mark.parametrize("how", ["id", "embedded", "embedded without id"])
async def test_a_follow_is_accepted_once_and_the_newest_things_are_fetched(hub: Hub, how: str) -> None:
    bo = await a_remote_actor(hub.db)
    uri = await asked_to_follow(hub, bo)
    whole = {"id": uri, "type": "Follow", "actor": hub.member.uri, "object": bo.uri}
    about = {"id": uri, "embedded": whole, "embedded without id": {k: v for k, v in whole.items() if k != "id"}}[how]
    assert await hub.says(bo, "Accept", about) == TAKEN
    assert (await state_of(hub, bo), await hub.notices()) == ("accepted", ["follow_accepted"])
    assert f"backfill {bo.id}" in await hub.jobs()
    assert await hub.says(bo, "Accept", about) == ("ignored", "nothing was pending")
    assert await hub.notices() == ["follow_accepted"]


async def test_a_follow_is_refused_and_may_be_ended_later(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    for accepted_first in (False, True):
        uri = await asked_to_follow(hub, bo)
        if accepted_first:
            await hub.says(bo, "Accept", uri)
        assert await hub.says(bo, "Reject", uri) == TAKEN
        assert await state_of(hub, bo) is None
        assert await hub.says(bo, "Reject", uri) == ("ignored", "no answer to anything of ours")


@pytest.mark.parametrize("verb", ["Accept", "Reject"])
async def test_case_90_nobody_answers_for_another(hub: Hub, verb: str) -> None:
    bo, eve = await a_remote_actor(hub.db), await a_remote_actor(hub.db, host=NOBODY)
    uri = await asked_to_follow(hub, bo)
    assert await hub.says(eve, verb, uri) == ("refused", "only the followed one decides")
    whole = {"id": uri, "type": "Follow", "actor": hub.member.uri, "object": bo.uri}
    assert (await hub.says(eve, verb, whole))[0] == "refused"
    await hub.says(eve, verb, whole | {"id": f"{NOBODY}/f", "object": eve.uri})
    assert (await state_of(hub, bo), await state_of(hub, eve)) == ("pending", None)


async def test_case_90_a_follow_between_strangers_is_none_of_ours(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.followed_by(bo)
    uri = await hub.db.fetchval("SELECT uri FROM follows")
    assert (await hub.says(hub.actor, "Accept", uri))[0] == "refused"
    assert await hub.says(bo, "Accept", f"{bo.uri}/nothing") == ("ignored", "no answer to anything of ours")


async def an_event_elsewhere(hub: Hub, organiser: Actor, state: str = "going") -> tuple[Post, str]:
    """An event of somebody else's which the member wants to come to, and the id of the Join."""
    event = await posts.upsert_remote(hub.db, a_remote_object(organiser, kind="event"), organiser)
    assert event is not None
    asked = await attend.attend(hub.node, hub.db, hub.member, event.id, "going", "button")
    return event, asked.activity_uri or ""


async def coming(hub: Hub, event: Post) -> str | None:
    found = await rsvps.find(hub.db, event.id, hub.member.id)
    return found.state if found else None


@pytest.mark.parametrize(("verb", "state", "again"), [("Accept", "going", "going"), ("Reject", "declined", "declined")])
async def test_the_organiser_settles_whether_a_member_comes(hub: Hub, verb: str, state: str, again: str) -> None:
    org, eve = await a_remote_actor(hub.db), await a_remote_actor(hub.db, host=NOBODY)
    event, join = await an_event_elsewhere(hub, org)
    assert await hub.says(eve, verb, join) == ("refused", "only the organiser decides")
    assert await coming(hub, event) == "asked"
    assert await hub.says(org, verb, join) == TAKEN
    assert await hub.says(org, verb, {"type": "Join", "actor": hub.member.uri, "object": event.uri}) == (
        "ignored",
        "nothing was asked",
    )
    assert (await coming(hub, event), await hub.notices()) == (again, ["rsvp"])


async def test_an_organiser_who_takes_no_joins_is_believed_once(hub: Hub) -> None:
    org, eve = await a_remote_actor(hub.db), await a_remote_actor(hub.db, host=NOBODY)
    event, join = await an_event_elsewhere(hub, org)
    assert await hub.says(eve, "Ignore", join) == ("refused", "only the organiser decides")
    assert await hub.says(org, "Ignore", join) == TAKEN
    assert (await coming(hub, event), await hub.notices()) == (None, ["rsvp"])
    assert await hub.says(org, "Ignore", join) == ("ignored", "no answer to anything of ours")


async def test_an_event_of_a_group_is_answered_for_by_its_server_only(hub: Hub) -> None:
    group = await a_remote_actor(hub.db, "group", kind="Group")
    neighbour, eve = await a_remote_actor(hub.db), await a_remote_actor(hub.db, host=NOBODY)
    event, join = await an_event_elsewhere(hub, group)
    assert (await hub.says(eve, "Accept", join))[0] == "refused"
    assert await hub.says(neighbour, "Accept", join) == TAKEN
    assert await coming(hub, event) == "going"


@pytest.mark.parametrize(("verb", "state"), [("Accept", "going"), ("TentativeAccept", "maybe"), ("Reject", "declined")])
async def test_an_event_of_ours_is_answered_as_friendica_does(hub: Hub, verb: str, state: str) -> None:
    bo = await a_remote_actor(hub.db)
    event = await a_post(hub.db, hub.actor, kind="event")
    assert await hub.says(bo, verb, event.uri) == TAKEN
    invite = {"id": f"{event.uri}/invite", "type": "Invite", "actor": hub.actor.uri, "object": event.uri}
    assert await hub.says(bo, verb, invite) == TAKEN
    found = await rsvps.find(hub.db, event.id, bo.id)
    assert found and found.state == state
    assert sum((await rsvps.counts(hub.db, event.id)).values()) == 1


@pytest.mark.parametrize("kept", ["cancelled", "hidden"])
async def test_an_event_that_takes_no_answers_gets_none(hub: Hub, kept: str) -> None:
    bo = await a_remote_actor(hub.db)
    more = {"event": an_event_detail(status="cancelled")} if kept == "cancelled" else {"audience": "hub"}
    event = await a_post(hub.db, hub.actor, kind="event", **more)
    assert (await hub.says(bo, "Accept", event.uri))[0] == "ignored"
    assert await rsvps.counts(hub.db, event.id) == {}


async def an_answer(hub: Hub, caller: Actor) -> Answer:
    """What the member offers for a call elsewhere."""
    call = await posts.upsert_remote(
        hub.db, a_remote_object(caller, kind="call", call=CallDetail(places=2, intent_uri=f"{caller.uri}/i")), caller
    )
    assert call is not None
    return await answer.answer(hub.node, hub.db, hub.member, call.id, "<p>I help.</p>")


@pytest.mark.parametrize(("verb", "state"), [("Accept", "accepted"), ("Reject", "rejected")])
async def test_the_caller_decides_about_an_offer_once(hub: Hub, verb: str, state: str) -> None:
    caller, eve = await a_remote_actor(hub.db), await a_remote_actor(hub.db, host=NOBODY)
    given = await an_answer(hub, caller)
    assert await hub.says(eve, verb, given.offer_uri) == ("refused", "only the caller decides")
    assert await hub.says(caller, verb, given.offer_uri) == TAKEN
    assert await hub.says(caller, verb, given.offer_uri) == ("ignored", "settled before")
    other = "Reject" if verb == "Accept" else "Accept"
    assert await hub.says(caller, other, given.offer_uri) == ("ignored", "settled before")
    kept = await answers.get(hub.db, given.id)
    assert kept and kept.state == state
    assert await hub.notices() == ["answer_decided"]


@pytest.mark.parametrize("wrong", ["of another server", "of more people"])
async def test_another_agreement_than_was_offered_is_none(hub: Hub, wrong: str) -> None:
    caller = await a_remote_actor(hub.db)
    given = await an_answer(hub, caller)
    uri = f"{NOBODY}/agreements/1" if wrong == "of another server" else f"{caller.uri}/agreements/1"
    people = {"hasUnit": "one", "hasNumericalValue": "1" if wrong == "of another server" else "2"}
    commitment = {"type": "Commitment", "id": f"{uri}#c", "satisfies": f"{caller.uri}/i", "resourceQuantity": people}
    agreement = {"type": "Agreement", "id": uri, "attributedTo": caller.uri, "stipulates": commitment}
    assert await hub.says(caller, "Accept", given.offer_uri, result=agreement) == (
        "refused",
        "another agreement than was offered",
    )
    kept = await answers.get(hub.db, given.id)
    assert kept and kept.state == "offered"
