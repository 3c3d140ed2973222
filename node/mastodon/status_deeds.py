"""What one does with a status: favourite, boost, bookmark, pin, mute its thread; and who favourited or boosted it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

from node.actions import react
from node.mastodon.accounts import people_page
from node.mastodon.answers import Asked, as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, Handler, get, post
from node.mastodon.entities.status import render_status
from node.mastodon.errors import Unprocessable
from node.store.people import featured
from node.store.posts import kept_marks, post_people, posts
from schemas.limits import PEOPLE_ITEMS, PEOPLE_ITEMS_MOST, PINNED_POSTS
from schemas.preferences import AUDIENCES
from schemas.records import Post

NOT_OWN = "Someone else's post cannot be pinned"
NO_BOOST = "A boost cannot be pinned"
NOT_PUBLIC = "Posts that are only visible to mentioned users cannot be pinned"
TOO_MANY_PINS = "You have already pinned the maximum number of posts"

Deed = Callable[[Ask, Post], Awaitable[object]]


class Boosting(msgspec.Struct, frozen=True, kw_only=True):
    """Who may see the boost."""

    visibility: str | None = None


async def _favourite(ask: Ask, found: Post) -> None:
    await react.like(ask.node, ask.db, ask.who.acting, found.id)


async def _unfavourite(ask: Ask, found: Post) -> None:
    await react.unlike(ask.node, ask.db, ask.who.acting, found.id)


async def _unreblog(ask: Ask, found: Post) -> None:
    await react.unboost(ask.node, ask.db, ask.who.acting, found.id)


async def _bookmark(ask: Ask, found: Post) -> None:
    await kept_marks.bookmark(ask.db, ask.who.acting.id, found.id)


async def _unbookmark(ask: Ask, found: Post) -> None:
    await kept_marks.unbookmark(ask.db, ask.who.acting.id, found.id)


async def _mute(ask: Ask, found: Post) -> None:
    await kept_marks.mute_thread(ask.db, ask.who.acting.id, found.id)


async def _unmute(ask: Ask, found: Post) -> None:
    await kept_marks.unmute_thread(ask.db, ask.who.acting.id, found.id)


async def _pin(ask: Ask, found: Post) -> None:
    me = ask.who.acting
    if found.actor.id != me.id:
        raise Unprocessable(NOT_OWN)
    if found.audience not in ("public", "unlisted"):
        raise Unprocessable(NOT_PUBLIC)
    if await featured.count_of(ask.db, me.id) >= PINNED_POSTS and found.id not in await featured.list_ids(
        ask.db, me.id
    ):
        raise Unprocessable(TOO_MANY_PINS)
    await react.pin(ask.node, ask.db, me, found.id, on=True)


async def _unpin(ask: Ask, found: Post) -> None:
    if found.actor.id != ask.who.acting.id:
        raise Unprocessable(NOT_OWN)
    if found.audience in ("public", "unlisted"):
        await react.pin(ask.node, ask.db, ask.who.acting, found.id, on=False)


async def reblog(ask: Ask) -> web.Response:
    """POST /api/v1/statuses/:id/reblog: the boost, with the boosted status in it."""
    found = await _found(ask)
    wanted = AUDIENCES.get(ask.take(Boosting).visibility or "")
    boost = await react.boost(ask.node, ask.db, ask.who.acting, found.id, seen_by=wanted)
    return as_json(await render_status(ask.eyes, await posts.get(ask.db, boost.id, ask.me)))


async def favourited_by(ask: Ask) -> web.Response:
    """GET /api/v1/statuses/:id/favourited_by"""
    page = ask.take(Asked).page(PEOPLE_ITEMS, PEOPLE_ITEMS_MOST)
    found = await _found(ask)
    return await people_page(ask, await post_people.list_likers(ask.db, found.id, page, viewer=ask.me), page)


async def reblogged_by(ask: Ask) -> web.Response:
    """GET /api/v1/statuses/:id/reblogged_by"""
    page = ask.take(Asked).page(PEOPLE_ITEMS, PEOPLE_ITEMS_MOST)
    found = await _found(ask)
    return await people_page(ask, await post_people.list_boosters(ask.db, found.id, page, viewer=ask.me), page)


def _does(deed: Deed) -> Handler:
    """Do it to the status of the address, or to what that passes on, and show how it is now."""

    async def handle(ask: Ask) -> web.Response:
        found = await _found(ask)
        await deed(ask, found)
        return as_json(await render_status(ask.eyes, await posts.get(ask.db, found.id, ask.me)))

    return handle


async def _found(ask: Ask) -> Post:
    found = await posts.get(ask.db, ask.id(), ask.me)
    return found.boost_of or found


_DEEDS: tuple[tuple[str, Deed, str], ...] = (
    ("favourite", _favourite, "write:favourites"),
    ("unfavourite", _unfavourite, "write:favourites"),
    ("unreblog", _unreblog, "write:statuses"),
    ("bookmark", _bookmark, "write:bookmarks"),
    ("unbookmark", _unbookmark, "write:bookmarks"),
    ("mute", _mute, "write:mutes"),
    ("unmute", _unmute, "write:mutes"),
    ("pin", _pin, "write:accounts"),
    ("unpin", _unpin, "write:accounts"),
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *(post(f"/api/v1/statuses/{{id}}/{name}", _does(deed), scope) for name, deed, scope in _DEEDS),
    post("/api/v1/statuses/{id}/reblog", reblog, "write:statuses"),
    get("/api/v1/statuses/{id}/favourited_by", favourited_by, "read:accounts", asker="anyone"),
    get("/api/v1/statuses/{id}/reblogged_by", reblogged_by, "read:accounts", asker="anyone"),
)
