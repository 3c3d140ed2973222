"""What an account should look at. Notices about the same thing from the same actor stand once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from node.store.db import Db
from schemas.records import Record

Kind = Literal[
    "mention", "reply", "follow", "follow_request", "follow_accepted", "like", "boost",
    "rsvp", "answer", "answer_decided", "update", "report", "suggested_hub",
]  # fmt: skip


class Notification(Record, frozen=True, kw_only=True):
    """One notice, with the actor it comes from and the post it is about."""

    id: int
    account_id: int
    kind: str
    from_id: int | None
    post_id: int | None
    detail: dict[str, Any]
    created_at: datetime
    seen_at: datetime | None


async def insert(
    db: Db,
    account_id: int,
    kind: Kind,
    *,
    from_id: int | None = None,
    post_id: int | None = None,
    detail: dict[str, Any] | None = None,
) -> bool:
    """Notify an account. False where the same notice stands already."""
    done: str = await db.execute(
        """
        INSERT INTO notifications (account_id, kind, from_id, post_id, detail) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING
        """,
        account_id,
        kind,
        from_id,
        post_id,
        detail or {},
    )
    return done == "INSERT 0 1"


async def tell_actor(
    db: Db,
    actor_id: int,
    kind: Kind,
    *,
    from_id: int | None = None,
    post_id: int | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Notify who stands behind a local actor: the member, or for the hub's actors all who may publish as the hub."""
    await db.execute(
        """
        INSERT INTO notifications (account_id, kind, from_id, post_id, detail)
        SELECT accounts.id, $2, $3, $4, $5
          FROM actors
          JOIN accounts ON accounts.disabled_at IS NULL AND (
                   accounts.actor_id = actors.id
                   OR actors.role_here IN ('hub', 'area', 'group') AND EXISTS (
                       SELECT FROM mandates JOIN roles ON roles.name = mandates.role
                        WHERE mandates.account_id = accounts.id
                          AND 'publish_as_hub' = ANY (roles.permissions)
                          AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())))
         WHERE actors.id = $1 AND actors.local
        ON CONFLICT DO NOTHING
        """,
        actor_id,
        kind,
        from_id,
        post_id,
        detail or {},
    )


async def list_of(db: Db, account_id: int, *, before: int | None, limit: int) -> list[Notification]:
    """An account's notices, newest first, older than `before`."""
    rows = await db.fetch(
        """
        SELECT *
          FROM notifications
         WHERE account_id = $1 AND ($2::bigint IS NULL OR id < $2)
         ORDER BY id DESC
         LIMIT $3
        """,
        account_id,
        before,
        limit,
    )
    return [msgspec.convert(dict(row), Notification) for row in rows]


async def count_unseen(db: Db, account_id: int) -> int:
    """How many notices the account has not seen."""
    count: int = await db.fetchval(
        "SELECT count(*) FROM notifications WHERE account_id = $1 AND seen_at IS NULL", account_id
    )
    return count


async def mark_seen(db: Db, account_id: int, up_to: int) -> None:
    """Mark all notices up to this id as seen."""
    await db.execute(
        "UPDATE notifications SET seen_at = now() WHERE account_id = $1 AND id <= $2 AND seen_at IS NULL",
        account_id,
        up_to,
    )
