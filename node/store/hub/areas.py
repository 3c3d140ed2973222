"""Fields of activity (housing, carsharing, …): a name for machines, labels for people, and an actor to follow."""

from __future__ import annotations

import msgspec

from node.store.db import Db
from schemas.records import Actor, Record


class Area(Record, frozen=True, kw_only=True):
    """An area; `labels` by language, in the hub's order."""

    name: str
    actor_id: int
    labels: dict[str, str]
    position: int

    def label(self, language: str) -> str:
        """What it is called in a language, else in the first one it has, else its plain name."""
        return self.labels.get(language) or next(iter(self.labels.values()), self.name)


async def insert(db: Db, name: str, actor_id: int, labels: dict[str, str], position: int = 0) -> Area:
    """A new area with its actor. A name that is taken raises UniqueViolationError."""
    row = await db.fetchrow(
        """
        INSERT INTO areas (name, actor_id, labels, position) VALUES ($1, $2, $3, $4)
        RETURNING name, actor_id, labels, position
        """,
        name,
        actor_id,
        labels,
        position,
    )
    return Area(**row)


async def find(db: Db, name: str) -> Area | None:
    """The area of this name, also one that is retired."""
    row = await db.fetchrow("SELECT name, actor_id, labels, position FROM areas WHERE name = $1", name)
    return Area(**row) if row else None


async def find_actor(db: Db, name: str) -> Actor | None:
    """The actor of an area."""
    row = await db.fetchrow(
        """
        SELECT row_to_json(a)::text AS actor
          FROM areas
          JOIN public_actors a ON a.id = areas.actor_id
         WHERE areas.name = $1
        """,
        name,
    )
    return msgspec.json.decode(row["actor"], type=Actor) if row else None


async def list_all(db: Db) -> list[Area]:
    """All areas that the hub offers, in its order; there are some tens at most."""
    rows = await db.fetch(
        "SELECT name, actor_id, labels, position FROM areas WHERE retired_at IS NULL ORDER BY position, name"
    )
    return [Area(**row) for row in rows]
