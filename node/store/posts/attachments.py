"""Media that may be attached to something: processed, and uploaded by who attaches them."""

from __future__ import annotations

from collections.abc import Sequence

from node.store.db import Db
from schemas.records import Medium


async def find_own(db: Db, owner_ids: Sequence[int], media_ids: Sequence[int]) -> dict[int, Medium]:
    """Those of the media that one of the owners uploaded, or has published already (another editor may have uploaded
    them), by id, in whatever state. Nobody else's (case 81)."""
    rows = await db.fetch(
        """
        SELECT m.*
          FROM media m
         WHERE m.id = ANY ($1)
           AND (m.owner_id = ANY ($2)
                OR EXISTS (SELECT FROM post_media JOIN posts ON posts.id = post_id
                            WHERE media_id = m.id AND posts.actor_id = ANY ($2)))
        """,
        media_ids,
        owner_ids,
    )
    return {row["id"]: Medium(**row) for row in rows}
