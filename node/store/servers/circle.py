"""Our circle: hubs that want to be in it as we do, and what they recommend about other servers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from node.store.db import Db
from schemas.records import Actor, Record

_ACTOR = msgspec.json.Decoder(Actor)

State = Literal["asked", "asks", "member"]
Kind = Literal["limit", "suspend", "reject_media", "reject_reports"]


class CircleHub(Record, frozen=True, kw_only=True):
    """One relation: we `asked`, it `asks`, or both agreed (`member`). `offer_uri` is the Offer with which it began."""

    actor_id: int
    name: str
    state: State
    offer_uri: str
    since: datetime
    by: int | None


class Recommendation(Record, frozen=True, kw_only=True):
    """What a hub recommends about a domain, with reason and evidence, until a date. `hearsay`: it rests on what others
    recommend, and does not count. `handle` is the hub's."""

    id: int
    uri: str
    offer_uri: str
    actor_id: int
    domain: str
    kind: Kind
    reason: str
    evidence: list[str]
    hearsay: bool
    published_at: datetime
    expires_at: datetime
    retracted_at: datetime | None
    draft_id: int | None
    handle: str = ""


_FIELDS = ", ".join(f"r.{name}" for name in Recommendation.__struct_fields__ if name != "handle")
_READ = f"SELECT {_FIELDS}, '@' || a.name || '@' || a.host AS handle FROM recommendations r JOIN actors a ON a.id = r.actor_id"  # noqa: S608, E501 - names of our own
_BY_OFFER = _READ + " WHERE r.offer_uri = $1"
_STANDING = (
    _READ
    + """
     WHERE r.retracted_at IS NULL AND r.expires_at > now() AND ($1::text IS NULL OR r.domain = $1)
       AND (a.local = $2) ORDER BY r.id DESC LIMIT $3
"""
)


async def find(db: Db, actor_id: int) -> CircleHub | None:
    """The relation with a hub."""
    row = await db.fetchrow("SELECT * FROM circle_hubs WHERE actor_id = $1", actor_id)
    return CircleHub(**row) if row else None


async def put(db: Db, actor_id: int, name: str, state: State, offer_uri: str, by: int | None = None) -> bool:
    """Begin a relation, or another one in its place. False where it is one of both already."""
    done: str = await db.execute(
        """
        INSERT INTO circle_hubs AS c (actor_id, name, state, offer_uri, by) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (actor_id) DO UPDATE
           SET name = excluded.name, state = excluded.state, offer_uri = excluded.offer_uri, by = excluded.by
         WHERE c.state <> 'member'
        """,
        actor_id,
        name,
        state,
        offer_uri,
        by,
    )
    return done == "INSERT 0 1"


async def agree(db: Db, actor_id: int, offer_uri: str) -> bool:
    """Both want it. False where this was not offered."""
    done: str = await db.execute(
        """
        UPDATE circle_hubs SET state = 'member', since = now()
         WHERE actor_id = $1 AND offer_uri = $2 AND state <> 'member'
        """,
        actor_id,
        offer_uri,
    )
    return done == "UPDATE 1"


async def end(db: Db, actor_id: int) -> CircleHub | None:
    """One of both wants it no more. None where there was nothing."""
    row = await db.fetchrow("DELETE FROM circle_hubs WHERE actor_id = $1 RETURNING *", actor_id)
    return CircleHub(**row) if row else None


async def list_all(db: Db, limit: int) -> list[tuple[CircleHub, Actor]]:
    """All relations, those that ask us first, then by name."""
    rows = await db.fetch(
        """
        SELECT c.actor_id, c.name AS circle, c.state, c.offer_uri, c.since, c.by, row_to_json(a)::text AS actor
          FROM circle_hubs c JOIN public_actors a ON a.id = c.actor_id
         ORDER BY c.state <> 'asks', c.name, a.host LIMIT $1
        """,
        limit,
    )
    return [
        (
            CircleHub(
                actor_id=row["actor_id"],
                name=row["circle"],
                state=row["state"],
                offer_uri=row["offer_uri"],
                since=row["since"],
                by=row["by"],
            ),
            _ACTOR.decode(row["actor"]),
        )
        for row in rows
    ]


