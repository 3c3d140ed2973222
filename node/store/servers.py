"""Other servers as the panel shows them: which we know, how we are related, and what a cut would break."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from node.store.db import Db
from schemas.records import Record


class Server(Record, frozen=True, kw_only=True):
    """One server in the list. `measures`: the kinds in force on it or on a domain above it."""

    host: str
    software: str | None
    version: str | None
    last_error: str | None
    last_error_at: datetime | None
    open_until: datetime | None
    followers: int
    follows: int
    measures: list[str]


class Ties(Record, frozen=True, kw_only=True):
    """What binds us to a domain and all below it, in numbers: what a suspension would break."""

    people: int
    followers: int
    follows: int
    coming: int
    going: int
    answers: int
    answered: int
    waiting: int

    @property
    def breaks(self) -> int:
        """How many relations would be cut."""
        return self.followers + self.follows + self.coming + self.going + self.answers + self.answered


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """Which servers: with these letters in their name, with a measure on them, or failing; by name after `after`."""

    q: str = ""
    state: Literal["all", "measures", "failing"] = "all"
    after: str = ""


async def list_known(db: Db, sought: Sought, limit: int) -> list[Server]:
    """Servers by name: those we have met, and those a measure names."""
    rows = await db.fetch(
        """
        WITH known AS (
            SELECT host FROM hosts
             UNION
            SELECT target FROM measures WHERE target_kind = 'domain' AND state IN ('proposed', 'executed')),
        shown AS (
            SELECT host, kinds
              FROM known, LATERAL (
                   SELECT array(
                       SELECT DISTINCT kind FROM measures
                        WHERE target_kind = 'domain' AND state = 'executed' AND (ends_at IS NULL OR ends_at > now())
                          AND host_within(host, target)
                        ORDER BY kind) AS kinds) AS on_it
             WHERE host > $1 AND strpos(host, $2) > 0 AND ($3 <> 'measures' OR cardinality(kinds) > 0)
               AND ($3 <> 'failing' OR EXISTS (
                   SELECT FROM hosts h WHERE h.host = known.host AND h.open_until > now()))
             ORDER BY host
             LIMIT $4)
        SELECT shown.host, software, version, last_error, last_error_at, open_until, kinds AS measures,
               (SELECT count(*) FROM follows f JOIN actors a ON a.id = f.follower_id
                 WHERE a.host = shown.host AND NOT a.local AND f.state = 'accepted') AS followers,
               (SELECT count(*) FROM follows f JOIN actors a ON a.id = f.followed_id
                 WHERE a.host = shown.host AND NOT a.local AND f.state = 'accepted') AS follows
          FROM shown LEFT JOIN hosts USING (host)
         ORDER BY shown.host
        """,
        sought.after,
        sought.q,
        sought.state,
        limit,
    )
    return [Server(**row) for row in rows]


async def ties(db: Db, domain: str) -> Ties:
    """Count now: actors known there, who of them follow ours and whom ours follow, who comes to our events and whom of
    ours theirs expect, answers to calls in both directions, and deliveries that wait."""
    row = await db.fetchrow(
        """
        WITH theirs AS MATERIALIZED (
            SELECT id FROM actors WHERE NOT local AND deleted_at IS NULL AND host_within(host, $1))
        SELECT (SELECT count(*) FROM theirs) AS people,
               (SELECT count(*) FROM follows JOIN theirs ON theirs.id = follower_id
                 WHERE state = 'accepted') AS followers,
               (SELECT count(*) FROM follows JOIN theirs ON theirs.id = followed_id
                 WHERE state = 'accepted') AS follows,
               (SELECT count(*) FROM rsvps r JOIN theirs ON theirs.id = r.actor_id JOIN posts p ON p.id = r.event_id
                 WHERE p.local AND r.state IN ('going', 'maybe', 'waiting')) AS coming,
               (SELECT count(*) FROM rsvps r JOIN posts p ON p.id = r.event_id JOIN theirs ON theirs.id = p.actor_id
                 WHERE r.state IN ('going', 'maybe', 'waiting')) AS going,
               (SELECT count(*) FROM answers a JOIN theirs ON theirs.id = a.actor_id JOIN posts p ON p.id = a.call_id
                 WHERE p.local AND a.state IN ('offered', 'accepted')) AS answers,
               (SELECT count(*) FROM answers a JOIN posts p ON p.id = a.call_id JOIN theirs ON theirs.id = p.actor_id
                 WHERE a.state IN ('offered', 'accepted')) AS answered,
               (SELECT count(*) FROM deliveries WHERE dead_at IS NULL AND host_within(host, $1)) AS waiting
        """,
        domain,
    )
    return Ties(**row)
