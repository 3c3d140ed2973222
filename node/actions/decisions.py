"""How strong measures come about: proposed by one, confirmed by a second person or by a vote of the stewards, as the
hub's rules say per kind; then the node does them by itself. In an emergency one person acts at once, for 72 hours.

Who decides about a measure holds its row: of two at the same moment, and of a confirmation and a lapse, one wins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec

from federation.build.urls import HUB_NAME
from node.actions import enforce
from node.actions.decision_log import write
from node.errors import Conflict, Forbidden, Invalid, NodeError
from node.store.db import Db
from node.store.moderation import ballots, decision_rules, measures
from node.store.moderation.ballots import Choice
from node.store.moderation.decision_rules import Rule
from node.store.notices import notifications
from node.store.people import actors
from schemas.limits import EMERGENCY_AGAIN_SECONDS, EMERGENCY_SECONDS, VOTE_REASON_CHARS
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, TOO_LONG, msgid
from schemas.records import Measure, Viewer

VOTERS = "manage_roles"
"""Who votes: whoever holds this permission when a vote opens."""

PERMISSION = {"actor": "moderate_accounts", "domain": "moderate_servers", "role": VOTERS, "rules": VOTERS}
NEVER_AT_ONCE = frozenset({"purge", "role", "rules"})
"""What could not be undone after 72 hours, or would change who confirms it."""

REVIEW_AFTER = timedelta(days=30)
REVIEW_OF_TWO = timedelta(days=180)
EMERGENCY = timedelta(seconds=EMERGENCY_SECONDS)
ONE_EMERGENCY_IN = timedelta(seconds=EMERGENCY_AGAIN_SECONDS)
CHOICES: tuple[Choice, ...] = ("yes", "no", "abstain")
NOT_AT_ONCE = msgid("This cannot be done at once: it could not be undone.")
AGAIN_AT_ONCE = msgid("This was done at once before and nobody confirmed it. Now a second person has to agree first.")
TIME_IS_OVER = msgid("The time to decide about this is over.")


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A measure as it is proposed; its target is canonical already."""

    kind: measures.Kind
    target_kind: measures.Target
    target: str
    detail: dict[str, Any] = {}
    private_reason: str = ""
    public_reason: str = ""
    ends_at: datetime | None = None
    at_once: bool = False


def permission_of(measure: Measure | Proposal) -> str:
    """Which permission it takes to propose, confirm or end it."""
    return PERMISSION.get(measure.kind) or PERMISSION[measure.target_kind]


async def propose(db: Db, by: Viewer | None, wish: Proposal) -> Measure:
    """Propose a measure and, where the rules ask for nobody else or nobody else is there, carry it out. `by` None is
    the operator's shell. Raises Forbidden, Invalid (not at once, or not at once again), Conflict (proposed already)."""
    _require(by, wish)
    await measures.one_at_a_time(db, wish.target)
    rule = await decision_rules.get(db, decision_rules.kind_of(wish.kind, wish.target_kind))
    if wish.at_once and wish.kind in NEVER_AT_ONCE:
        raise Invalid([Problem(field="at_once", reason=NOT_AT_ONCE)])
    await _only_one(db, by, wish)
    roll = await _roll(db, rule, wish)
    others = rule.how != "alone" and (len(roll) > 1 or _somebody_else(roll, by))
    if others and wish.at_once and await measures.lapsed_lately(db, wish.kind, wish.target, ONE_EMERGENCY_IN):
        raise Invalid([Problem(field="at_once", reason=AGAIN_AT_ONCE)])
    measure = await _insert(db, by, wish, rule)
    await write(db, "measure.proposed", measure, by)
    if others and rule.how == "vote":
        await ballots.open_roll(db, measure.id, roll)
        if by is not None:
            await ballots.cast(db, measure.id, by.account.id, "yes", "")
    if others:
        await _ask(db, measure, roll, by)
    if others and not wish.at_once:
        return measure
    review = datetime.now(UTC) + REVIEW_AFTER
    confirmed = await measures.confirm(db, measure.id, None, stands_alone=True, review_at=review)
    if others:
        confirmed = await measures.stand_until(db, measure.id, datetime.now(UTC) + EMERGENCY)
    return await _carry_out(db, confirmed, by)


async def confirm(db: Db, by: Viewer, measure_id: int) -> Measure:
    """Confirm, as a second person, what somebody proposed or did at once in an emergency. Forbidden for who proposed it
    or is meant by it; Conflict where there is nothing to confirm, a vote decides, or the time is over."""
    measure = await measures.get(db, measure_id)
    _require(by, measure)
    if measure.proposed_by == by.account.id or measure.target == by.actor.uri:
        raise Forbidden("Someone else must confirm this measure.")
    if not is_open(measure):
        raise Conflict("This measure is not waiting for a confirmation.")
    if measure.how == "vote":
        raise Conflict("This is decided by a vote.")
    if is_over(measure):
        raise Conflict(TIME_IS_OVER)
    return await _pass(db, measure, by)


