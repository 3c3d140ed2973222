"""/api/v1/admin/domain_blocks and domain_allows: measures on servers and servers let in, as the panel takes them."""

from __future__ import annotations

from typing import Literal

import msgspec
from aiohttp import web

from node.actions import moderate, servers
from node.actions.moderate import Kind, Order
from node.errors import NotFound
from node.mastodon.admin.accounts import require
from node.mastodon.answers import Asked, as_json, paged
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, delete, get, post, put
from node.mastodon.entities.admin import allow_of, from_cut, from_proposals, number_of
from node.mastodon.errors import Unprocessable
from node.store.moderation import admin_lists
from node.store.moderation.admin_lists import Cut
from schemas.limits import ADMIN_DOMAINS, PAGE_ITEMS, PAGE_ITEMS_MOST

RIGHT = "moderate_servers"
STRENGTH: dict[str, Kind] = {"silence": "limit", "suspend": "suspend"}


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """Measures on a domain, in Mastodon's words; what is left out stays as it is."""

    domain: str = ""
    severity: Literal["noop", "silence", "suspend"] | None = None
    reject_media: bool | None = None
    reject_reports: bool | None = None
    private_comment: str = ""
    public_comment: str = ""


class Allow(msgspec.Struct, frozen=True, kw_only=True):
    """A domain to let in."""

    domain: str = ""


async def blocks(ask: Ask) -> web.Response:
    """Domains with measures in force."""
    require(ask, RIGHT)
    page = ask.take(Asked).page(PAGE_ITEMS, PAGE_ITEMS_MOST)
    found = await admin_lists.cuts(ask.db, page)
    return paged(ask, [from_cut(one) for one in found], [one.id for one in found], page)


async def block(ask: Ask) -> web.Response:
    """One of them."""
    require(ask, RIGHT)
    return as_json(from_cut(await _cut(ask)))


async def add_block(ask: Ask) -> web.Response:
    """Take measures on a domain; where the rules of the hub ask for a second person they wait for them."""
    require(ask, RIGHT)
    wish = ask.take(Block)
    taken = [await moderate.take(ask.db, ask.who, _order(wish, wish.domain, one)) for one in _kinds(wish, "silence")]
    if not taken:
        raise Unprocessable("Validation failed: Severity can't be noop without anything to reject")
    return as_json(from_proposals(taken))


async def change_block(ask: Ask) -> web.Response:
    """Take other measures, and end those that are not meant to be any more."""
    require(ask, RIGHT)
    cut, wish = await _cut(ask), ask.take(Block)
    now = await admin_lists.measures_on(ask.db, cut.domain)
    wanted = set(_kinds(_filled(wish, cut), "noop"))
    taken = [await moderate.take(ask.db, ask.who, _order(wish, cut.domain, one)) for one in sorted(wanted - now.keys())]
    for kind, measure_id in now.items():
        if kind not in wanted:
            await moderate.end(ask.db, ask.who, measure_id)
    left = await admin_lists.cut_of(ask.db, cut.id)
    if left is None and not taken:
        return as_json(from_cut(msgspec.structs.replace(cut, kinds=[])))
    return as_json(from_cut(left) if left else from_proposals(taken))


async def drop_block(ask: Ask) -> web.Response:
    """End all measures on a domain."""
    require(ask, RIGHT)
    cut = await _cut(ask)
    for measure_id in (await admin_lists.measures_on(ask.db, cut.domain)).values():
        await moderate.end(ask.db, ask.who, measure_id)
    return as_json({})


async def allows(ask: Ask) -> web.Response:
    """Domains that were let in; all at once, for they have no numbers of their own."""
    require(ask, RIGHT)
    return as_json([allow_of(*one) for one in await admin_lists.let_in(ask.db, ADMIN_DOMAINS)])


async def allow(ask: Ask) -> web.Response:
    """One of them."""
    require(ask, RIGHT)
    host = await _let_in(ask)
    return as_json(next(allow_of(*one) for one in await admin_lists.let_in(ask.db, ADMIN_DOMAINS) if one[0] == host))


async def add_allow(ask: Ask) -> web.Response:
    """Let a domain in."""
    require(ask, RIGHT)
    host = moderate.domain_of(ask.take(Allow).domain)
    await servers.let_in(ask.db, ask.who, host)
    return as_json(next(allow_of(*one) for one in await admin_lists.let_in(ask.db, ADMIN_DOMAINS) if one[0] == host))


async def drop_allow(ask: Ask) -> web.Response:
    """Let it in no more."""
    require(ask, RIGHT)
    await servers.keep_out(ask.db, ask.who, await _let_in(ask))
    return as_json({})


async def _cut(ask: Ask) -> Cut:
    found = await admin_lists.cut_of(ask.db, ask.id())
    if found is None:
        raise NotFound
    return found


async def _let_in(ask: Ask) -> str:
    number = ask.id()
    for host, _ in await admin_lists.let_in(ask.db, ADMIN_DOMAINS):
        if number_of(host) == number:
            return host
    raise NotFound


def _kinds(wish: Block, otherwise: str) -> list[Kind]:
    strength = STRENGTH.get(wish.severity or otherwise)
    kinds: list[Kind] = [strength] if strength else []
    kinds += ["reject_media"] if wish.reject_media else []
    kinds += ["reject_reports"] if wish.reject_reports else []
    return kinds


def _filled(wish: Block, cut: Cut) -> Block:
    now = from_cut(cut)
    return Block(
        severity=wish.severity or msgspec.convert(now.severity, Literal["noop", "silence", "suspend"]),
        reject_media=now.reject_media if wish.reject_media is None else wish.reject_media,
        reject_reports=now.reject_reports if wish.reject_reports is None else wish.reject_reports,
    )


def _order(wish: Block, domain: str, kind: Kind) -> Order:
    return Order(
        kind=kind,
        target_kind="domain",
        target=domain,
        private_reason=wish.private_comment.strip(),
        public_reason=wish.public_comment.strip(),
    )


def _scopes(subject: str) -> tuple[str, str]:
    return f"admin:read:{subject}", f"admin:write:{subject}"


_BLOCKS, _ALLOWS = _scopes("domain_blocks"), _scopes("domain_allows")
ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/admin/domain_blocks", blocks, _BLOCKS[0]),
    get("/api/v1/admin/domain_blocks/{id}", block, _BLOCKS[0]),
    post("/api/v1/admin/domain_blocks", add_block, _BLOCKS[1]),
    *put("/api/v1/admin/domain_blocks/{id}", change_block, _BLOCKS[1]),
    delete("/api/v1/admin/domain_blocks/{id}", drop_block, _BLOCKS[1]),
    get("/api/v1/admin/domain_allows", allows, _ALLOWS[0]),
    get("/api/v1/admin/domain_allows/{id}", allow, _ALLOWS[0]),
    post("/api/v1/admin/domain_allows", add_allow, _ALLOWS[1]),
    delete("/api/v1/admin/domain_allows/{id}", drop_allow, _ALLOWS[1]),
)
