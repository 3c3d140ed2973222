"""Likes and emoji reactions: one per actor, post and emoji, whatever is repeated or raced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from node.store.db import Db
from schemas.records import Record
from schemas.things import Audience

Reaction = Literal["like", "emoji"]


class NewReaction(msgspec.Struct, frozen=True, kw_only=True):
    """A reaction about to be counted; `emoji` is empty for a like."""

    actor_id: int
    post_id: int
    kind: Reaction
    emoji: str
    uri: str | None


class Aim(Record, frozen=True, kw_only=True):
    """What decides whether a reaction of an actor to a post of ours, or its boost, is counted. `given`: how many
    reactions it has given."""

    post_id: int
    author_id: int
    url: str
    audience: Audience
    blocked: bool
    given: int


async def insert(db: Db, actor_id: int, post_id: int, kind: Reaction, emoji: str, uri: str | None) -> bool:
    """Add a reaction and count it. False if it was there already."""
    new = NewReaction(actor_id=actor_id, post_id=post_id, kind=kind, emoji=emoji, uri=uri)
    return bool(await insert_many(db, [new]))


async def insert_many(db: Db, new: Sequence[NewReaction]) -> list[tuple[int, int]]:
    """Add reactions and count them; (actor, post) of those that were not there already."""
    rows = await db.fetch(
        """
        WITH added AS (
            INSERT INTO reactions (actor_id, post_id, kind, emoji, uri)
            SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[])
            ON CONFLICT DO NOTHING RETURNING actor_id, post_id
        ), counted AS (
            UPDATE posts SET likes_count = likes_count + one.many
              FROM (SELECT post_id, count(*) AS many FROM added GROUP BY post_id) AS one
             WHERE id = one.post_id)
        SELECT actor_id, post_id FROM added
        """,
        [one.actor_id for one in new],
        [one.post_id for one in new],
        [one.kind for one in new],
        [one.emoji for one in new],
        [one.uri for one in new],
    )
    return [(row["actor_id"], row["post_id"]) for row in rows]


async def aims(db: Db, said: Sequence[tuple[str, int]]) -> list[Aim | None]:
    """For each (ActivityPub id, actor), in order: the post, if it is one of ours, no boost, and seen by the actor."""
    rows = await db.fetch(
        """
        SELECT p.id AS post_id, p.actor_id AS author_id, p.url, p.audience,
               EXISTS (SELECT FROM blocks WHERE blocker_id = p.actor_id AND blocked_id = one.actor_id) AS blocked,
               (SELECT count(*) FROM reactions r WHERE r.actor_id = one.actor_id AND r.post_id = p.id) AS given
          FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS one (uri, actor_id, place)
          LEFT JOIN LATERAL (
               SELECT id, actor_id, url, audience FROM posts
                WHERE posts.uri = one.uri AND local AND kind <> 'boost' AND may_see(posts, one.actor_id)
                LIMIT 1) p ON true
         ORDER BY place
        """,
        [uri for uri, _ in said],
        [actor_id for _, actor_id in said],
    )
    return [Aim(**row) if row["post_id"] is not None else None for row in rows]


async def delete(db: Db, actor_id: int, post_id: int, kind: Reaction, emoji: str = "") -> str | None:
    """Take a reaction back; the id of its activity ('' if it had none), or None if there was none."""
    uri: str | None = await db.fetchval(
        """
        WITH removed AS (
            DELETE FROM reactions WHERE actor_id = $1 AND post_id = $2 AND kind = $3 AND emoji = $4
            RETURNING coalesce(uri, '') AS uri)
        UPDATE posts SET likes_count = greatest(likes_count - 1, 0) FROM removed WHERE id = $2 RETURNING removed.uri
        """,
        actor_id,
        post_id,
        kind,
        emoji,
    )
    return uri


async def delete_by_uri(db: Db, actor_id: int, uri: str) -> int | None:
    """Take back the reaction with this activity id, if it is this actor's; the post's id, or None."""
    post_id: int | None = await db.fetchval(
        """
        WITH removed AS (DELETE FROM reactions WHERE actor_id = $1 AND uri = $2 RETURNING post_id)
        UPDATE posts SET likes_count = greatest(likes_count - 1, 0) FROM removed WHERE id = post_id RETURNING id
        """,
        actor_id,
        uri,
    )
    return post_id


async def exists(db: Db, actor_id: int, post_id: int) -> bool:
    """Whether the actor likes the post."""
    found: bool = await db.fetchval(
        "SELECT EXISTS (SELECT FROM reactions WHERE actor_id = $1 AND post_id = $2 AND kind = 'like')",
        actor_id,
        post_id,
    )
    return found


async def count_of(db: Db, actor_id: int, post_id: int) -> int:
    """How many reactions an actor has given to a post."""
    count: int = await db.fetchval(
        "SELECT count(*) FROM reactions WHERE actor_id = $1 AND post_id = $2", actor_id, post_id
    )
    return count


async def recount(db: Db, domain: str) -> int:
    """Count the likes and boosts of our posts again where actors of a domain gave some: those of servers we no longer
    talk to do not count (case 94), and count again once they may. How many posts were looked at."""
    done: str = await db.execute(
        """
        WITH touched AS (
            SELECT post_id AS id FROM reactions r JOIN actors a ON a.id = r.actor_id WHERE host_within(a.host, $1)
            UNION
            SELECT boost_of_id FROM posts b JOIN actors a ON a.id = b.actor_id
             WHERE b.boost_of_id IS NOT NULL AND host_within(a.host, $1))
        UPDATE posts p
           SET likes_count = (SELECT count(*) FROM reactions r JOIN actors a ON a.id = r.actor_id
                               WHERE r.post_id = p.id AND NOT a.host_suspended),
               boosts_count = (SELECT count(*) FROM posts b JOIN actors a ON a.id = b.actor_id
                                WHERE b.boost_of_id = p.id AND b.deleted_at IS NULL AND NOT a.host_suspended)
          FROM touched WHERE p.id = touched.id AND p.local AND p.deleted_at IS NULL
        """,
        domain,
    )
    return int(done.rpartition(" ")[2])
