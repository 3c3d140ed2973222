"""Who on other servers must hear of a change: not only followers keep a copy of a post."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from node.store.db import Db
from schemas.records import Actor

_ACTOR = msgspec.json.Decoder(Actor)


async def holders(db: Db, post_id: int, announcers: Sequence[int] = (), *, allowed: bool) -> list[Actor]:
    """Remote actors who are named in a post, answered, liked or boosted it, answered the event or call, or follow one
    of `announcers` (local actors that announced it). Nobody twice. `allowed`: only those who may see the post now;
    somebody who has stopped following may not (case 111)."""
    rows = await db.fetch(
        """
        SELECT row_to_json(a)::text AS actor
          FROM public_actors a
         WHERE NOT a.local AND a.deleted_at IS NULL AND a.id IN (
               SELECT actor_id FROM mentions WHERE post_id = $1
               UNION SELECT actor_id FROM posts WHERE in_reply_to_id = $1 AND deleted_at IS NULL
               UNION SELECT actor_id FROM posts WHERE boost_of_id = $1 AND deleted_at IS NULL
               UNION SELECT actor_id FROM reactions WHERE post_id = $1
               UNION SELECT actor_id FROM rsvps WHERE event_id = $1
               UNION SELECT actor_id FROM answers WHERE call_id = $1
               UNION SELECT follower_id FROM follows WHERE followed_id = ANY ($2) AND state = 'accepted')
           AND (NOT $3 OR EXISTS (SELECT FROM posts p WHERE p.id = $1 AND may_see(p, a.id)))
        """,
        post_id,
        announcers,
        allowed,
    )
    return [_ACTOR.decode(row["actor"]) for row in rows]


async def attendees_here(db: Db, post_id: int) -> list[int]:
    """Local actors who said that they come, might come, wait or ask to: those whom a change of plan concerns."""
    rows = await db.fetch(
        """
        SELECT actor_id
          FROM rsvps
          JOIN actors ON actors.id = actor_id
         WHERE event_id = $1 AND state <> 'declined' AND actors.local
        """,
        post_id,
    )
    return [row["actor_id"] for row in rows]
