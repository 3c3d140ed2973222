"""Media: uploads of ours and copies of other servers' files, from waiting to ready or failed, as long as somebody
needs them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from node.errors import NotFound
from node.ids import new_id
from node.store.db import Db
from node.store.queues import jobs
from schemas.limits import COPY_WIDTHS_ICON
from schemas.media_types import MediumKind
from schemas.records import Medium, Record

_COPY = re.compile(r"(?P<stem>.+)-w(?P<width>[0-9]{2,4})\.(?P<ending>webp|avif)")
_PICTURES = ("jpg", "png", "webp")
"""How the names of pictures end of which there can be smaller copies."""


class NewMedium(Record, frozen=True, kw_only=True):
    """An upload as its owner describes it; it waits until `finish`."""

    id: int
    owner_id: int
    media_type: str
    kind: MediumKind
    alt: str = ""
    file_name: str = ""
    focus: tuple[float, float] | None = None


class Processed(Record, frozen=True, kw_only=True):
    """What the pipeline made of a file, and under which names it is kept."""

    path: str
    preview_path: str | None = None
    widths: tuple[int, ...] = ()
    avif: bool = False
    media_type: str
    kind: MediumKind
    bytes: int
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    blurhash: str | None = None
    silent: bool | None = None


class Pictures(Record, frozen=True, kw_only=True):
    """The addresses of an actor's avatar and banner."""

    icon_url: str | None
    banner_url: str | None


async def find(db: Db, medium_id: int) -> Medium | None:
    """The medium with this id, in whatever state."""
    row = await db.fetchrow("SELECT * FROM media WHERE id = $1", medium_id)
    return Medium(**row) if row else None


async def silent_among(db: Db, medium_ids: Sequence[int]) -> frozenset[int]:
    """Which of these media are films without a sound."""
    rows = await db.fetch("SELECT id FROM media WHERE id = ANY ($1) AND kind = 'video' AND silent", list(medium_ids))
    return frozenset(row["id"] for row in rows)


async def get_own(db: Db, medium_id: int, owner_ids: Sequence[int]) -> Medium:
    """A medium that one of the owners uploaded; NotFound for anybody else's (case 81)."""
    row = await db.fetchrow("SELECT * FROM media WHERE id = $1 AND owner_id = ANY ($2)", medium_id, owner_ids)
    if row is None:
        raise NotFound
    return Medium(**row)


async def find_by_path(db: Db, path: str) -> Medium | None:
    """The ready medium of which this is the file, the preview or a smaller copy; an avatar's copy need not be there:
    it may be older than such copies. None that only people show whom a measure hides, or of whose server no media are
    taken."""
    copied = _COPY.fullmatch(path)
    row = await db.fetchrow(
        """
        SELECT * FROM media
         WHERE (path = ANY ($2) AND ($3::int = ANY (widths) AND (avif OR $4 = 'webp') OR $3 = ANY ($5::int[]))
                OR path = $1 OR preview_path = $1) AND state = 'ready' AND NOT withheld
           AND coalesce((
               SELECT NOT bool_and(o.suspended_at IS NOT NULL OR o.host_suspended
                                   OR NOT o.local AND domain_measure('reject_media', o.host))
                 FROM (SELECT owner_id AS id
                        UNION ALL
                       SELECT p.actor_id FROM post_media m JOIN posts p ON p.id = m.post_id
                        WHERE m.media_id = media.id) AS shown
                 JOIN actors o ON o.id = shown.id), true)
        """,
        path,
        [f"{copied['stem']}.{ending}" for ending in _PICTURES] if copied else [],
        int(copied["width"]) if copied else None,
        copied["ending"] if copied else None,
        list(COPY_WIDTHS_ICON),
    )
    return Medium(**row) if row else None


async def insert(db: Db, new: NewMedium) -> Medium:
    """Note an upload that is yet to be processed."""
    row = await db.fetchrow(
        """
        INSERT INTO media (id, owner_id, media_type, kind, alt, file_name, focus_x, focus_y)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        RETURNING *
        """,
        new.id,
        new.owner_id,
        new.media_type,
        new.kind,
        new.alt,
        new.file_name,
        *(new.focus or (None, None)),
    )
    return Medium(**row)


async def finish(db: Db, medium_id: int, made: Processed) -> Medium | None:
    """It is ready; whoever has it as avatar or banner shows it from here. None if it was deleted meanwhile."""
    row = await db.fetchrow(
        """
        UPDATE media
           SET path = $2, preview_path = CASE WHEN state = 'waiting' AND remote_url IS NULL
                                              THEN coalesce(preview_path, $3) ELSE $3 END,
               media_type = $4, kind = $5, bytes = $6, width = $7, height = $8,
               duration_ms = $9, blurhash = $10, silent = $11, state = 'ready', error = NULL, used_at = now(),
               evicted_at = NULL, widths = $12, avif = $13
         WHERE id = $1
        RETURNING *
        """,
        medium_id,
        made.path,
        made.preview_path,
        made.media_type,
        made.kind,
        made.bytes,
        made.width,
        made.height,
        made.duration_ms,
        made.blurhash,
        made.silent,
        made.widths,
        made.avif,
    )
    if row is None:
        return None
    await show_pictures(db, [medium_id])
    return Medium(**row)


