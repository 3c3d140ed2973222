"""Subscriptions to pushed messages, as clients see them."""

from __future__ import annotations

import msgspec

from node.store.notices.push import Policy, Subscription

ALERTS = (
    "mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update", "quote", "quoted_update",
    "admin.sign_up", "admin.report",
)  # fmt: skip


class WebPushSubscription(msgspec.Struct, frozen=True, kw_only=True):
    """The id is a number, unlike all others. `server_key`: whose word the push service takes."""

    id: int
    endpoint: str
    standard: bool
    alerts: dict[str, bool]
    policy: Policy
    server_key: str


def from_subscription(one: Subscription, server_key: str) -> WebPushSubscription:
    """As its app sees it."""
    return WebPushSubscription(
        id=one.id,
        endpoint=one.endpoint,
        standard=one.standard,
        alerts={name: one.alerts.get(name, False) for name in ALERTS},
        policy=one.policy,
        server_key=server_key,
    )
