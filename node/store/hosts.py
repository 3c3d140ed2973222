"""What we know of other servers: whether we may talk to them, how they want to be signed to, and how they fare."""

from __future__ import annotations

import msgspec

from node.store.db import Db
from schemas.records import Host


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """What decides about federation: domains under a measure in force, and, unless open, the hosts let in."""

    suspended: tuple[str, ...]
    approved: tuple[str, ...]
    open: bool


async def permission(db: Db) -> Permission:
    """All that `may_federate` needs, in one look."""
    row = await db.fetchrow(
        """
        SELECT coalesce((SELECT array_agg(target) FROM measures
                         WHERE kind = 'suspend' AND target_kind = 'domain' AND state = 'executed'
                           AND (ends_at IS NULL OR ends_at > now())), '{}') AS suspended,
               coalesce((SELECT array_agg(host) FROM hosts WHERE approved_at IS NOT NULL), '{}') AS approved,
               coalesce((SELECT federation_mode = 'open' FROM hub), true) AS open
        """
    )
    return Permission(suspended=tuple(row["suspended"]), approved=tuple(row["approved"]), open=row["open"])


async def find(db: Db, host: str) -> Host | None:
    """What we know of a host."""
    row = await db.fetchrow("SELECT * FROM hosts WHERE host = $1", host)
    return Host(**row) if row else None
