"""What a post said before it was changed: one row per change, with who made it and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from node.store.db import Db
from schemas.limits import EDITS_KEPT
from schemas.records import Post, Record
from schemas.things import Attachment, Poll, Version


class Edit(Record, frozen=True, kw_only=True):
    """What stood there until `edited_at`, when `edited_by` (an account; None for other servers) changed it."""

    id: int
    post_id: int
    edited_by: int | None
    versions: list[Version]
    detail: dict[str, Any] | None
    edited_at: datetime
    sensitive: bool = False
    attachments: Sequence[Attachment] = ()
    poll: Poll | None = None


async def insert(db: Db, before: Post, edited_at: datetime, edited_by: int | None = None) -> None:
    """Keep what a post says now, just before it is changed; of very many changes the last ones."""
    await db.execute(
        """
        INSERT INTO edits (post_id, edited_by, versions, detail, edited_at, sensitive, attachments, poll)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        before.id,
        edited_by,
        before.versions,
        before.event or before.finding or before.call,
        edited_at,
        before.sensitive,
        before.attachments,
        before.poll,
    )
    await db.execute(
        """
        DELETE FROM edits
         WHERE post_id = $1
           AND id <= (SELECT id FROM edits WHERE post_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1)
        """,
        before.id,
        EDITS_KEPT,
    )


async def list_of(db: Db, post_id: int) -> list[Edit]:
    """The earlier texts of a post, the oldest first."""
    rows = await db.fetch("SELECT * FROM edits WHERE post_id = $1 ORDER BY id", post_id)
    return msgspec.convert([dict(row) for row in rows], list[Edit])
