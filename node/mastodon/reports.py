"""Report somebody, and see what became of it."""

from __future__ import annotations

import msgspec
from aiohttp import web

from node.actions import report as deeds
from node.actions.report import Category, Complaint
from node.errors import NotFound
from node.mastodon.accounts import known_actor
from node.mastodon.answers import Asked, as_json, paged
from node.mastodon.asking import Ask, parsed_id
from node.mastodon.endpoint import Endpoint, get, post
from node.mastodon.entities.report import render_reports
from node.store.moderation import reports
from schemas.limits import PAGE_ITEMS, PAGE_ITEMS_MOST


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """Whom, and what is wrong."""

    account_id: str = ""
    status_ids: list[str] = []
    collection_ids: list[str] = []
    comment: str = ""
    forward: bool = False
    category: Category | None = None
    rule_ids: list[str] = []


async def send(ask: Ask) -> web.Response:
    """Report an account. With rules but without a category it is a violation of those."""
    sent = ask.take(Reported)
    about = await known_actor(ask, parsed_id(sent.account_id))
    complaint = Complaint(
        posts=[number for one in sent.status_ids if (number := _number(one)) is not None],
        collections=[number for one in sent.collection_ids if (number := _number(one)) is not None],
        comment=sent.comment,
        category=sent.category or ("violation" if sent.rule_ids else "other"),
        rules=sent.rule_ids,
        forward=sent.forward,
    )
    kept = await deeds.report(ask.node, ask.db, ask.who, about, complaint)
    return as_json((await render_reports(ask.eyes, [kept]))[0])


async def listed(ask: Ask) -> web.Response:
    """One's own reports."""
    page = ask.take(Asked).page(PAGE_ITEMS, PAGE_ITEMS_MOST)
    kept = await reports.list_of(ask.db, ask.who.acting.id, page)
    return paged(ask, await render_reports(ask.eyes, kept), [one.id for one in kept], page)


def _number(written: str) -> int | None:
    try:
        return parsed_id(written)
    except NotFound:
        return None


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/reports", listed, "read:reports"),
    post("/api/v1/reports", send, "write:reports"),
)
