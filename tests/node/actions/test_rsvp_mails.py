"""Mails to those who answer without an account: every kind can be written in every language, and says what it must."""

from __future__ import annotations

import pytest

from node.actions.rsvp_mails import ask_to_confirm, mail
from node.mailing.rendering import Letter, write
from node.node import Node
from node.store.db import Db
from node.store.events import rsvp_requests, rsvps
from node.store.hub import hub as hubs
from node.store.notices import mails
from node.wording.language import LANGUAGES
from schemas.records import Post
from tests.factories import a_post, an_event_detail, the_hub

NEWS = ("rsvp_news", "rsvp_changed", "rsvp_message", "rsvp_reminder")
HOSTILE = "<b>{{ 7*7 }}</b>\nSubject: x"


async def an_event(db: Db) -> Post:
    event = an_event_detail(online_url="https://meet.example/cafe")
    return await a_post(db, await the_hub(db), kind="event", text="Repair <café>", event=event)


async def written(node: Node, db: Db) -> Letter:
    (letter,) = await mails.list_latest(db, None, 1)
    return write(letter, await hubs.get(db), node.settings)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_mail_to_confirm_holds_the_link_the_time_and_the_place(node: Node, db: Db, language: str) -> None:
    event = await an_event(db)
    asked = await rsvp_requests.put(db, event.id, "kai@post.example", HOSTILE, "going", language)
    await ask_to_confirm(node, db, event, asked)
    letter = await written(node, db)
    assert "Repair <café>" in letter.subject
    assert "\n" not in letter.subject
    for part in ("/rsvp/", f"?lang={language}", "https://meet.example/cafe"):
        assert (part in letter.text, part in letter.html) == (True, True)
    assert ("<b>{{" in letter.html, "&lt;b&gt;{{ 7*7 }}" in letter.html) == (False, True)


@pytest.mark.parametrize("kind", NEWS)
async def test_every_other_mail_says_what_is_new_and_how_to_change_the_answer(node: Node, db: Db, kind: str) -> None:
    event = await an_event(db)
    guest = rsvps.Guest(email="kai@post.example", name="Kai", language="de", number=1)
    given = await rsvps.put_guest(db, event.id, guest, "going", rsvps.Extra())
    await mail(node, db, event, given, kind, "Bring a cup.\n\nAnd cake.")  # type: ignore[arg-type]
    letter = await written(node, db)
    for part in ("Hallo Kai,", "Bring a cup.", "And cake.", "/rsvp/"):
        assert (part in letter.text, part in letter.html) == (True, True)


async def test_nobody_is_written_to_whose_address_was_erased(node: Node, db: Db) -> None:
    event = await an_event(db)
    guest = rsvps.Guest(email="1@erased.invalid", name="", language="de", number=1)
    given = await rsvps.put_guest(db, event.id, guest, "going", rsvps.Extra())
    await db.execute("UPDATE rsvps SET erased_at = now()")
    erased = await rsvps.get(db, given.id)
    assert erased
    await mail(node, db, event, erased, "rsvp_news", "x")
    assert await mails.list_latest(db, None, 1) == []
