"""Finding posts by their words: one's own, and public ones whose authors want to be found."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from node.store.db import Db
from schemas.limits import SEARCH_WORDS_CHARS


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for. `author`: only posts of this actor. `after`, `before`: only ids between."""

    words: str
    author: int | None = None
    after: int = 0
    before: int = 2**63 - 1
    limit: int
    offset: int = 0


async def find_posts(db: Db, viewer: int, asked: Asked) -> list[int]:
    """The ids of posts with these words, newest first: what the viewer wrote, and what anybody may find."""
    rows = await db.fetch(
        """
        SELECT p.id
          FROM posts p
         WHERE p.search @@ (SELECT search_question($2))
           AND p.kind <> 'boost' AND p.deleted_at IS NULL AND p.rsvp_for_id IS NULL
           AND p.id > $3 AND p.id < $4
           AND ($5::bigint IS NULL OR p.actor_id = $5)
           AND CASE WHEN p.actor_id = $1 THEN true
                    WHEN p.audience <> 'public' OR NOT EXISTS (
                        SELECT FROM actors author
                         WHERE author.id = p.actor_id AND (author.indexable OR p.kind <> 'post')) THEN false
                    ELSE in_lists(p, $1) AND NOT keeps_out($1, p.actor_id) END
         ORDER BY p.id DESC
         LIMIT $6 OFFSET $7
        """,
        viewer,
        asked.words[:SEARCH_WORDS_CHARS],
        asked.after,
        asked.before,
        asked.author,
        asked.limit,
        asked.offset,
    )
    return [row["id"] for row in rows]


async def visible(db: Db, viewer: int | None, post_ids: Sequence[int]) -> list[int]:
    """Those of the posts that the viewer may see, in their order."""
    rows = await db.fetch(
        """
        SELECT wanted.id
          FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (id, place)
          JOIN posts p ON p.id = wanted.id
         WHERE may_see(p, $2)
         ORDER BY place
        """,
        list(post_ids),
        viewer,
    )
    return [row["id"] for row in rows]
