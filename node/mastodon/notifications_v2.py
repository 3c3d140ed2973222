"""Notifications in groups: several likes of one post, several new followers are one entry (Mastodon API v2)."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from node.errors import NotFound
from node.mastodon.answers import as_json, paged
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, get, post
from node.mastodon.entities.account import render_accounts
from node.mastodon.entities.notification import GROUPED, KNOWN, OWN, GroupedNotifications, render_groups
from node.mastodon.errors import Unprocessable
from node.mastodon.notifications import AskedNotices, Count
from node.store.notices import notices
from node.store.notices.notices import Group, Sought
from node.store.people import people
from node.store.posts.reading import Page
from schemas.limits import NOTICES, NOTICES_MOST, NOTICES_UNREAD, NOTICES_UNREAD_MOST


class AskedGroups(AskedNotices, frozen=True, kw_only=True):
    """Which types may be put together, and how much is said of each account in a group."""

    grouped_types: list[str] | None = None
    expand_accounts: str = "full"

    @property
    def grouped(self) -> Sequence[str]:
        """The types that are put together."""
        return GROUPED if self.grouped_types is None else [one for one in self.grouped_types if one in GROUPED]


async def every(ask: Ask) -> web.Response:
    """GET /api/v2/notifications: groups by their newest notice."""
    asked = ask.take(AskedGroups)
    if asked.expand_accounts not in ("full", "partial_avatars"):
        raise Unprocessable("Invalid value for 'expand_accounts'")
    page = asked.page(NOTICES, NOTICES_MOST)
    groups = await notices.groups_of(ask.db, ask.who, asked.sought(), asked.grouped, page)
    shown = await _rendered(ask, groups, partly=asked.expand_accounts == "partial_avatars")
    return paged(ask, shown, [one.newest for one in groups], page)


async def one(ask: Ask) -> web.Response:
    """GET /api/v2/notifications/:group_key"""
    return as_json(await _rendered(ask, [await _group(ask)]))


async def accounts(ask: Ask) -> web.Response:
    """GET /api/v2/notifications/:group_key/accounts: whom the group comes from, the latest first."""
    page = Page(limit=NOTICES_MOST)
    found = await notices.list_of(ask.db, ask.who, _in_group(ask), page)
    known = await people.get_many(ask.db, [one.from_id for one in found])
    return as_json(await render_accounts(ask.eyes, list({one.from_id: known[one.from_id] for one in found}.values())))


async def dismiss(ask: Ask) -> web.Response:
    """POST /api/v2/notifications/:group_key/dismiss"""
    if not await notices.dismiss(ask.db, ask.who, group_key=ask.request.match_info["key"]):
        raise NotFound
    return as_json({})


async def unread(ask: Ask) -> web.Response:
    """GET /api/v2/notifications/unread_count: how many groups came since the marker."""
    asked = ask.take(AskedGroups)
    most = min(max(1, asked.limit or NOTICES_UNREAD), NOTICES_UNREAD_MOST)
    return as_json(Count(count=await notices.count_unread(ask.db, ask.who, asked.sought(), asked.grouped, most)))


async def _group(ask: Ask) -> Group:
    groups = await notices.groups_of(ask.db, ask.who, _in_group(ask), GROUPED, Page(limit=1))
    if not groups:
        raise NotFound
    return groups[0]


def _in_group(ask: Ask) -> Sought:
    return Sought(types=(*KNOWN, *OWN), filtered=True, group_key=ask.request.match_info["key"])


async def _rendered(ask: Ask, groups: Sequence[Group], *, partly: bool = False) -> GroupedNotifications:
    found = await notices.get_many(ask.db, [group.newest for group in groups])
    return await render_groups(ask.eyes, groups, {one.id: one for one in found}, partly=partly)


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v2/notifications", every, "read:notifications", remembered=True),
    get("/api/v2/notifications/unread_count", unread, "read:notifications", remembered=True),
    get("/api/v2/notifications/{key:[a-z.-]+[0-9-]+}", one, "read:notifications"),
    get("/api/v2/notifications/{key:[a-z.-]+[0-9-]+}/accounts", accounts, "read:notifications"),
    post("/api/v2/notifications/{key:[a-z.-]+[0-9-]+}/dismiss", dismiss, "write:notifications"),
)
