"""Quotes of a status: who quotes it, who may, and taking consent back (FEP-044f)."""

from __future__ import annotations

import msgspec
from aiohttp import web

from node.actions import quote
from node.mastodon.answers import Asked, as_json, paged
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, get, post, put
from node.mastodon.entities.status import render_status, render_statuses
from node.mastodon.walks import STATUSES, STATUSES_MOST
from node.store.posts import posts, quotes
from schemas.things import QuotePolicy


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Who may quote a status from now on."""

    quote_approval_policy: QuotePolicy


async def index(ask: Ask) -> web.Response:
    """GET /api/v1/statuses/:id/quotes"""
    page = ask.take(Asked).page(STATUSES, STATUSES_MOST)
    quoted = await posts.get(ask.db, ask.id(), ask.me)
    found = await quotes.list_of(ask.db, quoted.id, page, viewer=ask.me)
    return paged(ask, await render_statuses(ask.eyes, found), [one.id for one in found], page)


async def revoke(ask: Ask) -> web.Response:
    """POST /api/v1/statuses/:id/quotes/:quoting/revoke: the quoting status, without what it quoted."""
    quoting = await quote.revoke(ask.node, ask.db, ask.who, ask.id(), ask.id("quoting"))
    return as_json(await render_status(ask.eyes, await posts.get(ask.db, quoting.id, ask.me)))


async def set_policy(ask: Ask) -> web.Response:
    """PUT /api/v1/statuses/:id/interaction_policy"""
    policy = ask.take(Policy).quote_approval_policy
    changed = await quote.set_policy(ask.node, ask.db, ask.who, ask.id(), policy)
    return as_json(await render_status(ask.eyes, changed))


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/statuses/{id}/quotes", index, "read:statuses"),
    post("/api/v1/statuses/{id}/quotes/{quoting}/revoke", revoke, "write:statuses"),
    *put("/api/v1/statuses/{id}/interaction_policy", set_policy, "write:statuses"),
)
