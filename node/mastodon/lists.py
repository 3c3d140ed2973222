"""Lists of people: made, changed, dropped, and who is in them."""

from __future__ import annotations

import msgspec
from aiohttp import web

from node.errors import NotFound
from node.mastodon.answers import Asked, as_json, paged
from node.mastodon.asking import Ask, parsed_id
from node.mastodon.endpoint import Endpoint, delete, get, post, put
from node.mastodon.entities.account import render_accounts
from node.mastodon.entities.list import from_list
from node.mastodon.errors import Unprocessable
from node.store.people import actors, own_lists
from node.store.people.own_lists import RepliesPolicy
from schemas.limits import LIST_MEMBERS, LIST_TITLE_CHARS, LISTS, PARAMETERS

ACCOUNTS = 40
ACCOUNTS_MOST = 80


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """What a client says of a list; what is not said stays as it was."""

    title: str | None = None
    replies_policy: RepliesPolicy | None = None
    exclusive: bool | None = None


class Members(msgspec.Struct, frozen=True, kw_only=True):
    """Of whom something is said."""

    account_ids: list[str] = []


async def every(ask: Ask) -> web.Response:
    """GET /api/v1/lists"""
    return as_json([from_list(one) for one in await own_lists.list_all(ask.db, ask.who.acting.id)])


async def one(ask: Ask) -> web.Response:
    """GET /api/v1/lists/:id"""
    return as_json(from_list(await own_lists.get(ask.db, ask.who.acting.id, ask.id())))


async def create(ask: Ask) -> web.Response:
    """POST /api/v1/lists"""
    me, said = ask.who.acting.id, ask.take(Described)
    if len(await own_lists.list_all(ask.db, me)) >= LISTS:
        raise Unprocessable("You have reached the maximum number of lists")
    title = _title(said.title or "")
    made = await own_lists.insert(ask.db, me, title, said.replies_policy or "list", exclusive=said.exclusive or False)
    return as_json(from_list(made))


async def change(ask: Ask) -> web.Response:
    """PUT /api/v1/lists/:id"""
    known, said = await own_lists.get(ask.db, ask.who.acting.id, ask.id()), ask.take(Described)
    changed = msgspec.structs.replace(
        known,
        title=known.title if said.title is None else _title(said.title),
        replies_policy=said.replies_policy or known.replies_policy,
        exclusive=known.exclusive if said.exclusive is None else said.exclusive,
    )
    await own_lists.update(ask.db, changed)
    return as_json(from_list(changed))


async def drop(ask: Ask) -> web.Response:
    """DELETE /api/v1/lists/:id"""
    await own_lists.delete(ask.db, ask.who.acting.id, ask.id())
    return as_json({})


async def members(ask: Ask) -> web.Response:
    """GET /api/v1/lists/:id/accounts; `limit=0` asks for all of them."""
    wanted, asked = await own_lists.get(ask.db, ask.who.acting.id, ask.id()), ask.take(Asked)
    if asked.limit == 0:
        everybody = await own_lists.all_members(ask.db, wanted.id, LIST_MEMBERS)
        return as_json(await render_accounts(ask.eyes, [one.actor for one in everybody]))
    page = asked.page(ACCOUNTS, ACCOUNTS_MOST)
    found = await own_lists.members(ask.db, wanted.id, page)
    accounts = await render_accounts(ask.eyes, [one.actor for one in found])
    return paged(ask, accounts, [one.cursor for one in found], page)


async def add(ask: Ask) -> web.Response:
    """POST /api/v1/lists/:id/accounts. Only who is followed can be in a list: else 404, and nobody is added."""
    me = ask.who.acting.id
    wanted, new = await own_lists.get(ask.db, me, ask.id()), _named(ask)
    if set(new) - await own_lists.may_be_members(ask.db, me, new):
        raise NotFound
    there = await own_lists.member_ids(ask.db, wanted.id)
    if there & set(new):
        raise Unprocessable("Account has already been taken")
    if len(there) + len(new) > LIST_MEMBERS:
        raise Unprocessable(f"A list holds at most {LIST_MEMBERS} accounts")
    await own_lists.add_members(ask.db, wanted.id, new)
    return as_json({})


async def remove(ask: Ask) -> web.Response:
    """DELETE /api/v1/lists/:id/accounts"""
    wanted = await own_lists.get(ask.db, ask.who.acting.id, ask.id())
    await own_lists.remove_members(ask.db, wanted.id, _named(ask))
    return as_json({})


async def of_account(ask: Ask) -> web.Response:
    """GET /api/v1/accounts/:id/lists: those of the viewer's lists that an account is in."""
    actor = await actors.get(ask.db, ask.id())
    return as_json([from_list(one) for one in await own_lists.list_with(ask.db, ask.who.acting.id, actor.id)])


def _title(written: str) -> str:
    title = written.strip()
    if not title:
        raise Unprocessable("Title can't be blank")
    if len(title) > LIST_TITLE_CHARS:
        raise Unprocessable(f"Title is too long (maximum is {LIST_TITLE_CHARS} characters)")
    return title


def _named(ask: Ask) -> list[int]:
    named = ask.take(Members).account_ids[:PARAMETERS]
    return list(dict.fromkeys(parsed_id(one) for one in named))


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/lists", every, "read:lists"),
    post("/api/v1/lists", create, "write:lists"),
    get("/api/v1/lists/{id}", one, "read:lists"),
    *put("/api/v1/lists/{id}", change, "write:lists"),
    delete("/api/v1/lists/{id}", drop, "write:lists"),
    get("/api/v1/lists/{id}/accounts", members, "read:lists"),
    post("/api/v1/lists/{id}/accounts", add, "write:lists"),
    delete("/api/v1/lists/{id}/accounts", remove, "write:lists"),
    get("/api/v1/accounts/{id}/lists", of_account, "read:lists"),
)