async def fail(db: Db, medium_id: int, error: str) -> None:
    """It will not become ready, and why."""
    await db.execute("UPDATE media SET state = 'failed', error = $2 WHERE id = $1", medium_id, error)


async def touch(db: Db, medium_id: int, age: timedelta) -> None:
    """Somebody looked at it; written down only if the last time is longer ago than `age`."""
    await db.execute(
        "UPDATE media SET used_at = now() WHERE id = $1 AND used_at < now() - $2::interval", medium_id, age
    )


async def note_missing(db: Db, medium_id: int) -> None:
    """Its files are not where they should be."""
    await db.execute("UPDATE media SET evicted_at = coalesce(evicted_at, now()) WHERE id = $1", medium_id)


async def drop_of_post(db: Db, post_id: int) -> None:
    """A post is deleted, and with it what nothing else shows: its media are served no more, their files follow."""
    rows = await db.fetch("DELETE FROM post_media WHERE post_id = $1 RETURNING media_id", post_id)
    gone = await db.fetch(
        """
        DELETE FROM media
         WHERE id = ANY ($1)
           AND NOT EXISTS (SELECT FROM post_media WHERE media_id = media.id)
           AND NOT EXISTS (SELECT FROM actors WHERE icon_id = media.id)
           AND NOT EXISTS (SELECT FROM actors WHERE banner_id = media.id)
           AND NOT EXISTS (SELECT FROM emojis WHERE media_id = media.id)
           AND NOT EXISTS (SELECT FROM cards WHERE media_id = media.id)
        RETURNING path, preview_path
        """,
        [row["media_id"] for row in rows],
    )
    if names := [name for row in gone for name in row if name]:
        await jobs.add(db, "remove_files", {"names": names})


async def release_of_post(db: Db, post_id: int) -> None:
    """A post is deleted and may be written again: its media are as if they had just been uploaded."""
    await db.execute(
        """
        WITH released AS (DELETE FROM post_media WHERE post_id = $1 RETURNING media_id)
        UPDATE media SET created_at = now() FROM released WHERE id = media_id
        """,
        post_id,
    )


async def delete_unused(db: Db, age: timedelta, limit: int) -> list[tuple[str, ...]]:
    """Delete what is older than `age` and hangs on no post and no profile: the names of the files of
    each."""
    rows = await db.fetch(
        """
        DELETE FROM media
         WHERE id IN (
               SELECT m.id
                 FROM media m
                WHERE created_at < now() - $1::interval
                  AND NOT EXISTS (SELECT FROM post_media WHERE media_id = m.id)
                  AND NOT EXISTS (SELECT FROM actors WHERE icon_id = m.id)
                  AND NOT EXISTS (SELECT FROM actors WHERE banner_id = m.id)
                  AND NOT EXISTS (SELECT FROM emojis WHERE media_id = m.id)
                  AND NOT EXISTS (SELECT FROM cards WHERE media_id = m.id)
                  AND NOT EXISTS (SELECT FROM scheduled_posts WHERE m.id = ANY (media_ids))
                  AND NOT EXISTS (SELECT FROM cards WHERE media_id = m.id)
                LIMIT $2)
        RETURNING path, preview_path
        """,
        age,
        limit,
    )
    return [tuple(name for name in row if name) for row in rows]


async def evict(db: Db, age: timedelta, limit: int) -> list[tuple[str, ...]]:
    """Take note that copies nobody looked at for `age` have no files any more: the names of each one's. Copies from
    hosts that are suspended go at once."""
    rows = await db.fetch(
        """
        UPDATE media
           SET evicted_at = now()
         WHERE id IN (
               SELECT id
                 FROM media
                WHERE remote_url IS NOT NULL AND state = 'ready' AND evicted_at IS NULL
                  AND (used_at < now() - $1::interval
                       OR domain_measure('suspend', split_part(split_part(remote_url, '/', 3), '@', -1)))
                ORDER BY used_at
                LIMIT $2)
        RETURNING path, preview_path
        """,
        age,
        limit,
    )
    return [tuple(name for name in row if name) for row in rows]


async def evict_beyond(db: Db, budget: int, limit: int) -> list[tuple[str, ...]]:
    """As `evict`, for the copies that nobody looked at for longest, until the others take no more than `budget` bytes;
    `limit` at a time."""
    rows = await db.fetch(
        """
        WITH oldest AS (
            SELECT id, sum(coalesce(bytes, 0)) OVER (ORDER BY used_at, id) - coalesce(bytes, 0) AS freed_before
              FROM (SELECT id, bytes, used_at
                      FROM media
                     WHERE remote_url IS NOT NULL AND state = 'ready' AND evicted_at IS NULL
                     ORDER BY used_at, id
                     LIMIT $2) AS longest_unused)
        UPDATE media
           SET evicted_at = now()
          FROM oldest
         WHERE media.id = oldest.id
           AND freed_before < (SELECT sum(bytes) FROM media
                                WHERE remote_url IS NOT NULL AND state = 'ready' AND evicted_at IS NULL) - $1
        RETURNING path, preview_path
        """,
        budget,
        limit,
    )
    return [tuple(name for name in row if name) for row in rows]