async def recommend(db: Db, one: Recommendation) -> bool:
    """Keep a recommendation, ours or another hub's. False where it is known."""
    done: str = await db.execute(
        """
        INSERT INTO recommendations
            (uri, offer_uri, actor_id, domain, kind, reason, evidence, hearsay, published_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT DO NOTHING
        """,
        one.uri,
        one.offer_uri,
        one.actor_id,
        one.domain,
        one.kind,
        one.reason,
        one.evidence,
        one.hearsay,
        one.published_at,
        one.expires_at,
    )
    return done == "INSERT 0 1"


async def count_standing(db: Db, actor_id: int) -> int:
    """How many of a hub's recommendations stand."""
    number: int = await db.fetchval(
        """
        SELECT count(*) FROM recommendations
         WHERE actor_id = $1 AND retracted_at IS NULL AND expires_at > now()
        """,
        actor_id,
    )
    return number


async def find_recommended(db: Db, offer_uri: str) -> Recommendation | None:
    """A recommendation by the Offer that brought it."""
    row = await db.fetchrow(_BY_OFFER, offer_uri)
    return Recommendation(**row) if row else None


async def list_standing(db: Db, domain: str | None, *, ours: bool, limit: int) -> list[Recommendation]:
    """What stands, ours or the others', about a domain or about all; the newest first."""
    return [Recommendation(**row) for row in await db.fetch(_STANDING, domain, ours, limit)]


async def weigh(db: Db, domain: str, kind: Kind) -> list[str]:
    """The reasons of those hubs of our circle that recommend this about a domain at first hand, one for each hub."""
    rows = await db.fetch(
        """
        SELECT DISTINCT ON (r.actor_id) r.reason
          FROM recommendations r JOIN circle_hubs c ON c.actor_id = r.actor_id AND c.state = 'member'
         WHERE r.domain = $1 AND r.kind = $2 AND NOT r.hearsay AND r.retracted_at IS NULL AND r.expires_at > now()
         ORDER BY r.actor_id, r.id
        """,
        domain,
        kind,
    )
    return [row["reason"] for row in rows]


async def keep_draft(db: Db, domain: str, kind: Kind, draft_id: int) -> None:
    """Which draft came of what is recommended."""
    await db.execute(
        "UPDATE recommendations SET draft_id = $3 WHERE domain = $1 AND kind = $2 AND retracted_at IS NULL",
        domain,
        kind,
        draft_id,
    )


async def retract(db: Db, actor_id: int, offer_uri: str) -> Recommendation | None:
    """Take a recommendation back; as it stood. None where this hub recommended no such thing, or took it back."""
    found = await find_recommended(db, offer_uri)
    if found is None or found.actor_id != actor_id or found.retracted_at is not None:
        return None
    await db.execute("UPDATE recommendations SET retracted_at = now() WHERE id = $1", found.id)
    return found


async def retract_all(db: Db, actor_id: int) -> Sequence[tuple[str, Kind]]:
    """A hub is no longer in our circle: what it recommended does not stand; which domains that concerns."""
    rows = await db.fetch(
        """
        UPDATE recommendations SET retracted_at = now() WHERE actor_id = $1 AND retracted_at IS NULL
        RETURNING domain, kind
        """,
        actor_id,
    )
    return [(row["domain"], row["kind"]) for row in rows]


async def list_expired(db: Db, limit: int) -> Sequence[tuple[str, Kind]]:
    """Retract what stood until now; which domains that concerns."""
    rows = await db.fetch(
        """
        UPDATE recommendations SET retracted_at = now()
         WHERE id IN (SELECT id FROM recommendations WHERE retracted_at IS NULL AND expires_at <= now() LIMIT $1)
        RETURNING domain, kind
        """,
        limit,
    )
    return [(row["domain"], row["kind"]) for row in rows]


async def draft_of(db: Db, domain: str, kind: Kind) -> int | None:
    """The draft that came of recommendations about this."""
    found: int | None = await db.fetchval(
        "SELECT id FROM drafts WHERE list_id IS NULL AND domain = $1 AND kind = $2", domain, kind
    )
    return found
