"""The JSON with which people publish an event."""

from typing import Annotated, Literal

from msgspec import Meta

from schemas.drafts.parts import (
    ActorName,
    Area,
    BaseDraft,
    BornOf,
    MediumDraft,
    Part,
    PlaceDraft,
    Tags,
    Url,
    Versions,
    WallTime,
    Zone,
)
from schemas.limits import CATEGORIES, EVENT_CAPACITY, NAME_CHARS, ORGANISERS, REPEATS, UID_CHARS
from schemas.things import EventStatus, JoinMode


class RepeatDraft(Part, frozen=True, kw_only=True):
    """A series: one event is made for each date, at the same wall time. Either `count` or `until` is given."""

    every: Literal["week", "month"]
    interval: Annotated[int, Meta(ge=1, le=12, description="2 is every second week or month")] = 1
    by: Annotated[
        Literal["day", "weekday"],
        Meta(
            description="monthly only: the same day of the month (months without it are left out), or the same weekday"
            " of the month (the second Tuesday; in the fifth week: the last)"
        ),
    ] = "day"
    count: Annotated[int, Meta(ge=2, le=REPEATS, description="dates, the first included")] | None = None
    until: (
        Annotated[
            str,
            Meta(
                description="last day on which there may be a date",
                examples=["2026-12-31"],
                extra_json_schema={"format": "date"},
            ),
        ]
        | None
    ) = None


class EventDraft(BaseDraft, frozen=True, kw_only=True, tag="event"):
    """An event: when and where people meet."""

    versions: Versions
    starts: WallTime
    zone: Zone
    ends: Annotated[WallTime, Meta(description="wall time in `zone`; absent: open end")] | None = None
    place: PlaceDraft | None = None
    online_url: Annotated[Url, Meta(description="where to take part online")] | None = None
    organisers: Annotated[
        tuple[ActorName, ...], Meta(max_length=ORGANISERS, description="who holds it, if not only who publishes it")
    ] = ()
    co_hosts: Annotated[tuple[ActorName, ...], Meta(max_length=ORGANISERS, description="who else holds it")] = ()
    status: EventStatus = "scheduled"
    capacity: Annotated[int, Meta(ge=1, le=EVENT_CAPACITY, description="seats; absent: no limit")] | None = None
    waiting_list: Annotated[bool, Meta(description="whether people can queue once it is full")] = True
    join_mode: Annotated[
        JoinMode,
        Meta(description="free; restricted: organisers confirm; invite; external: register elsewhere; none: just come"),
    ] = "free"
    external_url: Annotated[Url, Meta(description="where to register, if `external`")] | None = None
    categories: Annotated[
        tuple[Annotated[str, Meta(max_length=NAME_CHARS)], ...],
        Meta(max_length=CATEGORIES, description="categories of FEP-8a8e, the main one first", examples=[["COMMUNITY"]]),
    ] = ()
    uid: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=UID_CHARS,
                description="its UID in the calendar (RFC 5545) that it was taken from: what has the same is one event",
            ),
        ]
        | None
    ) = None
    told_at: Annotated[Url, Meta(description="the page on which it was told before it was here")] | None = None
    area: Area | None = None
    born_of: BornOf | None = None
    tags: Tags = ()
    repeat: RepeatDraft | None = None
    image: MediumDraft | None = None
