"""Who follows whom, asked and accepted."""

from __future__ import annotations

from collections.abc import Sequence

from node.store.db import Db
from schemas.records import Actor, Follow


async def find(db: Db, follower_id: int, followed_id: int) -> Follow | None:
    """The relation between two actors, if there is one."""
    row = await db.fetchrow(
        "SELECT * FROM follows WHERE follower_id = $1 AND followed_id = $2",
        follower_id,
        followed_id,
    )
    return Follow(**row) if row else None


async def find_by_uri(db: Db, uri: str) -> Follow | None:
    """The relation that the Follow activity with this id asked for."""
    row = await db.fetchrow("SELECT * FROM follows WHERE uri = $1", uri)
    return Follow(**row) if row else None


async def insert(db: Db, follower_id: int, followed_id: int, uri: str, *, accepted: bool) -> Follow:
    """Ask, or ask again: a repeated Follow takes the newer id and never falls back from accepted to pending."""
    row = await db.fetchrow(
        """
        INSERT INTO follows AS f (follower_id, followed_id, uri, state, accepted_at)
        VALUES ($1, $2, $3, CASE WHEN $4 THEN 'accepted' ELSE 'pending' END, CASE WHEN $4 THEN now() END)
        ON CONFLICT (follower_id, followed_id) DO UPDATE
        SET uri = excluded.uri,
            state = CASE WHEN $4 THEN 'accepted' ELSE f.state END,
            accepted_at = coalesce(f.accepted_at, excluded.accepted_at)
        RETURNING *
        """,
        follower_id,
        followed_id,
        uri,
        accepted,
    )
    return Follow(**row)


async def set_wishes(
    db: Db, follow_id: int, *, boosts: bool | None, notify: bool | None, languages: Sequence[str] | None
) -> Follow:
    """What the follower wants to see; None leaves it as it is, no language at all means every language."""
    row = await db.fetchrow(
        """
        UPDATE follows
           SET boosts = coalesce($2, boosts), notify = coalesce($3, notify),
               languages = CASE WHEN $4::text[] IS NULL THEN languages ELSE nullif($4, '{}') END
         WHERE id = $1
        RETURNING *
        """,
        follow_id,
        boosts,
        notify,
        None if languages is None else list(languages),
    )
    return Follow(**row)


async def accept(db: Db, follow_id: int) -> bool:
    """Make a pending follow accepted. False if it was not pending."""
    done: str = await db.execute(
        "UPDATE follows SET state = 'accepted', accepted_at = now() WHERE id = $1 AND state = 'pending'", follow_id
    )
    return done == "UPDATE 1"


async def delete(db: Db, follower_id: int, followed_id: int) -> Follow | None:
    """End a relation, pending or accepted, and say what it was."""
    row = await db.fetchrow(
        "DELETE FROM follows WHERE follower_id = $1 AND followed_id = $2 RETURNING *",
        follower_id,
        followed_id,
    )
    return Follow(**row) if row else None


async def is_followed_here(db: Db, actor_id: int) -> bool:
    """Whether any local actor follows this one: the reason to keep its public posts."""
    known: bool = await db.fetchval(
        """
        SELECT EXISTS (
            SELECT FROM follows JOIN actors ON actors.id = follower_id
             WHERE followed_id = $1 AND state = 'accepted' AND actors.local)
        """,
        actor_id,
    )
    return known


async def hubs_following(db: Db, actor_id: int) -> list[Actor]:
    """The organizations of other servers that follow this actor, accepted: hubs are among them, few others are."""
    rows = await db.fetch(
        """
        SELECT actors.*
          FROM follows JOIN actors ON actors.id = follower_id
         WHERE followed_id = $1 AND state = 'accepted' AND NOT actors.local AND actors.kind = 'Organization'
           AND actors.deleted_at IS NULL
        """,
        actor_id,
    )
    return [Actor(**row) for row in rows]


async def delete_all(db: Db, actor_id: int) -> None:
    """End all relations of an actor, in both directions."""
    await db.execute("DELETE FROM follows WHERE follower_id = $1 OR followed_id = $1", actor_id)


async def local_followers(db: Db, actor_id: int) -> list[int]:
    """The local actors that follow this one, accepted."""
    rows = await db.fetch(
        """
        SELECT follower_id
          FROM follows JOIN actors ON actors.id = follower_id
         WHERE followed_id = $1 AND state = 'accepted' AND actors.local
        """,
        actor_id,
    )
    return [row["follower_id"] for row in rows]


async def followers_at(db: Db, actor_id: int, host: str) -> list[Actor]:
    """Who of a host follows an actor, or asked to."""
    rows = await db.fetch(
        """
        SELECT actors.*
          FROM follows JOIN actors ON actors.id = follower_id
         WHERE followed_id = $1 AND actors.host = $2 AND NOT actors.local
        """,
        actor_id,
        host,
    )
    return [Actor(**row) for row in rows]


async def followed_at(db: Db, actor_id: int, host: str) -> list[Actor]:
    """Whom an actor follows, or asked to follow, at a host."""
    rows = await db.fetch(
        """
        SELECT actors.*
          FROM follows JOIN actors ON actors.id = followed_id
         WHERE follower_id = $1 AND actors.host = $2 AND NOT actors.local
        """,
        actor_id,
        host,
    )
    return [Actor(**row) for row in rows]


async def list_followed(db: Db, actor_id: int) -> list[Actor]:
    """Whom of other servers an actor follows, or asked to follow."""
    rows = await db.fetch(
        """
        SELECT actors.*
          FROM follows JOIN actors ON actors.id = followed_id
         WHERE follower_id = $1 AND NOT actors.local
        """,
        actor_id,
    )
    return [Actor(**row) for row in rows]
