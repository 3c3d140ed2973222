"""Media of servers whose media are refused: pictures of posts, of people and emoji, taken away and given back."""

from __future__ import annotations

import msgspec

from node.store.db import Db
from node.store.files import media
from schemas.records import Actor

_ACTOR = msgspec.json.Decoder(Actor)
_CHANGED = """
    WITH theirs AS MATERIALIZED (
        SELECT id, icon_id, banner_id FROM actors WHERE NOT local AND host_within(host, $1)),
    shown AS (
        SELECT icon_id AS id FROM theirs
        UNION
        SELECT banner_id FROM theirs
        UNION
        SELECT media_id FROM theirs JOIN posts p ON p.actor_id = theirs.id JOIN post_media m ON m.post_id = p.id
        UNION
        SELECT media_id FROM emojis WHERE host <> '' AND host_within(host, $1)),
    wanted AS (
        SELECT m.id, NOT EXISTS (
               SELECT FROM (SELECT id AS actor_id FROM actors WHERE icon_id = m.id
                             UNION ALL
                            SELECT id FROM actors WHERE banner_id = m.id
                             UNION ALL
                            SELECT p.actor_id FROM post_media pm JOIN posts p ON p.id = pm.post_id
                             WHERE pm.media_id = m.id) by JOIN actors a ON a.id = by.actor_id
                WHERE a.local OR NOT domain_measure('reject_media', a.host))
               AND NOT EXISTS (
               SELECT FROM emojis e WHERE e.media_id = m.id AND NOT domain_measure('reject_media', e.host)) AS withheld
          FROM shown JOIN media m USING (id)
         WHERE m.remote_url IS NOT NULL)
    UPDATE media m
       SET withheld = w.withheld,
           evicted_at = CASE WHEN w.withheld AND m.state = 'ready' THEN coalesce(m.evicted_at, now())
                             ELSE m.evicted_at END
      FROM (SELECT wanted.* FROM wanted JOIN media USING (id) WHERE media.withheld <> wanted.withheld LIMIT $2) w
     WHERE m.id = w.id
    RETURNING m.id, m.withheld, m.path, m.preview_path
"""


async def mark(db: Db, domain: str, limit: int) -> list[tuple[str, ...]]:
    """Withhold, of what a domain and all below it show and nobody else, as much as the measures now in force say, and
    give back the rest, which is fetched when somebody looks at it; `limit` at a time. For each the names of the files
    that are to go: none for what is given back."""
    async with db.transaction():
        return await _mark(db, domain, limit)


async def list_bare(db: Db, domain: str, after: int, limit: int) -> list[Actor]:
    """People of a domain and all below it whose pictures were not taken while they were refused; by number."""
    rows = await db.fetch(
        """
        SELECT row_to_json(a)::text AS found FROM public_actors a
         WHERE NOT a.local AND host_within(a.host, $1) AND a.id > $2 AND a.deleted_at IS NULL
           AND (a.icon_id IS NULL AND a.icon_url IS NOT NULL OR a.banner_id IS NULL AND a.banner_url IS NOT NULL)
           AND NOT domain_measure('reject_media', a.host) AND NOT a.host_suspended
         ORDER BY a.id LIMIT $3
        """,
        domain,
        after,
        limit,
    )
    return [_ACTOR.decode(row["found"]) for row in rows]


async def _mark(db: Db, domain: str, limit: int) -> list[tuple[str, ...]]:
    rows = await db.fetch(_CHANGED, domain, limit)
    gone = [row["id"] for row in rows if row["withheld"]]
    await db.execute(
        """
        UPDATE actors
           SET icon_url = CASE WHEN icon_id = ANY ($1) THEN NULL ELSE icon_url END,
               banner_url = CASE WHEN banner_id = ANY ($1) THEN NULL ELSE banner_url END
         WHERE icon_id = ANY ($1) OR banner_id = ANY ($1)
        """,
        gone,
    )
    await media.show_pictures(db, [row["id"] for row in rows if not row["withheld"]])
    return [
        tuple(name for name in (row["path"], row["preview_path"]) if name) if row["withheld"] else () for row in rows
    ]
