"""Reading accounts: one, several, those found by name, and who follows whom."""

from __future__ import annotations

import msgspec
from aiohttp import web

from node.actions.look_up import look_up
from node.errors import NotFound
from node.mastodon.answers import Asked, as_json, paged
from node.mastodon.asking import Ask, parsed_ids
from node.mastodon.endpoint import Endpoint, allows, get
from node.mastodon.entities.account import Account, render_account, render_accounts
from node.mastodon.entities.credentials import render_credentials
from node.mastodon.entities.relationship import render_relationships
from node.mastodon.errors import NO_SCOPE, Refused
from node.store.people import actors, blocks, directory, people
from node.store.people.people import Listed
from node.store.posts.reading import Page
from node.web.handlers import reading
from schemas.limits import ACCOUNTS_ASKED, FAMILIAR_FOLLOWERS, PEOPLE_ITEMS, PEOPLE_ITEMS_MOST, PEOPLE_OFFSET
from schemas.records import Actor


class Ids(msgspec.Struct, frozen=True, kw_only=True):
    """Several accounts."""

    id: list[str] = []


class Lookup(msgspec.Struct, frozen=True, kw_only=True):
    """A handle."""

    acct: str = ""


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to find; `resolve`: ask another server where nobody is known by that handle."""

    q: str = ""
    limit: int | None = None
    offset: int = 0
    resolve: bool = False
    following: bool = False


class FamiliarFollowers(msgspec.Struct, frozen=True, kw_only=True):
    """Whom of one's follows follow an account too."""

    id: str
    accounts: list[Account]


async def verify(ask: Ask) -> web.Response:
    """Who the token acts as."""
    require_own(ask)
    return as_json(await render_credentials(ask.eyes, ask.who))


async def show(ask: Ask) -> web.Response:
    """One account."""
    return as_json(await render_account(ask.eyes, await known_actor(ask, ask.id())))


async def show_many(ask: Ask) -> web.Response:
    """Those of the named accounts that there are."""
    wanted = ids_of(ask.take(Ids))
    found = await people.get_many(ask.db, wanted)
    shown = [found[one] for one in wanted if one in found and not is_hidden(found[one])]
    return as_json(await render_accounts(ask.eyes, shown))


async def lookup(ask: Ask) -> web.Response:
    """The account with this handle, as far as we know; nobody else is asked."""
    name, _, host = ask.take(Lookup).acct.strip().removeprefix("acct:").removeprefix("@").partition("@")
    actor = await actors.find_by_handle(ask.db, name, host.lower() or ask.urls.domain)
    if actor is None or is_hidden(actor):
        raise NotFound
    return as_json(await render_account(ask.eyes, actor))


async def search(ask: Ask) -> web.Response:
    """People by name. Opens its own connections: another server may be asked."""
    asked = ask.take(Search)
    limit = max(1, min(asked.limit or PEOPLE_ITEMS, PEOPLE_ITEMS_MOST))
    resolved = None
    if asked.resolve and not asked.offset and not asked.following and _is_name_of_somebody(asked.q):
        resolved = await look_up(ask.node, asked.q.strip())
    async with reading(ask.request) as db:
        found = await directory.search(
            db,
            asked.q,
            viewer=ask.who.acting.id,
            following=asked.following,
            limit=limit,
            offset=max(0, min(asked.offset, PEOPLE_OFFSET)),
        )
        if resolved is not None and not is_hidden(resolved):
            found = [resolved, *(one for one in found if one.id != resolved.id)][:limit]
        eyes = msgspec.structs.replace(ask.eyes, db=db)
        return as_json(await render_accounts(eyes, found))


async def relationships(ask: Ask) -> web.Response:
    """How one stands to the named accounts."""
    return as_json(await render_relationships(ask.eyes, ids_of(ask.take(Ids))))


async def familiar(ask: Ask) -> web.Response:
    """Whom of one's follows follow each of the named accounts."""
    wanted = ids_of(ask.take(Ids))
    found = await directory.familiar(ask.db, ask.who.acting.id, wanted, FAMILIAR_FOLLOWERS)
    everyone = {actor.id: actor for group in found.values() for actor in group}
    accounts = dict(zip(everyone, await render_accounts(ask.eyes, list(everyone.values())), strict=True))
    return as_json([FamiliarFollowers(id=str(one), accounts=[accounts[a.id] for a in found[one]]) for one in wanted])


