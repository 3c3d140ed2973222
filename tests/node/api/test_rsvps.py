"""Answering events by program."""

from __future__ import annotations

import pytest

from node.store.posts import posts
from schemas.records import Viewer
from tests.drafts import json_of
from tests.factories import a_post, a_remote_actor, a_remote_object, an_event_detail
from tests.node.api.conftest import Hub, Program


async def test_a_member_says_that_they_come_and_the_organiser_sees_it(hub: Hub, ana: Viewer, program: Program) -> None:
    event = (await program.post("/events", json_of("event"))).json
    bo = await hub.program_of(await hub.member("bo"))
    said = await bo.ask("PUT", f"/events/{event['id']}/rsvp", {"state": "going", "note": "with cake"})
    assert (said.status, said.json["state"]) == (200, "going")
    assert (await bo.get(f"/events/{event['id']}/rsvp")).json["note"] == "with cake"
    seen = (await program.get(f"/events/{event['id']}/rsvps")).json
    assert [(one["who"]["handle"].partition("@")[0], one["state"]) for one in seen] == [("bo", "going")]


async def test_who_does_not_organise_does_not_see_who_comes(hub: Hub, program: Program) -> None:
    event = (await program.post("/events", json_of("event"))).json
    bo = await hub.program_of(await hub.member("bo"))
    assert (await bo.get(f"/events/{event['id']}/rsvps")).status == 403
    assert (await hub.stranger.get(f"/events/{event['id']}/rsvps")).status == 401


async def test_an_event_elsewhere_is_asked_by_join(hub: Hub, program: Program) -> None:
    remote = await a_remote_actor(hub.db)
    event = await posts.upsert_remote(hub.db, a_remote_object(remote, kind="event"), remote)
    assert event is not None
    said = await program.ask("PUT", f"/events/{event.id}/rsvp", {"state": "going"})
    assert said.json["state"] == "asked"
    owed = await hub.db.fetch("SELECT type, inbox FROM deliveries JOIN activities a ON a.id = activity_id")
    assert [(row["type"], row["inbox"]) for row in owed] == [("Join", remote.shared_inbox)]


async def test_what_cannot_be_answered_says_why(hub: Hub, program: Program) -> None:
    editor = await hub.member("ed")
    full = await a_post(hub.db, editor.actor, kind="event", event=an_event_detail(capacity=1, waiting_list=False))
    first = await hub.program_of(await hub.member("bo"))
    assert (await first.ask("PUT", f"/events/{full.id}/rsvp", {"state": "going"})).status == 200
    second = await program.ask("PUT", f"/events/{full.id}/rsvp", {"state": "going"})
    assert (second.status, second.json["error"]) == (409, "This event is full.")
    assert (await program.get(f"/events/{full.id}/rsvp")).status == 404


@pytest.mark.parametrize("body", [{}, {"state": "perhaps"}, {"state": "going", "note": "x" * 301}, {"state": 1}])
async def test_what_is_no_answer_is_refused(hub: Hub, program: Program, body: dict[str, object]) -> None:
    event = await a_post(hub.db, (await hub.member("bo")).actor, kind="event")
    assert (await program.ask("PUT", f"/events/{event.id}/rsvp", body)).status == 422


async def test_what_is_no_event_or_is_not_for_one_cannot_be_answered(hub: Hub, program: Program) -> None:
    bo = await hub.member("bo")
    call = await a_post(hub.db, bo.actor, kind="call")
    private = await a_post(hub.db, bo.actor, kind="event", audience="direct")
    for post in (call, private):
        assert (await program.ask("PUT", f"/events/{post.id}/rsvp", {"state": "going"})).status == 404
    assert (await hub.stranger.ask("PUT", f"/events/{private.id}/rsvp", {"state": "going"})).status == 401


async def test_who_comes_can_be_asked_by_a_poll_once(hub: Hub, program: Program) -> None:
    event = (await program.post("/events", json_of("event"))).json
    first, again = [await program.post(f"/events/{event['id']}/poll") for _ in range(2)]
    assert (first.status, first.json["in_reply_to"], first.json["audience"]) == (200, event["uri"], "unlisted")
    assert [option["name"] for option in first.json["poll"]["options"]][1] and again.json["id"] == first.json["id"]
    bo = await hub.program_of(await hub.member("bo"))
    assert (await bo.post(f"/events/{event['id']}/poll")).status == 403
    await program.post(f"/events/{event['id']}/cancel")
    inside = (await program.post("/events", json_of("event", audience="hub"))).json
    assert (await program.post(f"/events/{inside['id']}/poll")).status == 409