async def unknown(db: Db, names: Sequence[str], uploads: Sequence[int]) -> tuple[list[str], list[int]]:
    """Those of the files that no medium has, and those of the waiting uploads that no medium waits for."""
    files = await db.fetch(
        """
        SELECT name
          FROM unnest($1::text[]) AS name
         WHERE NOT EXISTS (SELECT FROM media WHERE path = name AND evicted_at IS NULL)
           AND NOT EXISTS (
               SELECT FROM media
                WHERE path = ANY (ARRAY (SELECT regexp_replace(name, '-w[0-9]+[.](webp|avif)$', '.' || ending)
                                           FROM unnest($2::text[]) AS ending))
                  AND name ~ '-w[0-9]+[.](webp|avif)$' AND evicted_at IS NULL)
           AND NOT EXISTS (SELECT FROM media WHERE preview_path = name AND evicted_at IS NULL)
        """,
        names,
        list(_PICTURES),
    )
    waiting = await db.fetch(
        """
        SELECT upload
          FROM unnest($1::bigint[]) AS upload
         WHERE NOT EXISTS (SELECT FROM media WHERE id = upload AND state = 'waiting')
        """,
        uploads,
    )
    return [row["name"] for row in files], [row["upload"] for row in waiting]


async def note_remote(db: Db, url: str, media_type: str, kind: MediumKind) -> int:
    """The id of our copy of another server's file, which may be there, on its way or only noted now."""
    row = await db.fetchrow("SELECT id, withheld FROM media WHERE remote_url = $1", url)
    if row is not None and row["withheld"]:  # somebody else shows it, too
        await db.execute("UPDATE media SET withheld = false WHERE id = $1", row["id"])
    if row is not None:
        return int(row["id"])
    await db.execute(
        """
        INSERT INTO media (id, remote_url, media_type, kind)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (remote_url) WHERE remote_url IS NOT NULL DO NOTHING
        """,
        new_id(),
        url,
        media_type,
        kind,
    )
    medium_id: int = await db.fetchval("SELECT id FROM media WHERE remote_url = $1", url)
    return medium_id


async def ask_for(db: Db, medium_id: int, host: str) -> None:
    """Have a copy fetched that is not here (yet, or any more). Asked twice, it is fetched once."""
    missing = await db.fetchval(
        "SELECT (state = 'waiting' OR evicted_at IS NOT NULL) AND NOT withheld FROM media WHERE id = $1",
        medium_id,
    )
    if missing:
        await jobs.add(db, "fetch_media", {"medium_id": medium_id}, once=f"fetch_media:{medium_id}", host=host)


async def refuses_media(db: Db, host: str) -> bool:
    """Whether a measure says that media of this host are not taken."""
    refused: bool = await db.fetchval(
        "SELECT domain_measure('reject_media', $1) OR domain_measure('suspend', $1)",
        host,
    )
    return refused


async def use_of(db: Db, medium_id: int) -> Literal["post", "banner", "icon"]:
    """For what a medium serves; the largest counts."""
    row = await db.fetchrow(
        """
        SELECT EXISTS (SELECT FROM actors WHERE icon_id = $1) AS icon,
               EXISTS (SELECT FROM actors WHERE banner_id = $1) AS banner,
               EXISTS (SELECT FROM post_media WHERE media_id = $1) AS post
        """,
        medium_id,
    )
    if row["post"] or not (row["icon"] or row["banner"]):
        return "post"
    return "banner" if row["banner"] else "icon"


async def set_pictures(db: Db, actor_id: int, icon_id: int | None, banner_id: int | None) -> Pictures:
    """Say which media are an actor's avatar and banner; what is ready is shown from here from now on."""
    await db.execute("UPDATE actors SET icon_id = $2, banner_id = $3 WHERE id = $1", actor_id, icon_id, banner_id)
    await show_pictures(db, [one for one in (icon_id, banner_id) if one])
    return Pictures(**await db.fetchrow("SELECT icon_url, banner_url FROM actors WHERE id = $1", actor_id))


async def show_pictures(db: Db, media_ids: Sequence[int]) -> None:
    """Put our own address where the actor's record names its pictures: nobody is sent to another server for them."""
    for medium_id in media_ids:
        await db.execute(
            """
            UPDATE actors
               SET icon_url = CASE WHEN icon_id = m.id THEN hub.base_url || '/media/' || m.path ELSE icon_url END,
                   banner_url = CASE WHEN banner_id = m.id THEN hub.base_url || '/media/' || m.path ELSE banner_url END
              FROM media m, hub
             WHERE m.id = $1 AND m.state = 'ready' AND NOT m.withheld AND m.id IN (icon_id, banner_id)
            """,
            medium_id,
        )
