"""Measures of moderation in their states (proposed → confirmed → executed → ended) and their marks on actors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from node.errors import NotFound
from node.store.db import Db
from node.store.moderation.decision_rules import How
from schemas.records import Measure

Kind = Literal[
    "warn", "sensitive", "limit", "freeze", "suspend", "reject_media", "reject_reports", "purge", "role", "rules"
]
Target = Literal["actor", "domain", "hub"]
Why = Literal["lifted", "withdrawn", "over", "lapsed", "failed", "expired", "done"]
"""By somebody, by its date, unconfirmed after an emergency, voted down, never confirmed, or done once and for all."""

DOMAINS_IN_FORCE = """
    SELECT target AS domain, kind FROM measures
     WHERE target_kind = 'domain' AND state = 'executed' AND (ends_at IS NULL OR ends_at > now()) AND target = ANY
"""
"""Part of a statement, before the domains: which of many measures on many of them are in force, asked at once."""


async def insert(
    db: Db,
    kind: Kind,
    target_kind: Target,
    target: str,
    *,
    proposed_by: int | None,
    private_reason: str = "",
    public_reason: str = "",
    ends_at: datetime | None = None,
    detail: dict[str, Any] | None = None,
    how: How = "second",
    quorum: int | None = None,
    closes_at: datetime | None = None,
) -> Measure:
    """Propose a measure on an actor (its id, a URI) or a domain (A-label); `proposed_by` None is the command line."""
    row = await db.fetchrow(
        """
        INSERT INTO measures
            (kind, target_kind, target, detail, private_reason, public_reason, proposed_by, ends_at, state, how,
             quorum, closes_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'proposed', $9, $10, $11)
        RETURNING *
        """,
        kind,
        target_kind,
        target,
        detail or {},
        private_reason,
        public_reason,
        proposed_by,
        ends_at,
        how,
        quorum,
        closes_at,
    )
    return msgspec.convert(dict(row), Measure)


async def one_at_a_time(db: Db, target: str) -> None:
    """Who decides about the same target at the same moment waits until this transaction ends."""
    await db.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", _TARGETS, target)


async def get(db: Db, measure_id: int) -> Measure:
    """One measure, locked until the transaction ends; NotFound if there is none."""
    row = await db.fetchrow("SELECT * FROM measures WHERE id = $1 FOR UPDATE", measure_id)
    if row is None:
        raise NotFound
    return msgspec.convert(dict(row), Measure)


async def confirm(
    db: Db, measure_id: int, by: int | None, *, stands_alone: bool, review_at: datetime | None
) -> Measure:
    """Confirm a proposed measure: by a second person, or standing alone with a date of review."""
    row = await db.fetchrow(
        """
        UPDATE measures
           SET state = 'confirmed', confirmed_by = $2, confirmed_at = now(), stands_alone = $3, review_at = $4
         WHERE id = $1 AND state = 'proposed'
        RETURNING *
        """,
        measure_id,
        by,
        stands_alone,
        review_at,
    )
    return msgspec.convert(dict(row), Measure)


async def set_executed(db: Db, measure_id: int) -> Measure:
    """Say that a confirmed measure is in force."""
    row = await db.fetchrow(
        """
        UPDATE measures SET state = 'executed', executed_at = now()
         WHERE id = $1 AND state = 'confirmed'
        RETURNING *
        """,
        measure_id,
    )
    return msgspec.convert(dict(row), Measure)


async def stand_until(db: Db, measure_id: int, lapses_at: datetime) -> Measure:
    """Taken at once in an emergency: it lapses then, unless it is confirmed."""
    row = await db.fetchrow(
        "UPDATE measures SET lapses_at = $2, closes_at = $2 WHERE id = $1 RETURNING *", measure_id, lapses_at
    )
    return msgspec.convert(dict(row), Measure)


async def ratify(db: Db, measure_id: int, by: int | None, review_at: datetime | None) -> Measure:
    """Confirm what was taken at once in an emergency: it lapses no more."""
    row = await db.fetchrow(
        """
        UPDATE measures
           SET confirmed_by = $2, confirmed_at = now(), stands_alone = false, lapses_at = NULL, review_at = $3
         WHERE id = $1
        RETURNING *
        """,
        measure_id,
        by,
        review_at,
    )
    return msgspec.convert(dict(row), Measure)


async def end(db: Db, measure_id: int, by: int | None, why: Why = "lifted") -> Measure | None:
    """End a measure, whatever its state. None if it had ended."""
    row = await db.fetchrow(
        """
        UPDATE measures SET state = 'ended', ended_by = $2, ended_at = now(), ended_why = $3
         WHERE id = $1 AND state <> 'ended'
        RETURNING *
        """,
        measure_id,
        by,
        why,
    )
    return msgspec.convert(dict(row), Measure) if row else None


async def find_in_force(db: Db, kind: Kind, target_kind: Target, target: str) -> Measure | None:
    """The executed measure of a kind on a target, if any."""
    row = await db.fetchrow(
        """
        SELECT * FROM measures
         WHERE kind = $1 AND target_kind = $2 AND target = $3 AND state = 'executed'
           AND (ends_at IS NULL OR ends_at > now())
         ORDER BY id DESC LIMIT 1
        """,
        kind,
        target_kind,
        target,
    )
    return msgspec.convert(dict(row), Measure) if row else None


async def list_in_force(db: Db, target_kind: Target) -> list[Measure]:
    """All measures in force on actors, or on domains; newest first."""
    rows = await db.fetch(
        """
        SELECT * FROM measures
         WHERE target_kind = $1 AND state = 'executed' AND (ends_at IS NULL OR ends_at > now())
         ORDER BY id DESC
        """,
        target_kind,
    )
    return [msgspec.convert(dict(row), Measure) for row in rows]


async def list_on(db: Db, target_kind: Target, targets: Sequence[str]) -> list[Measure]:
    """Measures in force on these, newest first."""
    rows = await db.fetch(
        """
        SELECT * FROM measures
         WHERE target_kind = $1 AND target = ANY ($2) AND state = 'executed' AND (ends_at IS NULL OR ends_at > now())
         ORDER BY id DESC
        """,
        target_kind,
        list(targets),
    )
    return [msgspec.convert(dict(row), Measure) for row in rows]


async def list_proposed(db: Db, target_kind: Target) -> list[Measure]:
    """Measures on actors, or on domains, that wait for a second person; newest first."""
    rows = await db.fetch(
        "SELECT * FROM measures WHERE target_kind = $1 AND state = 'proposed' ORDER BY id DESC", target_kind
    )
    return [msgspec.convert(dict(row), Measure) for row in rows]


async def list_of(db: Db, target_kind: Target, target: str, limit: int) -> list[Measure]:
    """What was ever proposed or done about an actor, or a domain itself; newest first."""
    rows = await db.fetch(
        "SELECT * FROM measures WHERE target_kind = $1 AND target = $2 ORDER BY id DESC LIMIT $3",
        target_kind,
        target,
        limit,
    )
    return [msgspec.convert(dict(row), Measure) for row in rows]


async def list_to_review(db: Db, target_kind: Target, limit: int) -> list[Measure]:
    """Measures in force whose date of review has come; the longest due first."""
    rows = await db.fetch(
        """
        SELECT * FROM measures
         WHERE target_kind = $1 AND state = 'executed' AND kind <> 'warn' AND review_at <= now()
           AND (ends_at IS NULL OR ends_at > now())
         ORDER BY review_at LIMIT $2
        """,
        target_kind,
        limit,
    )
    return [msgspec.convert(dict(row), Measure) for row in rows]


async def put_off(db: Db, measure_id: int, review_at: datetime) -> bool:
    """Set another date of review for a measure in force. False if it is not in force."""
    done: str = await db.execute(
        "UPDATE measures SET review_at = $2 WHERE id = $1 AND state = 'executed'", measure_id, review_at
    )
    return done == "UPDATE 1"


async def warn(db: Db, measure: Measure) -> None:
    """Tell a warned member why, whomever they mute; people elsewhere have no notices here."""
    await db.execute(
        """
        INSERT INTO notifications (account_id, actor_id, kind, from_id, detail)
        SELECT accounts.id, accounts.actor_id, 'warning', (SELECT id FROM actors WHERE local AND role_here = 'hub'), $2
          FROM accounts JOIN actors ON actors.id = accounts.actor_id
         WHERE actors.uri = $1
        """,
        measure.target,
        {"measure": measure.id, "reason": measure.public_reason},
    )


async def list_expired(db: Db) -> list[Measure]:
    """Measures in force whose end has come: for the worker to end."""
    rows = await db.fetch("SELECT * FROM measures WHERE state = 'executed' AND ends_at <= now() ORDER BY id")
    return [msgspec.convert(dict(row), Measure) for row in rows]


async def list_due(db: Db) -> list[Measure]:
    """Proposals that are over, votes that close, and emergencies nobody confirmed in time; locked, and without those
    that somebody decides about at this moment."""
    rows = await db.fetch(
        """
        SELECT * FROM measures
         WHERE state IN ('proposed', 'executed') AND coalesce(lapses_at, closes_at) <= now()
           AND (state = 'proposed' OR lapses_at IS NOT NULL)
         ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED
        """
    )
    return [msgspec.convert(dict(row), Measure) for row in rows]


async def list_undecided(db: Db) -> list[Measure]:
    """What waits for a second person or a vote: proposals, and emergencies that would lapse; the oldest first."""
    rows = await db.fetch(
        """
        SELECT * FROM measures
         WHERE state = 'proposed' OR state = 'executed' AND lapses_at IS NOT NULL
         ORDER BY id LIMIT 500
        """
    )
    return [msgspec.convert(dict(row), Measure) for row in rows]


async def list_decided(db: Db, limit: int) -> list[Measure]:
    """What was decided last by two people or a vote, or was not; newest first."""
    rows = await db.fetch(
        """
        SELECT * FROM measures
         WHERE how <> 'alone' AND state <> 'proposed' AND (lapses_at IS NULL OR state = 'ended')
         ORDER BY id DESC LIMIT $1
        """,
        limit,
    )
    return [msgspec.convert(dict(row), Measure) for row in rows]


async def look_at(db: Db, measure_id: int) -> Measure:
    """One measure as it stands, without a lock; NotFound if there is none."""
    row = await db.fetchrow("SELECT * FROM measures WHERE id = $1", measure_id)
    if row is None:
        raise NotFound
    return msgspec.convert(dict(row), Measure)


async def find_open(db: Db, kind: Kind, target_kind: Target, target: str) -> Measure | None:
    """A proposal of this kind about this target that waits, if any."""
    row = await db.fetchrow(
        """
        SELECT * FROM measures
         WHERE kind = $1 AND target_kind = $2 AND target = $3 AND state = 'proposed' ORDER BY id LIMIT 1
        """,
        kind,
        target_kind,
        target,
    )
    return msgspec.convert(dict(row), Measure) if row else None


async def lapsed_lately(db: Db, kind: Kind, target: str, within: timedelta) -> bool:
    """Whether a measure of this kind was taken on this target at once within that time, and ended unconfirmed."""
    found: bool = await db.fetchval(
        """
        SELECT EXISTS (
            SELECT FROM measures
             WHERE kind = $1 AND target = $2 AND state = 'ended' AND lapses_at IS NOT NULL
               AND executed_at > now() - $3::interval)
        """,
        kind,
        target,
        within,
    )
    return found


async def count_eligible(db: Db, permission: str) -> int:
    """How many accounts could take or confirm such a measure today."""
    return len(await eligible(db, permission))


async def eligible(db: Db, permission: str, but: str = "") -> list[int]:
    """The accounts with a mandate that gives this permission today, less that of the actor `but` (a URI)."""
    rows = await db.fetch(
        """
        SELECT DISTINCT accounts.id
          FROM accounts
          JOIN actors ON actors.id = accounts.actor_id
          JOIN mandates ON mandates.account_id = accounts.id
          JOIN roles ON roles.name = mandates.role
         WHERE accounts.disabled_at IS NULL AND actors.suspended_at IS NULL AND actors.deleted_at IS NULL
           AND actors.uri <> $2 AND $1 = ANY (roles.permissions)
           AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())
         ORDER BY accounts.id
        """,
        permission,
        but,
    )
    return [row["id"] for row in rows]


async def mark_domain(db: Db, domain: str) -> int:
    """Let the actors of a domain and its sub-domains show the measures now in force on them. How many changed."""
    done: str = await db.execute(
        """
        UPDATE actors
           SET host_suspended = domain_measure('suspend', host), host_limited = domain_measure('limit', host)
         WHERE NOT local
           AND host_within(host, $1)
           AND (host_suspended, host_limited)
               IS DISTINCT FROM (domain_measure('suspend', host), domain_measure('limit', host))
        """,
        domain,
    )
    return int(done.rpartition(" ")[2])


async def announce(db: Db, channel: str) -> None:
    """Tell every process of the node, at commit, that the rules have changed."""
    await db.execute("SELECT pg_notify($1, '')", channel)


async def drop_deliveries(db: Db, domain: str) -> int:
    """Forget what is still owed to a domain that we no longer talk to. How many."""
    done: str = await db.execute("DELETE FROM deliveries WHERE host_within(host, $1)", domain)
    return int(done.rpartition(" ")[2])


_TARGETS = 0x6D65
"""Advisory lock class of those who decide about a target."""
