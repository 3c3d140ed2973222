"""What stands on the map: hubs, places of ours, and meetings to come, each with where it is."""

from __future__ import annotations

import msgspec

from node.store.db import Db
from node.store.posts.reading import EVERYTHING, Wanted, narrowed, posts_of
from schemas.records import Actor, PlaceRow, Post
from schemas.things import Place

_PLACE = msgspec.json.Decoder(Place)
_ACTOR = msgspec.json.Decoder(Actor)


class MappedHub(msgspec.Struct, frozen=True, kw_only=True):
    """A hub with its seat, else the place where it met last."""

    actor: Actor
    latitude: float
    longitude: float


async def events(db: Db, *, viewer: int | None, wanted: Wanted = EVERYTHING, limit: int) -> list[Post]:
    """Events to come that say where on Earth they are, the next first."""
    sql, arguments = narrowed(
        """
        SELECT record
          FROM events e
          JOIN places l ON l.id = e.place_id AND l.latitude IS NOT NULL
          JOIN posts p ON p.id = e.post_id
          JOIN post_records r ON r.id = e.post_id
         WHERE over_at(e) > now()
           -- narrowed, in_lists(p, $1)
         ORDER BY e.starts_at, e.post_id
         LIMIT $2
        """,
        wanted,
        viewer,
        limit,
    )
    return posts_of(await db.fetch(sql, *arguments))


async def places(db: Db, limit: int) -> list[PlaceRow]:
    """Places of ours where a public event was or will be, those used last first."""
    rows = await db.fetch(
        """
        SELECT l.id, l.uri, d.place::text
          FROM places l
          JOIN place_documents d USING (id)
          JOIN events e ON e.place_id = l.id
          JOIN posts p ON p.id = e.post_id AND p.audience = 'public' AND p.deleted_at IS NULL
         WHERE l.local AND l.latitude IS NOT NULL
         GROUP BY l.id, l.uri, d.place::text
         ORDER BY max(e.starts_at) DESC, l.id
         LIMIT $1
        """,
        limit,
    )
    found = ((row, _PLACE.decode(row["place"])) for row in rows)
    return [PlaceRow(id=row["id"], uri=row["uri"], local=True, place=place) for row, place in found]


async def hubs(db: Db, limit: int) -> list[MappedHub]:
    """This hub and the approved ones of which we know where they are, this one first."""
    rows = await db.fetch(
        """
        SELECT row_to_json(a)::text AS actor, coalesce(seat.latitude, met.latitude) AS latitude,
               coalesce(seat.longitude, met.longitude) AS longitude
          FROM (SELECT id FROM actors WHERE role_here = 'hub'
                 UNION
                SELECT actor_id FROM known_hubs WHERE state = 'approved') AS one
          JOIN public_actors a USING (id)
          LEFT JOIN places seat ON seat.id = a.place_id
          LEFT JOIN LATERAL (
               SELECT l.latitude, l.longitude
                 FROM posts p
                 JOIN events e ON e.post_id = p.id
                 JOIN places l ON l.id = e.place_id AND l.latitude IS NOT NULL
                WHERE p.actor_id = a.id AND p.kind = 'event' AND p.audience = 'public' AND p.deleted_at IS NULL
                ORDER BY e.starts_at DESC
                LIMIT 1) AS met ON true
         WHERE may_be_listed(a.id, NULL)
           AND coalesce(seat.latitude, met.latitude) IS NOT NULL
         ORDER BY a.local DESC, a.display_name, a.id
         LIMIT $1
        """,
        limit,
    )
    return [
        MappedHub(actor=_ACTOR.decode(row["actor"]), latitude=row["latitude"], longitude=row["longitude"])
        for row in rows
    ]
