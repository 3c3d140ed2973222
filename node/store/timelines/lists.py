"""Lists of posts: the hub's, an actor's, answers and threads. Each is one query, filtered by who asks."""

from __future__ import annotations

import msgspec

from node.store.db import Db
from node.store.posts.reading import EVERYTHING, FIRST_PAGE, Page, Wanted, narrowed, paged, posts_of
from schemas.limits import CONTEXT_DEPTH, CONTEXT_POSTS, PAGE_ITEMS, PAGE_ITEMS_MOST
from schemas.records import Post, PostKind
from schemas.things import Kind


async def list_public(
    db: Db,
    kind: Kind | None = None,
    *,
    viewer: int | None = None,
    wanted: Wanted = EVERYTHING,
    page: Page = FIRST_PAGE,
) -> list[Post]:
    """What shows up in the hub's lists for this viewer, the newest first; boosts and answers are not among it."""
    wanted = msgspec.structs.replace(wanted, kind=kind) if kind else wanted
    sql, arguments = narrowed(
        """
        SELECT record
          FROM posts p
          JOIN post_records r ON r.id = p.id
         WHERE p.id > $1 AND p.id < $2
           AND p.kind <> 'boost'
           AND (p.in_reply_to IS NULL OR p.kind <> 'post')
           AND p.deleted_at IS NULL
           -- narrowed, in_lists(p, $4)
         ORDER BY p.id DESC
         LIMIT $3
        """,
        wanted,
        *page.bounds,
        viewer,
    )
    return await paged(db, page, sql, *arguments[3:])


async def list_of_actor(
    db: Db,
    actor_id: int,
    *,
    viewer: int | None = None,
    kind: PostKind | None = None,
    answers: bool = True,
    page: Page = FIRST_PAGE,
) -> list[Post]:
    """What an actor published, as far as the viewer may see it, newest first: with boosts and, if wanted, answers."""
    return await paged(
        db,
        page,
        """
        SELECT record
          FROM posts p
          JOIN post_records r ON r.id = p.id
         WHERE p.id > $1 AND p.id < $2
           AND p.actor_id = $4
           AND p.deleted_at IS NULL
           AND p.kind = coalesce($6, p.kind)
           AND ($7 OR p.in_reply_to IS NULL)
           AND p.rsvp_for_id IS NULL
           AND (p.audience <> 'direct' OR p.actor_id = $5)
           AND may_see(p, $5) AND NOT switched_off(p.kind)
         ORDER BY p.id DESC
         LIMIT $3
        """,
        actor_id,
        viewer,
        kind,
        answers,
    )


async def replies(
    db: Db, post_id: int, *, viewer: int | None = None, after: int = 0, limit: int = PAGE_ITEMS
) -> list[Post]:
    """Direct answers to a post that the viewer may see, the oldest first, from after the id `after` on; of people who
    are limited only to who follows them, or below their own posts."""
    rows = await db.fetch(
        """
        SELECT record
          FROM posts p
          JOIN post_records r ON r.id = p.id
         WHERE p.in_reply_to_id = $1 AND p.id > $3 AND p.rsvp_for_id IS NULL AND may_see(p, $2)
           AND (may_be_listed(p.actor_id, $2) OR p.actor_id = (SELECT actor_id FROM posts WHERE id = $1))
         ORDER BY p.id
         LIMIT $4
        """,
        post_id,
        viewer,
        after,
        max(0, min(limit, PAGE_ITEMS_MOST)),
    )
    return posts_of(rows)


async def list_context(
    db: Db, context: str, *, viewer: int | None = None, after: int = 0, limit: int = PAGE_ITEMS
) -> list[Post]:
    """The posts of a thread or series by its address that the viewer may see, the oldest first."""
    rows = await db.fetch(
        """
        SELECT record
          FROM posts p
          JOIN post_records r ON r.id = p.id
         WHERE p.context = $1 AND p.id > $3 AND p.rsvp_for_id IS NULL AND may_see(p, $2)
         ORDER BY p.id
         LIMIT $4
        """,
        context,
        viewer,
        after,
        max(0, min(limit, PAGE_ITEMS_MOST)),
    )
    return posts_of(rows)


async def context(db: Db, post_id: int, *, viewer: int | None = None) -> tuple[list[Post], list[Post]]:
    """What a post answers, from the beginning, and the answers below it, as `replies` does; both bounded."""
    above = await db.fetch(
        """
        WITH RECURSIVE above AS (
            SELECT in_reply_to_id AS id, 1 AS depth FROM posts WHERE id = $1
            UNION ALL
            SELECT p.in_reply_to_id, depth + 1 FROM above JOIN posts p USING (id) WHERE depth < $3)
        SELECT record
          FROM above
          JOIN posts p USING (id)
          JOIN post_records r USING (id)
         WHERE may_see(p, $2)
         ORDER BY depth DESC
        """,
        post_id,
        viewer,
        CONTEXT_DEPTH,
    )
    below = await db.fetch(
        """
        WITH RECURSIVE below AS (
            SELECT id, 1 AS depth FROM posts WHERE in_reply_to_id = $1
            UNION ALL
            SELECT p.id, depth + 1 FROM below JOIN posts p ON p.in_reply_to_id = below.id WHERE depth < $3)
        SELECT record
          FROM (SELECT id FROM below LIMIT $4) AS found
          JOIN posts p USING (id)
          JOIN post_records r USING (id)
         WHERE p.rsvp_for_id IS NULL AND may_see(p, $2)
           AND (may_be_listed(p.actor_id, $2) OR p.actor_id = (SELECT actor_id FROM posts WHERE id = $1))
         ORDER BY id
        """,
        post_id,
        viewer,
        CONTEXT_DEPTH,
        CONTEXT_POSTS,
    )
    return posts_of(above), posts_of(below)
