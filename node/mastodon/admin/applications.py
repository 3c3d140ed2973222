"""Who applied and waits for a decision, as moderation clients know it: an account that is pending. They are let in or
turned down as in the panel."""

from __future__ import annotations

import asyncio

from aiohttp import web

from node.actions import admit
from node.errors import Conflict, Forbidden, NotFound
from node.mastodon.answers import as_json, moment
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, post
from node.mastodon.entities.account import render_accounts
from node.mastodon.entities.admin import AdminAccount, render_people
from node.store.members import applications
from node.store.members.applications import Application
from node.store.people import actors, people
from node.store.posts.reading import Page
from node.store.tabular import Slice
from node.web.handlers import reading, writing
from schemas.limits import ADMIN_PENDING
from schemas.records import Actor

WRITE = "admin:write:accounts"


async def pending(ask: Ask, words: str, page: Page) -> list[Application]:
    """A part of those who wait, the last first. Forbidden for who may not let people in."""
    _require(ask)
    every = await applications.list_of(ask.db, "waiting", Slice(words=words, limit=ADMIN_PENDING))
    after, before, limit = page.bounds
    found = [one for one in every if after < one.id < before]
    found.sort(key=lambda one: one.id, reverse=page.min_id is None)
    return sorted(found[:limit], key=lambda one: one.id, reverse=True)


async def find(ask: Ask) -> Application | None:
    """Who waits under the number in the path, if anybody. Applications and actors never have the same number: those of
    actors are made of the time."""
    found = await applications.find(ask.db, ask.id())
    if found is None or found.state != "waiting":
        return None
    _require(ask)
    return found


async def render(ask: Ask, shown: list[Application]) -> list[AdminAccount]:
    """One per application, in their order."""
    accounts = await render_accounts(ask.eyes, [_as_actor(ask, one) for one in shown])
    return [
        AdminAccount(
            id=str(one.id),
            username=one.name,
            domain=None,
            created_at=moment(one.created_at),
            email=one.email,
            locale=one.language,
            invite_request="\n\n".join(f"{said.question}\n{said.answer}" for said in one.answers) or None,
            role=None,
            confirmed=True,
            approved=False,
            disabled=False,
            sensitized=False,
            silenced=False,
            suspended=False,
            account=account,
        )
        for one, account in zip(shown, accounts, strict=True)
    ]


async def approve(ask: Ask) -> web.Response:
    """Let somebody in; the new account. Who is in already stays in."""
    keys = await asyncio.to_thread(actors.make_keys)
    number = ask.id()
    async with writing(ask.request) as db:
        _require(ask)
        found = await applications.find(db, number)
        if found is None:
            raise NotFound
        await admit.accept(db, ask.node.urls, ask.who, number, keys, "")
    async with reading(ask.request) as db:
        actor = await actors.find_local(db, found.name)
        shown = await people.get_many(db, [actor.id]) if actor else {}
        if not shown:
            raise Conflict
        eyes = Ask(ask.request, ask.bearer, ask.parameters, db).eyes
        return as_json((await render_people(eyes, list(shown.values())))[0])


async def reject(ask: Ask) -> web.Response:
    """Turn somebody down; who it was."""
    _require(ask)
    found = await find(ask)
    if found is None:
        raise NotFound
    shown = (await render(ask, [found]))[0]
    await admit.decline(ask.db, ask.node.urls, ask.who, found.id, "")
    return as_json(shown)


def _as_actor(ask: Ask, one: Application) -> Actor:
    urls = ask.node.urls
    uri = urls.actor_of("member", one.name)
    return Actor(
        id=one.id,
        uri=uri,
        kind="Person",
        local=True,
        role_here="member",
        name=one.name,
        host=urls.domain,
        display_name=one.display_name,
        url=urls.profile(one.name),
        inbox=urls.inbox(uri),
        created_at=one.created_at,
        updated_at=one.created_at,
    )


def _require(ask: Ask) -> None:
    if not ask.who.may(admit.RIGHT):
        raise Forbidden


_ONE = "/api/v1/admin/accounts/{id}"
ENDPOINTS: tuple[Endpoint, ...] = (
    post(f"{_ONE}/approve", approve, WRITE, work="alone"),
    post(f"{_ONE}/reject", reject, WRITE),
)
