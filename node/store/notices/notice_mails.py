"""Notices that somebody has not seen after a while and wants to hear of by mail: all of a kind together, and not again
for some time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from node.store.db import Db
from schemas.limits import NOTICE_MAIL_OLD_SECONDS
from schemas.records import Record


class Unseen(Record, frozen=True, kw_only=True):
    """What an account has not seen of a kind, the newest first."""

    account_id: int
    kind: str
    notices: list[int]


async def due(
    db: Db, kinds: Sequence[str], usual: Sequence[str], *, after: timedelta, gap: timedelta, limit: int
) -> list[Unseen]:
    """Notices of these kinds, unseen for `after`, for those who want letters about them (without a choice: about the
    `usual` ones) and had none of that kind for `gap`."""
    rows = await db.fetch(
        """
        SELECT n.account_id, n.kind, (array_agg(n.id ORDER BY n.id DESC))[1:$6] AS notices
          FROM notifications n
          JOIN accounts a ON a.id = n.account_id
          JOIN actors ON actors.id = a.actor_id AND actors.suspended_at IS NULL AND actors.deleted_at IS NULL
          LEFT JOIN notice_mails m ON m.account_id = n.account_id AND m.kind = n.kind
          LEFT JOIN mail_choices c ON c.account_id = n.account_id AND c.kind = n.kind
         WHERE n.seen_at IS NULL AND NOT n.filtered
           AND n.created_at BETWEEN now() - $5 * interval '1 second' AND now() - $3::interval
           AND n.kind = ANY ($1) AND coalesce(c.wanted, n.kind = ANY ($2))
           AND n.id > coalesce(m.up_to, 0) AND coalesce(m.sent_at < now() - $4::interval, true)
           AND a.email IS NOT NULL AND a.confirmed_at IS NOT NULL AND a.disabled_at IS NULL
         GROUP BY n.account_id, n.kind
         LIMIT $6
        """,
        kinds,
        usual,
        after,
        gap,
        NOTICE_MAIL_OLD_SECONDS,
        limit,
    )
    return [Unseen(**row) for row in rows]


async def claim(db: Db, account_id: int, kind: str, up_to: int) -> bool:
    """Note that a letter tells of all up to this notice; False where somebody was quicker."""
    done = await db.fetchval(
        """
        INSERT INTO notice_mails AS m (account_id, kind, up_to) VALUES ($1, $2, $3)
        ON CONFLICT (account_id, kind) DO UPDATE SET up_to = excluded.up_to, sent_at = now()
         WHERE m.up_to < excluded.up_to
        RETURNING true
        """,
        account_id,
        kind,
        up_to,
    )
    return done is True
