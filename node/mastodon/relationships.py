"""How one stands to others: follow, block, mute, note, endorse; who asks to follow; and whole servers hidden."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

from node.actions import follow as follows
from node.actions import hide
from node.actions.follow import Wishes
from node.errors import Forbidden, NotFound
from node.mastodon.accounts import known_actor, people_page
from node.mastodon.answers import Asked, as_json, moment, paged
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, Handler, delete, get, post
from node.mastodon.entities.account import Account, render_accounts
from node.mastodon.entities.relationship import render_relationships
from node.mastodon.errors import Unprocessable
from node.store.people import follows as stored
from node.store.people import mutes, notes, people
from schemas.limits import FOLLOWED_LANGUAGES, PEOPLE_ITEMS, PEOPLE_ITEMS_MOST
from schemas.records import Actor

Deed = Callable[[Ask, Actor], Awaitable[None]]


class FollowWishes(msgspec.Struct, frozen=True, kw_only=True):
    """What a follower wants to see."""

    reblogs: bool | None = None
    notify: bool | None = None
    languages: list[str] | None = None


class MuteWishes(msgspec.Struct, frozen=True, kw_only=True):
    """Whether notifications are muted too, and for how many seconds (0: for good)."""

    notifications: bool = True
    duration: int | None = None


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A private note."""

    comment: str = ""


class Domain(msgspec.Struct, frozen=True, kw_only=True):
    """A server."""

    domain: str = ""


class DomainPreview(msgspec.Struct, frozen=True, kw_only=True):
    """How many follows would end."""

    following_count: int
    followers_count: int


class MutedAccount(Account, frozen=True, kw_only=True):
    """A muted account, and until when."""

    mute_expires_at: str | None


def towards(deed: Deed) -> Handler:
    """A handler that does something about the account in the path and answers how one stands to it then."""

    async def handle(ask: Ask) -> web.Response:
        other = await known_actor(ask, ask.id())
        await deed(ask, other)
        return as_json((await render_relationships(ask.eyes, [other.id]))[0])

    return handle


async def _follow(ask: Ask, other: Actor) -> None:
    asked = ask.take(FollowWishes)
    languages = None if asked.languages is None else tuple(dict.fromkeys(asked.languages))[:FOLLOWED_LANGUAGES]
    wishes = Wishes(boosts=asked.reblogs, notify=asked.notify, languages=languages)
    if other.suspended_at:
        raise Forbidden("This account is suspended.")
    await follows.follow(ask.node, ask.db, ask.who.acting, other, wishes)


async def _unfollow(ask: Ask, other: Actor) -> None:
    await follows.unfollow(ask.node, ask.db, ask.who.acting, other)


async def _block(ask: Ask, other: Actor) -> None:
    if other.id == ask.me:
        raise Forbidden("You cannot block yourself.")
    await follows.block(ask.node, ask.db, ask.who.acting, other)


async def _unblock(ask: Ask, other: Actor) -> None:
    await follows.unblock(ask.node, ask.db, ask.who.acting, other)


async def _mute(ask: Ask, other: Actor) -> None:
    asked = ask.take(MuteWishes)
    seconds = asked.duration or 0
    if seconds < 0:
        raise Unprocessable("Duration must not be negative")
    await hide.mute(ask.db, ask.who.acting, other, notifications=asked.notifications, seconds=seconds)


async def _unmute(ask: Ask, other: Actor) -> None:
    await hide.unmute(ask.db, ask.who.acting, other)


async def _note(ask: Ask, other: Actor) -> None:
    await hide.note(ask.db, ask.who.acting, other, ask.take(Note).comment)


async def _endorse(ask: Ask, other: Actor) -> None:
    await hide.endorse(ask.db, ask.who.acting, other)


async def _unendorse(ask: Ask, other: Actor) -> None:
    await notes.unendorse(ask.db, ask.who.acting.id, other.id)


async def _remove_follower(ask: Ask, other: Actor) -> None:
    try:
        await follows.reject_follow(ask.node, ask.db, ask.who.acting, other)
    except NotFound:
        return  # who does not follow is already what is asked for


async def _authorize(ask: Ask, other: Actor) -> None:
    await follows.accept_follow(ask.node, ask.db, ask.who.acting, other)


async def _reject(ask: Ask, other: Actor) -> None:
    await follows.reject_follow(ask.node, ask.db, ask.who.acting, other)


