"""What an actor keeps about others for itself: private notes, and whom it shows on its profile."""

from __future__ import annotations

from node.store.db import Db


async def set_note(db: Db, actor_id: int, about_id: int, text: str) -> None:
    """Keep a note; an empty one is none."""
    if not text:
        await db.execute("DELETE FROM actor_notes WHERE actor_id = $1 AND about_id = $2", actor_id, about_id)
        return
    await db.execute(
        """
        INSERT INTO actor_notes (actor_id, about_id, text) VALUES ($1, $2, $3)
        ON CONFLICT (actor_id, about_id) DO UPDATE SET text = excluded.text
        """,
        actor_id,
        about_id,
        text,
    )


async def endorse(db: Db, actor_id: int, endorsed_id: int) -> None:
    """Show somebody on the profile."""
    await db.execute(
        "INSERT INTO endorsements (actor_id, endorsed_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", actor_id, endorsed_id
    )


async def unendorse(db: Db, actor_id: int, endorsed_id: int) -> None:
    """Show them no more."""
    await db.execute("DELETE FROM endorsements WHERE actor_id = $1 AND endorsed_id = $2", actor_id, endorsed_id)
