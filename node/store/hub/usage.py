"""How much this hub is used, in true figures (NodeInfo, FEP-0151)."""

from __future__ import annotations

import msgspec

from node.store.db import Db


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts, those whose members published in the last 30 and 180 days, and public things of ours."""

    accounts: int
    active_month: int
    active_halfyear: int
    posts: int
    comments: int


async def count(db: Db) -> Usage:
    """Count now; one pass over local posts."""
    row = await db.fetchrow(
        """
        SELECT (SELECT count(*) FROM accounts WHERE disabled_at IS NULL) AS accounts,
               count(DISTINCT written_by) FILTER (WHERE published_at > now() - interval '30 days') AS active_month,
               count(DISTINCT written_by) FILTER (WHERE published_at > now() - interval '180 days') AS active_halfyear,
               count(*) FILTER (WHERE in_reply_to IS NULL AND kind <> 'boost' AND audience = 'public') AS posts,
               count(*) FILTER (WHERE in_reply_to IS NOT NULL AND audience = 'public') AS comments
        FROM posts
        WHERE local AND deleted_at IS NULL
        """
    )
    return Usage(**row)
