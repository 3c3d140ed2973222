"""Who liked a post and who passed it on, the last first; walked by the like or boost."""

from __future__ import annotations

import msgspec

from node.store.db import Db
from node.store.people.people import Listed
from node.store.posts.reading import Page, rows_of
from schemas.records import Actor

_ACTOR = msgspec.json.Decoder(Actor)


async def list_likers(db: Db, post_id: int, page: Page, *, viewer: int | None) -> list[Listed]:
    """Who liked a post; left out are those who may not be listed for the viewer."""
    return await _listed(
        db,
        page,
        """
        SELECT r.id AS cursor, row_to_json(a)::text AS actor
          FROM reactions r
          JOIN public_actors a ON a.id = r.actor_id
         WHERE r.id > $1 AND r.id < $2 AND r.post_id = $4 AND r.kind = 'like' AND may_be_listed(a.id, $5)
         ORDER BY cursor DESC
         LIMIT $3
        """,
        post_id,
        viewer,
    )


async def list_boosters(db: Db, post_id: int, page: Page, *, viewer: int | None) -> list[Listed]:
    """Who passed a post on, as far as the viewer may see their boosts."""
    return await _listed(
        db,
        page,
        """
        SELECT p.id AS cursor, row_to_json(a)::text AS actor
          FROM posts p
          JOIN public_actors a ON a.id = p.actor_id
         WHERE p.id > $1 AND p.id < $2 AND p.boost_of_id = $4 AND p.deleted_at IS NULL
           AND may_see(p, $5) AND may_be_listed(a.id, $5)
         ORDER BY cursor DESC
         LIMIT $3
        """,
        post_id,
        viewer,
    )


async def _listed(db: Db, page: Page, sql: str, *arguments: object) -> list[Listed]:
    rows = await rows_of(db, page, sql, *arguments)
    return [Listed(cursor=row["cursor"], actor=_ACTOR.decode(row["actor"])) for row in rows]