async def vote(db: Db, by: Viewer, measure_id: int, choice: str, reason: str) -> Measure:
    """Vote, or vote otherwise than before, until the vote closes. Forbidden for who is not on the roll. The vote closes
    with the last one on the roll, or at its date."""
    measure = await measures.get(db, measure_id)
    picked = next((one for one in CHOICES if one == choice), None)
    if picked is None:
        raise Invalid([Problem(field="choice", reason=NOT_A_CHOICE, values={"choices": ", ".join(CHOICES)})])
    if len(reason) > VOTE_REASON_CHARS:
        raise Invalid([Problem(field="reason", reason=TOO_LONG, values={"max": VOTE_REASON_CHARS})])
    if not await ballots.is_on_roll(db, measure_id, by.account.id):
        raise Forbidden("You are not on the roll of this vote.")
    if not is_open(measure) or is_over(measure):
        raise Conflict(TIME_IS_OVER)
    await ballots.cast(db, measure_id, by.account.id, picked, reason)
    standing = await ballots.count(db, measure_id)
    return await _close_vote(db, measure) if standing.cast == standing.roll else measure


async def close_due(db: Db) -> int:
    """Close the votes that are over, let proposals expire that nobody confirmed, and undo emergencies that nobody
    confirmed in time: once each, also after the node was away. How many."""
    due = await measures.list_due(db)
    for measure in due:
        async with db.transaction():
            await _close(db, measure)
    return len(due)


def is_open(measure: Measure) -> bool:
    """Whether a second person or a vote still decides about it."""
    return measure.state == "proposed" or (measure.state == "executed" and measure.lapses_at is not None)


def is_over(measure: Measure) -> bool:
    """Whether the time to decide about it has passed, although nobody has closed it yet."""
    until = measure.lapses_at or measure.closes_at
    return until is not None and until <= datetime.now(UTC)


async def _close(db: Db, measure: Measure) -> None:
    if measure.how != "vote":
        await _give_up(db, measure, "expired")
        return
    try:
        async with db.transaction():
            await _close_vote(db, measure)
    except NodeError:  # what was decided can be done no more: the last steward would go, the person is gone
        await _give_up(db, measure, "failed")


async def _close_vote(db: Db, measure: Measure) -> Measure:
    standing = await ballots.count(db, measure.id)
    told = f"{standing.yes} : {standing.no}, {standing.cast}/{standing.roll}"
    if standing.passes(measure.quorum or 0):
        await write(db, "decision.passed", measure, None, told)
        return await _pass(db, measure, None)
    await write(db, "decision.failed", measure, None, told)
    return await _give_up(db, measure, "failed")


async def _pass(db: Db, measure: Measure, by: Viewer | None) -> Measure:
    review = datetime.now(UTC) + REVIEW_OF_TWO
    who = by.account.id if by else None
    if measure.lapses_at is not None:
        kept = await measures.ratify(db, measure.id, who, review)
        await write(db, "measure.confirmed", kept, by)
        return kept
    confirmed = await measures.confirm(db, measure.id, who, stands_alone=False, review_at=review)
    return await _carry_out(db, confirmed, by)


async def _give_up(db: Db, measure: Measure, why: Literal["failed", "expired"]) -> Measure:
    """Nothing happens, and what happened at once is undone; the log says so."""
    undo = measure.executed_at is not None
    ended = await measures.end(db, measure.id, None, "lapsed" if undo else why) or measure
    if undo:
        await enforce.apply(db, ended, on=False)
    await write(db, "measure.lapsed" if undo else "measure.expired", ended, None)
    return ended


async def _carry_out(db: Db, confirmed: Measure, by: Viewer | None) -> Measure:
    measure = await measures.set_executed(db, confirmed.id)
    measure = await enforce.apply(db, measure, on=True)
    await write(db, "measure.executed", measure, by)
    if measure.kind in NEVER_AT_ONCE:  # done once and for all: nothing of it is in force that could be lifted
        measure = await measures.end(db, measure.id, None, "done") or measure
    return measure


async def _only_one(db: Db, by: Viewer | None, wish: Proposal) -> None:
    """The same is not proposed twice; an emergency takes the place of what waits for a second person, not of a vote."""
    known = await measures.find_open(db, wish.kind, wish.target_kind, wish.target)
    if known is None or wish.kind == "warn":
        return
    if known.how == "vote" or not wish.at_once:
        raise Conflict("This is proposed already.")
    ended = await measures.end(db, known.id, by.account.id if by else None, "withdrawn")
    await write(db, "measure.ended", ended or known, by)


async def _insert(db: Db, by: Viewer | None, wish: Proposal, rule: Rule) -> Measure:
    return await measures.insert(
        db,
        wish.kind,
        wish.target_kind,
        wish.target,
        proposed_by=by.account.id if by else None,
        private_reason=wish.private_reason,
        public_reason=wish.public_reason,
        ends_at=wish.ends_at,
        detail=wish.detail,
        how=rule.how,
        quorum=rule.quorum if rule.how == "vote" else None,
        closes_at=datetime.now(UTC) + timedelta(days=rule.days),
    )


async def _roll(db: Db, rule: Rule, wish: Proposal) -> list[int]:
    """Who may decide: never whom it is about."""
    return await measures.eligible(db, VOTERS if rule.how == "vote" else permission_of(wish), wish.target)


def _somebody_else(roll: list[int], by: Viewer | None) -> bool:
    """Who proposes something about themselves is not on the roll: the only one who is, is a second person."""
    return by is not None and bool(roll) and by.account.id not in roll


async def _ask(db: Db, measure: Measure, roll: list[int], by: Viewer | None) -> None:
    itself = await actors.find_local(db, HUB_NAME)
    for account in roll:
        if by is None or account != by.account.id:
            detail, teller = {"measure": measure.id}, itself.id if itself else None
            await notifications.insert(db, account, "decision", from_id=teller, detail=detail)


def _require(by: Viewer | None, wish: Measure | Proposal) -> None:
    if by is not None and not by.may(permission_of(wish)):
        raise Forbidden
