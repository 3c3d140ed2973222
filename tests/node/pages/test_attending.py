"""Answering an event without an account, by link, and with what the organisers ask."""

from __future__ import annotations

import re
from typing import Any

import pytest

from node.actions import rsvp_links
from node.actions.attend import attend
from node.store.events import rsvp_terms, rsvps
from node.store.hub import hub as hubs
from node.store.notices import mails
from schemas.attending import Question, Terms
from schemas.limits import RSVP_MAIL_COUNT
from schemas.records import Post
from tests.factories import a_remote_actor, an_event_detail
from tests.node.pages.conftest import Browser, Hub
from tests.node.pages.test_reading import a_thing

KAI = {"state": "going", "name": "Kai", "email": "kai@post.example"}
ASKED = Terms(
    companions=2,
    questions=(
        Question(id="food", label="What do you eat?", required=True),
        Question(id="day", label="Which day?", kind="choice", options=("Friday", "Saturday")),
    ),
)


async def an_event(hub: Hub, **detail: Any) -> Post:
    who = await hub.member("dana")
    return await a_thing(hub, "event", actor=who.actor, event=an_event_detail(**detail))


async def answer_by_mail(hub: Hub, browser: Browser, event: Post, **fields: str) -> str:
    """The path of the link in the mail that came."""
    page = await browser.post(f"/events/{event.id}/answer-by-mail", KAI | fields, form=f"/events/{event.id}/answer")
    assert (page.status, "Look into your mail" in page.words) == (200, True)
    (letter, *_) = await mails.list_latest(hub.db, None, 1)
    assert (letter.kind, letter.facts["name"]) == ("rsvp", fields.get("name", "Kai"))
    return str(letter.facts["link"]).removeprefix(hub.base)


async def test_an_answer_by_mail_counts_once_its_link_was_used(hub: Hub, stranger: Browser) -> None:
    event = await an_event(hub)
    assert "without an account" in (await stranger.get(f"/events/{event.id}")).words
    link = await answer_by_mail(hub, stranger, event)
    assert await rsvps.counts(hub.db, event.id) == {}
    assert "does not count yet" in (await stranger.get(link)).words
    assert await rsvps.counts(hub.db, event.id) == {}
    assert "You are coming" in (await stranger.post(link, {"state": "going"})).words
    assert await rsvps.counts(hub.db, event.id) == {"going": 1}
    assert "You are not coming" in (await stranger.post(link, {"state": "declined"})).words
    assert await rsvps.counts(hub.db, event.id) == {"declined": 1}


async def test_the_mail_brings_the_event_for_a_calendar(hub: Hub, stranger: Browser) -> None:
    event = await an_event(hub)
    await answer_by_mail(hub, stranger, event)
    (letter, *_) = await mails.list_latest(hub.db, None, 1)
    (entry,) = await mails.attachments(hub.db, letter.id)
    assert entry.media_type.startswith("text/calendar")
    assert f"UID:{event.uri}" in entry.content.decode().replace("\r\n ", "")


async def test_who_answers_again_by_mail_changes_the_same_answer_and_nobody_learns_of_the_first(
    hub: Hub, stranger: Browser
) -> None:
    event = await an_event(hub)
    first = await answer_by_mail(hub, stranger, event)
    await stranger.post(first, {"state": "going"})
    again = await answer_by_mail(hub, stranger, event, state="declined", name="Kai Q.")
    assert again == first
    assert await rsvps.counts(hub.db, event.id) == {"going": 1}
    assert "does not count yet" in (await stranger.get(again)).words
    await stranger.post(again, {"state": "declined"})
    assert await rsvps.counts(hub.db, event.id) == {"declined": 1}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "This must not be empty."),
        ({"email": "kai"}, "This is no mail address."),
        ({"email": "kai@post.example\nBcc: all@post.example"}, "This is no mail address."),
        ({"state": "perhaps"}, "This must be one of"),
    ],
)
async def test_what_is_wrong_is_said_beside_the_field_and_no_mail_goes_out(
    hub: Hub, stranger: Browser, fields: dict[str, str], said: str
) -> None:
    event = await an_event(hub)
    path = f"/events/{event.id}"
    page = await stranger.post(f"{path}/answer-by-mail", KAI | fields, form=path)
    assert (page.status, said in page.words) == (422, True)
    assert await mails.list_latest(hub.db, None, 1) == []


async def test_programs_fall_into_the_trap_and_nobody_is_flooded(hub: Hub, stranger: Browser) -> None:
    event = await an_event(hub)
    path = f"/events/{event.id}/answer-by-mail"
    page = await stranger.post(path, KAI | {"website": "https://spam.example"}, form=f"/events/{event.id}")
    assert (page.status, await mails.list_latest(hub.db, None, 1)) == (200, [])
    for _ in range(RSVP_MAIL_COUNT):
        await answer_by_mail(hub, stranger, event)
    assert (await stranger.post(path, KAI, form=f"/events/{event.id}")).status == 429
    assert (await hub.browser().post_bare(path, KAI)).status == 403