async def follow_requests(ask: Ask) -> web.Response:
    """Who asks to follow."""
    page = ask.take(Asked).page(PEOPLE_ITEMS, PEOPLE_ITEMS_MOST)
    return await people_page(ask, await people.asking(ask.db, ask.who.acting.id, page), page)


async def blocked(ask: Ask) -> web.Response:
    """Whom one blocks."""
    page = ask.take(Asked).page(PEOPLE_ITEMS, PEOPLE_ITEMS_MOST)
    return await people_page(ask, await people.blocked(ask.db, ask.who.acting.id, page), page)


async def muted(ask: Ask) -> web.Response:
    """Whom one mutes, and until when."""
    page = ask.take(Asked).page(PEOPLE_ITEMS, PEOPLE_ITEMS_MOST)
    listed = await people.muted(ask.db, ask.who.acting.id, page)
    accounts = await render_accounts(ask.eyes, [one.actor for one in listed])
    shown = [
        MutedAccount(
            **{name: getattr(account, name) for name in Account.__struct_fields__},
            mute_expires_at=moment(one.ends_at) if one.ends_at else None,
        )
        for one, account in zip(listed, accounts, strict=True)
    ]
    return paged(ask, shown, [one.cursor for one in listed], page)


async def endorsed(ask: Ask) -> web.Response:
    """Whom one shows on one's own profile."""
    page = ask.take(Asked).page(PEOPLE_ITEMS, PEOPLE_ITEMS_MOST)
    return await people_page(ask, await people.endorsed(ask.db, ask.who.acting.id, page, viewer=ask.me), page)


async def hidden_domains(ask: Ask) -> web.Response:
    """Which servers one hides."""
    page = ask.take(Asked).page(PEOPLE_ITEMS, PEOPLE_ITEMS_MOST)
    listed = await mutes.list_domains(ask.db, ask.who.acting.id, page)
    return paged(ask, [domain for _, domain in listed], [cursor for cursor, _ in listed], page)


async def preview_domain(ask: Ask) -> web.Response:
    """Which follows would end if a server were hidden."""
    host = hide.host_of_server(ask.node, ask.take(Domain).domain)
    ours = ask.who.acting.id
    return as_json(
        DomainPreview(
            following_count=len(await stored.followed_at(ask.db, ours, host)),
            followers_count=len(await stored.followers_at(ask.db, ours, host)),
        )
    )


async def hide_domain(ask: Ask) -> web.Response:
    """Hide a server."""
    await hide.hide_server(ask.node, ask.db, ask.who.acting, ask.take(Domain).domain)
    return as_json({})


async def show_domain(ask: Ask) -> web.Response:
    """Show a server again."""
    await hide.show_server(ask.node, ask.db, ask.who.acting, ask.take(Domain).domain)
    return as_json({})


_DEEDS: tuple[tuple[str, Deed, str], ...] = (
    ("follow", _follow, "write:follows"),
    ("unfollow", _unfollow, "write:follows"),
    ("remove_from_followers", _remove_follower, "write:follows"),
    ("block", _block, "write:blocks"),
    ("unblock", _unblock, "write:blocks"),
    ("mute", _mute, "write:mutes"),
    ("unmute", _unmute, "write:mutes"),
    ("note", _note, "write:accounts"),
    ("pin", _endorse, "write:accounts"),
    ("unpin", _unendorse, "write:accounts"),
    ("endorse", _endorse, "write:accounts"),
    ("unendorse", _unendorse, "write:accounts"),
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *(post(f"/api/v1/accounts/{{id}}/{name}", towards(deed), scope) for name, deed, scope in _DEEDS),
    get("/api/v1/follow_requests", follow_requests, "read:follows"),
    post("/api/v1/follow_requests/{id}/authorize", towards(_authorize), "write:follows"),
    post("/api/v1/follow_requests/{id}/reject", towards(_reject), "write:follows"),
    get("/api/v1/blocks", blocked, "read:blocks"),
    get("/api/v1/mutes", muted, "read:mutes"),
    get("/api/v1/endorsements", endorsed, "read:accounts"),
    get("/api/v1/domain_blocks/preview", preview_domain, "read:blocks"),
    get("/api/v1/domain_blocks", hidden_domains, "read:blocks"),
    post("/api/v1/domain_blocks", hide_domain, "write:blocks"),
    delete("/api/v1/domain_blocks", show_domain, "write:blocks"),
)
