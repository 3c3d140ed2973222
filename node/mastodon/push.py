"""Subscriptions to pushed messages: one for each app that somebody has signed in with."""

from __future__ import annotations

import msgspec
from aiohttp import web

from federation.addresses import BadAddress, in_networks, is_literal, parse
from federation.web_push import BadKeys, app_keys
from node.errors import NotFound, Unauthorized
from node.mastodon.answers import as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, delete, get, post, put, token_of
from node.mastodon.entities.push import ALERTS, from_subscription
from node.mastodon.errors import Unprocessable
from node.store import push, vapid
from node.store.push import Policy, Subscription


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
    _require_address(ask, asked.subscription)
    made = await push.put(
        ask.db,
        _token_id(ask),
        token_of(ask.request, ask.parameters) or "",
        endpoint=asked.subscription.endpoint,
        p256dh=asked.subscription.keys.p256dh,
        auth=asked.subscription.keys.auth,
        standard=asked.subscription.standard,
        alerts=asked.wanted_alerts,
        policy=asked.wanted_policy or "all",
    )
    return await _answer(ask, made)


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
    return as_json(from_subscription(found, await vapid.public_key(ask.db)))


def _require_address(ask: Ask, asked: Address) -> None:
    """Refused where messages could not be sent, or could only reach what is not public."""
    settings = ask.node.settings
    try:
        address = parse(asked.endpoint)
        app_keys(asked.keys.p256dh, asked.keys.auth)
    except BadAddress as error:
        raise Unprocessable("Endpoint is not a valid URL") from error
    except BadKeys as error:
        raise Unprocessable("Key p256dh or auth is invalid") from error
    if address.scheme != "https" and not ask.node.client.plain_http:
        raise Unprocessable("Endpoint must use https")
    if is_literal(address.host) and not in_networks(address.host.strip("[]"), settings.allow_networks):
        raise Unprocessable("Endpoint is not a public host")


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/push/subscription", show, "push"),
    post("/api/v1/push/subscription", subscribe, "push"),
    *put("/api/v1/push/subscription", change, "push"),
    delete("/api/v1/push/subscription", unsubscribe, "push"),
)
