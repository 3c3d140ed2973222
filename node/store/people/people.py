"""Lists of people around an actor, newest first and page by page: who follows, asks, is blocked, muted, endorsed.

Each is walked by the id of the relation, the `cursor`, since that is when the other came into the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from node.store.db import Db
from node.store.posts.reading import Page, rows_of
from schemas.records import Actor, Record

_ACTOR = msgspec.json.Decoder(Actor)


class Listed(Record, frozen=True, kw_only=True):
    """Somebody in a list. `ends_at`: of a mute."""

    cursor: int
    actor: Actor
    ends_at: datetime | None = None


async def get_many(db: Db, actor_ids: Sequence[int]) -> dict[int, Actor]:
    """Those of the actors that there are, by id."""
    rows = await db.fetch(
        "SELECT row_to_json(a)::text AS actor FROM public_actors a WHERE a.id = ANY ($1)", list(actor_ids)
    )
    found = [_ACTOR.decode(row["actor"]) for row in rows]
    return {one.id: one for one in found}


async def followers(db: Db, actor_id: int, page: Page, *, viewer: int | None) -> list[Listed]:
    """Who follows an actor. Left out for others than themselves: who is suspended or limited, and who blocks the
    viewer or is blocked by them."""
    return await _listed(
        db,
        page,
        """
        SELECT f.id AS cursor, row_to_json(a)::text AS actor
          FROM follows f
          JOIN public_actors a ON a.id = f.follower_id
         WHERE f.id > $1 AND f.id < $2 AND f.followed_id = $4 AND f.state = 'accepted' AND may_be_listed(a.id, $5)
         ORDER BY cursor DESC
         LIMIT $3
        """,
        actor_id,
        viewer,
    )


async def following(db: Db, actor_id: int, page: Page, *, viewer: int | None) -> list[Listed]:
    """Whom an actor follows, with the same exceptions."""
    return await _listed(
        db,
        page,
        """
        SELECT f.id AS cursor, row_to_json(a)::text AS actor
          FROM follows f
          JOIN public_actors a ON a.id = f.followed_id
         WHERE f.id > $1 AND f.id < $2 AND f.follower_id = $4 AND f.state = 'accepted' AND may_be_listed(a.id, $5)
         ORDER BY cursor DESC
         LIMIT $3
        """,
        actor_id,
        viewer,
    )


async def asking(db: Db, actor_id: int, page: Page) -> list[Listed]:
    """Who asked to follow an actor and waits for an answer."""
    return await _listed(
        db,
        page,
        """
        SELECT f.id AS cursor, row_to_json(a)::text AS actor
          FROM follows f
          JOIN public_actors a ON a.id = f.follower_id
         WHERE f.id > $1 AND f.id < $2 AND f.followed_id = $4 AND f.state = 'pending'
           AND a.deleted_at IS NULL AND a.suspended_at IS NULL AND NOT a.host_suspended
         ORDER BY cursor DESC
         LIMIT $3
        """,
        actor_id,
    )


async def count_asking(db: Db, actor_id: int) -> int:
    """How many wait for an answer."""
    count: int = await db.fetchval(
        "SELECT count(*) FROM follows WHERE followed_id = $1 AND state = 'pending'", actor_id
    )
    return count


async def blocked(db: Db, actor_id: int, page: Page) -> list[Listed]:
    """Whom an actor blocks."""
    return await _listed(
        db,
        page,
        """
        SELECT b.id AS cursor, row_to_json(a)::text AS actor
          FROM blocks b
          JOIN public_actors a ON a.id = b.blocked_id
         WHERE b.id > $1 AND b.id < $2 AND b.blocker_id = $4
         ORDER BY cursor DESC
         LIMIT $3
        """,
        actor_id,
    )


async def muted(db: Db, actor_id: int, page: Page) -> list[Listed]:
    """Whom an actor mutes, and until when."""
    return await _listed(
        db,
        page,
        """
        SELECT m.id AS cursor, m.ends_at, row_to_json(a)::text AS actor
          FROM mutes m
          JOIN public_actors a ON a.id = m.muted_id
         WHERE m.id > $1 AND m.id < $2 AND m.actor_id = $4 AND (m.ends_at IS NULL OR m.ends_at > now())
         ORDER BY cursor DESC
         LIMIT $3
        """,
        actor_id,
    )


async def endorsed(db: Db, actor_id: int, page: Page, *, viewer: int | None) -> list[Listed]:
    """Whom an actor shows on the profile."""
    return await _listed(
        db,
        page,
        """
        SELECT e.id AS cursor, row_to_json(a)::text AS actor
          FROM endorsements e
          JOIN public_actors a ON a.id = e.endorsed_id
         WHERE e.id > $1 AND e.id < $2 AND e.actor_id = $4 AND may_be_listed(a.id, $5)
         ORDER BY cursor DESC
         LIMIT $3
        """,
        actor_id,
        viewer,
    )


def actors_of(rows: Iterable[Mapping[str, Any]]) -> list[Actor]:
    """The actors of rows that have them as JSON in the column `actor`."""
    return [_ACTOR.decode(row["actor"]) for row in rows]


async def _listed(db: Db, page: Page, sql: str, *arguments: object) -> list[Listed]:
    rows = await rows_of(db, page, sql, *arguments)
    return [Listed(cursor=row["cursor"], actor=_ACTOR.decode(row["actor"]), ends_at=row.get("ends_at")) for row in rows]
