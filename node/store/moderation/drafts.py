"""What lists and circles propose about domains, until somebody decides: nothing of it is in force by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from node.store.db import Db
from node.store.moderation.measures import DOMAINS_IN_FORCE
from node.store.tabular import Slice, ordered
from schemas.records import Record

Kind = Literal["limit", "suspend", "reject_media", "reject_reports", "allow"]
State = Literal["waiting", "accepted", "rejected", "withdrawn"]


class Draft(Record, frozen=True, kw_only=True):
    """One proposal. `lifts`: the list no longer has it, so the measure that came of it (`measure_id`) may end. `people`
    are those known here of this domain, `ties` the follows in both directions that a suspension would cut."""

    id: int
    list_id: int | None
    domain: str
    kind: Kind
    lifts: bool
    reason: str
    private_reason: str
    state: State
    measure_id: int | None
    created_at: datetime
    source: str | None = None
    people: int = 0
    ties: int = 0


class Fresh(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a list."""

    domain: str
    kind: Kind
    reason: str
    private_reason: str


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """Which drafts: of a list, of circles (`list_id` 0) or all; of a kind; those alone that touch people known here;
    these alone."""

    state: State = "waiting"
    list_id: int | None = None
    kind: Kind | None = None
    known: bool = False
    ids: Sequence[int] | None = None


ORDERS = {
    "domain": "d.domain",
    "kind": "d.kind",
    "source": "d.list_id",
    "why": "d.reason",
    "when": "d.created_at",
}


async def put_many(db: Db, list_id: int, number: int, fresh: Sequence[Fresh], exclusions: Sequence[str]) -> None:
    """Note what a list has in this round: new lines wait, those decided before stay so, those that were taken off and
    are back wait again. What is in force already, or excluded, needs nobody."""
    await db.execute(
        f"""
        WITH there AS MATERIALIZED ({DOMAINS_IN_FORCE} ($3))
        INSERT INTO drafts (list_id, round, domain, kind, reason, private_reason)
        SELECT $1, $2, domain, kind, min(reason), min(private_reason)
          FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) AS fresh (domain, kind, reason, private_reason)
         WHERE (cardinality($7::text[]) = 0 OR NOT domains_above(domain) && $7)
           AND (EXISTS (SELECT FROM drafts old
                         WHERE old.list_id = $1 AND old.domain = fresh.domain AND old.kind = fresh.kind)
                OR NOT CASE kind WHEN 'allow'
                            THEN EXISTS (SELECT FROM hosts WHERE host = domain AND approved_at IS NOT NULL)
                            ELSE EXISTS (SELECT FROM there
                                          WHERE there.domain = fresh.domain AND there.kind = fresh.kind) END)
         GROUP BY domain, kind
        ON CONFLICT (list_id, domain, kind) DO UPDATE
           SET round = excluded.round, reason = excluded.reason, private_reason = excluded.private_reason,
               state = CASE WHEN drafts.lifts THEN 'accepted' WHEN drafts.state = 'withdrawn' THEN 'waiting'
                            ELSE drafts.state END,
               lifts = false
        """,  # noqa: S608 - text of our own
        list_id,
        number,
        [one.domain for one in fresh],
        [one.kind for one in fresh],
        [one.reason for one in fresh],
        [one.private_reason for one in fresh],
        list(exclusions),
    )


async def end_round(db: Db, list_id: int, number: int) -> None:
    """What this round did not have was taken off the list: a draft goes, and a measure that came of one may end."""
    await db.execute(
        """
        UPDATE drafts d
           SET state = CASE WHEN d.state = 'waiting' THEN 'withdrawn' ELSE 'waiting' END, lifts = d.state = 'accepted',
               created_at = now()
         WHERE list_id = $1 AND round < $2 AND NOT lifts
           AND (d.state = 'waiting' OR d.state = 'accepted' AND EXISTS (
                SELECT FROM measures m WHERE m.id = d.measure_id AND m.state = 'executed'))
        """,
        list_id,
        number,
    )


async def put_one(db: Db, domain: str, kind: Kind, reason: str) -> int | None:
    """A draft of the circle; its number. None where one waits, was decided, or the measure is in force."""
    number: int | None = await db.fetchval(
        """
        INSERT INTO drafts (domain, kind, reason)
        SELECT $1, $2, $3
         WHERE NOT EXISTS (SELECT FROM measures m WHERE m.target_kind = 'domain' AND m.target = $1 AND m.kind = $2
                              AND m.state IN ('proposed', 'executed'))
        ON CONFLICT (list_id, domain, kind) DO UPDATE SET reason = excluded.reason, state = 'waiting', lifts = false
         WHERE drafts.state = 'withdrawn'
        RETURNING id
        """,
        domain,
        kind,
        reason,
    )
    return number


