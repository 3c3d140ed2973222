"""Lists by JSON: filters, pages, and to everybody what is theirs to see."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from node.store.people import follows
from schemas.records import Viewer
from tests.drafts import json_of
from tests.factories import a_local_actor, a_post, a_remote_actor, an_area, an_event_detail, the_hub
from tests.node.api.conftest import Answer, Hub, Program

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def ids(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.json
    return [one["id"] for one in answer.json]


def link(answer: Answer, relation: str) -> str | None:
    """The path and query of a Link header's entry."""
    found = re.search(rf'<http://localhost:8080([^>]+)>; rel="{relation}"', answer.headers.get("Link", ""))
    return found[1] if found else None


async def test_pages_lead_from_the_newest_to_the_oldest_and_back(hub: Hub, ana: Viewer) -> None:
    made = [
        str((await a_post(hub.db, ana.actor, kind="finding", published_at=NOON - timedelta(days=400 - n))).id)
        for n in range(5)
    ]
    first = await hub.stranger.get("/findings?limit=2")
    assert ids(first) == [made[4], made[3]]
    second = await hub.stranger.get(link(first, "next") or "")
    assert ids(second) == [made[2], made[1]]
    assert ids(await hub.stranger.get(link(second, "prev") or "")) == [made[4], made[3]]
    last = await hub.stranger.get(link(second, "next") or "")
    assert ids(last) == [made[0]]
    assert link(last, "next") is None
    assert "limit=2" in (link(first, "next") or "")


async def test_lists_are_narrowed_as_asked(hub: Hub, ana: Viewer, program: Program) -> None:
    await an_area(hub.db, "housing")
    bo = await a_remote_actor(hub.db, "bo")
    await follows.insert(hub.db, (await the_hub(hub.db)).id, bo.id, "https://x.example/f", accepted=True)
    german = [{"language": "de", "name": "Wärmepumpen", "text": "Häuser #Energie"}]
    ours = (await program.post("/calls", json_of("call", area="housing", versions=german))).json["id"]
    theirs = str((await a_post(hub.db, bo, kind="call", text="Carpenters", local=False)).id)

    async def found(query: str) -> list[str]:
        return ids(await hub.stranger.get(f"/calls?{query}"))

    assert await found("") == [theirs, ours]
    assert await found("area=housing") == await found("language=de") == await found("tag=Energie") == [ours]
    assert await found("author=ana") == await found("author=http://localhost:8080/actors/ana") == [ours]
    assert (
        await found("author=@bo@peer.example") == await found("network=true") == await found("local=false") == [theirs]
    )
    assert await found("local=true") == await found("q=Haus") == [ours]
    assert await found("open=true") == [theirs, ours]
    await program.post(f"/calls/{ours}/fill")
    assert await found("open=true") == [theirs]
    assert await found("open=false") == [ours]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=many", "limit"),
        ("max_id=-1", "max_id"),
        ("max_id=9223372036854775808", "max_id"),
        ("colour=red", "colour"),
        ("author=zoe", "author"),
        ("area=%00", "area"),
        ("q=" + "x" * 201, "q"),
    ],
)
async def test_a_query_that_cannot_be_is_refused_by_name(hub: Hub, query: str, field: str) -> None:
    refused = await hub.stranger.get(f"/posts?{query}")
    assert (refused.status, [one["field"] for one in refused.json["problems"]]) == (422, [field])


@pytest.mark.parametrize(
    "query", ["from=2027-03-01", "from=2027-03-01T10:00:00", "after=x", "after=2027-03-01T10:00:00Z,x", "after=,,"]
)
async def test_a_calendar_wants_real_moments(hub: Hub, query: str) -> None:
    assert (await hub.stranger.get(f"/calendar?{query}")).status == 422


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_the_ends_of_the_calendar_are_no_error(hub: Hub, moment: str) -> None:
    for name in ("from", "until"):
        assert (await hub.stranger.get(f"/calendar?{name}={quote(moment)}")).status == 422
    assert (await hub.stranger.get(f"/calendar?after={quote(moment)},1")).status == 422


