"""Whose notices come through at once, in the shapes of both versions of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

Fate = Literal["accept", "filter", "drop"]

USUAL: Mapping[str, Fate] = {
    "for_not_following": "accept",
    "for_not_followers": "accept",
    "for_new_accounts": "accept",
    "for_private_mentions": "filter",
    "for_limited_accounts": "filter",
    "for_bots": "accept",
}
"""What holds where an actor has decided nothing; `notice_fate` in the database knows the same."""

OLD = {
    "filter_not_following": "for_not_following",
    "filter_not_followers": "for_not_followers",
    "filter_new_accounts": "for_new_accounts",
    "filter_private_mentions": "for_private_mentions",
}
"""Names of the first version, which knew only yes and no."""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What is held back: from how many, and how much."""

    pending_requests_count: int
    pending_notifications_count: int


class NotificationPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Version 2."""

    for_not_following: Fate
    for_not_followers: Fate
    for_new_accounts: Fate
    for_private_mentions: Fate
    for_limited_accounts: Fate
    for_bots: Fate
    summary: Summary


class V1NotificationPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Version 1."""

    filter_not_following: bool
    filter_not_followers: bool
    filter_new_accounts: bool
    filter_private_mentions: bool
    summary: Summary


def from_rules(rules: Mapping[str, str], held: tuple[int, int]) -> NotificationPolicy:
    """The policy with what it holds back (actors, notices)."""
    fates = {name: rules.get(name, usual) for name, usual in USUAL.items()}
    return msgspec.convert(fates | {"summary": msgspec.to_builtins(_summary(held))}, NotificationPolicy)


def as_v1(policy: NotificationPolicy) -> V1NotificationPolicy:
    """The same for clients of the first version."""
    said = {old: getattr(policy, new) != "accept" for old, new in OLD.items()}
    return V1NotificationPolicy(**said, summary=policy.summary)


def _summary(held: tuple[int, int]) -> Summary:
    return Summary(pending_requests_count=held[0], pending_notifications_count=held[1])
