"""Finding posts by their words: one's own, and public ones whose authors want to be found."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from node.store.db import Db
from node.store.feeds import LISTED
from schemas.limits import SEARCH_WALKED, SEARCH_WORDS_CHARS


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for. `author`: only posts of this actor. `after`, `before`: only ids between."""

    words: str
    author: int | None = None
    after: int = 0
    before: int = 2**63 - 1
    limit: int
    offset: int = 0


# Words that many use are found among the newest posts, read one by one as far as is needed; others by the index of
# words, which knows no order.
_FOUND = """
    WITH asked AS MATERIALIZED (SELECT search_question($2) AS question)
    SELECT found.id
      FROM (SELECT newest.id
              FROM (SELECT p.id, p.search FROM posts p
                     WHERE p.deleted_at IS NULL AND p.id > $3 AND p.id < $4 /* whose */
                     ORDER BY p.id DESC LIMIT $7) AS newest
             WHERE newest.search @@ (SELECT question FROM asked)
             UNION ALL
            SELECT older.id
              FROM (SELECT p.id FROM posts p
                     WHERE p.search @@ (SELECT question FROM asked)
                       AND p.deleted_at IS NULL AND p.id + 0 > $3 AND p.id + 0 < (  -- no other index is to be read
                           SELECT p.id FROM posts p
                            WHERE p.deleted_at IS NULL AND p.id > $3 AND p.id < $4 /* whose */
                            ORDER BY p.id DESC OFFSET $7 - 1 LIMIT 1) /* whose */
                     ORDER BY p.id DESC OFFSET 0) AS older) AS found
     WHERE (SELECT CASE WHEN p.kind = 'boost' OR p.rsvp_for_id IS NOT NULL THEN false
                        WHEN p.actor_id = $1 THEN true
                        WHEN p.audience <> 'public' OR NOT EXISTS (
                            SELECT FROM actors author
                             WHERE author.id = p.actor_id AND (author.indexable OR p.kind <> 'post')) THEN false
                        ELSE /* listed */ END
              FROM posts p WHERE p.id = found.id)
     LIMIT $5 OFFSET $6
""".replace("/* listed */", LISTED.replace("$4", "$1"))


async def find_posts(db: Db, viewer: int, asked: Asked) -> list[int]:
    """The ids of posts with these words, newest first: what the viewer wrote, and what anybody may find. Who may see
    them is asked of no more than are wanted."""
    author = [] if asked.author is None else [asked.author]
    sql = _FOUND.replace("/* whose */", "AND p.actor_id = $8" if author else "")
    words = asked.words[:SEARCH_WORDS_CHARS]
    rows = await db.fetch(
        sql, viewer, words, asked.after, asked.before, asked.limit, asked.offset, SEARCH_WALKED, *author
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
