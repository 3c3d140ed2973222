"""/api/v1/admin/accounts: people, and measures on them, as the panel takes them."""

from __future__ import annotations

from typing import Literal

import msgspec
from aiohttp import web

from node.actions import cases, moderate
from node.actions.moderate import Kind, Order
from node.errors import Forbidden, NotFound
from node.mastodon.admin import applications
from node.mastodon.answers import Asked, as_json, paged
from node.mastodon.asking import Ask, parsed_id
from node.mastodon.endpoint import Endpoint, delete, get, post
from node.mastodon.entities.admin import render_people
from node.store.moderation import admin_lists, measures
from node.store.moderation.admin_lists import Origin, Status, Who
from node.store.people import people
from node.store.posts.reading import Page
from schemas.limits import PAGE_ITEMS, PAGE_ITEMS_MOST
from schemas.records import Actor

READ, WRITE = "admin:read:accounts", "admin:write:accounts"
RIGHT = "moderate_accounts"
ACTIONS: dict[str, Kind] = {
    "none": "warn",
    "sensitive": "sensitive",
    "disable": "freeze",
    "silence": "limit",
    "suspend": "suspend",
}
"""What Mastodon calls our measures."""


class Wanted(Asked, frozen=True, kw_only=True):
    """Which people, in the words of both versions."""

    origin: Origin | None = None
    status: Status | Literal["pending"] | None = None
    permissions: str = ""
    username: str = ""
    display_name: str = ""
    by_domain: str = ""
    email: str = ""
    local: bool = False
    remote: bool = False
    active: bool = False
    pending: bool = False
    disabled: bool = False
    silenced: bool = False
    suspended: bool = False
    staff: bool = False


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A measure as a client orders it. `text` is what whoever it is about reads."""

    type: Literal["none", "sensitive", "disable", "silence", "suspend"]
    report_id: str | None = None
    text: str = ""


def require(ask: Ask, permission: str) -> None:
    """Forbidden without a permission of the panel."""
    if not ask.who.may(permission):
        raise Forbidden


async def listed(ask: Ask) -> web.Response:
    """People here and elsewhere, the last known first."""
    require(ask, RIGHT)
    wanted = ask.take(Wanted)
    page = wanted.page(PAGE_ITEMS, PAGE_ITEMS_MOST)
    if wanted.pending or wanted.status == "pending":
        return await _pending(ask, wanted, page)
    ids = await admin_lists.people(ask.db, _who(wanted), page)
    found = await people.get_many(ask.db, ids)
    shown = await render_people(ask.eyes, [found[one] for one in ids if one in found])
    return paged(ask, shown, ids, page)


async def show(ask: Ask) -> web.Response:
    """One of them, or somebody who applied."""
    require(ask, RIGHT)
    if waiting := await applications.find(ask):
        return as_json((await applications.render(ask, [waiting]))[0])
    return await _shown(ask, await _person(ask))


async def act(ask: Ask) -> web.Response:
    """Take a measure; where the rules of the hub ask for a second person it waits for them. A report named with it is
    closed."""
    require(ask, RIGHT)
    about, taken = await _person(ask), ask.take(Taken)
    report_id = parsed_id(taken.report_id) if taken.report_id else None
    order = Order(kind=ACTIONS[taken.type], target_kind="actor", target=about.uri, public_reason=taken.text.strip())
    if taken.type != "none" or taken.text.strip():
        await moderate.take(ask.db, ask.who, order)
    if report_id is not None:
        await cases.close(ask.node, ask.db, ask.who, report_id, "acted", "")
    return as_json({})


async def enable(ask: Ask) -> web.Response:
    """Let them act again."""
    return await _lift(ask, "freeze")


async def unsilence(ask: Ask) -> web.Response:
    """Show them to everybody again."""
    return await _lift(ask, "limit")


async def unsuspend(ask: Ask) -> web.Response:
    """Take a suspension back."""
    return await _lift(ask, "suspend")


async def unsensitive(ask: Ask) -> web.Response:
    """Cover their pictures no more."""
    return await _lift(ask, "sensitive")


async def purge(ask: Ask) -> web.Response:
    """Delete what a suspension hides; a second person confirms it."""
    require(ask, RIGHT)
    about = await _person(ask)
    await moderate.take(ask.db, ask.who, Order(kind="purge", target_kind="actor", target=about.uri))
    return await _shown(ask, about)


async def _pending(ask: Ask, wanted: Wanted, page: Page) -> web.Response:
    remote = wanted.remote or wanted.origin == "remote"
    words = wanted.username or wanted.email or wanted.display_name
    found = [] if remote else await applications.pending(ask, words, page)
    return paged(ask, await applications.render(ask, found), [one.id for one in found], page)


async def _lift(ask: Ask, kind: Kind) -> web.Response:
    require(ask, RIGHT)
    about = await _person(ask)
    there = await measures.find_in_force(ask.db, kind, "actor", about.uri)
    if there is not None:
        await moderate.end(ask.db, ask.who, there.id)
    return await _shown(ask, await _person(ask))


async def _person(ask: Ask) -> Actor:
    number = ask.id()
    found = (await people.get_many(ask.db, [number])).get(number)
    if found is None or found.role_here in ("hub", "instance", "log", "area", "group"):
        raise NotFound
    return found


async def _shown(ask: Ask, about: Actor) -> web.Response:
    return as_json((await render_people(ask.eyes, [about]))[0])


def _who(wanted: Wanted) -> Who:
    states: tuple[Status, ...] = ("active", "disabled", "silenced", "suspended")
    origin: Origin | None = "local" if wanted.local else "remote" if wanted.remote else None
    return Who(
        origin=wanted.origin or origin,
        status=next((one for one in states if one == wanted.status), None)
        or next((one for one in states if getattr(wanted, one)), None),
        staff=wanted.staff or wanted.permissions == "staff",
        username=wanted.username,
        display_name=wanted.display_name,
        domain=wanted.by_domain,
        email=wanted.email,
    )


_ONE = "/api/v1/admin/accounts/{id}"
ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/admin/accounts", listed, READ),
    get("/api/v2/admin/accounts", listed, READ),
    get(_ONE, show, READ),
    delete(_ONE, purge, WRITE),
    post(f"{_ONE}/action", act, WRITE),
    post(f"{_ONE}/enable", enable, WRITE),
    post(f"{_ONE}/unsilence", unsilence, WRITE),
    post(f"{_ONE}/unsuspend", unsuspend, WRITE),
    post(f"{_ONE}/unsensitive", unsensitive, WRITE),
)
