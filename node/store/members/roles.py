"""Roles: named sets of permissions, and how many people should hold each."""

from __future__ import annotations

from collections.abc import Sequence

from node.store.db import Db
from schemas.records import Record


class Role(Record, frozen=True, kw_only=True):
    """`seats`: how many should hold it; 0: as many as there are."""

    name: str
    permissions: list[str]
    seats: int


async def list_all(db: Db) -> dict[str, Role]:
    """All roles by name."""
    rows = await db.fetch("SELECT name, permissions, seats FROM roles ORDER BY created_at, cardinality(permissions)")
    return {row["name"]: Role(**row) for row in rows}


async def put(db: Db, name: str, permissions: Sequence[str], seats: int) -> None:
    """Make a role, or change what it may do: for all who hold it, at once."""
    await db.execute(
        """
        INSERT INTO roles (name, permissions, seats) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET permissions = excluded.permissions, seats = excluded.seats
        """,
        name,
        list(permissions),
        seats,
    )


async def somebody_holds(db: Db, permission: str) -> bool:
    """Whether anybody has this permission today."""
    held: bool = await db.fetchval(
        """
        SELECT EXISTS (
            SELECT FROM mandates m JOIN roles r ON r.name = m.role JOIN accounts a ON a.id = m.account_id
             WHERE $1 = ANY (r.permissions) AND a.disabled_at IS NULL
               AND m.starts_at <= now() AND (m.ends_at IS NULL OR m.ends_at > now()))
        """,
        permission,
    )
    return held
