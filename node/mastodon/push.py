"""Subscriptions to pushed messages: one for each app that somebody has signed in with."""

from __future__ import annotations

import msgspec
from aiohttp import web

from federation.web_push import BadKeys, app_keys
from node.errors import NotFound, Unauthorized
from node.mastodon.answers import as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, delete, get, post, put, token_of
from node.mastodon.entities.push import ALERTS, from_subscription
from node.mastodon.errors import Unprocessable
from node.mastodon.push_addresses import require_reachable
from node.store.notices import push, vapid
from node.store.notices.push import Policy, Subscription
from node.web.handlers import writing


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """The app's keys."""

    p256dh: str = ""
    auth: str = ""


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where messages go, and how they are encrypted."""

    endpoint: str = ""
    keys: Keys = Keys()
    standard: bool = False


class Data(msgspec.Struct, frozen=True, kw_only=True):
    """Which notices an app wants, of whom."""

    alerts: dict[str, object] | None = None
    policy: Policy | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription as clients ask for it. Some say the policy beside the data."""

    subscription: Address = Address()
    data: Data = Data()
    policy: Policy | None = None

    @property
    def wanted_policy(self) -> Policy | None:
        """The policy, wherever it was said."""
        return self.data.policy or self.policy

    @property
    def wanted_alerts(self) -> dict[str, bool]:
        """Which types it wants; unknown ones are ignored."""
        said = self.data.alerts or {}
        return {name: str(said.get(name, "")).casefold() in ("1", "true", "on") for name in ALERTS}


async def show(ask: Ask) -> web.Response:
    """GET /api/v1/push/subscription; 404 where there is none."""
    return await _answer(ask, await push.find(ask.db, _token_id(ask)))


async def subscribe(ask: Ask) -> web.Response:
    """POST /api/v1/push/subscription: instead of what the token had before."""
    asked = ask.take(Asked)
    _require_keys(asked.subscription)
    await require_reachable(ask.node, asked.subscription.endpoint)
    async with writing(ask.request) as db:
        made = await push.put(
            db,
            _token_id(ask),
            token_of(ask.request, ask.parameters) or "",
            endpoint=asked.subscription.endpoint,
            p256dh=asked.subscription.keys.p256dh,
            auth=asked.subscription.keys.auth,
            standard=asked.subscription.standard,
            alerts=asked.wanted_alerts,
            policy=asked.wanted_policy or "all",
        )
        return _shown(made, await vapid.public_key(db))


async def change(ask: Ask) -> web.Response:
    """PUT /api/v1/push/subscription: other notices; what is not said stays."""
    asked, known = ask.take(Asked), await push.find(ask.db, _token_id(ask))
    if known is None:
        raise NotFound
    alerts = known.alerts if asked.data.alerts is None else asked.wanted_alerts
    return await _answer(ask, await push.change(ask.db, known.token_id, alerts, asked.wanted_policy or known.policy))


async def unsubscribe(ask: Ask) -> web.Response:
    """DELETE /api/v1/push/subscription"""
    await push.remove(ask.db, _token_id(ask))
    return as_json({})


def _token_id(ask: Ask) -> int:
    if ask.bearer is None:
        raise Unauthorized
    return ask.bearer.id


async def _answer(ask: Ask, found: Subscription | None) -> web.Response:
    if found is None:
        raise NotFound
    return _shown(found, await vapid.public_key(ask.db))


def _shown(found: Subscription, key: str) -> web.Response:
    return as_json(from_subscription(found, key))


def _require_keys(asked: Address) -> None:
    """Refused where nothing could be encrypted for the app."""
    try:
        app_keys(asked.keys.p256dh, asked.keys.auth)
    except BadKeys as error:
        raise Unprocessable("Key p256dh or auth is invalid") from error


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/push/subscription", show, "push"),
    post("/api/v1/push/subscription", subscribe, "push", work="alone"),
    *put("/api/v1/push/subscription", change, "push"),
    delete("/api/v1/push/subscription", unsubscribe, "push"),
)
