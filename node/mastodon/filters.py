"""Filters (version 2): what somebody does not want to read, by words or single statuses, and where."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from aiohttp import web

from node.errors import NotFound
from node.mastodon.answers import as_json
from node.mastodon.asking import Ask, parsed_id
from node.mastodon.endpoint import Endpoint, delete, get, post, put
from node.mastodon.entities.filter import from_filter, from_keyword, from_post
from node.mastodon.errors import Unprocessable
from node.store.posts import posts
from node.store.timelines import filters
from node.store.timelines.filters import Action, Filter, Keyword, Said, Where
from schemas.limits import FILTER_KEYWORD_CHARS, FILTER_KEYWORDS, FILTER_POSTS, FILTER_TITLE_CHARS, FILTERS

NEVER = timedelta(days=36_500)
"""An end further away than this is none."""


class KeywordChange(msgspec.Struct, frozen=True, kw_only=True):
    """A keyword to add, or by its `id` to change or (`_destroy`) to drop."""

    id: str | None = None
    keyword: str | None = None
    whole_word: bool | None = None
    destroy: bool = msgspec.field(default=False, name="_destroy")


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """What a client says of a filter; what is not said stays. `expires_in`: seconds; named without any, never."""

    title: str | None = None
    context: list[Where] | None = None
    filter_action: Action | None = None
    expires_in: str | None = None
    keywords_attributes: list[KeywordChange] = []


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """Words to look for."""

    keyword: str | None = None
    whole_word: bool | None = None


class About(msgspec.Struct, frozen=True, kw_only=True):
    """A status that a filter is about."""

    status_id: str = ""


async def every(ask: Ask) -> web.Response:
    """GET /api/v2/filters"""
    return as_json([from_filter(one) for one in await filters.list_all(ask.db, ask.who.acting.id)])


async def one(ask: Ask) -> web.Response:
    """GET /api/v2/filters/:id"""
    return as_json(from_filter(await _asked(ask)))


async def create(ask: Ask) -> web.Response:
    """POST /api/v2/filters"""
    me, wanted = ask.who.acting.id, ask.take(Described)
    await require_room(ask)
    made = await filters.insert(ask.db, me, said(ask, wanted, None))
    await _change_keywords(ask, await filters.get(ask.db, me, made), wanted.keywords_attributes)
    return as_json(from_filter(await filters.get(ask.db, me, made)))


async def change(ask: Ask) -> web.Response:
    """PUT /api/v2/filters/:id"""
    me, known, wanted = ask.who.acting.id, await _asked(ask), ask.take(Described)
    await filters.update(ask.db, me, known.id, said(ask, wanted, known))
    await _change_keywords(ask, known, wanted.keywords_attributes)
    return as_json(from_filter(await filters.get(ask.db, me, known.id)))


async def drop(ask: Ask) -> web.Response:
    """DELETE /api/v2/filters/:id"""
    if not await filters.delete(ask.db, ask.who.acting.id, ask.id()):
        raise NotFound
    return as_json({})


async def keywords(ask: Ask) -> web.Response:
    """GET /api/v2/filters/:filter_id/keywords"""
    return as_json([from_keyword(keyword) for keyword in (await _asked(ask)).keywords])


async def add_keyword(ask: Ask) -> web.Response:
    """POST /api/v2/filters/:filter_id/keywords"""
    known, new = await _asked(ask), ask.take(Words)
    return as_json(from_keyword(await _add_keyword(ask, known, new.keyword, new.whole_word)))


async def keyword(ask: Ask) -> web.Response:
    """GET /api/v2/filters/keywords/:id"""
    _, found = await filters.with_keyword(ask.db, ask.who.acting.id, ask.id())
    return as_json(from_keyword(found))


async def change_keyword(ask: Ask) -> web.Response:
    """PUT /api/v2/filters/keywords/:id"""
    me = ask.who.acting.id
    _, known = await filters.with_keyword(ask.db, me, ask.id())
    wanted = ask.take(Words)
    changed = _changed(known, wanted.keyword, wanted.whole_word)
    await filters.update_keyword(ask.db, me, changed)
    return as_json(from_keyword(changed))


async def drop_keyword(ask: Ask) -> web.Response:
    """DELETE /api/v2/filters/keywords/:id"""
    _, known = await filters.with_keyword(ask.db, ask.who.acting.id, ask.id())
    await filters.delete_keyword(ask.db, ask.who.acting.id, known.id)
    return as_json({})


async def statuses(ask: Ask) -> web.Response:
    """GET /api/v2/filters/:filter_id/statuses"""
    return as_json([from_post(entry) for entry in (await _asked(ask)).posts])


async def add_status(ask: Ask) -> web.Response:
    """POST /api/v2/filters/:filter_id/statuses: only what one may see."""
    known = await _asked(ask)
    about = await posts.get(ask.db, parsed_id(ask.take(About).status_id), ask.me)
    if len(known.posts) >= FILTER_POSTS:
        raise Unprocessable(f"A filter is about at most {FILTER_POSTS} statuses")
    return as_json(from_post(await filters.insert_post(ask.db, ask.who.acting.id, known.id, about.id)))


async def status(ask: Ask) -> web.Response:
    """GET /api/v2/filters/statuses/:id"""
    _, found = await filters.with_post(ask.db, ask.who.acting.id, ask.id())
    return as_json(from_post(found))


async def drop_status(ask: Ask) -> web.Response:
    """DELETE /api/v2/filters/statuses/:id"""
    _, known = await filters.with_post(ask.db, ask.who.acting.id, ask.id())
    await filters.delete_post(ask.db, ask.who.acting.id, known.id)
    return as_json(from_post(known))


def said(ask: Ask, wanted: Described, known: Filter | None) -> Said:
    """The filter as a client wants it: what is not said is as it was, or as it is if nobody says."""
    title = (wanted.title if wanted.title is not None else known.title if known else "").strip()
    contexts = wanted.context if wanted.context is not None else known.contexts if known else []
    if not title:
        raise Unprocessable("Title can't be blank")
    if len(title) > FILTER_TITLE_CHARS:
        raise Unprocessable(f"Title is too long (maximum is {FILTER_TITLE_CHARS} characters)")
    if not contexts:
        raise Unprocessable("Context can't be blank")
    return Said(
        title=title,
        contexts=list(dict.fromkeys(contexts)),
        action=wanted.filter_action or (known.action if known else "warn"),
        ends_at=ending(wanted.expires_in) if known is None or "expires_in" in ask.parameters else known.ends_at,
    )


def ending(expires_in: str | None) -> datetime | None:
    """When something ends that runs for so many seconds from now; never, if nobody says."""
    if not expires_in:
        return None
    if not expires_in.removeprefix("-").isdecimal() or not expires_in.isascii():
        raise Unprocessable("Expires in is not a number")
    seconds = int(expires_in[:20])
    return datetime.now(UTC) + timedelta(seconds=max(seconds, 0)) if seconds < NEVER.total_seconds() else None


async def require_room(ask: Ask) -> None:
    """422 for whoever has as many filters as anybody may have."""
    if len(await filters.list_all(ask.db, ask.who.acting.id)) >= FILTERS:
        raise Unprocessable(f"You can have at most {FILTERS} filters")


def worded(written: str | None) -> str:
    """Words to look for; 422 for none, or too many."""
    words = (written or "").strip()
    if not words:
        raise Unprocessable("Keyword can't be blank")
    if len(words) > FILTER_KEYWORD_CHARS:
        raise Unprocessable(f"Keyword is too long (maximum is {FILTER_KEYWORD_CHARS} characters)")
    return words


async def _asked(ask: Ask) -> Filter:
    return await filters.get(ask.db, ask.who.acting.id, ask.id())


async def _change_keywords(ask: Ask, known: Filter, changes: list[KeywordChange]) -> None:
    there = {str(keyword.id): keyword for keyword in known.keywords}
    if len(there) + sum(not one.id for one in changes) > FILTER_KEYWORDS:
        raise Unprocessable(f"A filter has at most {FILTER_KEYWORDS} keywords")
    me = ask.who.acting.id
    for one in changes:
        if not one.id:
            if not one.destroy:
                await _add_keyword(ask, known, one.keyword, one.whole_word)
        elif one.id not in there:
            raise NotFound
        elif one.destroy:
            await filters.delete_keyword(ask.db, me, there[one.id].id)
        else:
            await filters.update_keyword(ask.db, me, _changed(there[one.id], one.keyword, one.whole_word))


async def _add_keyword(ask: Ask, known: Filter, written: str | None, whole_word: bool | None) -> Keyword:
    if len(known.keywords) >= FILTER_KEYWORDS:
        raise Unprocessable(f"A filter has at most {FILTER_KEYWORDS} keywords")
    whole = True if whole_word is None else whole_word
    return await filters.insert_keyword(ask.db, ask.who.acting.id, known.id, worded(written), whole_word=whole)


def _changed(known: Keyword, written: str | None, whole_word: bool | None) -> Keyword:
    return Keyword(
        id=known.id,
        keyword=known.keyword if written is None else worded(written),
        whole_word=known.whole_word if whole_word is None else whole_word,
    )


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v2/filters", every, "read:filters"),
    post("/api/v2/filters", create, "write:filters"),
    get("/api/v2/filters/keywords/{id}", keyword, "read:filters"),
    *put("/api/v2/filters/keywords/{id}", change_keyword, "write:filters"),
    delete("/api/v2/filters/keywords/{id}", drop_keyword, "write:filters"),
    get("/api/v2/filters/statuses/{id}", status, "read:filters"),
    delete("/api/v2/filters/statuses/{id}", drop_status, "write:filters"),
    get("/api/v2/filters/{id}", one, "read:filters"),
    *put("/api/v2/filters/{id}", change, "write:filters"),
    delete("/api/v2/filters/{id}", drop, "write:filters"),
    get("/api/v2/filters/{id}/keywords", keywords, "read:filters"),
    post("/api/v2/filters/{id}/keywords", add_keyword, "write:filters"),
    get("/api/v2/filters/{id}/statuses", statuses, "read:filters"),
    post("/api/v2/filters/{id}/statuses", add_status, "write:filters"),
)
