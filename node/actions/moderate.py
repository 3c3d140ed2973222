"""Measures on actors and on whole domains: proposed, confirmed, executed, ended; each step leaves an entry in the log.

Strong measures wait for a second person where there is one. Whoever acts at once, or alone because nobody else could,
takes a measure that stands alone: it is marked so in the log and gets a date of review.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from federation.addresses import BadAddress, canonical_domain
from node.errors import Conflict, Forbidden, Invalid, NotFound
from node.policy import CHANNEL
from node.store import actors, log, measures, reactions
from node.store.db import Db
from schemas.limits import REASON_CHARS
from schemas.problems import Problem
from schemas.reasons import EMPTY, IN_THE_PAST, NOT_A_CHOICE, TOO_LONG, msgid
from schemas.records import Measure, Viewer

STRONG = frozenset({"suspend", "purge", "role"})
PERMISSION: dict[str, str] = {"actor": "moderate_accounts", "domain": "moderate_servers"}
REVIEW_AFTER = timedelta(days=30)
EMERGENCY_REVIEW_AFTER = timedelta(hours=72)
Kind = Literal["warn", "limit", "suspend", "reject_media", "reject_reports"]
KINDS: dict[str, tuple[Kind, ...]] = {
    "actor": ("warn", "limit", "suspend"),
    "domain": ("limit", "reject_media", "reject_reports", "suspend"),
}
"""What can be done about whom, the milder first."""
NOT_OURS = msgid("Only members of this hub can be warned.")


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What a moderator wants: a kind of measure on an actor (its URI) or a domain, with its reasons."""

    kind: Kind
    target_kind: Literal["actor", "domain"]
    target: str
    private_reason: str = ""
    public_reason: str = ""
    ends_at: datetime | None = None
    at_once: bool = False


async def take(db: Db, by: Viewer | None, order: Order) -> Measure:
    """Propose a measure; execute it unless a second person must confirm it. `by` None is the operator's shell.

    Raises Forbidden, Invalid (a domain that is none), NotFound (no such actor), Conflict (already in force).
    """
    _require(by, order.target_kind)
    target = await _target(db, order)
    if problems := _problems(order):
        raise Invalid(problems)
    if order.kind != "warn" and await measures.find_in_force(db, order.kind, order.target_kind, target):
        raise Conflict("This measure is in force already.")
    measure = await measures.insert(
        db,
        order.kind,
        order.target_kind,
        target,
        proposed_by=by.account.id if by else None,
        private_reason=order.private_reason,
        public_reason=order.public_reason,
        ends_at=order.ends_at,
    )
    await _write(db, "measure.proposed", measure, by)
    eligible = await measures.count_eligible(db, PERMISSION[order.target_kind])
    if order.kind in STRONG and eligible > 1 and not order.at_once:
        return measure
    review = _review_date(order, eligible)
    return await _execute(db, await measures.confirm(db, measure.id, None, stands_alone=True, review_at=review), by)


async def confirm(db: Db, by: Viewer, measure_id: int) -> Measure:
    """Confirm what someone else proposed; it takes effect at once. Forbidden for the one who proposed it."""
    measure = await measures.get(db, measure_id)
    _require(by, measure.target_kind)
    if measure.proposed_by == by.account.id:
        raise Forbidden("Someone else must confirm this measure.")
    if measure.state != "proposed":
        raise Conflict("This measure is not waiting for a confirmation.")
    confirmed = await measures.confirm(db, measure_id, by.account.id, stands_alone=False, review_at=None)
    return await _execute(db, confirmed, by)


async def end(db: Db, by: Viewer | None, measure_id: int) -> Measure:
    """End a measure, or withdraw a proposal, and lift what it did. Conflict if it has ended."""
    _require(by, (await measures.get(db, measure_id)).target_kind)
    measure = await measures.end(db, measure_id, by.account.id if by else None)
    if measure is None:
        raise Conflict("This measure has ended already.")
    if measure.executed_at is not None:
        await _apply(db, measure, on=False)
    await _write(db, "measure.ended", measure, by)
    return measure


