"""What people publish: posts, events, findings, calls, in the shape that drafts, records and remote objects share."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from schemas.access import AccessFeature

Kind = Literal["post", "event", "finding", "call"]
Audience = Literal["public", "unlisted", "followers", "hub", "group", "direct"]

EventStatus = Literal["scheduled", "tentative", "postponed", "moved", "cancelled"]
JoinMode = Literal["free", "restricted", "invite", "external", "none"]
FindingKind = Literal["insight", "experience", "plan", "open question", "policy ask", "playbook"]
CallState = Literal["open", "filled", "closed", "withdrawn"]
CallPurpose = Literal["request", "offer"]
AnswerDoor = Literal["reply", "offer", "web", "mail"]
QuotePolicy = Literal["public", "followers", "nobody"]


class Thing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the value structs: immutable, named fields only, unknown fields refused."""


class Version(Thing, frozen=True, kw_only=True):
    """One language version. `source` is the author's Markdown, `content` sanitised HTML (made from it, or received).
    `changed_at`: when its words were last written or found to say what the primary version says."""

    language: str
    name: str = ""
    summary: str = ""
    content: str = ""
    source: str = ""
    changed_at: datetime | None = None


class Place(Thing, frozen=True, kw_only=True):
    """A place on Earth (AS2 `Place`, schema.org `PostalAddress`); WGS 84; our `country` is ISO 3166-1 alpha-2.
    `access`: what helps people to get in and to take part; `access_note`: what else is to be said of that."""

    name: str
    street: str = ""
    postal_code: str = ""
    locality: str = ""
    region: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    uri: str | None = None
    access: tuple[AccessFeature, ...] = ()
    access_note: str = ""


class Link(Thing, frozen=True, kw_only=True):
    """A named web address: a source, a website, a citation."""

    url: str
    name: str = ""


class Attachment(Thing, frozen=True, kw_only=True):
    """A medium. `url` is where it lives (ours once processed); `focus` is x, y in −1…1; `alt` is plain text. `credit`:
    who made it; `license`: the address of one; `widths`: of the smaller copies of a picture of ours, with `avif` as
    AVIF, too."""

    url: str
    media_type: str
    alt: str = ""
    credit: str = ""
    license: str | None = None
    blurhash: str | None = None
    width: int | None = None
    height: int | None = None
    focus: tuple[float, float] | None = None
    media_id: int | None = None
    preview_url: str | None = None
    preview_width: int | None = None
    preview_height: int | None = None
    duration_ms: int | None = None
    widths: tuple[int, ...] = ()
    avif: bool = False


class Correction(Thing, frozen=True, kw_only=True):
    """What was put right in a finding, and when."""

    at: datetime
    text: str


class EventDetail(Thing, frozen=True, kw_only=True):
    """When and where people meet. `starts_at` is the instant (UTC), `starts_local` the wall time in the IANA `zone`.
    `uid`: what calendars know it by, if not by its id; `told_at`: the page on which it was told before it was here."""

    starts_at: datetime
    starts_local: datetime
    zone: str
    ends_at: datetime | None = None
    ends_local: datetime | None = None
    previous_start: datetime | None = None
    status: EventStatus = "scheduled"
    place: Place | None = None
    online_url: str | None = None
    capacity: int | None = None
    waiting_list: bool = True
    join_mode: JoinMode = "free"
    external_url: str | None = None
    categories: tuple[str, ...] = ()
    organisers: tuple[str, ...] = ()
    uid: str | None = None
    told_at: str | None = None
    rrule: str | None = None
    sequence: int = 0
    going: int = 0


class FindingDetail(Thing, frozen=True, kw_only=True):
    """What was learnt, and what it rests on. `born_of` is the id of what it came from. `corrections`: the oldest first;
    `retraction`: why it is retracted."""

    finding_kind: FindingKind = "insight"
    claim: str = ""
    reasons: tuple[str, ...] = ()
    scope: str = ""
    born_of: str | None = None
    sources: tuple[Link, ...] = ()
    contributors: tuple[str, ...] = ()
    license: str | None = None
    state: Literal["valid", "corrected", "retracted"] = "valid"
    corrections: tuple[Correction, ...] = ()
    retraction: str = ""
    retracted_at: datetime | None = None


class CallDetail(Thing, frozen=True, kw_only=True):
    """Who is looking for whom, for what, until when. `zone`: on whose clocks its times are told. `intent_uri` is the
    ValueFlows Intent others satisfy."""

    purpose: CallPurpose = "request"
    skills: tuple[str, ...] = ()
    effort: str = ""
    effort_hours: int | None = None
    remote: bool = False
    place: Place | None = None
    deadline: datetime | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    zone: str = "UTC"
    places: int | None = None
    places_taken: int = 0
    respond_by: tuple[AnswerDoor, ...] = ("reply", "offer", "web")
    contact: str = ""
    state: CallState = "open"
    intent_uri: str | None = None


class PollOption(Thing, frozen=True, kw_only=True):
    """One answer of a poll and how many chose it."""

    name: str
    votes: int = 0


class Poll(Thing, frozen=True, kw_only=True):
    """An AS2 `Question`: one or many of the options until `ends_at`; with `hide_totals` nobody is told the votes
    before."""

    options: tuple[PollOption, ...]
    multiple: bool = False
    ends_at: datetime | None = None
    closed: bool = False
    voters: int | None = None
    hide_totals: bool = False
