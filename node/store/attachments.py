"""Media that may be attached to something: processed, and uploaded by who attaches them."""

from __future__ import annotations

from collections.abc import Sequence

from node.store.db import Db
from schemas.records import Medium


async def find_own(db: Db, owner_ids: Sequence[int], media_ids: Sequence[int]) -> dict[int, Medium]:
    """Those of the media that one of the owners uploaded, by id, in whatever state."""
    rows = await db.fetch(
        "SELECT * FROM media WHERE id = ANY ($1) AND owner_id = ANY ($2)",
        media_ids,
        owner_ids,
    )
    return {row["id"]: Medium(**row) for row in rows}