async def followers(ask: Ask) -> web.Response:
    """Who follows an account; nobody, if it hides that."""
    actor, page = await known_actor(ask, ask.id()), ask.take(Asked).page(PEOPLE_ITEMS, PEOPLE_ITEMS_MOST)
    hidden = await _hides(ask, actor)
    return await people_page(ask, [] if hidden else await people.followers(ask.db, actor.id, page, viewer=ask.me), page)


async def following(ask: Ask) -> web.Response:
    """Whom an account follows; nobody, if it hides that."""
    actor, page = await known_actor(ask, ask.id()), ask.take(Asked).page(PEOPLE_ITEMS, PEOPLE_ITEMS_MOST)
    hidden = await _hides(ask, actor)
    return await people_page(ask, [] if hidden else await people.following(ask.db, actor.id, page, viewer=ask.me), page)


async def endorsed_by(ask: Ask) -> web.Response:
    """Whom an account shows on its profile."""
    actor, page = await known_actor(ask, ask.id()), ask.take(Asked).page(PEOPLE_ITEMS, PEOPLE_ITEMS_MOST)
    return await people_page(ask, await people.endorsed(ask.db, actor.id, page, viewer=ask.me), page)


async def identity_proofs(ask: Ask) -> web.Response:
    """There are none any more, in Mastodon either; old clients ask."""
    await known_actor(ask, ask.id())
    return as_json([])


def require_own(ask: Ask) -> None:
    """Refused unless the token may at least know who it stands for: the scope `profile`, or to read accounts."""
    scopes = ask.bearer.scopes if ask.bearer else ()
    if "profile" not in scopes and not allows(scopes, "read:accounts"):
        raise Refused(403, NO_SCOPE)


async def known_actor(ask: Ask, actor_id: int) -> Actor:
    """An actor that may be shown; NotFound else."""
    actor = await actors.get(ask.db, actor_id)
    if is_hidden(actor):
        raise NotFound
    return actor


def is_hidden(actor: Actor) -> bool:
    """Who is not shown at all: who is gone, whose server we do not know any more, and the one that only signs."""
    return bool(actor.deleted_at or actor.host_suspended or actor.role_here == "instance")


def ids_of(asked: Ids) -> list[int]:
    """The ids that can be some, each once."""
    return parsed_ids(asked.id[:ACCOUNTS_ASKED])


async def people_page(ask: Ask, listed: list[Listed], page: Page) -> web.Response:
    """A page of people, walked by the id of the relation."""
    accounts = await render_accounts(ask.eyes, [one.actor for one in listed])
    return paged(ask, accounts, [one.cursor for one in listed], page)


def _is_name_of_somebody(typed: str) -> bool:
    """Whether what was typed can be looked up: a handle with a host, or an address."""
    words = typed.strip()
    return " " not in words and (words.startswith(("https://", "http://")) or "@" in words.lstrip("@"))


async def _hides(ask: Ask, actor: Actor) -> bool:
    if actor.id == ask.me:
        return False
    blocks_me = ask.me is not None and await blocks.exists(ask.db, actor.id, ask.me)
    return actor.hide_collections or blocks_me or actor.suspended_at is not None


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/accounts/verify_credentials", verify),
    get("/api/v1/accounts/lookup", lookup, "read:accounts", asker="anyone", remembered=True),
    get("/api/v1/accounts/search", search, "read:accounts", work="alone"),
    get("/api/v1/accounts/relationships", relationships, "read:follows"),
    get("/api/v1/accounts/familiar_followers", familiar, "read:follows"),
    get("/api/v1/accounts", show_many, "read:accounts", asker="anyone"),
    get("/api/v1/accounts/{id}/followers", followers, "read:accounts", asker="anyone"),
    get("/api/v1/accounts/{id}/following", following, "read:accounts", asker="anyone"),
    get("/api/v1/accounts/{id}/endorsements", endorsed_by, "read:accounts", asker="anyone"),
    get("/api/v1/accounts/{id}/identity_proofs", identity_proofs, "read:accounts", asker="anyone"),
    get("/api/v1/accounts/{id}", show, "read:accounts", asker="anyone", remembered=True),
)
