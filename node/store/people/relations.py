"""Relations with the people in them, page by page: whom one follows, who comes to an event, who answered a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from node.store.db import Db
from schemas.answers import Answer
from schemas.records import Actor, Follow, Rsvp

_ACTOR = msgspec.json.Decoder(Actor)


async def list_followed(db: Db, follower_id: int, *, after: int, limit: int) -> list[tuple[Follow, Actor]]:
    """Whom an actor follows or asked to follow, the earliest first, after the relation of that id."""
    rows = await db.fetch(
        """
        SELECT f.*, row_to_json(a)::text AS actor
          FROM follows f
          JOIN public_actors a ON a.id = f.followed_id
         WHERE f.follower_id = $1 AND f.id > $2 AND a.deleted_at IS NULL
         ORDER BY f.id
         LIMIT $3
        """,
        follower_id,
        after,
        limit,
    )
    return [(Follow(**fields), actor) for fields, actor in map(_parted, rows) if actor]


async def list_rsvps(db: Db, event_id: int, *, after: int, limit: int) -> list[tuple[Rsvp, Actor | None]]:
    """Who answered an event, for those who organise it; guests without an account have no actor."""
    rows = await db.fetch(
        """
        SELECT r.*, row_to_json(a)::text AS actor
          FROM rsvps r
          LEFT JOIN public_actors a ON a.id = r.actor_id
         WHERE r.event_id = $1 AND r.id > $2
         ORDER BY r.id
         LIMIT $3
        """,
        event_id,
        after,
        limit,
    )
    return [(Rsvp(**fields), actor) for fields, actor in map(_parted, rows)]


async def list_answers(
    db: Db, call_id: int, *, by: int | None = None, after: int, limit: int
) -> list[tuple[Answer, Actor]]:
    """The answers to a call, all of them or those of one actor."""
    rows = await db.fetch(
        """
        SELECT n.*, row_to_json(a)::text AS actor
          FROM answers n
          JOIN public_actors a ON a.id = n.actor_id
         WHERE n.call_id = $1 AND n.id > $2 AND ($3::bigint IS NULL OR n.actor_id = $3)
         ORDER BY n.id
         LIMIT $4
        """,
        call_id,
        after,
        by,
        limit,
    )
    return [(Answer(**fields), actor) for fields, actor in map(_parted, rows) if actor]


def _parted(row: Mapping[str, Any]) -> tuple[dict[str, Any], Actor | None]:
    """A row in its two halves: the relation and the actor."""
    fields = dict(row)
    actor = fields.pop("actor")
    return fields, _ACTOR.decode(actor) if actor else None
