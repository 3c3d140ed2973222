"""How the acting actor stands to others."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from node.mastodon.answers import moment
from node.mastodon.eyes import Eyes
from node.store.people import standing


class Relationship(msgspec.Struct, frozen=True, kw_only=True):
    """Every boolean, every time: strict clients fail without."""

    id: str
    following: bool = False
    showing_reblogs: bool = False
    notifying: bool = False
    languages: list[str] | None = None
    followed_by: bool = False
    blocking: bool = False
    blocked_by: bool = False
    muting: bool = False
    muting_notifications: bool = False
    muting_expires_at: str | None = None
    requested: bool = False
    requested_by: bool = False
    domain_blocking: bool = False
    endorsed: bool = False
    note: str = ""


async def render_relationships(eyes: Eyes, actor_ids: Sequence[int]) -> list[Relationship]:
    """One per actor that there is, in the order asked for, in one query."""
    if eyes.me is None:
        return []
    found = await standing.towards(eyes.db, eyes.me, actor_ids)
    return [_rendered(found[one]) for one in dict.fromkeys(actor_ids) if one in found]


def _rendered(one: standing.Standing) -> Relationship:
    return Relationship(
        id=str(one.id),
        following=one.follow == "accepted",
        showing_reblogs=one.follow is not None and bool(one.boosts),
        notifying=one.follow is not None and bool(one.notify),
        languages=one.languages,
        followed_by=one.followed_by == "accepted",
        blocking=one.blocking,
        blocked_by=one.blocked_by,
        muting=one.muting,
        muting_notifications=one.muting and bool(one.muting_notifications),
        muting_expires_at=moment(one.mute_ends_at) if one.mute_ends_at else None,
        requested=one.follow == "pending",
        requested_by=one.followed_by == "pending",
        domain_blocking=one.domain_blocking,
        endorsed=one.endorsed,
        note=one.note or "",
    )
