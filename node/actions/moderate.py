"""Measures on actors and on whole domains: what a moderator orders, what fits whom, and how a measure ends. Who else
must agree, `decisions` knows; what it does, `enforce`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

import msgspec

from federation.addresses import BadAddress, canonical_domain
from node.actions import decisions, enforce, offices
from node.actions.decision_log import write
from node.actions.decisions import NEVER_AT_ONCE, REVIEW_AFTER, Proposal, confirm, is_open, permission_of
from node.errors import Conflict, Forbidden, Invalid, NotFound
from node.store.db import Db
from node.store.moderation import measures
from node.store.people import actors
from schemas.limits import REASON_CHARS
from schemas.problems import Problem
from schemas.reasons import EMPTY, IN_THE_PAST, NOT_A_CHOICE, TOO_LONG, msgid
from schemas.records import Measure, Viewer

__all__ = ["KINDS", "PERMISSION", "Kind", "Order", "confirm", "end", "end_expired", "keep", "take"]

PERMISSION: dict[str, str] = {"actor": "moderate_accounts", "domain": "moderate_servers"}
Kind = Literal["warn", "sensitive", "limit", "freeze", "suspend", "purge", "reject_media", "reject_reports"]
KINDS: dict[str, tuple[Kind, ...]] = {
    "actor": ("warn", "sensitive", "limit", "freeze", "suspend", "purge"),
    "domain": ("limit", "reject_media", "reject_reports", "suspend"),
}
"""What can be done about whom, the milder first."""
NO_END = msgid("What is deleted stays deleted: this has no end.")


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
    """Propose a measure; carry it out unless others must agree. `by` None is the operator's shell.

    Raises Forbidden, Invalid (a domain that is none), NotFound (no such actor), Conflict (already in force).
    """
    if by is not None and not by.may(PERMISSION[order.target_kind]):
        raise Forbidden
    target = await _target(db, order)
    if problems := _problems(order):
        raise Invalid(problems)
    if by is not None and order.target_kind == "actor" and order.kind in enforce.SHUTS_OUT:
        await offices.require_successor(db, target)
    await measures.one_at_a_time(db, target)
    if order.kind != "warn" and await measures.find_in_force(db, order.kind, order.target_kind, target):
        raise Conflict("This measure is in force already.")
    if order.kind == "purge" and not await measures.find_in_force(db, "suspend", "actor", target):
        raise Conflict("Suspend the account first: until then nothing of it is deleted.")
    wish = {name: getattr(order, name) for name in Order.__struct_fields__} | {"target": target}
    return await decisions.propose(db, by, Proposal(**wish))


async def end(db: Db, by: Viewer | None, measure_id: int) -> Measure:
    """End a measure, or withdraw a proposal, and lift what it did. Conflict if it has ended. Whoever it is about lifts
    none; what is put to the vote is withdrawn only by who proposed it."""
    before = await measures.get(db, measure_id)
    if by is not None:
        _require_end(by, before)
    measure = await measures.end(
        db, measure_id, by.account.id if by else None, "withdrawn" if before.state == "proposed" else "lifted"
    )
    if measure is None:
        raise Conflict("This measure has ended already.")
    await _lift(db, measure, by)
    return measure


async def keep(db: Db, by: Viewer, measure_id: int) -> None:
    """Look at a measure in force again and let it stand until a new date of review. Conflict if it is not in force."""
    measure = await measures.get(db, measure_id)
    if not by.may(permission_of(measure)):
        raise Forbidden
    if not await measures.put_off(db, measure_id, datetime.now(UTC) + REVIEW_AFTER):
        raise Conflict("This measure is not in force.")
    await write(db, "measure.kept", measure, by)


async def end_expired(db: Db) -> int:
    """End the measures whose time is over. How many."""
    expired = await measures.list_expired(db)
    for measure in expired:
        async with db.transaction():
            ended = await measures.end(db, measure.id, None, "over")
            if ended is not None:
                await _lift(db, ended, None)
    return len(expired)


async def _lift(db: Db, measure: Measure, by: Viewer | None) -> None:
    if measure.executed_at is not None and measure.kind not in NEVER_AT_ONCE:
        await enforce.apply(db, measure, on=False)
    await write(db, "measure.ended", measure, by)


def _require_end(by: Viewer, measure: Measure) -> None:
    if not by.may(permission_of(measure)):
        raise Forbidden
    if measure.target == by.actor.uri:
        raise Forbidden("Someone else must end a measure on you.")
    if measure.how == "vote" and is_open(measure) and measure.proposed_by != by.account.id:
        raise Forbidden("A vote decides about this. Only who proposed it may withdraw it.")


async def _target(db: Db, order: Order) -> str:
    if order.target_kind == "actor":
        actor = await actors.find(db, order.target)
        if actor is None or actor.role_here in ("hub", "instance", "log"):
            raise NotFound
        return actor.uri
    return domain_of(order.target)


def domain_of(typed: str) -> str:
    """The canonical spelling of a domain; Invalid for what is none."""
    try:
        return canonical_domain(typed)
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
    if order.ends_at is not None and order.kind in NEVER_AT_ONCE:
        found.append(Problem(field="ends_at", reason=NO_END))
    elif order.ends_at is not None and order.ends_at <= datetime.now(UTC):
        found.append(Problem(field="ends_at", reason=IN_THE_PAST))
    return found
