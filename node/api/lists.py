"""Lists of what is published here and what came from elsewhere, narrowed as asked, each as its asker may see it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from node.actions.surroundings import NOT_KNOWN, find_people
from node.api.answers import LARGEST_ID, as_json, listed, page_of, reader
from node.api.things import found
from node.errors import Invalid
from node.store.db import Db
from node.store.events import events
from node.store.hub import areas
from node.store.people import actors
from node.store.posts import findings, posts
from node.store.posts.reading import Page, Wanted
from node.web.handlers import query, reading
from node.web.keys import URLS
from schemas.limits import ADDRESS_BYTES, NAME_CHARS, PAGE_ITEMS, PAGE_ITEMS_MOST, SEARCH_WORDS_CHARS
from schemas.problems import Problem
from schemas.published import AreaAnswer
from schemas.reasons import NOT_VALID
from schemas.things import Kind

Id = Annotated[int, Meta(ge=0, le=LARGEST_ID)]
Limit = Annotated[int, Meta(ge=1, le=PAGE_ITEMS_MOST, description="how many on one page")]
Moment = Annotated[datetime, Meta(tz=True, description="with its offset, such as 2026-03-07T13:00:00Z")]
TEXT = r"^[^\x00]*$"
"""NUL can stand in an address, but in no text of a database."""
Word = Annotated[str, Meta(max_length=NAME_CHARS, pattern=TEXT)]


class Query(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of what can stand behind the question mark: other names are refused, so that a slip is noticed."""


class Narrowed(Query, frozen=True, kw_only=True):
    """What every list can be narrowed to."""

    area: Word | None = None
    language: Annotated[Word, Meta(description="there is a version in this language")] | None = None
    tag: Word | None = None
    author: Annotated[str, Meta(max_length=ADDRESS_BYTES, pattern=TEXT, description="handle or address")] | None = None
    network: Annotated[bool, Meta(description="from hubs, servers and people that this hub follows")] = False
    local: Annotated[bool, Meta(description="published here, or not")] | None = None
    q: (
        Annotated[str, Meta(max_length=SEARCH_WORDS_CHARS, pattern=TEXT, description="words in any of the texts")]
        | None
    ) = None
    limit: Limit = PAGE_ITEMS


class NewestFirst(Narrowed, frozen=True, kw_only=True):
    """A list that stands newest first, and which part of it."""

    max_id: Annotated[Id, Meta(description="older than this")] | None = None
    since_id: Annotated[Id, Meta(description="newer than this, the newest of them")] | None = None
    min_id: Annotated[Id, Meta(description="newer than this, those that follow it at once")] | None = None

    @property
    def page(self) -> Page:
        """The part that is asked for."""
        return Page(max_id=self.max_id, since_id=self.since_id, min_id=self.min_id, limit=self.limit)


class Calls(NewestFirst, frozen=True, kw_only=True):
    """Calls: those that still take answers, the others, or all."""

    open: Annotated[bool, Meta(description="takes answers, or not")] | None = None


class Calendar(Narrowed, frozen=True, kw_only=True):
    """Events in the order in which they happen: not over at `from` (now), beginning before `until`."""

    since: Moment | None = msgspec.field(name="from", default=None)
    until: Moment | None = None
    after: Annotated[str, Meta(description="the cursor of a `next` link")] | None = None


class OldestFirst(Query, frozen=True, kw_only=True):
    """A list that stands oldest first."""

    after: Annotated[Id, Meta(description="newer than this")] = 0
    limit: Limit = PAGE_ITEMS


async def list_things(request: web.Request, kind: Kind) -> web.Response:
    """The newest of a kind; answers among posts and boosts are left out."""
    asked = query(request, Calls if kind == "call" else NewestFirst)
    async with reading(request) as db:
        viewer = await reader(request, db)
        wanted = await _wanted(request, db, asked)
        return page_of(
            request, await posts.list_public(db, kind, viewer=viewer, wanted=wanted, page=asked.page), asked.page
        )


async def list_calendar(request: web.Request) -> web.Response:
    """Events in the order in which they happen; the `next` link goes on where the page ends."""
    asked = query(request, Calendar)
    async with reading(request) as db:
        found_here = await events.list_between(
            db,
            _instant("from", asked.since) or datetime.now(UTC),
            _instant("until", asked.until),
            viewer=await reader(request, db),
            wanted=await _wanted(request, db, asked),
            after=_hour(asked.after),
            limit=asked.limit,
        )
    last = found_here[-1] if len(found_here) == asked.limit else None
    links = {"next": {"after": f"{last.event.starts_at.isoformat()},{last.id}"}} if last and last.event else {}
    return listed(request, found_here, links)


async def list_series(request: web.Request) -> web.Response:
    """All dates of the series to which an event belongs; an event on its own is its own series."""
    async with reading(request) as db:
        event = await found(db, request, "event")
        dates = [event]
        if event.series:
            dates = await events.list_series(db, event.series, viewer=await reader(request, db))
        return listed(request, dates)


async def list_findings_of(request: web.Request, kind: Kind) -> web.Response:
    """What was learnt from an event or a call."""
    async with reading(request) as db:
        origin = await found(db, request, kind)
        return listed(request, await findings.list_born_of(db, origin.id, viewer=await reader(request, db)))


async def list_replies(request: web.Request, kind: Kind) -> web.Response:
    """Direct answers, the oldest first."""
    asked = query(request, OldestFirst)
    async with reading(request) as db:
        post = await found(db, request, kind)
        viewer = await reader(request, db)
        answers = await posts.replies(db, post.id, viewer=viewer, after=asked.after, limit=asked.limit)
    links = {"next": {"after": answers[-1].id}} if len(answers) == asked.limit else {}
    return listed(request, answers, links)


async def list_areas(request: web.Request) -> web.Response:
    """The fields of activity of this hub, in its order."""
    urls = request.app[URLS]
    async with reading(request) as db:
        found_here = await areas.list_all(db)
    answer = [AreaAnswer(name=one.name, uri=urls.area(one.name), labels=one.labels) for one in found_here]
    return as_json(answer, shared=True)


async def _wanted(request: web.Request, db: Db, asked: Narrowed) -> Wanted:
    return Wanted(
        area=asked.area,
        language=asked.language,
        tag=asked.tag,
        actor_id=await _author(request, db, asked.author),
        followed_by=(await actors.hub(db)).id if asked.network else None,
        local=asked.local,
        words=asked.q,
        open=asked.open if isinstance(asked, Calls) else None,
    )


async def _author(request: web.Request, db: Db, name: str | None) -> int | None:
    if name is None:
        return None
    people = await find_people(db, request.app[URLS], [name])
    if name not in people:
        raise Invalid([Problem(field="author", reason=NOT_KNOWN)])
    return people[name].id


def _hour(cursor: str | None) -> events.Hour | None:
    if cursor is None:
        return None
    starts, _, number = cursor.partition(",")
    try:
        moment, last = msgspec.convert([starts, number], tuple[Moment, Id], strict=False)
    except msgspec.ValidationError as error:
        raise Invalid([Problem(field="after", reason=NOT_VALID)]) from error
    return events.Hour(starts_at=_instant("after", moment) or moment, id=last)


def _instant(field: str, moment: datetime | None) -> datetime | None:
    """In UTC; at either end of the calendar an offset leads out of it."""
    try:
        return moment.astimezone(UTC) if moment else None
    except OverflowError as error:
        raise Invalid([Problem(field=field, reason=NOT_VALID)]) from error
