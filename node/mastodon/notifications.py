"""Notifications one by one, as all clients know them (Mastodon API v1)."""

from __future__ import annotations

import msgspec
from aiohttp import web

from node.errors import NotFound
from node.mastodon.answers import Asked, as_json, paged
from node.mastodon.asking import Ask, parsed_id
from node.mastodon.endpoint import Endpoint, get, post
from node.mastodon.entities.notification import KNOWN, TOLD_BY_WORDS, render_notifications
from node.store.notices import notices
from node.store.notices.notices import Sought
from schemas.limits import NOTICES, NOTICES_MOST, NOTICES_UNREAD, NOTICES_UNREAD_MOST


class AskedNotices(Asked, frozen=True, kw_only=True):
    """Which notices a client wants. `supported_types`: those it can show; whoever says so can show others, too, by
    their `fallback`."""

    types: tuple[str, ...] = ()
    include_types: tuple[str, ...] = ()
    exclude_types: tuple[str, ...] = ()
    supported_types: list[str] | None = None
    account_id: str | None = None
    include_filtered: bool = False

    def sought(self, group_key: str | None = None) -> Sought:
        """As the store takes it. NotFound for an account that cannot be."""
        usual = KNOWN if self.supported_types is None else (*KNOWN, *TOLD_BY_WORDS)
        named = [one for one in (*self.types, *self.include_types) if one in (*KNOWN, *TOLD_BY_WORDS)]
        asked = named if self.types or self.include_types else usual
        return Sought(
            types=[one for one in asked if one not in self.exclude_types],
            from_id=parsed_id(self.account_id) if self.account_id else None,
            filtered=self.include_filtered,
            group_key=group_key,
        )


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Which notice is meant, for clients that say so in the body."""

    id: str = ""


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """How many are unread."""

    count: int


async def every(ask: Ask) -> web.Response:
    """GET /api/v1/notifications: newest first, without what the policy holds back."""
    asked = ask.take(AskedNotices)
    page = asked.page(NOTICES, NOTICES_MOST)
    found = await notices.list_of(ask.db, ask.who, asked.sought(), page)
    return paged(ask, await render_notifications(ask.eyes, found), [one.id for one in found], page)


async def one(ask: Ask) -> web.Response:
    """GET /api/v1/notifications/:id"""
    found = await notices.find(ask.db, ask.who, ask.id())
    rendered = await render_notifications(ask.eyes, [found]) if found else []
    if not rendered:
        raise NotFound
    return as_json(rendered[0])


async def unread(ask: Ask) -> web.Response:
    """GET /api/v1/notifications/unread_count: since the marker, so far as it is worth counting."""
    asked = ask.take(AskedNotices)
    most = min(max(1, asked.limit or NOTICES_UNREAD), NOTICES_UNREAD_MOST)
    return as_json(Count(count=await notices.count_unread(ask.db, ask.who, asked.sought(), (), most)))


async def clear(ask: Ask) -> web.Response:
    """POST /api/v1/notifications/clear"""
    await notices.dismiss(ask.db, ask.who)
    return as_json({})


async def dismiss(ask: Ask) -> web.Response:
    """POST /api/v1/notifications/:id/dismiss"""
    return await _dismissed(ask, ask.id())


async def dismiss_named(ask: Ask) -> web.Response:
    """POST /api/v1/notifications/dismiss, as clients did before version 3."""
    return await _dismissed(ask, parsed_id(ask.take(Named).id))


async def _dismissed(ask: Ask, notice_id: int) -> web.Response:
    if not await notices.dismiss(ask.db, ask.who, notice_id=notice_id):
        raise NotFound
    return as_json({})


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/notifications", every, "read:notifications", remembered=True),
    get("/api/v1/notifications/unread_count", unread, "read:notifications", remembered=True),
    get(r"/api/v1/notifications/{id:\d+}", one, "read:notifications"),
    post("/api/v1/notifications/clear", clear, "write:notifications"),
    post("/api/v1/notifications/dismiss", dismiss_named, "write:notifications"),
    post(r"/api/v1/notifications/{id:\d+}/dismiss", dismiss, "write:notifications"),
)
