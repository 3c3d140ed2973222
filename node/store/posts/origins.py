"""What things came from and what came of them: finding → call → event → finding, across hubs as far as we know them."""

from __future__ import annotations

from collections.abc import Sequence

from node.store.db import Db
from node.store.posts.reading import posts_of
from schemas.limits import LOOP_BRANCHES, LOOP_STEPS
from schemas.records import Post, Record


class Chain(Record, frozen=True, kw_only=True):
    """`before`: what a thing came from, the first thing first; `after`: what came of it, each with how many steps
    away it is."""

    before: Sequence[Post]
    after: Sequence[tuple[int, Post]]


async def write(db: Db, post_id: int, uri: str | None) -> None:
    """Write, or write again, what a thing came from."""
    if uri is None:
        await db.execute("DELETE FROM origins WHERE post_id = $1", post_id)
        return
    await db.execute(
        """
        INSERT INTO origins (post_id, uri) VALUES ($1, $2)
        ON CONFLICT (post_id) DO UPDATE SET uri = excluded.uri
        """,
        post_id,
        uri,
    )


async def chain_of(db: Db, post: Post, viewer: int | None) -> Chain:
    """The chain through a thing as far as the viewer may see it: it ends where they may not."""
    before = [one for one in await _before(db, post, viewer) if one.id != post.id]
    known = {post.id, *(one.id for one in before)}
    after = [(step, one) for step, one in await _after(db, post, viewer) if one.id not in known]
    return Chain(before=before, after=after)


async def _before(db: Db, post: Post, viewer: int | None) -> list[Post]:
    rows = await db.fetch(
        """
        WITH RECURSIVE up AS (
            SELECT p.id, 1 AS step, ARRAY[$1, p.id] AS path
              FROM origins o JOIN posts p ON p.uri = o.uri
             WHERE o.post_id = $1 AND may_see(p, $2)
             UNION ALL
            SELECT p.id, up.step + 1, up.path || p.id
              FROM up
              JOIN origins o ON o.post_id = up.id
              JOIN posts p ON p.uri = o.uri
             WHERE up.step < $3 AND p.id <> ALL (up.path) AND may_see(p, $2))
        SELECT record FROM up JOIN post_records r USING (id) ORDER BY step DESC
        """,
        post.id,
        viewer,
        LOOP_STEPS,
    )
    return posts_of(rows)


async def _after(db: Db, post: Post, viewer: int | None) -> list[tuple[int, Post]]:
    """Depth first, the oldest first: each thing stands below what it came from. Each step takes its first branches
    only, and what may not stand in a list of the viewer's ends its branch."""
    rows = await db.fetch(
        """
        WITH RECURSIVE down AS (
            SELECT $4::bigint AS id, $1::text AS uri, 0 AS step, ARRAY[$4::bigint] AS path
             UNION ALL
            SELECT next.id, next.uri, down.step + 1, down.path || next.id
              FROM down
             CROSS JOIN LATERAL (
                   SELECT p.id, p.uri
                     FROM origins o JOIN posts p ON p.id = o.post_id
                    WHERE o.uri = down.uri AND p.id <> ALL (down.path) AND in_lists(p, $2)
                    ORDER BY p.id
                    LIMIT $5) AS next
             WHERE down.step < $3)
        SELECT down.step, record
          FROM down JOIN post_records r USING (id)
         WHERE down.step > 0
         ORDER BY down.path
         LIMIT $6
        """,
        post.uri,
        viewer,
        LOOP_STEPS,
        post.id,
        LOOP_BRANCHES,
        LOOP_STEPS * LOOP_BRANCHES,
    )
    return list(zip([row["step"] for row in rows], posts_of(rows), strict=True))


async def search(db: Db, words: str, viewer: int | None, limit: int) -> list[Post]:
    """Events, calls and findings with these words that the viewer may see in lists, the newest first; without words the
    latest."""
    rows = await db.fetch(
        """
        SELECT record
          FROM posts p
          JOIN post_records r ON r.id = p.id
         WHERE p.kind IN ('event', 'call', 'finding')
           AND ($1 = '' OR p.search @@ (SELECT search_question($1)))
           AND in_lists(p, $2)
         ORDER BY p.id DESC
         LIMIT $3
        """,
        words,
        viewer,
        limit,
    )
    return posts_of(rows)
