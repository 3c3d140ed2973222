"""What organisers do with those who come: look at them, decide, write, tick off, take a file, ask, cancel."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from node.actions.attend import attend
from node.actions.rsvp_news import remind_attendees, tell_attendees
from node.store.events import attendees, rsvp_terms, rsvps
from node.store.events.rsvps import Extra, Guest
from node.store.notices import mails
from schemas.records import Post, Rsvp
from tests.factories import a_remote_actor, an_event_detail
from tests.node.pages.conftest import TOKEN, Browser, Hub
from tests.node.pages.test_reading import a_thing

PAGES = ("people", "people.csv", "check-in", "questions", "cancel")


async def an_event(hub: Hub, **detail: Any) -> Post:
    return await a_thing(hub, "event", event=an_event_detail(**detail))


async def a_guest(hub: Hub, event: Post, name: str = "Kai", *, state: str = "going", **extra: Any) -> Rsvp:
    number = await hub.db.fetchval("SELECT nextval('rsvps_id_seq')")
    guest = Guest(email=f"{name.strip('=').lower()}@post.example", name=name, language="de", number=number)
    return await rsvps.put_guest(hub.db, event.id, guest, state, Extra(**extra))  # type: ignore[arg-type]


async def letters(hub: Hub) -> list[tuple[str, str]]:
    return [(one.kind, str(one.facts["words"])) for one in reversed(await mails.list_latest(hub.db, None, 50))]


async def said(hub: Hub) -> list[str]:
    rows = await hub.db.fetch("SELECT document FROM activities WHERE type = 'Create' ORDER BY id")
    return [row["document"] for row in rows]


async def test_only_organisers_and_editors_see_who_comes(hub: Hub, ana: Browser, stranger: Browser) -> None:
    event, bo = await an_event(hub), await hub.signed_in("bo")
    await a_guest(hub, event)
    for page in PAGES:
        path = f"/events/{event.id}/{page}"
        codes = [(await one.get(path)).status for one in (ana, bo, stranger)]
        assert codes == [200, 403, 401], page
    forms: tuple[tuple[str, dict[str, Any]], ...] = (
        ("people", {"answer": "1", "decision": "accept"}),
        ("people/message", {"states": "going", "words": "Hi"}),
        ("check-in", {"answer": "1", "here": "yes"}),
        ("questions", {"companions": "1"}),
        ("cancel", {}),
    )
    for page, fields in forms:
        assert (await bo.post(f"/events/{event.id}/{page}", fields, form=f"/events/{event.id}")).status == 403, page


async def test_organisers_admit_and_refuse(hub: Hub, ana: Browser) -> None:
    event = await an_event(hub, join_mode="restricted")
    asked = await a_guest(hub, event, state="asked")
    path = f"/events/{event.id}/people"
    page = await ana.post(path, {"answer": str(asked.id), "decision": "accept"})
    assert "Coming (1)" in page.words
    page = await ana.post(path, {"answer": str(asked.id), "decision": "refuse"})
    assert "Not coming (1)" in page.words
    assert [kind for kind, _ in await letters(hub)] == ["rsvp_news", "rsvp_news"]
    assert (await ana.post(path, {"answer": "1", "decision": "perhaps"})).status == 422
    assert (await ana.post(path, {"answer": "99999", "decision": "accept"})).status == 404


async def test_a_message_reaches_every_door_once(hub: Hub, ana: Browser) -> None:
    event, bo, cy = await an_event(hub), await hub.signed_in("bo"), await a_remote_actor(hub.db)
    await bo.post(f"/events/{event.id}/rsvp", {"state": "going"}, form=f"/events/{event.id}")
    await attend(hub.node, hub.db, cy, event.id, "going", "reply")
    await a_guest(hub, event)
    await a_guest(hub, event, "Lu", state="maybe")
    before, path = len(await said(hub)), f"/events/{event.id}/people"
    wrong = await ana.post(f"{path}/message", {"words": ""}, form=path)
    assert (wrong.status, wrong.text.count('class="wrong"')) == (422, 2)
    page = await ana.post(
        f"/events/{event.id}/people/message", {"states": ["going"], "words": "Bring a cup.\nAnd cake."}, form=path
    )
    assert "Your message is on its way." in page.text
    for _ in range(2):
        await tell_attendees(hub.node, event.id)
    assert await letters(hub) == [("rsvp_message", "Die Veranstalter schreiben:\n\nBring a cup.\nAnd cake.")]
    (told,) = (await said(hub))[before:]
    assert "<p>Bring a cup.</p><p>And cake.</p>" in told
    assert "writes to those who come: Bring a cup." in (await bo.get("/notifications")).words


async def test_who_answers_after_a_message_is_not_told_it(hub: Hub, ana: Browser) -> None:
    event, path = await an_event(hub), "/events/{}/people"
    await ana.post(path.format(event.id) + "/message", {"states": "going", "words": "Hi"}, form=path.format(event.id))
    await a_guest(hub, event)
    await tell_attendees(hub.node, event.id)
    assert await letters(hub) == []


async def test_cancelling_says_first_who_is_told_and_then_tells_them(hub: Hub, ana: Browser) -> None:
    event, bo, cy = await an_event(hub), await hub.signed_in("bo"), await a_remote_actor(hub.db)
    await bo.post(f"/events/{event.id}/rsvp", {"state": "going"}, form=f"/events/{event.id}")
    await attend(hub.node, hub.db, cy, event.id, "going", "join", activity_uri=f"{cy.uri}/joins/1")
    await a_guest(hub, event)
    await a_guest(hub, event, "Lu", state="declined")
    path = f"/events/{event.id}/cancel"
    words = (await ana.get(path)).words
    for expected in ("1 member, by a notice", "1 person on another server", "1 person without an account, by mail"):
        assert expected in words
    assert (await ana.post(path, {"why": "x" * 2001})).status == 422
    page = await ana.post(path, {"why": "The roof leaks."})
    assert "This event is cancelled." in page.words
    for _ in range(2):
        await tell_attendees(hub.node, event.id)
    assert await letters(hub) == [("rsvp_changed", "Diese Veranstaltung ist abgesagt.\n\nThe roof leaks.")]
    assert ["This event is cancelled." in one and "The roof leaks." in one for one in await said(hub)] == [True]
    told = (await bo.get("/notifications")).words
    assert "cancelled what you meant to come to." in told
    assert "writes to those who come: The roof leaks." in told


async def test_those_who_come_are_reminded_once(hub: Hub) -> None:
    soon = an_event_detail().starts_at.replace(year=2020)
    event, cy = await an_event(hub), await a_remote_actor(hub.db)
    await a_guest(hub, event)
    await a_guest(hub, event, "Lu", state="declined")
    await attend(hub.node, hub.db, cy, event.id, "maybe", "poll")
    before = len(await said(hub))
    await remind_attendees(hub.node)
    assert await letters(hub) == []
    await hub.db.execute("UPDATE events SET starts_at = now() + interval '20 hours'")
    await remind_attendees(hub.node)
    assert await letters(hub) == [], "they answered just now"
    await hub.db.execute("UPDATE rsvps SET answered_at = $1", soon)
    for _ in range(2):
        await remind_attendees(hub.node)
    assert [kind for kind, _ in await letters(hub)] == ["rsvp_reminder"]
    assert len(await said(hub)) == before + 1


async def test_people_are_ticked_off_at_the_door_and_a_slip_is_undone(hub: Hub, ana: Browser) -> None:
    event = await an_event(hub)
    kai = await a_guest(hub, event, companions=2)
    await a_guest(hub, event, "Lu", state="maybe")
    path = f"/events/{event.id}/check-in"
    assert "0 of 3 are here" in (await ana.get(path)).words
    assert "Lu" not in (await ana.get(f"{path}?q=kai")).words
    page = await ana.post(path, {"answer": str(kai.id), "here": "yes", "q": "kai"})
    assert page.url == f"{hub.base}{path}?q=kai"
    assert "3 of 3 are here" in page.words
    assert "0 of 3 are here" in (await ana.post(path, {"answer": str(kai.id), "here": "no"})).words
    assert (await ana.post(path, {"answer": "9999", "here": "yes"})).status == 404


async def test_case_84_the_file_holds_no_formula(hub: Hub, ana: Browser) -> None:
    event = await an_event(hub)
    path = f"/events/{event.id}/questions"
    page = await ana.post(path, {"companions": "1", "questions.0.label": "+Food?", "questions.0.required": "true"})
    assert page.url == f"{hub.base}/events/{event.id}/people"
    (asked,) = (await rsvp_terms.get(hub.db, event.id)).questions
    await a_guest(hub, event, "=HYPERLINK(1)", answers={asked.id: "@soup"})
    await a_guest(hub, event, "Zoe;=HYPERLINK(2)", answers={})
    file = await ana.get(f"/events/{event.id}/people.csv")
    assert '"Zoe;=HYPERLINK(2)"' in file.text
    head, row, _ = list(csv.reader(io.StringIO(file.text)))
    assert (file.headers["Content-Type"], head[-1]) == ("text/csv; charset=utf-8", "'+Food?")
    assert (row[0], row[2], row[-1]) == ("'=HYPERLINK(1)", "Coming", "'@soup")


async def test_questions_keep_their_answers_when_their_words_change(hub: Hub, ana: Browser) -> None:
    event, path = await an_event(hub), "/events/{}/questions"
    await ana.post(path.format(event.id), {"questions.0.label": "Food?"})
    (before,) = (await rsvp_terms.get(hub.db, event.id)).questions
    await ana.post(path.format(event.id), {"questions.0.label": "Meals?", "questions.0.id": before.id})
    (after,) = (await rsvp_terms.get(hub.db, event.id)).questions
    assert (after.id, after.label) == (before.id, "Meals?")
    wrong = await ana.post(path.format(event.id), {"questions.0.label": "Day?", "questions.0.options": "Friday"})
    assert (wrong.status, "There must be at least 2" in wrong.words) == (422, True)


@pytest.mark.parametrize(("weeks", "kept"), [(3, True), (5, False)])
async def test_what_guests_entrusted_is_erased_some_weeks_after_the_event(hub: Hub, weeks: int, kept: bool) -> None:
    event = await an_event(hub)
    await a_guest(hub, event, answers={"food": "soup"})
    await hub.db.execute(
        "UPDATE events SET starts_at = now() - $1 * interval '1 week', ends_at = now() - $1 * interval '1 week'"
        " + interval '1 hour'",
        weeks,
    )
    await attendees.erase(hub.db, timedelta(weeks=4), 10)
    (one,) = await attendees.list_of(hub.db, event.id)
    assert (one.name == "Kai", one.rsvp.answers == {"food": "soup"}) == (kept, kept)
    assert (one.rsvp.guest_email == "kai@post.example") is kept
    assert await rsvps.counts(hub.db, event.id) == {"going": 1}


async def test_a_tick_that_comes_later_tells_when_it_was_made_and_undoes_nothing_newer(hub: Hub, ana: Browser) -> None:
    event = await an_event(hub)
    kai = await a_guest(hub, event)
    path, now = f"/events/{event.id}/check-in", datetime.now(UTC)

    async def ticked(here: str, at: str) -> datetime | None:
        await ana.post(path, {"answer": str(kai.id), "here": here, "at": at})
        found: datetime | None = await hub.db.fetchval("SELECT checked_in_at FROM rsvps WHERE id = $1", kai.id)
        return found

    before = now - timedelta(minutes=30)
    assert await ticked("yes", before.isoformat().replace("+00:00", "Z")) == before
    assert await ticked("no", (before - timedelta(minutes=5)).isoformat()) == before, "another door ticked later"
    assert await ticked("no", now.isoformat()) is None
    for odd in ("2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "soon", f"{before:%Y-%m-%dT%H:%M}"):
        found = await ticked("yes", odd)
        assert found and found >= now
        await ticked("no", "")


async def test_the_worker_of_the_list_asks_only_us_and_goes_at_sign_out(hub: Hub, ana: Browser) -> None:
    worker = await ana.get(f"/events/{(await an_event(hub)).id}/door.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert worker.headers["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
    token = TOKEN.search((await ana.get("/contact")).text)
    assert token
    form = {"form_token": token[1]}
    async with ana.session.post(
        f"{ana.base}/sign-out", data=form, headers={"Origin": ana.base}, allow_redirects=False
    ) as answer:
        assert (answer.status, answer.headers["Clear-Site-Data"]) == (303, '"storage"')
