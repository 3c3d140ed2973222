"""What measures put on actors and their posts, and when the data of who is suspended are to be deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from node.store.db import Db
from node.store.queues import jobs
from schemas.records import Measure

_MARKS = {
    "limit": "UPDATE actors SET limited_at = CASE WHEN $2 THEN now() END WHERE id = $1",
    # Looked at again after it: their own server may have suspended them meanwhile.
    "suspend": """
        UPDATE actors
           SET suspended_at = CASE WHEN $2 THEN now() END, suspended_there = false,
               fetched_at = CASE WHEN $2 THEN fetched_at END
         WHERE id = $1
        """,
    "freeze": "UPDATE actors SET frozen_at = CASE WHEN $2 THEN now() END WHERE id = $1",
    "sensitive": "UPDATE actors SET sensitized_at = CASE WHEN $2 THEN now() END WHERE id = $1",
}
_OF_PERSONS = (
    "announcement_reads", "markers", "notifications", "passkeys", "recovery_codes", "scheduled_posts", "sessions",
    "tokens", "totp",
)  # fmt: skip
Mark = Literal["limit", "suspend", "freeze", "sensitive"]


async def mark_actor(db: Db, actor_id: int, kind: Mark, *, on: bool) -> None:
    """Put a measure on an actor in force, or lift it; its caches elsewhere learn of it with `updated_at`."""
    await db.execute(_MARKS[kind], actor_id, on)


async def shut_out(db: Db, actor_id: int, *, on: bool) -> None:
    """Let the account of a local actor do nothing but read, or let it again."""
    await db.execute("UPDATE accounts SET disabled_at = CASE WHEN $2 THEN now() END WHERE actor_id = $1", actor_id, on)


async def mark_posts(db: Db, actor_id: int, *, on: bool) -> None:
    """Mark what an actor shows as sensitive, or take back the marks that a measure made, not those of the author."""
    if on:
        await db.execute(
            """
            UPDATE posts SET sensitive = true, made_sensitive = true
             WHERE actor_id = $1 AND NOT sensitive AND deleted_at IS NULL AND json_array_length(attachments) > 0
            """,
            actor_id,
        )
    else:
        await db.execute(
            "UPDATE posts SET sensitive = false, made_sensitive = false WHERE actor_id = $1 AND made_sensitive",
            actor_id,
        )


async def set_purge(db: Db, measure_id: int, purge_at: datetime) -> Measure:
    """Say when what a suspension hides is deleted."""
    row = await db.fetchrow("UPDATE measures SET purge_at = $2 WHERE id = $1 RETURNING *", measure_id, purge_at)
    return msgspec.convert(dict(row), Measure)


async def list_to_purge(db: Db) -> list[Measure]:
    """Suspensions in force whose grace is over; not those that somebody still has to confirm."""
    rows = await db.fetch(
        """
        SELECT * FROM measures
         WHERE state = 'executed' AND purge_at <= now() AND purged_at IS NULL AND lapses_at IS NULL
         ORDER BY purge_at LIMIT 100
        """
    )
    return [msgspec.convert(dict(row), Measure) for row in rows]


async def set_purged(db: Db, measure_id: int) -> bool:
    """Say that the data were deleted. False if they were before."""
    done: str = await db.execute(
        "UPDATE measures SET purged_at = now() WHERE id = $1 AND purged_at IS NULL", measure_id
    )
    return done == "UPDATE 1"


async def forget_person(db: Db, actor_id: int) -> None:
    """Delete what an account holds about its person; its row stays, since the log and posts of the hub name it."""
    await db.execute(
        """
        UPDATE accounts
           SET email = NULL, password_hash = NULL, preferences = '{}', disabled_at = coalesce(disabled_at, now())
         WHERE actor_id = $1
        """,
        actor_id,
    )
    for table in _OF_PERSONS:
        await db.execute(
            f"DELETE FROM {table} WHERE account_id = (SELECT id FROM accounts WHERE actor_id = $1)",  # noqa: S608
            actor_id,
        )


async def drop_media(db: Db, actor_id: int) -> None:
    """Delete what an actor brought that no post shows any more, its pictures among it; the files follow."""
    await db.execute("UPDATE actors SET icon_id = NULL, banner_id = NULL WHERE id = $1", actor_id)
    rows = await db.fetch(
        """
        DELETE FROM media
         WHERE owner_id = $1 AND NOT EXISTS (SELECT FROM post_media WHERE media_id = media.id)
           AND NOT EXISTS (SELECT FROM actors WHERE icon_id = media.id OR banner_id = media.id)
           AND NOT EXISTS (SELECT FROM emojis WHERE media_id = media.id)
           AND NOT EXISTS (SELECT FROM cards WHERE media_id = media.id)
        RETURNING path, preview_path
        """,
        actor_id,
    )
    if names := [name for row in rows for name in row if name]:
        await jobs.add(db, "remove_files", {"names": names})
