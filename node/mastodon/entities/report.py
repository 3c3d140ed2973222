"""Reports, as who sent them sees them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from node.mastodon.answers import moment
from node.mastodon.entities.account import Account, render_accounts
from node.mastodon.eyes import Eyes
from node.store.moderation import reports
from node.store.moderation.reports import Report as Kept
from node.store.people import people


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was reported, and whether somebody has looked at it."""

    id: str
    action_taken: bool
    action_taken_at: str | None
    category: str
    comment: str
    forwarded: bool
    created_at: str
    status_ids: list[str]
    rule_ids: list[str]
    target_account: Account


async def render_reports(eyes: Eyes, kept: Sequence[Kept]) -> list[Report]:
    """One per report, in their order, in a constant number of queries."""
    if not kept:
        return []
    ids = await reports.post_ids(eyes.db, [uri for one in kept for uri in one.post_uris])
    found = await people.get_many(eyes.db, [one.actor_id for one in kept])
    about = dict(zip(found, await render_accounts(eyes, list(found.values())), strict=True))
    return [
        Report(
            id=str(one.id),
            action_taken=one.resolved_at is not None,
            action_taken_at=moment(one.resolved_at) if one.resolved_at else None,
            category=one.category,
            comment=one.content,
            forwarded=one.forward,
            created_at=moment(one.created_at),
            status_ids=[str(ids[uri]) for uri in one.post_uris if uri in ids],
            rule_ids=one.rule_ids,
            target_account=about[one.actor_id],
        )
        for one in kept
    ]
