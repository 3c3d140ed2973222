"""What stewards see of announcements: those to come, those told now, and those that are over."""

from __future__ import annotations

from datetime import datetime

import msgspec

from node.store.db import Db
from schemas.records import Record
from schemas.things import Version

_VERSIONS = msgspec.json.Decoder(list[Version])


class Told(Record, frozen=True, kw_only=True):
    """One announcement; `told_at` None: nobody was told yet."""

    id: int
    versions: list[Version]
    starts_at: datetime | None
    ends_at: datetime | None
    published_at: datetime
    told_at: datetime | None
    withdrawn_at: datetime | None
    readers: int

    @property
    def over(self) -> bool:
        """Whether it was taken back, or its time is over."""
        return self.withdrawn_at is not None or (
            self.ends_at is not None and self.ends_at <= datetime.now(self.ends_at.tzinfo)
        )


async def list_of(db: Db, limit: int) -> list[Told]:
    """The last ones first."""
    rows = await db.fetch(
        """
        SELECT id, versions::text, starts_at, ends_at, published_at, told_at, withdrawn_at,
               (SELECT count(*) FROM announcement_reads r WHERE r.announcement_id = a.id) AS readers
          FROM announcements a
         ORDER BY published_at DESC, id DESC
         LIMIT $1
        """,
        limit,
    )
    return [Told(**dict(row) | {"versions": _VERSIONS.decode(row["versions"])}) for row in rows]


async def take_due(db: Db) -> list[int]:
    """Those whose time has come: each is given once."""
    rows = await db.fetch(
        """
        UPDATE announcements SET told_at = now()
         WHERE told_at IS NULL AND published_at <= now() AND withdrawn_at IS NULL
        RETURNING id
        """
    )
    return [row["id"] for row in rows]
