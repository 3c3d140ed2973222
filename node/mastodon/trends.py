"""What is talked about here: the tags in use. Neither people nor what they write is ranked: those lists are empty."""

from __future__ import annotations

import msgspec
from aiohttp import web

from node.mastodon.answers import as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, get
from node.mastodon.entities.tag import render_tags
from node.store.posts import tags
from schemas.limits import SEARCH_OFFSET, TAGS_TOLD

USUAL = 10


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of the list."""

    limit: int = USUAL
    offset: int = 0


async def in_use(ask: Ask) -> web.Response:
    """GET /api/v1/trends/tags and its old name: the tags that most people used within a week."""
    part = ask.take(Part)
    limit, offset = max(1, min(part.limit, TAGS_TOLD)), max(0, min(part.offset, SEARCH_OFFSET))
    return as_json(await render_tags(ask.eyes, await tags.in_use(ask.db, limit, offset)))


async def none(ask: Ask) -> web.Response:
    """GET /api/v1/trends/statuses and /links: this hub ranks neither, and says so by an empty list."""
    return as_json([])


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/trends", in_use, asker="anyone"),
    get("/api/v1/trends/tags", in_use, asker="anyone"),
    get("/api/v1/trends/statuses", none, asker="anyone"),
    get("/api/v1/trends/links", none, asker="anyone"),
)
