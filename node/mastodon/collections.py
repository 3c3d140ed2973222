"""Collections of people whom somebody recommends together (Mastodon 4.6)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from aiohttp import web

from node.actions import collections as deeds
from node.errors import Forbidden, NotFound
from node.mastodon.answers import as_json
from node.mastodon.asking import Ask, parsed_id, parsed_ids
from node.mastodon.endpoint import Endpoint, delete, get, post, put
from node.mastodon.entities.account import render_accounts
from node.mastodon.entities.collection import (
    Collection,
    Collections,
    CollectionWithAccounts,
    WrappedCollection,
    WrappedItem,
    from_item,
    render_collections,
)
from node.mastodon.errors import Refused
from node.store.people import actors, collections, people
from node.store.people.collections import Collection as Row
from node.store.people.collections import Described
from schemas.languages import canonical
from schemas.limits import COLLECTION_PEOPLE, COLLECTIONS_ASKED, COLLECTIONS_ASKED_MOST, PEOPLE_OFFSET

NOT_ALLOWED = "This action is not allowed"
NO_ACCOUNT = "`account_id` parameter is missing"


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a client says of a collection; what it does not say stays as it was."""

    name: str | None = None
    description: str | None = None
    language: str | None = None
    tag_name: str | None = None
    sensitive: bool | None = None
    discoverable: bool | None = None
    account_ids: list[str] = []


class Whom(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to be in it."""

    account_id: str = ""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a list."""

    limit: int = COLLECTIONS_ASKED
    offset: int = 0


async def create(ask: Ask) -> web.Response:
    """POST /api/v1/collections"""
    said, wanted = ask.take(Said), ask.take(Said).account_ids[: COLLECTION_PEOPLE + 1]
    known = await people.get_many(ask.db, parsed_ids(wanted))
    made = await deeds.create(ask.db, ask.who.acting, _described(said, None), list(known.values()))
    return as_json(WrappedCollection(collection=await _rendered(ask, made)))


async def show(ask: Ask) -> web.Response:
    """GET /api/v1/collections/:id"""
    found = await _rendered(ask, await collections.get(ask.db, ask.id(), ask.me))
    ids = [int(found.account_id), *(int(one.account_id) for one in found.items)]
    known = await people.get_many(ask.db, ids)
    shown = [known[one] for one in dict.fromkeys(ids) if one in known]
    return as_json(CollectionWithAccounts(collection=found, accounts=await render_accounts(ask.eyes, shown)))


async def change(ask: Ask) -> web.Response:
    """PATCH /api/v1/collections/:id"""
    found = await _own(ask)
    changed = await deeds.change(ask.db, ask.who.acting, found, _described(ask.take(Said), found))
    return as_json(WrappedCollection(collection=await _rendered(ask, changed)))


async def drop(ask: Ask) -> web.Response:
    """DELETE /api/v1/collections/:id"""
    await deeds.delete(ask.db, ask.who.acting, await _own(ask))
    return as_json({})


async def add(ask: Ask) -> web.Response:
    """POST /api/v1/collections/:collection_id/items"""
    found, written = await _own(ask, "collection_id"), ask.take(Whom).account_id
    if not written:
        raise Refused(422, NO_ACCOUNT)
    try:
        somebody = await actors.get(ask.db, parsed_id(written))
    except NotFound as error:
        raise Refused(422, NO_ACCOUNT) from error
    item = await deeds.add(ask.db, ask.who.acting, found, somebody)
    return as_json(WrappedItem(collection_item=from_item(item)))


async def remove(ask: Ask) -> web.Response:
    """DELETE /api/v1/collections/:collection_id/items/:id"""
    await deeds.remove(ask.db, ask.who.acting, await _own(ask, "collection_id"), ask.id())
    return as_json({})


async def revoke(ask: Ask) -> web.Response:
    """POST /api/v1/collections/:collection_id/items/:id/revoke: out of a collection of somebody else."""
    found = await collections.get(ask.db, ask.id("collection_id"), ask.me)
    try:
        await deeds.revoke(ask.db, ask.who.acting, found, ask.id())
    except Forbidden as error:
        raise Refused(403, NOT_ALLOWED) from error
    return as_json({})


async def of_account(ask: Ask) -> web.Response:
    """GET /api/v1/accounts/:account_id/collections"""
    part = _part(ask)
    return await _page(ask, part, await collections.list_of(ask.db, await _somebody(ask), ask.me, *_bounds(part)))


async def with_account(ask: Ask) -> web.Response:
    """GET /api/v1/accounts/:account_id/in_collections"""
    part = _part(ask)
    return await _page(ask, part, await collections.list_with(ask.db, await _somebody(ask), ask.me, *_bounds(part)))


async def _somebody(ask: Ask) -> int:
    actor = await actors.get(ask.db, ask.id("account_id"))
    if actor.deleted_at is not None:
        raise NotFound
    return actor.id


def _part(ask: Ask) -> Part:
    asked = ask.take(Part)
    limit = max(1, min(asked.limit, COLLECTIONS_ASKED_MOST))
    return Part(limit=limit, offset=max(0, min(asked.offset, PEOPLE_OFFSET)))


def _bounds(part: Part) -> tuple[int, int]:
    """One more than is shown tells whether there is another page."""
    return part.limit + 1, part.offset


async def _page(ask: Ask, part: Part, rows: Sequence[Row]) -> web.Response:
    around = {}
    if len(rows) > part.limit:
        around["next"] = part.offset + part.limit
    if part.offset:
        around["prev"] = max(0, part.offset - part.limit)
    links = ", ".join(
        f'<{ask.urls.base_url}{ask.request.rel_url.update_query(offset=offset)}>; rel="{name}"'
        for name, offset in around.items()
    )
    shown = await render_collections(ask.eyes, rows[: part.limit])
    return as_json(Collections(collections=shown), headers={"Link": links} if links else None)


async def _own(ask: Ask, name: str = "id") -> Row:
    found = await collections.get(ask.db, ask.id(name), ask.me)
    if found.actor_id != ask.who.acting.id:
        raise Refused(403, NOT_ALLOWED)
    return found


async def _rendered(ask: Ask, row: Row) -> Collection:
    return (await render_collections(ask.eyes, [row]))[0]


def _described(said: Said, before: Row | None) -> Described:
    kept = before or Described(name="")
    return Described(
        name=kept.name if said.name is None else said.name,
        description=kept.description if said.description is None else said.description,
        language=kept.language if said.language is None else canonical(said.language),
        sensitive=kept.sensitive if said.sensitive is None else said.sensitive,
        discoverable=kept.discoverable if said.discoverable is None else said.discoverable,
        tag=kept.tag if said.tag_name is None else said.tag_name,
    )


_ONE = "/api/v1/collections/{id}"
_ITEMS = "/api/v1/collections/{collection_id}/items"

ENDPOINTS: tuple[Endpoint, ...] = (
    post("/api/v1/collections", create, "write:collections"),
    get(_ONE, show, "read:collections", asker="anyone"),
    *put(_ONE, change, "write:collections"),
    delete(_ONE, drop, "write:collections"),
    post(_ITEMS, add, "write:collections"),
    delete(f"{_ITEMS}/{{id}}", remove, "write:collections"),
    post(f"{_ITEMS}/{{id}}/revoke", revoke, "write:collections"),
    get("/api/v1/accounts/{account_id}/collections", of_account, "read:collections", asker="anyone"),
    get("/api/v1/accounts/{account_id}/in_collections", with_account, "read:collections", asker="anyone"),
)
