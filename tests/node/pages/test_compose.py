"""The web form: each kind published, changed, taken back; what is wrong is said beside its field, nothing is lost."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import aiohttp
import msgspec
import pytest

from node.actions.publish import publish
from node.store.posts import posts
from schemas.drafts import PostDraft
from schemas.records import Post
from tests import files
from tests.factories import a_local_actor
from tests.node.pages.conftest import PASSWORD, TOKEN, Browser, Hub, Page
from tests.node.pages.form_reader import fields_of

DAY = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
EVENT: dict[str, Any] = {
    "versions.0.language": "en",
    "versions.0.name": "Planning the year",
    "versions.0.summary": "",
    "versions.0.text": "Bring *ideas*.",
    "versions.1.language": "de",
    "versions.1.name": "Jahresplanung",
    "versions.1.summary": "Alle sind eingeladen",
    "versions.1.text": "",
    "starts": f"{DAY}T18:30",
    "ends": f"{DAY}T21:00",
    "zone": "Europe/Berlin",
    "place.name": "Great hall",
    "place.street": "Lane 1",
    "place.locality": "Leipzig",
    "place.country": "DE",
    "place.latitude": "51,33",
    "place.longitude": "12.32",
    "online_url": "https://meet.example/year",
    "audience": "public",
    "acting_as": "hub",
    "status": "tentative",
    "join_mode": "free",
    "capacity": "12",
    "waiting_list": "true",
    "categories": ["COMMUNITY", "LEARNING"],
    "area": "housing",
    "tags": "planning, year",
    "repeat.every": "",
    "repeat.by": "day",
}
FINDING = {
    "versions.0.language": "en",
    "versions.0.name": "Twelve households are enough",
    "finding_kind": "policy ask",
    "claim": "A car pays from twelve households on.",
    "reasons": "Short ways.\n\nSeen daily.",
    "scope": "Villages",
    "sources": "https://example.org/study A study of ours\nhttps://example.org/bare",
    "contributors": "Ana\nBo Lind",
    "license": "CC-BY-SA-4.0",
    "audience": "public",
}
CALL = {
    "versions.0.language": "en",
    "versions.0.name": "Carpenters for the roof",
    "purpose": "offer",
    "skills": "carpentry, cooking",
    "effort": "two weekends",
    "effort_hours": "30",
    "places": "6",
    "deadline": f"{DAY}T12:00",
    "zone": "Europe/Berlin",
    "remote": "true",
    "respond_by": ["web", "mail"],
    "contact": "roof@example.org",
    "audience": "public",
}
POST = {"text": "Hello **world** #repair", "language": "en", "audience": "public", "summary": "", "poll.options": ""}
SENT = {"event": EVENT, "finding": FINDING, "call": CALL, "post": POST}


async def published(hub: Hub, browser: Browser, kind: str, **changed: Any) -> Post:
    page = await browser.post(f"/new/{kind}", SENT[kind] | changed)
    assert (page.status, page.words.partition(".")[0].split()[-1:]) != (422, []), page.words
    post = await posts.find(hub.db, int(page.url.rpartition("/")[2]))
    assert post
    return post


async def test_an_event_is_published_with_all_it_says(hub: Hub, ana: Browser) -> None:
    post = await published(hub, ana, "event")
    event = post.event
    assert event
    assert (post.actor.name, [one.language for one in post.versions], post.area) == ("hub", ["en", "de"], "housing")
    assert (event.starts_local.isoformat(), event.zone) == (f"{DAY}T18:30:00", "Europe/Berlin")
    assert event.place
    assert (event.place.name, event.place.latitude, event.place.country) == ("Great hall", 51.33, "DE")
    assert (event.status, event.capacity, event.waiting_list) == ("tentative", 12, True)
    assert event.categories == ("COMMUNITY", "LEARNING")
    assert (event.online_url, post.tags) == ("https://meet.example/year", ["planning", "year"])
    assert await hub.db.fetchval("SELECT count(*) FROM activities WHERE type = 'Create'") == 1


async def test_a_finding_is_published_with_all_it_says(hub: Hub, ana: Browser) -> None:
    finding = (await published(hub, ana, "finding")).finding
    assert finding
    assert (finding.finding_kind, finding.claim) == ("policy ask", "A car pays from twelve households on.")
    assert finding.reasons == ("Short ways.", "Seen daily.")
    assert [(one.url, one.name) for one in finding.sources] == [
        ("https://example.org/study", "A study of ours"),
        ("https://example.org/bare", ""),
    ]
    assert finding.contributors == ("Ana", "Bo Lind")
    assert finding.license == "https://creativecommons.org/licenses/by-sa/4.0/"


async def test_a_call_is_published_with_all_it_says(hub: Hub, ana: Browser) -> None:
    call = (await published(hub, ana, "call")).call
    assert call
    assert (call.purpose, call.skills, call.places, call.effort_hours) == ("offer", ("carpentry", "cooking"), 6, 30)
    assert (call.remote, call.respond_by, call.contact) == (True, ("web", "mail"), "roof@example.org")
    assert call.deadline
    assert call.deadline.isoformat().startswith(f"{DAY}T1")


async def test_a_post_is_published_in_ones_own_name(hub: Hub, ana: Browser) -> None:
    post = await published(hub, ana, "post")
    assert (post.actor.name, post.tags) == ("ana", ["repair"])
    assert "<strong>world</strong>" in post.version().content


async def test_a_series_becomes_one_event_per_date(hub: Hub, ana: Browser) -> None:
    repeat = {"repeat.every": "week", "repeat.interval": "2", "repeat.by": "weekday", "repeat.count": "3"}
    post = await published(hub, ana, "event", **repeat)
    assert post.series
    page = await ana.get(f"/events/{post.id}")
    assert page.text.count("<li>", page.text.index("All dates"), page.text.index("Conversation")) == 3


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("event", {"starts": ""}, "starts", "This is needed."),
    ("event", {"starts": "tomorrow"}, "starts", "Write date and time as 2026-03-07T14:00."),
    ("event", {"starts": "2027-03-28T02:30", "ends": ""}, "starts", "clocks skip it"),
    ("event", {"ends": f"{DAY}T08:00"}, "ends", "The end must come after the start."),
    ("event", {"zone": "Mars/Base"}, "zone", "This is no time zone"),
    ("event", {"capacity": "many"}, "capacity", "This must be a whole number."),
    ("event", {"place.latitude": "north"}, "place.latitude", "This must be a number."),
    ("event", {"versions.0.name": ""}, "versions.0.name", "This must not be empty."),
    ("event", {"versions.1.name": ""}, "versions.1.name", "This must not be empty."),
    ("event", {"versions.1.language": "en"}, "versions.1.language", "This stands here twice."),
    ("event", {"co_hosts": "@nobody@nowhere.invalid"}, "co_hosts", "Nobody of this name is known here."),
    ("event", {"area": "gardening"}, "area", "no area of this name"),
    ("event", {"tags": "two words"}, "tags", "This is no hashtag"),
    ("event", {"repeat.every": "week"}, "repeat", "Say either how many dates there are or until when."),
    ("finding", {"claim": ""}, "", "Say what was found"),
    ("finding", {"sources": "no address"}, "sources", "This must be a web address"),
    ("call", {"remote": ""}, "place", "Say where, or that it can be done from anywhere."),
    ("call", {"contact": "Ana"}, "contact", "People can answer by mail only"),
    ("post", {"text": " "}, "text", "Say something, or attach something."),
]


@pytest.mark.parametrize(("kind", "changed", "field", "said"), WRONG)
async def test_what_is_wrong_is_said_at_its_field_and_everything_is_kept(
    hub: Hub, ana: Browser, kind: str, changed: dict[str, Any], field: str, said: str
) -> None:
    page = await ana.post(f"/new/{kind}", SENT[kind] | changed)
    assert page.status == 422
    assert said in page.words
    if field:
        assert f'id="{field.replace(".", "-")}-wrong"' in page.text or f'href="#{field.replace(".", "-")}"' in page.text
    for name, value in (SENT[kind] | changed).items():
        if isinstance(value, str) and value.strip() and name not in ("acting_as", "area"):
            assert value in unescape(page.text), name
    assert await hub.db.fetchval("SELECT count(*) FROM posts") == 0


async def test_another_language_is_one_more_part_of_the_form(ana: Browser) -> None:
    page = await ana.post("/new/event", EVENT | {"more": "version"})
    assert page.status == 200
    assert 'name="versions.2.name"' in page.text
    assert "Planning the year" in page.text


async def test_an_emptied_language_is_dropped(hub: Hub, ana: Browser) -> None:
    gone = {"versions.1.name": "", "versions.1.summary": "", "versions.1.text": ""}
    assert [one.language for one in (await published(hub, ana, "event", **gone)).versions] == ["en"]


async def test_a_known_place_can_be_chosen_again(hub: Hub, ana: Browser) -> None:
    first = (await published(hub, ana, "event")).event
    page = await ana.get("/new/event")
    assert first
    assert first.place
    assert first.place.uri
    key = first.place.uri.rpartition("/")[2]
    assert f'<option value="{key}">Great hall, Leipzig</option>' in page.text
    empty = {name: "" for name in EVENT if name.startswith("place.")}
    again = (await published(hub, ana, "event", **empty, known_place=key)).event
    assert again
    assert again.place == first.place


async def test_a_member_cannot_publish_as_the_hub(hub: Hub) -> None:
    bo = await hub.signed_in("bo")
    assert "In whose name?" not in (await bo.get("/new/event")).words
    page = await bo.post("/new/event", EVENT)
    assert page.status == 403
    assert await hub.db.fetchval("SELECT count(*) FROM posts") == 0


@pytest.mark.parametrize("path", ["/new", "/new/event", "/desk", "/notifications", "/follow", "/admin/queue"])
async def test_members_pages_ask_strangers_to_sign_in_and_then_go_on(stranger: Browser, path: str) -> None:
    page = await stranger.get(path)
    assert page.status == 401
    assert f'name="return_to" value="{path}"' in page.text


@pytest.mark.parametrize("kind", ["event", "finding", "call", "post"])
async def test_a_form_filled_from_what_is_published_changes_nothing_when_sent_back(
    hub: Hub, ana: Browser, kind: str
) -> None:
    post = await published(hub, ana, kind)
    path = f"/{kind}s/{post.id}"
    page = await ana.post(f"{path}/edit", fields_of((await ana.get(f"{path}/edit")).text))
    assert (page.status, page.url) == (200, hub.base + path)
    after = await posts.find(hub.db, post.id)
    assert after == post
    assert await hub.db.fetchval("SELECT count(*) FROM activities WHERE type = 'Update'") == 0


async def test_a_change_is_kept_and_told(hub: Hub, ana: Browser) -> None:
    post = await published(hub, ana, "event")
    path = f"/events/{post.id}/edit"
    fields = fields_of((await ana.get(path)).text) | {"versions.0.name": "Planning two years", "capacity": "20"}
    page = await ana.post(path, fields)
    assert "Planning two years" in page.words
    after = await posts.find(hub.db, post.id)
    assert after
    assert after.event
    assert (after.event.capacity, after.event.sequence) == (20, 1)
    assert await hub.db.fetchval("SELECT count(*) FROM activities WHERE type = 'Update'") == 1


async def test_only_who_may_change_it_gets_the_form(hub: Hub, ana: Browser, stranger: Browser) -> None:
    post = await published(hub, ana, "event")
    bo = await hub.signed_in("bo")
    for deed in ("edit", "cancel", "delete"):
        path = f"/events/{post.id}/{deed}"
        assert (await bo.get(path)).status == 403
        assert (await bo.post(path, EVENT, form="/new/event")).status == 403
        assert (await stranger.get(path)).status == 401
        assert (await ana.get(path)).status == 200
    assert "Yours to look after" not in (await bo.get(f"/events/{post.id}")).words
    assert await posts.find(hub.db, post.id) == post


@pytest.mark.parametrize(
    ("kind", "deed", "state", "said"),
    [
        ("event", "cancel", "", "This event is cancelled."),
        ("call", "close", "filled", "Filled"),
        ("finding", "retract", "", "The authors have retracted this finding."),
    ],
)
async def test_taking_back_is_asked_first_and_then_done(
    hub: Hub, ana: Browser, stranger: Browser, kind: str, deed: str, state: str, said: str
) -> None:
    path = f"/{kind}s/{(await published(hub, ana, kind)).id}"
    assert "No, go back" in (await ana.get(f"{path}/{deed}")).words
    page = await ana.post(f"{path}/{deed}", {"state": state, "reason": "We erred."})
    assert (page.status, page.url) == (200, hub.base + path)
    assert said in (await stranger.get(path)).words
    assert await hub.db.fetchval("SELECT count(*) FROM activities WHERE type = 'Update'") == 1


async def test_what_is_deleted_is_gone_and_says_so(hub: Hub, ana: Browser, stranger: Browser) -> None:
    path = f"/events/{(await published(hub, ana, 'event')).id}"
    page = await ana.post(f"{path}/delete", {"state": "one"})
    assert (page.url, "Deleted." in page.words) == (f"{hub.base}/desk", True)
    page = await stranger.get(path)
    assert (page.status, "This was deleted" in page.words) == (410, True)
    assert "Planning the year" not in page.text


async def test_a_deed_of_another_kind_is_not_there(hub: Hub, ana: Browser) -> None:
    post = await published(hub, ana, "post")
    for path in (f"/posts/{post.id}/cancel", f"/events/{post.id}/delete", f"/events/{post.id}/edit", "/events/9/edit"):
        assert (await ana.get(path)).status == 404


async def send_with_picture(browser: Browser, path: str, fields: dict[str, Any], content: bytes) -> Page:
    """What a browser sends where a file was chosen."""
    data = aiohttp.FormData(default_to_multipart=True)
    token = TOKEN.search((await browser.get(path)).text)
    assert token
    for name, value in {**fields, "form_token": token[1]}.items():
        for one in value if isinstance(value, list) else [value]:
            data.add_field(name, one)
    data.add_field("new.file", io.BytesIO(content), filename="boat.png")
    async with browser.session.post(browser.base + path, data=data, headers={"Origin": browser.base}) as answer:
        return Page(answer.status, str(answer.url), answer.headers, await answer.text())


@pytest.mark.parametrize("kind", ["event", "finding", "call", "post"])
async def test_a_picture_comes_with_the_form_and_says_what_it_shows(hub: Hub, ana: Browser, kind: str) -> None:
    page = await send_with_picture(ana, f"/new/{kind}", SENT[kind] | {"new.alt": "A boat"}, files.image())
    assert page.status == 200, page.words
    assert 'alt="A boat"' in page.text
    post = await posts.find(hub.db, int(page.url.rpartition("/")[2]))
    assert post
    [picture] = post.attachments
    assert picture.url.startswith(hub.base + "/media/")
    path = page.url.removeprefix(hub.base) + "/edit"
    fields = fields_of((await ana.get(path)).text)
    assert fields["media.0.alt"] == ["A boat"]
    page = await ana.post(path, fields | {"media.0.drop": "true"})
    assert page.status == 200, page.words
    assert "/media/" not in page.text


async def test_a_picture_is_kept_when_something_else_is_wrong(hub: Hub, ana: Browser) -> None:
    wrong = EVENT | {"versions.0.name": "", "new.alt": "A boat"}
    page = await send_with_picture(ana, "/new/event", wrong, files.image())
    assert page.status == 422
    fields = fields_of(page.text, "/new/event")
    assert (fields["media.0.alt"], fields["new.alt"]) == (["A boat"], [""])
    page = await ana.post("/new/event", fields | {"versions.0.name": "Planning"})
    assert (page.status, 'alt="A boat"' in page.text) == (200, True)


async def test_a_file_that_is_no_picture_is_complained_of_at_its_field(hub: Hub, ana: Browser) -> None:
    page = await send_with_picture(ana, "/new/event", EVENT, b"<svg onload=alert(1)>")
    assert page.status == 422
    assert 'id="new-file-wrong"' in page.text
    assert await hub.db.fetchval("SELECT count(*) FROM posts") == 0


async def test_what_is_for_a_group_can_be_changed(hub: Hub) -> None:
    who, browser = await hub.member("gina"), hub.browser()
    await browser.post("/sign-in", {"who": "gina", "password": PASSWORD})
    group = await a_local_actor(hub.db, "bench", role="group", urls=hub.urls)
    await hub.db.execute(
        "INSERT INTO group_members (group_id, actor_id, role) VALUES ($1, $2, 'member')", group.id, who.actor.id
    )
    draft = msgspec.convert({"kind": "post", "text": "Plans", "audience": "group", "group": "bench"}, PostDraft)
    async with hub.db.transaction():
        post = await publish(hub.node, hub.db, who, draft)
    path = f"/posts/{post.id}"
    sent = fields_of((await browser.get(f"{path}/edit")).text) | {"text": ["Better plans"]}
    page = await browser.post(f"{path}/edit", sent)
    assert page.url == hub.base + path and "Better plans" in page.words
    changed = await posts.get(hub.db, post.id, who.actor.id)
    assert (changed.audience, changed.group_id) == ("group", group.id)
