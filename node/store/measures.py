"""Measures of moderation in their states (proposed → confirmed → executed → ended) and their marks on actors."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from node.errors import NotFound
from node.store.db import Db
from schemas.records import Measure

Kind = Literal["warn", "sensitive", "limit", "freeze", "suspend", "reject_media", "reject_reports", "purge", "role"]
Target = Literal["actor", "domain"]


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
) -> Measure:
    """Propose a measure on an actor (its id, a URI) or a domain (A-label); `proposed_by` None is the command line."""
    row = await db.fetchrow(
        """
        INSERT INTO measures
            (kind, target_kind, target, detail, private_reason, public_reason, proposed_by, ends_at, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'proposed')
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
    )
    return msgspec.convert(dict(row), Measure)


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


async def end(db: Db, measure_id: int, by: int | None) -> Measure | None:
    """End a measure, whatever its state. None if it had ended."""
    row = await db.fetchrow(
        """
        UPDATE measures SET state = 'ended', ended_by = $2, ended_at = now()
         WHERE id = $1 AND state <> 'ended'
        RETURNING *
        """,
        measure_id,
        by,
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


async def count_eligible(db: Db, permission: str) -> int:
    """How many accounts could take or confirm such a measure today."""
    count: int = await db.fetchval(
        """
        SELECT count(DISTINCT accounts.id)
          FROM accounts
          JOIN mandates ON mandates.account_id = accounts.id
          JOIN roles ON roles.name = mandates.role
         WHERE accounts.disabled_at IS NULL
           AND $1 = ANY (roles.permissions)
           AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())
        """,
        permission,
    )
    return count


async def mark_actor(db: Db, actor_id: int, kind: Literal["limit", "suspend"], *, on: bool) -> None:
    """Put an actor's limit or suspension in force, or lift it."""
    if kind == "limit":
        await db.execute("UPDATE actors SET limited_at = CASE WHEN $2 THEN now() END WHERE id = $1", actor_id, on)
    else:
        await db.execute("UPDATE actors SET suspended_at = CASE WHEN $2 THEN now() END WHERE id = $1", actor_id, on)


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


async def sign_out(db: Db, actor_id: int) -> None:
    """End the sessions and revoke the tokens of a local actor's account."""
    await db.execute(
        "DELETE FROM sessions USING accounts WHERE account_id = accounts.id AND accounts.actor_id = $1", actor_id
    )
    await db.execute(
        """
        UPDATE tokens SET revoked_at = now()
          FROM accounts
         WHERE account_id = accounts.id AND accounts.actor_id = $1 AND revoked_at IS NULL
        """,
        actor_id,
    )