@pytest.mark.parametrize("detail", [{"status": "cancelled"}, {"join_mode": "none"}])
async def test_an_event_that_takes_no_answers_takes_none_by_mail(
    hub: Hub, stranger: Browser, detail: dict[str, str]
) -> None:
    event, other = await an_event(hub, **detail), await a_thing(hub, "event")
    page = await stranger.post(f"/events/{event.id}/answer-by-mail", KAI, form=f"/events/{other.id}")
    assert page.status == 409


async def test_a_link_that_this_hub_did_not_sign_leads_nowhere(hub: Hub, stranger: Browser) -> None:
    event = await an_event(hub)
    link = (await answer_by_mail(hub, stranger, event)).partition("?")[0]
    secret = (await hubs.get(hub.db)).secret
    number = rsvp_links.number_in(secret, link.removeprefix("/rsvp/"))
    assert number is not None
    for wrong in ("nothing", link[6:-4] + "AAAA", rsvp_links.token(b"another", number), rsvp_links.token(secret, 77)):
        assert (await stranger.get(f"/rsvp/{wrong}")).status == 404


async def test_who_came_from_another_server_changes_the_answer_by_link(hub: Hub, stranger: Browser) -> None:
    event, bo = await an_event(hub), await a_remote_actor(hub.db)
    given = await attend(hub.node, hub.db, bo, event.id, "going", "reply")
    link = f"/rsvp/{rsvp_links.token((await hubs.get(hub.db)).secret, given.id)}"
    said = await hub.db.fetchval("SELECT document FROM activities WHERE type = 'Create' ORDER BY id DESC LIMIT 1")
    assert link in said
    assert "You may come" in (await stranger.post(link, {"state": "maybe"})).words
    assert await rsvps.counts(hub.db, event.id) == {"maybe": 1}
    assert await hub.db.fetchval("SELECT count(*) FROM activities WHERE type = 'Create'") == 1, "told on the page"


async def test_a_member_is_asked_what_the_organisers_want_to_know(hub: Hub) -> None:
    event, bo = await an_event(hub, capacity=3), await hub.signed_in("bo")
    await rsvp_terms.put(hub.db, event.id, ASKED)
    path = f"/events/{event.id}"
    page = await bo.post(f"{path}/rsvp", {"state": "going"}, form=path)
    assert page.url == f"{hub.base}{path}/answer?state=going"
    assert "What do you eat?" in page.words
    wrong = await bo.post(f"{path}/answer", {"state": "going", "companions": "3", "question.day": "Sunday"})
    assert (wrong.status, wrong.text.count('class="wrong"')) == (422, 3)
    fine = {"state": "going", "companions": "2", "question.food": "Everything", "question.day": "Friday"}
    assert (await bo.post(f"{path}/answer", fine)).url == hub.base + path
    assert await rsvps.counts(hub.db, event.id) == {"going": 3}
    page = await bo.post(f"{path}/rsvp", {"state": "declined"}, form=path)
    assert (page.url, await rsvps.counts(hub.db, event.id)) == (hub.base + path, {"declined": 3})


async def test_companions_take_seats_and_nobody_brings_more_than_there_are(hub: Hub, stranger: Browser) -> None:
    event = await an_event(hub, capacity=3)
    await rsvp_terms.put(hub.db, event.id, Terms(companions=5))
    link = await answer_by_mail(hub, stranger, event)
    page = await stranger.post(link, {"state": "going", "companions": "3"})
    assert (page.status, "not that many seats" in page.words) == (409, True)
    assert "You are coming" in (await stranger.post(link, {"state": "going", "companions": "1"})).words
    other = await answer_by_mail(hub, stranger, event, email="lu@post.example", name="Lu")
    assert "waiting list" in (await stranger.post(other, {"state": "going", "companions": "1"})).words
    assert "You are coming" in (await stranger.post(other, {"state": "going", "companions": "0"})).words
    page = await stranger.post(link, {"state": "going", "companions": "2"})
    assert (page.status, "not enough seats" in page.words) == (409, True)
    assert await rsvps.counts(hub.db, event.id) == {"going": 3}


async def test_who_waits_is_told_by_mail_when_a_seat_is_free(hub: Hub, stranger: Browser) -> None:
    event = await an_event(hub, capacity=1)
    bo = await hub.member("bo")
    await attend(hub.node, hub.db, bo.actor, event.id, "going", "button")
    link = await answer_by_mail(hub, stranger, event)
    assert "waiting list" in (await stranger.post(link, {"state": "going"})).words
    await attend(hub.node, hub.db, bo.actor, event.id, "declined", "button")
    (letter, *_) = await mails.list_latest(hub.db, None, 1)
    assert (letter.kind, letter.recipient) == ("rsvp_news", "kai@post.example")


async def test_a_poster_carries_a_code_that_leads_to_the_answer(hub: Hub, stranger: Browser) -> None:
    event = await an_event(hub)
    page = await stranger.get(f"/events/{event.id}/poster")
    assert f"{hub.base}/events/{event.id}/answer" in page.words
    code = await stranger.get(f"/events/{event.id}/answer.svg")
    assert code.headers["Content-Type"].startswith("image/svg+xml")
    assert re.search(r'<svg [^>]*width="\d+"', code.text)
    assert "Your mail address" in (await stranger.get(f"/events/{event.id}/answer")).words
    hidden = await a_thing(hub, "event", audience="hub")
    assert (await stranger.get(f"/events/{hidden.id}/answer.svg")).status == 404
