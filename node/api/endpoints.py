"""All addresses of our JSON API in one table: the routes and the OpenAPI document are both made from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any, Literal, TypeAlias

import msgspec
from aiohttp import web

from node.api import co_hosts, deeds, follows, lists, media, offers, rsvps, things
from schemas.drafts import KINDS
from schemas.published import AreaAnswer, Published, UploadedMedium
from schemas.relations import Answered, AnswerWish, Attending, CoHostWish, Followed, FollowWish, RsvpWish
from schemas.things import Kind

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

BASE = "/api/allmende/v1"
FOLDERS: dict[Kind, str] = {"event": "events", "finding": "findings", "call": "calls", "post": "posts"}
ID = "/{id:[0-9]{1,19}}"
NAME = "{name:[A-Za-z0-9_]{1,30}}"


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One address and method. `scope`: what a bearer token must hold; what is `read` is answered to strangers too, with
    what they may see. `body` is sent as JSON, `form` as multipart/form-data. `once`: whether it honours an
    Idempotency-Key; `paged`: whether it sends Link headers."""

    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    handler: Handler
    summary: str
    scope: Literal["read", "write"] = "read"
    body: Any = None
    form: Any = None
    query: Any = None
    answer: Any = None
    status: int = 200
    once: bool = False
    paged: bool = False


def endpoints() -> list[Endpoint]:
    """The whole table."""
    parts = (_things, _media, _lists, _event_deeds, _call_deeds, _finding_deeds, _follows, _rsvps, _answers)
    return [one for part in parts for one in part()]


def _things() -> Iterator[Endpoint]:
    for kind, folder in FOLDERS.items():
        draft, many, one = KINDS[kind], f"{BASE}/{folder}", f"{BASE}/{folder}{ID}"
        create = partial(things.create_thing, kind=kind)
        show = partial(things.show_thing, kind=kind)
        edit = partial(things.edit_thing, kind=kind)
        delete = partial(things.delete_thing, kind=kind)
        yield _write("POST", many, create, f"Publish: {kind}", body=draft, status=201, once=True)
        yield Endpoint(method="GET", path=one, handler=show, summary=f"Show: {kind}", answer=Published)
        yield _write("PUT", one, edit, f"Replace what it says: {kind}", body=draft)
        yield _write("DELETE", one, delete, f"Delete for good: {kind}", query=things.Following, status=204, answer=None)


def _media() -> Iterator[Endpoint]:
    yield Endpoint(
        method="POST",
        path=f"{BASE}/media",
        handler=media.create_medium,
        summary="Upload a file; 202 while a sound or film is yet to be processed",
        scope="write",
        form=media.MediumForm,
        answer=UploadedMedium,
        status=201,
    )
    yield Endpoint(
        method="GET",
        path=f"{BASE}/media{ID}",
        handler=media.show_medium,
        summary="One's own upload",
        scope="write",
        answer=UploadedMedium,
    )


def _lists() -> Iterator[Endpoint]:
    for kind, folder in FOLDERS.items():
        newest, replies = partial(lists.list_things, kind=kind), partial(lists.list_replies, kind=kind)
        query = lists.Calls if kind == "call" else lists.NewestFirst
        yield _list(f"{BASE}/{folder}", newest, f"The newest: {folder}", query)
        yield _list(f"{BASE}/{folder}{ID}/replies", replies, "Direct answers, the oldest first", lists.OldestFirst)
    for kind in ("event", "call"):
        born = partial(lists.list_findings_of, kind=kind)
        yield _list(f"{BASE}/{FOLDERS[kind]}{ID}/findings", born, "What was learnt from it", paged=False)
    yield _list(f"{BASE}/events{ID}/series", lists.list_series, "All dates of its series", paged=False)
    yield _list(f"{BASE}/calendar", lists.list_calendar, "Events in the order of their dates", lists.Calendar)
    yield Endpoint(
        method="GET",
        path=f"{BASE}/areas",
        handler=lists.list_areas,
        summary="The hub's fields of activity",
        answer=list[AreaAnswer],
    )