async def test_the_calendar_goes_by_dates_page_by_page(hub: Hub, ana: Viewer) -> None:
    made = [
        await a_post(hub.db, ana.actor, kind="event", event=an_event_detail(NOON + timedelta(days=day)))
        for day in (3, 1, 2, 2)
    ]
    ordered = [str(one.id) for one in sorted(made, key=lambda post: (post.event.starts_at, post.id))]  # type: ignore[union-attr]
    first = await hub.stranger.get("/calendar?from=2027-03-01T00:00:00Z&limit=3")
    assert ids(first) == ordered[:3]
    second = await hub.stranger.get(link(first, "next") or "")
    assert ids(second) == ordered[3:]
    assert link(second, "next") is None
    assert ids(await hub.stranger.get("/calendar?until=2027-03-02T13:00:00Z")) == ordered[:1]
    assert ids(await hub.stranger.get("/calendar?from=2028-01-01T00:00:00Z")) == []


AUDIENCES = ("public", "unlisted", "followers", "hub", "group", "direct")
SEES = {
    "stranger": {"public"},
    "member": {"public", "hub"},
    "follower": {"public", "hub", "followers"},
    "group member": {"public", "hub", "group"},
    "author": {"public", "hub", "followers", "group"},
    "reader's token": {"public", "hub"},
}
LISTS = ["/events", "/calendar", "/events?tag=repair", "/events?author=ana", "/events?q=workshop"]


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_shows_everybody_what_is_theirs_to_see(hub: Hub, ana: Viewer, path: str) -> None:
    group = await a_local_actor(hub.db, "bench", role="group")
    people: dict[str, Any] = {name: await hub.member() for name in ("member", "follower", "group member")}
    await follows.insert(hub.db, people["follower"].actor.id, ana.actor.id, "https://x.example/f", accepted=True)
    await hub.db.executemany(
        "INSERT INTO group_members (group_id, actor_id) VALUES ($1, $2)",
        [(group.id, people["group member"].actor.id), (group.id, ana.actor.id)],
    )
    for audience in AUDIENCES:
        group_id = group.id if audience == "group" else None
        await a_post(
            hub.db, ana.actor, kind="event", text="Workshop", audience=audience, tags=["repair"], group_id=group_id
        )
    programs = {name: await hub.program_of(who) for name, who in (people | {"author": ana}).items()}
    programs |= {"stranger": hub.stranger, "reader's token": await hub.program_of(people["member"], "read")}
    seen = {name: {one["audience"] for one in (await program.get(path)).json} for name, program in programs.items()}
    assert seen == SEES


async def test_a_token_without_the_scope_reads_nothing(hub: Hub, ana: Viewer) -> None:
    writer = await hub.program_of(ana, "write")
    assert (await writer.get("/events")).status == 403


async def test_answers_and_findings_hang_on_their_thing(hub: Hub, program: Program) -> None:
    event = (await program.post("/events", json_of("event"))).json
    answers = [(await program.post("/posts", json_of("post", in_reply_to=event["uri"]))).json["id"] for _ in range(3)]
    finding = (await program.post("/findings", json_of("finding", born_of=event["uri"]))).json["id"]
    first = await hub.stranger.get(f"/events/{event['id']}/replies?limit=2")
    assert ids(first) == answers[:2]
    assert ids(await hub.stranger.get(link(first, "next") or "")) == answers[2:]
    assert ids(await hub.stranger.get(f"/events/{event['id']}/findings")) == [finding]
    assert ids(await hub.stranger.get("/posts")) == []
    assert (await hub.stranger.get(f"/events/{event['id']}")).json["counts"]["replies"] == 3


async def test_the_areas_of_the_hub_are_listed_for_everybody(hub: Hub) -> None:
    area = await an_area(hub.db, "housing")
    (answer,) = (await hub.stranger.get("/areas")).json
    assert answer == {"name": "housing", "uri": area.uri, "labels": {"en": "Housing", "de": "Housing"}}


async def test_what_depends_on_who_asks_is_kept_by_no_cache(hub: Hub, program: Program) -> None:
    answer = await program.get("/events")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in answer.headers["Vary"]
