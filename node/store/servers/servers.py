"""Other servers as the panel shows them: which we know, how we are related, and what a cut would break."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from node.store.db import Db
from node.store.tabular import Slice, ordered
from schemas.records import Record


class Server(Record, frozen=True, kw_only=True):
    """One server in the list. `measures`: the kinds in force on it or on a domain above it."""

    host: str
    software: str | None
    version: str | None
    last_error: str | None
    last_error_at: datetime | None
    last_ok_at: datetime | None
    open_until: datetime | None
    paused_at: datetime | None
    waits_since: datetime | None
    followers: int
    follows: int
    waiting: int
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
    together: int
    findings: int
    waiting: int

    @property
    def breaks(self) -> int:
        """How many relations would be cut."""
        met = self.coming + self.going + self.answers + self.answered + self.together + self.findings
        return self.followers + self.follows + met


Kind = Literal["limit", "suspend", "reject_media", "reject_reports"]
State = Literal["all", "measures", "failing", "waits", "paused", "let_in"]
"""Which servers: with a measure on them, not answering, waiting for a look, paused, or let in where the hub asks."""

ORDERS = {
    "host": "host",
    "runs": "software",
    "followers": """(SELECT count(*) FROM follows f JOIN actors a ON a.id = f.follower_id
                      WHERE a.host = known.host AND NOT a.local AND f.state = 'accepted')""",
    "follows": """(SELECT count(*) FROM follows f JOIN actors a ON a.id = f.followed_id
                    WHERE a.host = known.host AND NOT a.local AND f.state = 'accepted')""",
    "waiting": "(SELECT count(*) FROM deliveries d WHERE d.host = known.host AND dead_at IS NULL)",
    "measures": """(SELECT count(*) FROM measures m
                     WHERE m.target_kind = 'domain' AND m.state = 'executed'
                       AND m.target = ANY (domains_above(known.host)) AND (m.ends_at IS NULL OR m.ends_at > now()))""",
    "error": "last_error_at",
    "reached": "last_ok_at",
}


async def list_known(db: Db, state: State, wanted: Slice) -> list[Server]:
    """Servers in the wanted order: those we have met, and those a measure names."""
    rows = await db.fetch(
        ordered(
            """
        WITH known AS (
            SELECT host FROM hosts
             UNION
            SELECT target FROM measures WHERE target_kind = 'domain' AND state IN ('proposed', 'executed')),
        shown AS (
            SELECT host, software, version, last_error, last_error_at, last_ok_at, open_until, paused_at, waits_since
              FROM known LEFT JOIN hosts USING (host)
             WHERE strpos(host, $1) > 0
               AND CASE $2 WHEN 'measures' THEN EXISTS (
                                SELECT FROM measures
                                 WHERE target_kind = 'domain' AND state = 'executed'
                                   AND target = ANY (domains_above(host)) AND (ends_at IS NULL OR ends_at > now()))
                           WHEN 'failing' THEN open_until > now()
                           WHEN 'waits' THEN waits_since IS NOT NULL
                           WHEN 'paused' THEN paused_at IS NOT NULL
                           WHEN 'let_in' THEN approved_at IS NOT NULL ELSE true END
             -- sorted
             LIMIT $3 OFFSET $4)
        SELECT host, software, version, last_error, last_error_at, last_ok_at, open_until, paused_at, waits_since,
               array(SELECT DISTINCT kind FROM measures
                      WHERE target_kind = 'domain' AND state = 'executed' AND (ends_at IS NULL OR ends_at > now())
                        AND target = ANY (domains_above(shown.host))
                      ORDER BY kind) AS measures,
               (SELECT count(*) FROM follows f JOIN actors a ON a.id = f.follower_id
                 WHERE a.host = shown.host AND NOT a.local AND f.state = 'accepted') AS followers,
               (SELECT count(*) FROM follows f JOIN actors a ON a.id = f.followed_id
                 WHERE a.host = shown.host AND NOT a.local AND f.state = 'accepted') AS follows,
               (SELECT count(*) FROM deliveries d WHERE d.host = shown.host AND dead_at IS NULL) AS waiting
          FROM shown
        """,
            ORDERS,
            wanted,
            "host",
        ),
        wanted.words,
        state,
        wanted.limit,
        wanted.offset,
    )
    return [Server(**row) for row in rows]


async def list_measured(db: Db) -> list[tuple[str, tuple[Kind, ...], str]]:
    """All domains under measures in force by name, with the kinds of measures and the reason for everybody."""
    rows = await db.fetch(
        """
        SELECT target, array_agg(kind ORDER BY kind) AS kinds, coalesce(min(nullif(public_reason, '')), '') AS reason
          FROM measures
         WHERE target_kind = 'domain' AND state = 'executed' AND (ends_at IS NULL OR ends_at > now())
         GROUP BY target ORDER BY target
        """
    )
    return [(row["target"], tuple(row["kinds"]), row["reason"]) for row in rows]


async def list_cut(db: Db) -> list[tuple[str, Kind, str]]:
    """All domains that are suspended or limited, by name: the stronger measure of each, with the reason for everybody.
    There may be fifty thousand, and strangers ask."""
    rows = await db.fetch(
        """
        SELECT DISTINCT ON (target) target, kind, public_reason
          FROM measures
         WHERE target_kind = 'domain' AND kind IN ('suspend', 'limit') AND state = 'executed'
           AND (ends_at IS NULL OR ends_at > now())
         ORDER BY target, kind = 'suspend' DESC, id DESC
        """
    )
    return [tuple(row) for row in rows]


async def list_let_in(db: Db) -> list[str]:
    """All hosts that somebody let in, by name."""
    return [row["host"] for row in await db.fetch("SELECT host FROM hosts WHERE approved_at IS NOT NULL ORDER BY host")]


async def ties(db: Db, domain: str) -> Ties:
    """Count now: actors known there, who of them follow ours and whom ours follow, who comes to our events and whom of
    ours theirs expect, answers to calls in both directions, events held together, findings that one passed on or drew
    from the other, and deliveries that wait."""
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
               (SELECT count(*) FROM co_hosts c
                  JOIN posts p ON p.id = c.event_id AND p.deleted_at IS NULL
                  JOIN actors host ON host.id = c.actor_id
                 WHERE c.state = 'named' AND (p.local AND host.id IN (SELECT id FROM theirs)
                    OR host.local AND p.actor_id IN (SELECT id FROM theirs))) AS together,
               (SELECT count(DISTINCT f.id) FROM posts f
                  LEFT JOIN posts b ON b.boost_of_id = f.id AND b.deleted_at IS NULL
                  LEFT JOIN origins o ON o.post_id = f.id
                  LEFT JOIN posts born ON born.uri = o.uri
                 WHERE f.kind = 'finding' AND f.deleted_at IS NULL
                   AND (f.actor_id IN (SELECT id FROM theirs) AND (b.local OR born.local)
                    OR f.local AND (b.actor_id IN (SELECT id FROM theirs)
                                    OR born.actor_id IN (SELECT id FROM theirs)))) AS findings,
               (SELECT count(*) FROM deliveries WHERE dead_at IS NULL AND host_within(host, $1)) AS waiting
        """,
        domain,
    )
    return Ties(**row)
