"""Mails to those who answer an event without an account, in their language, with the event for their calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from federation.build.lines import place_line
from federation.build.words import event_prefix
from node.actions import rsvp_links
from node.node import Node
from node.store.db import Db
from node.store.events.rsvp_requests import Request
from node.store.notices.mails import Attachment, MailDraft, put
from node.wording.moments import known_zone, of_event
from node.wording.showing import title
from schemas.records import Post, Rsvp

Kind = Literal["rsvp_news", "rsvp_message", "rsvp_changed", "rsvp_reminder"]


async def ask_to_confirm(node: Node, db: Db, event: Post, request: Request) -> None:
    """The mail whose link makes an answer count."""
    await _send(node, db, event, "rsvp", request.email, request.name, request.language, request.id, request.state)


async def mail(node: Node, db: Db, event: Post, answer: Rsvp, kind: Kind, words: str) -> None:
    """One of the others: `words` says what is new. Nothing goes out once the address was erased."""
    if answer.guest_email is None or answer.erased_at is not None:
        return
    await _send(
        node, db, event, kind, answer.guest_email, answer.guest_name or "", answer.guest_language, answer.id, words
    )


async def _send(
    node: Node, db: Db, event: Post, kind: str, to: str, name: str, language: str, number: int, words: str
) -> None:
    assert event.event is not None  # noqa: S101 - only events are answered
    when = of_event(language, event.event, event.event.zone)
    facts = {
        "name": name,
        "title": title(event, language),
        "when": f"{when.words} {when.zone}",
        "where": place_line(event.event.place) if event.event.place else event.event.online_url or "",
        "event": event.url,
        "thread": event.uri,
        "link": f"{await rsvp_links.address(node, db, number)}?lang={language}",
        "words": words,
    }
    entry = Attachment(name="event.ics", media_type="text/calendar; method=PUBLISH", content=_calendar(event, language))
    await put(db, MailDraft(kind=kind, to=to, language=language, facts=facts, attachments=(entry,)))


def _calendar(event: Post, language: str) -> bytes:
    """The event as a file for calendars (RFC 5545), under the UID that it has in our feeds."""
    from icalendar import Calendar, Event, vUri  # noqa: PLC0415 - icalendar is large, and few ask for calendars

    detail = event.event
    assert detail is not None  # noqa: S101 - only events are answered
    entry, made = Event(), Calendar()
    entry.add("UID", event.uri)
    entry.add("DTSTAMP", event.updated_at.astimezone(UTC))
    entry.add("SEQUENCE", detail.sequence)
    entry.add("STATUS", "CANCELLED" if detail.status == "cancelled" else "CONFIRMED")
    entry.add("DTSTART", _wall(detail.starts_local, detail.zone))
    if detail.ends_local:
        entry.add("DTEND", _wall(detail.ends_local, detail.zone))
    entry.add("SUMMARY", event_prefix(detail.status, language) + title(event, language))
    entry.add("URL", vUri(event.url))
    if detail.place or detail.online_url:
        entry.add("LOCATION", place_line(detail.place) if detail.place else detail.online_url)
    made.add("PRODID", "-//Allmende//Answers to events//EN")
    made.add("VERSION", "2.0")
    made.add("METHOD", "PUBLISH")
    made.add_component(entry)
    made.add_missing_timezones()
    written: bytes = made.to_ical()
    return written


def _wall(local: datetime, zone: str) -> datetime:
    there = known_zone(zone)
    return local.replace(tzinfo=UTC if there.key == "UTC" else there)
