"""Publishing, showing, changing and deleting by JSON."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from node.store.posts import posts
from schemas.limits import IDEMPOTENCY_KEY_CHARS
from schemas.records import Viewer
from tests.drafts import json_of
from tests.factories import a_post, a_remote_actor
from tests.node.api.conftest import Hub, Program

FOLDERS = {"event": "events", "finding": "findings", "call": "calls", "post": "posts"}
TABLES = ("posts", "activities", "deliveries", "places", "edits", "answered")


async def rows(hub: Hub) -> dict[str, int]:
    return {table: await hub.db.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES}


@pytest.mark.parametrize("kind", FOLDERS)
async def test_a_thing_is_published_shown_changed_and_deleted(
    hub: Hub, ana: Viewer, program: Program, kind: str
) -> None:
    draft = json_of(kind)
    made = await program.post(f"/{FOLDERS[kind]}", draft)
    assert made.status == 201
    assert made.headers["Location"] == made.json["url"] == hub.node.urls.thing(kind, int(made.json["id"]))  # type: ignore[arg-type]
    assert made.json["author"]["handle"] == "ana@localhost:8080"
    path = f"/{FOLDERS[kind]}/{made.json['id']}"
    shown = await hub.stranger.get(path)
    assert (shown.status, shown.json) == (200, made.json)
    words = {"text": "changed"} if kind == "post" else {"versions": [draft["versions"][0] | {"text": "changed"}]}
    changed = await program.ask("PUT", path, draft | words)
    assert (changed.status, changed.json["versions"][0]["html"]) == (200, "<p>changed</p>")
    assert changed.json["updated"] > made.json["updated"]
    assert (await program.ask("DELETE", path)).status == 204
    assert (await hub.stranger.get(path)).status == 410
    assert (await program.ask("PUT", path, draft)).status == 410
    assert (await program.ask("DELETE", path)).status == 410


async def test_the_address_says_the_kind(hub: Hub, program: Program) -> None:
    draft = json_of("event", kind=None)
    made = await program.post("/events", draft)
    assert made.json["kind"] == "event"
    other = await program.post("/calls", json_of("event"))
    assert (other.status, other.json["problems"][0]["field"]) == (422, "kind")
    assert (await hub.stranger.get(f"/calls/{made.json['id']}")).status == 404


async def test_an_event_tells_its_times_in_all_three_ways(program: Program) -> None:
    event = (await program.post("/events", json_of("event"))).json["event"]
    assert (event["starts_local"], event["zone"], event["starts_at"]) == (
        "2027-03-09T14:00:00",
        "Europe/Berlin",
        "2027-03-09T13:00:00Z",
    )
    assert event["place"]["locality"] == "Bern"


BAD: dict[str, tuple[bytes | dict[str, Any], int, str]] = {
    "no JSON": (b"{", 422, ""),
    "not an object": (b"[]", 422, ""),
    "too deep": (b"[" * 200_000, 422, ""),
    "not UTF-8": (b'{"kind": "\xff"}', 422, ""),
    "nothing": ({}, 422, "versions"),
    "an unknown field": (json_of("event") | {"colour": "red"}, 422, "colour"),
    "a wrong type": (json_of("event", capacity="many"), 422, "capacity"),
    "a wrong choice": (json_of("event", status="perhaps"), 422, "status"),
    "a skipped hour": (json_of("event", starts="2027-03-28T02:30"), 422, "starts"),
    "an unknown area": (json_of("event", area="sailing"), 422, "area"),
    "an unknown zone": (json_of("event", zone="Mars/Olympus"), 422, "zone"),
    "a NUL": (json_of("event", area="a\x00b"), 422, "area"),
    "nowhere": (json_of("event", place=None), 422, "place"),
    "too much": (b'{"x": "' + b"x" * 1_100_000 + b'"}', 413, ""),
}


@pytest.mark.parametrize("case", BAD)
async def test_bad_input_is_answered_by_field_and_changes_nothing(hub: Hub, program: Program, case: str) -> None:
    body, status, field = BAD[case]
    before = await rows(hub)
    raw = body if isinstance(body, bytes) else None
    refused = await program.ask("POST", "/events", None if raw else body, raw=raw)
    assert refused.status == status
    assert refused.json["error"]
    if status == 422:
        assert [one["field"] for one in refused.json["problems"]][:1] == [field]
        assert all(one["reason"] for one in refused.json["problems"])
    assert await rows(hub) == before


@pytest.mark.parametrize("case", ["an unknown field", "a skipped hour", "an unknown area", "nowhere"])
async def test_a_bad_edit_changes_nothing(hub: Hub, program: Program, case: str) -> None:
    made = await program.post("/events", json_of("event"))
    before = await rows(hub)
    refused = await program.ask("PUT", f"/events/{made.json['id']}", BAD[case][0])
    assert (refused.status, refused.json["problems"][0]["field"]) == (422, BAD[case][2])
    assert await rows(hub) == before
    assert (await program.get(f"/events/{made.json['id']}")).json == made.json


async def test_reasons_are_given_in_the_readers_language(hub: Hub, ana: Viewer, program: Program) -> None:
    bad = json_of("event", place=None)
    german = await program.post("/events", bad, Accept_Language="de-AT, en;q=0.5")
    french = await program.post("/events", bad, Accept_Language="fr")
    english = await program.post("/events", bad, Accept_Language="en")
    reasons = {one.json["problems"][0]["reason"] for one in (german, french, english)}
    assert english.json["problems"][0]["reason"] == "Say where: a place, an address online, or both."
    assert len(reasons) == 3
    own = await hub.program_of(await hub.member("jo", language="fr"))
    assert (await own.post("/events", bad)).json == french.json


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/posts"), ("PUT", "/posts/{id}"), ("DELETE", "/posts/{id}"), ("POST", "/events/{id}/cancel")],
)
async def test_who_may_not_write_does_not(hub: Hub, ana: Viewer, program: Program, method: str, path: str) -> None:
    made = await program.post(
        "/events" if "events" in path else "/posts", json_of("event" if "events" in path else "post")
    )
    path = path.format(id=made.json["id"])
    body = json_of("post") if method in ("POST", "PUT") and "cancel" not in path else None
    before = await rows(hub)
    reader = await hub.program_of(ana, "read")
    other = await hub.program_of(await hub.member("carl"))
    forged = hub.program("not-a-token")
    answers = [await one.ask(method, path, body) for one in (hub.stranger, forged, reader)]
    assert [one.status for one in answers] == [401, 401, 403]
    assert answers[0].headers["WWW-Authenticate"] == "Bearer"
    if "{id}" in path or made.json["id"] in path:
        assert (await other.ask(method, path, body)).status == 403
    assert await rows(hub) == before


async def test_a_browser_cannot_be_made_to_write(hub: Hub, program: Program) -> None:
    form = await program.ask(
        "POST", "/posts", raw=b"kind=post&text=x", Content_Type="application/x-www-form-urlencoded"
    )
    text = await program.ask("POST", "/posts", raw=b'{"kind": "post", "text": "x"}', Content_Type="text/plain")
    assert (form.status, text.status) == (415, 415)


@pytest.mark.parametrize("audience", ["followers", "hub", "direct"])
async def test_unknown_and_private_answer_alike(hub: Hub, ana: Viewer, program: Program, audience: str) -> None:
    people = {"to": ["ana"]} if audience == "direct" else {}
    made = await program.post("/events", json_of("event", audience=audience, **people))
    path = f"/events/{made.json['id']}"
    unknown = await hub.stranger.get("/events/1")
    hidden = await hub.stranger.get(path)
    assert (hidden.status, hidden.json) == (unknown.status, unknown.json) == (404, {"error": "There is nothing here."})
    assert {name for name in hidden.headers if name != "Date"} == {name for name in unknown.headers if name != "Date"}
    assert (await program.get(path)).status == 200
    member = await hub.program_of(await hub.member("carl"))
    assert (await member.get(path)).status == (200 if audience == "hub" else 404)


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "9999999999999999999", "-1", "x", "1.5", "٣"])
async def test_an_id_that_cannot_be_is_not_there(hub: Hub, number: str) -> None:
    assert (await hub.stranger.get(f"/events/{number}")).status == 404


async def test_what_came_from_elsewhere_is_shown_and_not_changed(hub: Hub, program: Program) -> None:
    post = await a_post(hub.db, await a_remote_actor(hub.db), kind="event", local=False)
    shown = await program.get(f"/events/{post.id}")
    assert (shown.json["local"], shown.json["author"]["handle"].partition("@")[2]) == (False, "peer.example")
    assert (await program.ask("PUT", f"/events/{post.id}", json_of("event"))).status == 403
    assert (await program.ask("DELETE", f"/events/{post.id}")).status == 403


async def test_a_token_that_acts_as_the_hub_publishes_as_the_hub(hub: Hub) -> None:
    editor = await hub.member("edda", roles=("member", "editor"))
    program = await hub.program_of(
        editor, acting_as=(await hub.db.fetchval("SELECT id FROM actors WHERE name = 'hub'"))
    )
    made = await program.post("/posts", json_of("post"))
    assert made.json["author"]["handle"] == "hub@localhost:8080"
    post = await posts.find(hub.db, int(made.json["id"]))
    assert post and post.written_by == editor.account.id


async def test_a_repeated_request_gets_the_same_answer_and_does_nothing(hub: Hub, program: Program) -> None:
    first = await program.post("/events", json_of("event"), Idempotency_Key="abc")
    again = await program.post("/events", json_of("event"), Idempotency_Key="abc")
    assert (again.status, again.json, again.headers["Location"]) == (201, first.json, first.headers["Location"])
    assert again.headers["Idempotency-Replayed"] == "true"
    assert await hub.db.fetchval("SELECT count(*) FROM posts") == 1
    without = await program.post("/events", json_of("event"))
    assert without.json["id"] != first.json["id"]


async def test_requests_with_one_key_at_the_same_time_do_it_once(hub: Hub, program: Program) -> None:
    async with asyncio.timeout(60):
        answers = await asyncio.gather(
            *(program.post("/events", json_of("event"), Idempotency_Key="abc") for _ in range(8))
        )
    assert {(one.status, one.json["id"]) for one in answers} == {(201, answers[0].json["id"])}
    assert await hub.db.fetchval("SELECT count(*) FROM posts") == 1


async def test_a_key_is_for_one_request_of_one_account(hub: Hub, program: Program) -> None:
    first = await program.post("/posts", json_of("post"), Idempotency_Key="abc")
    assert (await program.post("/posts", json_of("post", text="else"), Idempotency_Key="abc")).status == 409
    other = await hub.program_of(await hub.member("carl"))
    theirs = await other.post("/posts", json_of("post"), Idempotency_Key="abc")
    assert theirs.json["id"] != first.json["id"]
    too_long = await program.post("/posts", json_of("post"), Idempotency_Key="x" * (IDEMPOTENCY_KEY_CHARS + 1))
    assert (too_long.status, too_long.json["problems"][0]["field"]) == (422, "Idempotency-Key")


async def test_a_key_of_a_refused_request_can_be_used_again(program: Program) -> None:
    assert (await program.post("/events", json_of("event", place=None), Idempotency_Key="abc")).status == 422
    assert (await program.post("/events", json_of("event", area="x"), Idempotency_Key="abc")).status == 422
    assert (await program.post("/events", json_of("event"), Idempotency_Key="abc")).status == 201


async def test_an_old_key_is_forgotten(hub: Hub, program: Program) -> None:
    first = await program.post("/posts", json_of("post"), Idempotency_Key="abc")
    await hub.db.execute("UPDATE answered SET at = now() - interval '25 hours'")
    again = await program.post("/posts", json_of("post"), Idempotency_Key="abc")
    assert again.json["id"] != first.json["id"]
