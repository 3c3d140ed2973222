"""Changing the fields of activity: what they are called, in which order they stand, and which are used no more."""

from __future__ import annotations

from collections.abc import Mapping

from node.store.db import Db
from node.store.hub.areas import Area


async def list_retired(db: Db) -> list[Area]:
    """Areas that are offered no more; their pages stay."""
    rows = await db.fetch(
        "SELECT name, actor_id, labels, position FROM areas WHERE retired_at IS NOT NULL ORDER BY position, name"
    )
    return [Area(**row) for row in rows]


async def rename(db: Db, area: Area, labels: Mapping[str, str], label: str) -> None:
    """Call an area and its actor otherwise; `label` is its name in the hub's main language."""
    await db.execute("UPDATE areas SET labels = $2 WHERE name = $1", area.name, dict(labels))
    await db.execute(
        "UPDATE actors SET display_name = $2, display_names = $3, updated_at = now() WHERE id = $1",
        area.actor_id,
        label,
        dict(labels),
    )


async def move(db: Db, name: str, position: int) -> None:
    """Put an area at this place."""
    await db.execute("UPDATE areas SET position = $2 WHERE name = $1", name, position)


async def retire(db: Db, name: str, merged_into: str | None = None) -> bool:
    """Offer it no more. False if it was so before."""
    done: str = await db.execute(
        "UPDATE areas SET retired_at = now(), merged_into = $2 WHERE name = $1 AND retired_at IS NULL",
        name,
        merged_into,
    )
    return done == "UPDATE 1"


async def take_up(db: Db, name: str) -> bool:
    """Offer it again. False if it is offered."""
    done: str = await db.execute(
        "UPDATE areas SET retired_at = NULL, merged_into = NULL WHERE name = $1 AND retired_at IS NOT NULL", name
    )
    return done == "UPDATE 1"


async def hand_over(db: Db, old: str, new: str) -> int:
    """What stands in one area stands in another from now on: things of ours, and what members look for. How many
    things."""
    await db.execute(
        """
        UPDATE matching_profiles
           SET areas = ARRAY(SELECT DISTINCT unnest(array_replace(areas, $1, $2)))
         WHERE $1 = ANY (areas)
        """,
        old,
        new,
    )
    done: str = await db.execute("UPDATE posts SET area = $2 WHERE area = $1 AND local", old, new)
    return int(done.rpartition(" ")[2])
