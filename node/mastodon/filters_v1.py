"""Filters (version 1), for older clients: each keyword is a filter of its own; `irreversible` is today's `hide`."""

from __future__ import annotations

import msgspec
from aiohttp import web

from node.mastodon.answers import as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, delete, get, post, put
from node.mastodon.entities.filter import as_v1
from node.mastodon.errors import Unprocessable
from node.mastodon.filters import Described, require_room, said, worded
from node.store.timelines import filters
from node.store.timelines.filters import Action, Filter, Keyword, Where
from schemas.limits import FILTER_TITLE_CHARS


class Phrase(msgspec.Struct, frozen=True, kw_only=True):
    """A filter as version 1 says it; what is not said stays."""

    phrase: str | None = None
    context: list[Where] | None = None
    irreversible: bool | None = None
    whole_word: bool | None = None
    expires_in: str | None = None

    def described(self) -> Described:
        """The same in the words of version 2."""
        action: Action | None = None if self.irreversible is None else "hide" if self.irreversible else "warn"
        return Described(context=self.context, filter_action=action, expires_in=self.expires_in)


async def every(ask: Ask) -> web.Response:
    """GET /api/v1/filters"""
    found = await filters.list_all(ask.db, ask.who.acting.id)
    return as_json([as_v1(one, keyword) for one in found for keyword in one.keywords])


async def one(ask: Ask) -> web.Response:
    """GET /api/v1/filters/:id"""
    return as_json(as_v1(*await _asked(ask)))


async def create(ask: Ask) -> web.Response:
    """POST /api/v1/filters"""
    me, wanted = ask.who.acting.id, ask.take(Phrase)
    phrase = worded(wanted.phrase)
    await require_room(ask)
    described = msgspec.structs.replace(wanted.described(), title=phrase[:FILTER_TITLE_CHARS])
    made = await filters.insert(ask.db, me, said(ask, described, None))
    await filters.insert_keyword(ask.db, me, made, phrase, whole_word=wanted.whole_word or False)
    found = await filters.get(ask.db, me, made)
    return as_json(as_v1(found, found.keywords[0]))


async def change(ask: Ask) -> web.Response:
    """PUT /api/v1/filters/:id. What concerns a whole filter cannot be changed through one of its many keywords."""
    me, wanted = ask.who.acting.id, ask.take(Phrase)
    known, keyword = await _asked(ask)
    new = said(ask, wanted.described(), known)
    if len(known.keywords) > 1 and (new.contexts, new.action, new.ends_at) != (
        known.contexts,
        known.action,
        known.ends_at,
    ):
        raise Unprocessable("This filter has more than one keyword: use a newer client to change it")
    changed = Keyword(
        id=keyword.id,
        keyword=keyword.keyword if wanted.phrase is None else worded(wanted.phrase),
        whole_word=keyword.whole_word if wanted.whole_word is None else wanted.whole_word,
    )
    await filters.update(ask.db, me, known.id, new)
    await filters.update_keyword(ask.db, me, changed)
    return as_json(as_v1(await filters.get(ask.db, me, known.id), changed))


async def drop(ask: Ask) -> web.Response:
    """DELETE /api/v1/filters/:id. With its last keyword the filter goes."""
    me = ask.who.acting.id
    known, keyword = await _asked(ask)
    if len(known.keywords) > 1:
        await filters.delete_keyword(ask.db, me, keyword.id)
    else:
        await filters.delete(ask.db, me, known.id)
    return as_json({})


async def _asked(ask: Ask) -> tuple[Filter, Keyword]:
    return await filters.with_keyword(ask.db, ask.who.acting.id, ask.id())


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/filters", every, "read:filters"),
    post("/api/v1/filters", create, "write:filters"),
    get("/api/v1/filters/{id}", one, "read:filters"),
    *put("/api/v1/filters/{id}", change, "write:filters"),
    delete("/api/v1/filters/{id}", drop, "write:filters"),
)
