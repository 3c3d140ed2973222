"""What somebody favourited and bookmarked; both lists are their owner's alone."""

from __future__ import annotations

from aiohttp import web

from node.mastodon.answers import Asked
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, get
from node.mastodon.walks import STATUSES, STATUSES_MOST, answer
from node.store.posts.keepsakes import Mark, list_marked


async def favourites(ask: Ask) -> web.Response:
    """GET /api/v1/favourites"""
    return await _marked(ask, "like")


async def bookmarks(ask: Ask) -> web.Response:
    """GET /api/v1/bookmarks"""
    return await _marked(ask, "bookmark")


async def _marked(ask: Ask, mark: Mark) -> web.Response:
    page = ask.take(Asked).page(STATUSES, STATUSES_MOST)
    return await answer(ask, await list_marked(ask.db, ask.who.acting.id, mark, page), page)


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/favourites", favourites, "read:favourites"),
    get("/api/v1/bookmarks", bookmarks, "read:bookmarks"),
)
