"""/api/v1/admin/reports: the cases, handled as in the panel."""

from __future__ import annotations

from aiohttp import web

from node.actions import cases as deeds
from node.mastodon.admin.accounts import require
from node.mastodon.answers import Asked, as_json, paged
from node.mastodon.asking import Ask, parsed_id
from node.mastodon.endpoint import Endpoint, get, post
from node.mastodon.entities.admin import render_cases
from node.store.moderation import admin_lists, cases
from schemas.limits import PAGE_ITEMS, PAGE_ITEMS_MOST

READ, WRITE = "admin:read:reports", "admin:write:reports"
RIGHT = "see_cases"


class Wanted(Asked, frozen=True, kw_only=True):
    """Which cases: open ones unless `resolved`; sent by somebody, about somebody."""

    resolved: bool = False
    account_id: str | None = None
    target_account_id: str | None = None


async def listed(ask: Ask) -> web.Response:
    """Cases, the last first; nobody sees those about themselves."""
    require(ask, RIGHT)
    wanted = ask.take(Wanted)
    page = wanted.page(PAGE_ITEMS, PAGE_ITEMS_MOST)
    kept = await admin_lists.cases(
        ask.db,
        page,
        resolved=wanted.resolved,
        reporter_id=parsed_id(wanted.account_id) if wanted.account_id else None,
        about_id=parsed_id(wanted.target_account_id) if wanted.target_account_id else None,
        but=await deeds.kept_from(ask.db, ask.who),
    )
    return paged(ask, await render_cases(ask.eyes, kept), [one.id for one in kept], page)


async def show(ask: Ask) -> web.Response:
    """One case; not to whom it is about."""
    require(ask, RIGHT)
    kept = await cases.get(ask.db, ask.id())
    await deeds.require_other(ask.db, ask.who, kept)
    return as_json((await render_cases(ask.eyes, [kept]))[0])


async def assign_to_self(ask: Ask) -> web.Response:
    """Take a case."""
    require(ask, RIGHT)
    if (await cases.get(ask.db, ask.id())).assigned_to != ask.who.account.id:
        await deeds.assign(ask.db, ask.who, ask.id(), ask.who.account.id)
    return await show(ask)


async def unassign(ask: Ask) -> web.Response:
    """Give a case back."""
    require(ask, RIGHT)
    if (await cases.get(ask.db, ask.id())).assigned_to is not None:
        await deeds.assign(ask.db, ask.who, ask.id(), None)
    return await show(ask)


async def resolve(ask: Ask) -> web.Response:
    """Close a case; who reported hears that something was done."""
    await deeds.close(ask.node, ask.db, ask.who, ask.id(), "acted", "")
    return await show(ask)


async def reopen(ask: Ask) -> web.Response:
    """Take a closed case up again."""
    await deeds.reopen(ask.db, ask.who, ask.id())
    return await show(ask)


_ONE = "/api/v1/admin/reports/{id}"
ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/admin/reports", listed, READ),
    get(_ONE, show, READ),
    post(f"{_ONE}/assign_to_self", assign_to_self, WRITE),
    post(f"{_ONE}/unassign", unassign, WRITE),
    post(f"{_ONE}/resolve", resolve, WRITE),
    post(f"{_ONE}/reopen", reopen, WRITE),
)