def _event_deeds() -> Iterator[Endpoint]:
    for name, (deed, summary) in deeds.EVENT_DEEDS.items():
        change = partial(deeds.change_event, deed=deed)
        yield _write("POST", f"{BASE}/events{ID}/{name}", change, summary, query=things.Following)


def _call_deeds() -> Iterator[Endpoint]:
    for name, (state, summary) in deeds.CALL_DEEDS.items():
        yield _write("POST", f"{BASE}/calls{ID}/{name}", partial(deeds.change_call, state=state), summary)


def _finding_deeds() -> Iterator[Endpoint]:
    for name, (state, summary) in deeds.FINDING_DEEDS.items():
        yield _write("POST", f"{BASE}/findings{ID}/{name}", partial(deeds.change_finding, state=state), summary)


def _follows() -> Iterator[Endpoint]:
    many = f"{BASE}/follows"
    yield _mine(many, follows.list_follows, "Whom one follows", list[Followed], paged=True)
    yield _write("POST", many, follows.create_follow, "Follow somebody", body=FollowWish, answer=Followed)
    yield _write("DELETE", many, follows.delete_follow, "Stop following", query=follows.Whom, status=204, answer=None)


def _rsvps() -> Iterator[Endpoint]:
    one, many = f"{BASE}/events{ID}/rsvp", f"{BASE}/events{ID}/rsvps"
    yield _mine(one, rsvps.show_rsvp, "One's own answer to an event", Attending)
    yield _write("PUT", one, rsvps.put_rsvp, "Say whether one comes", body=RsvpWish, answer=Attending)
    yield _write("POST", f"{BASE}/events{ID}/poll", rsvps.ask_by_poll, "Ask by a poll who comes, for Mastodon")
    agree = "Agree to hold an event as the actor of this name, or decline"
    yield _write("PUT", f"{BASE}/events{ID}/co-hosts/{NAME}", co_hosts.answer_co_host, agree, body=CoHostWish)
    yield _mine(many, rsvps.list_rsvps, "Who answered, for organisers", list[Attending], paged=True)


def _answers() -> Iterator[Endpoint]:
    many, one = f"{BASE}/calls{ID}/answers", f"{BASE}/calls{ID}/answers/{{answer:[0-9]{{1,19}}}}"
    words = "Answers to a call: all for those who made it, else one's own"
    yield _mine(many, offers.list_answers, words, list[Answered], paged=True)
    yield _write(
        "POST", many, offers.create_answer, "Answer a call", body=AnswerWish, answer=Answered, status=201, once=True
    )
    for name, (verdict, summary) in offers.VERDICTS.items():
        decide = partial(offers.decide_answer, verdict=verdict)
        yield _write("POST", f"{one}/{name}", decide, summary, answer=Answered)
    yield _write("POST", f"{one}/withdraw", offers.withdraw_answer, "Take one's own answer back", answer=Answered)


def _mine(path: str, handler: Handler, summary: str, answer: Any, *, paged: bool = False) -> Endpoint:
    query = lists.OldestFirst if paged else None
    return Endpoint(
        method="GET",
        path=path,
        handler=handler,
        summary=summary,
        scope="write",
        query=query,
        answer=answer,
        paged=paged,
    )


def _write(
    method: Literal["POST", "PUT", "DELETE"], path: str, handler: Handler, summary: str, **more: Any
) -> Endpoint:
    return Endpoint(
        method=method, path=path, handler=handler, summary=summary, scope="write", **{"answer": Published} | more
    )


def _list(path: str, handler: Handler, summary: str, query: Any = None, *, paged: bool = True) -> Endpoint:
    return Endpoint(
        method="GET", path=path, handler=handler, summary=summary, query=query, answer=list[Published], paged=paged
    )