async def keep(db: Db, by: Viewer, measure_id: int) -> None:
    """Look at a measure in force again and let it stand until a new date of review. Conflict if it is not in force."""
    measure = await measures.get(db, measure_id)
    _require(by, measure.target_kind)
    if not await measures.put_off(db, measure_id, datetime.now(UTC) + REVIEW_AFTER):
        raise Conflict("This measure is not in force.")
    await _write(db, "measure.kept", measure, by)


async def end_expired(db: Db) -> int:
    """End the measures whose time is over. How many."""
    expired = await measures.list_expired(db)
    for measure in expired:
        await end(db, None, measure.id)
    return len(expired)


async def _execute(db: Db, confirmed: Measure, by: Viewer | None) -> Measure:
    measure = await measures.set_executed(db, confirmed.id)
    await _apply(db, measure, on=True)
    await _write(db, "measure.executed", measure, by)
    return measure


async def _apply(db: Db, measure: Measure, *, on: bool) -> None:
    if measure.kind not in ("limit", "suspend"):
        if on and measure.kind == "warn":
            await measures.warn(db, measure)
        return  # what a server's media and reports are worth is asked of the measures themselves
    kind: Literal["limit", "suspend"] = "suspend" if measure.kind == "suspend" else "limit"
    if measure.target_kind == "domain":
        await measures.mark_domain(db, measure.target)
        if kind == "suspend":
            await reactions.recount(db, measure.target)
        if on and kind == "suspend":
            await measures.drop_deliveries(db, measure.target)
        await measures.announce(db, CHANNEL)
        return
    actor = await actors.find(db, measure.target)
    if actor is None:
        raise NotFound
    await measures.mark_actor(db, actor.id, kind, on=on)
    if on and kind == "suspend" and actor.local:
        await measures.sign_out(db, actor.id)


async def _target(db: Db, order: Order) -> str:
    if order.target_kind == "actor":
        actor = await actors.find(db, order.target)
        if actor is None or actor.role_here in ("hub", "instance", "log"):
            raise NotFound
        if order.kind == "warn" and not actor.local:
            raise Invalid([Problem(field="kind", reason=NOT_OURS)])
        return actor.uri
    try:
        return canonical_domain(order.target)
    except BadAddress as error:
        raise Invalid([Problem(field="target", reason="This is not a domain.")]) from error


def _problems(order: Order) -> list[Problem]:
    """A measure fits whom it is on, its reasons have a length, and its end lies ahead."""
    found, kinds = [], KINDS[order.target_kind]
    if order.kind not in kinds:
        found.append(Problem(field="kind", reason=NOT_A_CHOICE, values={"choices": ", ".join(kinds)}))
    found += [
        Problem(field=name, reason=TOO_LONG, values={"max": REASON_CHARS})
        for name in ("private_reason", "public_reason")
        if len(getattr(order, name)) > REASON_CHARS
    ]
    if order.kind == "warn" and not order.public_reason:
        found.append(Problem(field="public_reason", reason=EMPTY))
    if order.ends_at is not None and order.ends_at <= datetime.now(UTC):
        found.append(Problem(field="ends_at", reason=IN_THE_PAST))
    return found


def _require(by: Viewer | None, target_kind: str) -> None:
    if by is not None and not by.may(PERMISSION[target_kind]):
        raise Forbidden


def _review_date(order: Order, eligible: int) -> datetime:
    alone_in_emergency = order.at_once and eligible > 1
    return datetime.now(UTC) + (EMERGENCY_REVIEW_AFTER if alone_in_emergency else REVIEW_AFTER)


async def _write(db: Db, kind: str, measure: Measure, by: Viewer | None) -> None:
    content = {
        "measure": measure.id,
        "kind": measure.kind,
        "target_kind": measure.target_kind,
        "target": measure.target,
        "by": by.actor.uri if by else None,
        "private_reason": measure.private_reason,
        "stands_alone": measure.stands_alone,
    }
    named = measure.target if measure.target_kind == "domain" else "an account"
    reason = f": {measure.public_reason}" if measure.public_reason else ""
    await log.append(db, kind, content, public=f"{measure.kind} · {named}{reason}")
