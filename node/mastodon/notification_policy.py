"""Whose notices come through at once, and requests to be heard from those whose do not."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from aiohttp import web

from node.errors import NotFound
from node.mastodon.answers import Asked, as_json, moment, paged
from node.mastodon.asking import Ask, parsed_id
from node.mastodon.endpoint import Endpoint, get, post, put
from node.mastodon.entities.account import Account, render_accounts
from node.mastodon.entities.notification_policy import OLD, Fate, NotificationPolicy, as_v1, from_rules
from node.mastodon.entities.status import Status, render_statuses
from node.store import happenings
from node.store.notices import notices
from node.store.notices.notices import Held
from node.store.people import people
from node.store.posts import posts
from node.store.posts.reading import FIRST_PAGE
from schemas.limits import NOTICES, NOTICES_MOST, REQUESTS_ANSWERED


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What a client decides; what it does not say stays."""

    for_not_following: Fate | None = None
    for_not_followers: Fate | None = None
    for_new_accounts: Fate | None = None
    for_private_mentions: Fate | None = None
    for_limited_accounts: Fate | None = None
    for_bots: Fate | None = None


class OldRules(msgspec.Struct, frozen=True, kw_only=True):
    """The same from clients of the first version."""

    filter_not_following: bool | None = None
    filter_not_followers: bool | None = None
    filter_new_accounts: bool | None = None
    filter_private_mentions: bool | None = None


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """Several requests."""

    id: list[str] = []


class NotificationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is held back of one actor, whose id it has. The count is a text, as in Mastodon."""

    id: str
    created_at: str
    updated_at: str
    notifications_count: str
    account: Account
    last_status: Status | None


async def policy(ask: Ask) -> web.Response:
    """GET /api/v2/notifications/policy"""
    return as_json(await _policy(ask))


async def policy_v1(ask: Ask) -> web.Response:
    """GET /api/v1/notifications/policy"""
    return as_json(as_v1(await _policy(ask)))


async def decide(ask: Ask) -> web.Response:
    """PUT or PATCH /api/v2/notifications/policy"""
    await _keep(ask, {name: fate for name, fate in msgspec.structs.asdict(ask.take(Rules)).items() if fate})
    return as_json(await _policy(ask))


async def decide_v1(ask: Ask) -> web.Response:
    """PUT or PATCH /api/v1/notifications/policy"""
    said = msgspec.structs.asdict(ask.take(OldRules))
    await _keep(ask, {OLD[name]: "filter" if on else "accept" for name, on in said.items() if on is not None})
    return as_json(as_v1(await _policy(ask)))


async def requests(ask: Ask) -> web.Response:
    """GET /api/v1/notifications/requests"""
    page = ask.take(Asked).page(NOTICES, NOTICES_MOST)
    found = await notices.held(ask.db, ask.who, page)
    return paged(ask, await _rendered(ask, found), [one.from_id for one in found], page)


async def request(ask: Ask) -> web.Response:
    """GET /api/v1/notifications/requests/:id"""
    rendered = await _rendered(ask, await notices.held(ask.db, ask.who, FIRST_PAGE, only=ask.id()))
    if not rendered:
        raise NotFound
    return as_json(rendered[0])


async def accept(ask: Ask) -> web.Response:
    """POST /api/v1/notifications/requests/:id/accept: hear them from now on, and what was held back."""
    await _let_in(ask, [await _known(ask)])
    return as_json({})


async def accept_several(ask: Ask) -> web.Response:
    """POST /api/v1/notifications/requests/accept"""
    await _let_in(ask, _several(ask))
    return as_json({})


async def dismiss(ask: Ask) -> web.Response:
    """POST /api/v1/notifications/requests/:id/dismiss"""
    await notices.turn_away(ask.db, ask.who, [await _known(ask)])
    return as_json({})


async def dismiss_several(ask: Ask) -> web.Response:
    """POST /api/v1/notifications/requests/dismiss"""
    await notices.turn_away(ask.db, ask.who, _several(ask))
    return as_json({})


async def merged(_ask: Ask) -> web.Response:
    """GET /api/v1/notifications/requests/merged: what was accepted stands in the list at once."""
    return as_json({"merged": True})


async def _policy(ask: Ask) -> NotificationPolicy:
    return from_rules(await notices.policy(ask.db, ask.who.acting.id), await notices.count_held(ask.db, ask.who))


async def _keep(ask: Ask, said: dict[str, str]) -> None:
    me = ask.who.acting.id
    await notices.keep_policy(ask.db, me, await notices.policy(ask.db, me) | said)


async def _known(ask: Ask) -> int:
    if not await notices.held(ask.db, ask.who, FIRST_PAGE, only=ask.id()):
        raise NotFound
    return ask.id()


def _several(ask: Ask) -> list[int]:
    return [parsed_id(one) for one in ask.take(Chosen).id[:REQUESTS_ANSWERED]]


async def _let_in(ask: Ask, from_ids: Sequence[int]) -> None:
    await notices.let_in(ask.db, ask.who, from_ids)
    await happenings.add(ask.db, "notifications.merged", ask.who.acting.id)


async def _rendered(ask: Ask, found: Sequence[Held]) -> list[NotificationRequest]:
    actors = await people.get_many(ask.db, [one.from_id for one in found])
    accounts = await render_accounts(ask.eyes, [actors[one.from_id] for one in found])
    things = await posts.get_many(ask.db, [one.post_id for one in found if one.post_id], ask.me)
    statuses = dict(
        zip(things, await render_statuses(ask.eyes, list(things.values()), context="notifications"), strict=True)
    )
    return [
        NotificationRequest(
            id=str(one.from_id),
            created_at=moment(one.first_at),
            updated_at=moment(one.last_at),
            notifications_count=str(one.count),
            account=account,
            last_status=statuses.get(one.post_id or 0),
        )
        for one, account in zip(found, accounts, strict=True)
    ]


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v2/notifications/policy", policy, "read:notifications"),
    *put("/api/v2/notifications/policy", decide, "write:notifications"),
    get("/api/v1/notifications/policy", policy_v1, "read:notifications"),
    *put("/api/v1/notifications/policy", decide_v1, "write:notifications"),
    get("/api/v1/notifications/requests", requests, "read:notifications"),
    get("/api/v1/notifications/requests/merged", merged, "read:notifications"),
    get(r"/api/v1/notifications/requests/{id:\d+}", request, "read:notifications"),
    post("/api/v1/notifications/requests/accept", accept_several, "write:notifications"),
    post("/api/v1/notifications/requests/dismiss", dismiss_several, "write:notifications"),
    post(r"/api/v1/notifications/requests/{id:\d+}/accept", accept, "write:notifications"),
    post(r"/api/v1/notifications/requests/{id:\d+}/dismiss", dismiss, "write:notifications"),
)
