"""Conversations: threads of what was written to few people."""

from __future__ import annotations

from aiohttp import web

from node.mastodon.answers import Asked, as_json, paged
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, delete, get, post
from node.mastodon.entities.conversation import render_conversations
from node.mastodon.walks import STATUSES, STATUSES_MOST
from node.store.timelines import conversations


async def every(ask: Ask) -> web.Response:
    """GET /api/v1/conversations, walked by their last status."""
    page = ask.take(Asked).page(STATUSES, STATUSES_MOST)
    found = await conversations.list_of(ask.db, ask.who.acting.id, page)
    return paged(ask, await render_conversations(ask.eyes, found), [one.last_id for one in found], page)


async def read(ask: Ask) -> web.Response:
    """POST /api/v1/conversations/:id/read"""
    return await _marked(ask, read=True)


async def unread(ask: Ask) -> web.Response:
    """POST /api/v1/conversations/:id/unread"""
    return await _marked(ask, read=False)


async def drop(ask: Ask) -> web.Response:
    """DELETE /api/v1/conversations/:id: until somebody writes in it again."""
    me = ask.who.acting.id
    await conversations.put_away(ask.db, me, await conversations.get(ask.db, me, ask.id()))
    return as_json({})


async def _marked(ask: Ask, *, read: bool) -> web.Response:
    me = ask.who.acting.id
    known = await conversations.get(ask.db, me, ask.id())
    changed = await conversations.mark_read(ask.db, me, known, read=read)
    return as_json((await render_conversations(ask.eyes, [changed]))[0])


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/conversations", every, "read:statuses", remembered=True),
    post("/api/v1/conversations/{id}/read", read, "write:conversations"),
    post("/api/v1/conversations/{id}/unread", unread, "write:conversations"),
    delete("/api/v1/conversations/{id}", drop, "write:conversations"),
)
