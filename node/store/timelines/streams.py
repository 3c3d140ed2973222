"""Who of those who listen gets what: one query for all posts and all listeners, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from node.store.db import Db
from schemas.limits import STREAM_NEWS_SECONDS
from schemas.records import Record

Pairs = frozenset[tuple[int, int]]
"""(post, viewer) or (post, list)."""


class Traits(Record, frozen=True, kw_only=True):
    """What decides in which public streams a post stands. `listed`: no boost, and no answer but to its own author;
    `fresh`: published lately, and not only learnt of now."""

    id: int
    local: bool
    media: bool
    public: bool
    listed: bool
    fresh: bool
    tags: list[str]


async def traits(db: Db, post_ids: Sequence[int]) -> dict[int, Traits]:
    """Of each post that is still there."""
    rows = await db.fetch(
        """
        SELECT p.id, p.local, json_array_length(p.attachments) > 0 AS media, p.audience = 'public' AS public, p.tags,
               p.published_at > now() - $2::interval AS fresh,
               p.kind <> 'boost' AND p.rsvp_for_id IS NULL AND (
                   p.in_reply_to IS NULL OR p.kind <> 'post' OR EXISTS (
                       SELECT FROM posts parent WHERE parent.id = p.in_reply_to_id AND parent.actor_id = p.actor_id)
               ) AS listed
          FROM posts p
         WHERE p.id = ANY ($1) AND p.deleted_at IS NULL
        """,
        post_ids,
        timedelta(seconds=STREAM_NEWS_SECONDS),
    )
    return {row["id"]: Traits(**row) for row in rows}


async def homes(db: Db, post_ids: Sequence[int], viewers: Sequence[int]) -> Pairs:
    """In whose homes the posts stand: of those who follow the author or a tag, and of the author."""
    return _pairs(
        await db.fetch(
            """
            SELECT one.post_id AS a, one.viewer AS b
              FROM (SELECT p.id AS post_id, f.follower_id AS viewer
                      FROM posts p JOIN follows f ON f.followed_id = p.actor_id AND f.state = 'accepted'
                     WHERE p.id = ANY ($1) AND f.follower_id = ANY ($2)
                     UNION
                    SELECT id, actor_id FROM posts WHERE id = ANY ($1) AND actor_id = ANY ($2)
                     UNION
                    SELECT p.id, t.actor_id
                      FROM posts p JOIN followed_tags t ON t.tag = ANY (p.tags)
                     WHERE p.id = ANY ($1) AND t.actor_id = ANY ($2)) AS one
              JOIN posts p ON p.id = one.post_id
             WHERE comes_home(p, one.viewer, NULL)
            """,
            post_ids,
            viewers,
        )
    )


async def lists(db: Db, post_ids: Sequence[int], list_ids: Sequence[int]) -> Pairs:
    """In which lists the posts stand."""
    return _pairs(
        await db.fetch(
            """
            SELECT p.id AS a, l.id AS b
              FROM posts p
              JOIN list_members m ON m.member_id = p.actor_id
              JOIN lists l ON l.id = m.list_id
             WHERE p.id = ANY ($1) AND l.id = ANY ($2) AND comes_home(p, l.actor_id, l.id)
            """,
            post_ids,
            list_ids,
        )
    )


async def public(db: Db, post_ids: Sequence[int], viewers: Sequence[int]) -> Pairs:
    """Who finds which posts in the public timelines: also, of what was published here, what is for members alone."""
    return _pairs(
        await db.fetch(
            """
            SELECT p.id AS a, viewer AS b
              FROM posts p, unnest($2::bigint[]) AS viewer
             WHERE p.id = ANY ($1) AND p.kind <> 'boost' AND (p.audience = 'public' OR p.audience = 'hub' AND p.local)
               AND in_lists(p, viewer) AND NOT keeps_out(viewer, p.actor_id)
            """,
            post_ids,
            viewers,
        )
    )


async def directs(db: Db, post_ids: Sequence[int], viewers: Sequence[int]) -> Pairs:
    """To whom the posts were written, as far as these are messages to few, and who wrote them."""
    return _pairs(
        await db.fetch(
            """
            SELECT p.id AS a, viewer AS b
              FROM posts p, unnest($2::bigint[]) AS viewer
             WHERE p.id = ANY ($1) AND p.audience = 'direct' AND p.rsvp_for_id IS NULL
               AND may_see(p, viewer) AND NOT keeps_out(viewer, p.actor_id)
            """,
            post_ids,
            viewers,
        )
    )


async def bereaved(db: Db, post_ids: Sequence[int], viewers: Sequence[int]) -> Pairs:
    """Who may know that posts are gone, by what is left of them; whom they named is not known any more."""
    return _pairs(
        await db.fetch(
            """
            SELECT p.id AS a, viewer AS b
              FROM posts p, unnest($2::bigint[]) AS viewer
             WHERE p.id = ANY ($1) AND p.deleted_at IS NOT NULL AND (
                   p.actor_id = viewer
                   OR p.audience IN ('public', 'unlisted')
                   OR p.audience = 'followers' AND EXISTS (
                      SELECT FROM follows f
                       WHERE f.followed_id = p.actor_id AND f.follower_id = viewer AND f.state = 'accepted')
                   OR p.audience = 'hub' AND EXISTS (
                      SELECT FROM actors a WHERE a.id = viewer AND a.local AND a.role_here IN ('member', 'hub'))
                   OR p.audience = 'group' AND EXISTS (
                      SELECT FROM group_members g
                       WHERE g.group_id = p.group_id AND g.actor_id = viewer AND g.role IN ('coordinator', 'member')))
            """,
            post_ids,
            viewers,
        )
    )


def _pairs(rows: Sequence[object]) -> Pairs:
    return frozenset((row["a"], row["b"]) for row in rows)  # type: ignore[index]
