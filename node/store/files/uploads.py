"""Uploads that nothing shows yet: their owner may still describe them otherwise, or take them back."""

from __future__ import annotations

from node.store.db import Db
from node.store.queues import jobs
from schemas.records import Medium


async def is_shown(db: Db, medium_id: int) -> bool:
    """Whether a post, a profile or an emoji shows it, or a post that is to come will."""
    shown: bool = await db.fetchval(
        """
        SELECT EXISTS (SELECT FROM post_media WHERE media_id = $1)
            OR EXISTS (SELECT FROM actors WHERE icon_id = $1)
            OR EXISTS (SELECT FROM actors WHERE banner_id = $1)
            OR EXISTS (SELECT FROM emojis WHERE media_id = $1)
            OR EXISTS (SELECT FROM cards WHERE media_id = $1)
            OR EXISTS (SELECT FROM scheduled_posts WHERE $1 = ANY (media_ids))
        """,
        medium_id,
    )
    return shown


async def describe(db: Db, medium_id: int, alt: str | None, focus: tuple[float, float] | None) -> Medium:
    """Describe it; None leaves that part as it is."""
    row = await db.fetchrow(
        """
        UPDATE media
           SET alt = coalesce($2, alt), focus_x = coalesce($3, focus_x), focus_y = coalesce($4, focus_y)
         WHERE id = $1
        RETURNING *
        """,
        medium_id,
        alt,
        *(focus or (None, None)),
    )
    return Medium(**row)


async def use_as_preview(db: Db, medium_id: int, picture: Medium) -> Medium:
    """Show another picture in its place while it does not play; that picture is no medium of its own any more. The
    files that nothing names then are swept away."""
    await db.execute("DELETE FROM media WHERE id = $1", picture.id)
    row = await db.fetchrow(
        """
        UPDATE media SET preview_path = $2, blurhash = $3, preview_width = $4, preview_height = $5
         WHERE id = $1
        RETURNING *
        """,
        medium_id,
        picture.path,
        picture.blurhash,
        picture.width,
        picture.height,
    )
    return Medium(**row)


async def delete(db: Db, medium_id: int) -> None:
    """It is gone, and its files follow."""
    row = await db.fetchrow("DELETE FROM media WHERE id = $1 RETURNING path, preview_path", medium_id)
    if row and (names := [name for name in row if name]):
        await jobs.add(db, "remove_files", {"names": names})
