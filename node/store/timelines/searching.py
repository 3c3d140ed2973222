"""Finding posts by their words: one's own, and public ones whose authors want to be found."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from node.store.db import Db
from node.store.timelines.feeds import LISTED
from node.store.timelines.timelines import Walk
from schemas.limits import SEARCH_LOOKED_AT, SEARCH_WORDS_CHARS


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for. `author`: only posts of this actor. `after`, `before`: only ids between."""

    words: str
    author: int | None = None
    after: int = 0
    before: int = 2**63 - 1
    limit: int
    offset: int = 0


WALKED = """
    WITH RECURSIVE asked AS MATERIALIZED (SELECT search_question({words}) AS question
    ), walk AS (
        SELECT oldest, below, width, '{{}}'::bigint[] AS ids FROM search_begin({after}, {before})
         UNION ALL
        SELECT walk.oldest, step.below, step.width, step.ids
          FROM walk, asked, search_step(question, {author}, {wanted}, walk.oldest, walk.below, walk.width) AS step
         WHERE walk.below > walk.oldest
    ), worded AS NOT MATERIALIZED (SELECT unnest(walk.ids) AS id FROM walk LIMIT /* looked at */)
""".replace("/* looked at */", str(SEARCH_LOOKED_AT))
"""The ids of all posts with some words, newest first. It is walked only as far as is read from `worded`, so the cost
does not depend on how many there are; and where most authors do not want to be found, no further than
SEARCH_LOOKED_AT."""

_STANDS = """(SELECT CASE WHEN p.kind = 'boost' OR p.rsvp_for_id IS NOT NULL THEN false
                        WHEN p.actor_id = $1 THEN true
                        WHEN p.audience <> 'public' OR NOT EXISTS (
                            SELECT FROM actors author
                             WHERE author.id = p.actor_id AND (author.indexable OR p.kind <> 'post')) THEN false
                        ELSE /* listed */ END
              FROM posts p WHERE p.id = found.id)""".replace("/* listed */", LISTED.replace("$4", "$1"))
_TURNS_AT = "(SELECT min(ends_at) FROM mutes WHERE mutes.actor_id = $1 AND ends_at > now()) AS turns_at"
_WALK = WALKED.format(words="$2", after="$3", before="$4", author="$7", wanted="$5::integer + $6::integer")
_FOUND = f"""
    {_WALK}
    SELECT ARRAY(SELECT found.id FROM worded AS found WHERE {_STANDS}
                  LIMIT (SELECT $5::integer) OFFSET (SELECT $6::integer)) AS shown, {_TURNS_AT}
"""  # noqa: S608 - texts of this package
_AMONG = f"""
    SELECT ARRAY(SELECT found.id FROM posts AS found
                  WHERE found.id = ANY ((SELECT $8::bigint[])::bigint[]) AND found.id > $3 AND found.id < $4
                    AND found.deleted_at IS NULL AND found.search @@ (SELECT search_question($2))
                    AND ($7::bigint IS NULL OR found.actor_id = $7) AND {_STANDS}
                  ORDER BY found.id DESC LIMIT $5::integer OFFSET $6::integer) AS shown, {_TURNS_AT}
"""  # noqa: S608 - texts of this package


async def find_posts(db: Db, viewer: int, asked: Asked, among: Sequence[int] | None = None) -> Walk:
    """The ids of posts with these words, newest first: what the viewer wrote, and what anybody may find, among the
    newest SEARCH_LOOKED_AT with the words, or `among` some. Who may see them is asked of no more than are wanted."""
    words = asked.words[:SEARCH_WORDS_CHARS]
    more = () if among is None else (list(among),)
    row = await db.fetchrow(
        _FOUND if among is None else _AMONG,
        viewer,
        words,
        asked.after,
        asked.before,
        asked.limit,
        asked.offset,
        asked.author,
        *more,
    )
    return Walk(ids=row["shown"], cursors=row["shown"], turns_at=row["turns_at"])


async def visible(db: Db, viewer: int | None, post_ids: Sequence[int]) -> list[int]:
    """Those of the posts that the viewer may see, in their order."""
    rows = await db.fetch(
        """
        SELECT wanted.id
          FROM unnest((SELECT $1::bigint[])) WITH ORDINALITY AS wanted (id, place)
          JOIN posts p ON p.id = wanted.id
         WHERE may_see(p, $2)
         ORDER BY place
        """,
        list(post_ids),
        viewer,
    )
    return [row["id"] for row in rows]
