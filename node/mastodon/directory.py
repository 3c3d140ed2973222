"""Whom one might want to know: those who want to be found, and this hub, its areas and other hubs. No ranking."""

from __future__ import annotations

from typing import Literal

import msgspec
from aiohttp import web

from node.mastodon.answers import as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, delete, get
from node.mastodon.entities.account import Account, render_accounts
from node.store.people import directory
from schemas.limits import PEOPLE_ITEMS, PEOPLE_ITEMS_MOST, PEOPLE_OFFSET
from schemas.records import Actor


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of the directory, in which order."""

    limit: int = PEOPLE_ITEMS
    offset: int = 0
    local: bool = False
    order: str = "active"


class Few(msgspec.Struct, frozen=True, kw_only=True):
    """How many."""

    limit: int = PEOPLE_ITEMS


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to follow, and why: always because the hub says so."""

    source: Literal["staff"] = "staff"
    sources: tuple[str, ...] = ("featured",)
    account: Account


async def listed(ask: Ask) -> web.Response:
    """GET /api/v1/directory."""
    asked = ask.take(Part)
    found = await directory.listed(
        ask.db,
        viewer=ask.me,
        local=asked.local,
        newest=asked.order == "new",
        limit=_few(asked.limit),
        offset=max(0, min(asked.offset, PEOPLE_OFFSET)),
    )
    return as_json(await render_accounts(ask.eyes, found))


async def suggestions(ask: Ask) -> web.Response:
    """GET /api/v2/suggestions."""
    accounts = await render_accounts(ask.eyes, await _suggested(ask))
    return as_json([Suggestion(account=account) for account in accounts])


async def suggestions_v1(ask: Ask) -> web.Response:
    """GET /api/v1/suggestions: only the accounts."""
    return as_json(await render_accounts(ask.eyes, await _suggested(ask)))


async def dismiss(ask: Ask) -> web.Response:
    """Never suggest them again; nobody is told who is not there."""
    if await directory.exists(ask.db, ask.id()):
        await directory.dismiss(ask.db, ask.who.acting.id, ask.id())
    return as_json({})


async def _suggested(ask: Ask) -> list[Actor]:
    return await directory.suggested(ask.db, viewer=ask.who.acting.id, limit=_few(ask.take(Few).limit))


def _few(asked: int) -> int:
    return max(1, min(asked, PEOPLE_ITEMS_MOST))


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/directory", listed, asker="anyone"),
    get("/api/v1/suggestions", suggestions_v1, "read"),
    get("/api/v2/suggestions", suggestions, "read"),
    delete("/api/v1/suggestions/{id}", dismiss, "read"),
)
