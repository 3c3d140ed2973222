"""An account's notices put together for reading: who likes or passes on the same thing stands in one line."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from node.store.db import Db
from node.store.notices.notifications import Notification
from schemas.limits import NOTICES_GROUPED, NOTICES_SHOWN
from schemas.records import Record


class Group(Record, frozen=True, kw_only=True):
    """Notices shown as one: the newest of them, from whom they come (the latest first), how many from others than
    those, and whether one of them is new."""

    notice: Notification
    from_ids: list[int]
    more: int
    new: bool


async def list_of(
    db: Db, account_id: int, kinds: Sequence[str] | None, *, before: int | None, limit: int
) -> list[Group]:
    """The groups of the last NOTICES_GROUPED notices of these kinds (None: of all), the newest first."""
    rows = await db.fetch(
        """
        WITH found AS (
            SELECT *, CASE WHEN kind IN ('like', 'boost') THEN kind || post_id
                           WHEN kind = 'follow' THEN kind || created_at::date
                           ELSE 'one' || id END AS key
              FROM notifications
             WHERE account_id = $1 AND ($2::text[] IS NULL OR kind = ANY ($2))
             ORDER BY id DESC
             LIMIT $5
        ), grouped AS (
            SELECT max(id) AS newest, count(*) AS count, bool_or(seen_at IS NULL) AS new,
                   (array_agg(from_id ORDER BY id DESC) FILTER (WHERE from_id IS NOT NULL))[1:$6] AS from_ids
              FROM found
             GROUP BY key
        )
        SELECT n.*, g.count, g.new, coalesce(g.from_ids, '{}') AS from_ids
          FROM grouped g
          JOIN notifications n ON n.id = g.newest
         WHERE $3::bigint IS NULL OR g.newest < $3
         ORDER BY g.newest DESC
         LIMIT $4
        """,
        account_id,
        kinds,
        before,
        limit,
        NOTICES_GROUPED,
        NOTICES_SHOWN,
    )
    return [_group(dict(row)) for row in rows]


def _group(row: dict[str, object]) -> Group:
    count, new, from_ids = row.pop("count"), row.pop("new"), row.pop("from_ids")
    people = list(dict.fromkeys(msgspec.convert(from_ids, list[int])))
    more = max(0, msgspec.convert(count, int) - 1)
    return Group(notice=msgspec.convert(row, Notification), from_ids=people, more=more, new=bool(new))