async def withdraw(db: Db, draft_id: int) -> None:
    """Nobody stands behind it any more: it goes, or where it was accepted somebody is asked whether to lift it."""
    await db.execute(
        """
        UPDATE drafts
           SET state = CASE WHEN state = 'waiting' THEN 'withdrawn' ELSE 'waiting' END, lifts = state = 'accepted'
         WHERE id = $1 AND NOT lifts AND state IN ('waiting', 'accepted')
        """,
        draft_id,
    )


async def list_of(db: Db, sought: Sought, wanted: Slice) -> list[Draft]:
    """Drafts in the wanted order, each with what it would touch."""
    rows = await db.fetch(
        ordered(
            """
        WITH known AS MATERIALIZED (
            SELECT above AS domain, host
              FROM (SELECT DISTINCT host FROM actors WHERE NOT local) a, LATERAL unnest(domains_above(host)) AS above),
        page AS (
            SELECT d.id, d.list_id, d.domain, d.kind, d.lifts, d.reason, d.private_reason, d.state, d.measure_id,
                   d.created_at, l.name AS source
              FROM drafts d LEFT JOIN domain_lists l ON l.id = d.list_id
             WHERE d.state = $1 AND ($2::bigint IS NULL OR coalesce(d.list_id, 0) = $2)
               AND ($3::text IS NULL OR d.kind = $3) AND ($4 = '' OR strpos(d.domain, lower($4)) > 0)
               AND (NOT $5 OR d.domain IN (SELECT domain FROM known))
               AND ($8::bigint[] IS NULL OR d.id = ANY ($8))
             -- sorted
             LIMIT $6 OFFSET $7),
        theirs AS MATERIALIZED (
            SELECT domain, a.id FROM known JOIN actors a USING (host)
             WHERE NOT a.local AND domain IN (SELECT domain FROM page))
        SELECT page.*,
               (SELECT count(*) FROM theirs t WHERE t.domain = page.domain) AS people,
               (SELECT count(*) FROM theirs t JOIN follows f ON f.follower_id = t.id WHERE t.domain = page.domain)
               + (SELECT count(*) FROM theirs t JOIN follows f ON f.followed_id = t.id WHERE t.domain = page.domain)
                   AS ties
          FROM page
        """,
            ORDERS,
            wanted,
            "d.id",
        ),
        sought.state,
        sought.list_id,
        sought.kind,
        wanted.words,
        sought.known,
        wanted.limit,
        wanted.offset,
        list(sought.ids) if sought.ids is not None else None,
    )
    return [Draft(**row) for row in rows]


async def get_many(db: Db, ids: Sequence[int]) -> list[Draft]:
    """Those of these drafts that wait, locked until the transaction ends."""
    rows = await db.fetch(
        """
        SELECT id, list_id, domain, kind, lifts, reason, private_reason, state, measure_id, created_at
          FROM drafts WHERE id = ANY ($1) AND state = 'waiting' ORDER BY id FOR UPDATE
        """,
        list(ids),
    )
    return [Draft(**row) for row in rows]


async def take_some(db: Db, list_id: int, limit: int) -> list[Draft]:
    """The next waiting ones of a list, locked until the transaction ends."""
    rows = await db.fetch(
        """
        SELECT id, list_id, domain, kind, lifts, reason, private_reason, state, measure_id, created_at
          FROM drafts WHERE list_id = $1 AND state = 'waiting' ORDER BY id LIMIT $2 FOR UPDATE
        """,
        list_id,
        limit,
    )
    return [Draft(**row) for row in rows]


async def decide(db: Db, ids: Sequence[int], state: State, by: int | None) -> int:
    """Write down what was decided about waiting ones. How many."""
    done: str = await db.execute(
        """
        UPDATE drafts SET state = $2, decided_at = now(), decided_by = $3
         WHERE id = ANY ($1) AND state = 'waiting'
        """,
        list(ids),
        state,
        by,
    )
    return int(done.rpartition(" ")[2])


async def keep_measure(db: Db, draft_id: int, measure_id: int) -> None:
    """Which measure came of it."""
    await db.execute("UPDATE drafts SET measure_id = $2 WHERE id = $1", draft_id, measure_id)


async def touching(db: Db, domains: Sequence[str]) -> set[str]:
    """Those of the domains of which somebody is known here: a measure on them changes more than a rule."""
    rows = await db.fetch(
        """
        SELECT DISTINCT above FROM (SELECT DISTINCT host FROM actors WHERE NOT local) known,
               LATERAL unnest(domains_above(host)) AS above
         WHERE above = ANY ($1)
        """,
        list(domains),
    )
    return {row["above"] for row in rows}


async def count_waiting(db: Db) -> int:
    """How many wait for a decision."""
    number: int = await db.fetchval("SELECT count(*) FROM drafts WHERE state = 'waiting'")
    return number


async def oldest_waiting(db: Db) -> datetime | None:
    """Since when the oldest waits."""
    since: datetime | None = await db.fetchval("SELECT min(created_at) FROM drafts WHERE state = 'waiting'")
    return since
