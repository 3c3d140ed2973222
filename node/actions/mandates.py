"""Proposing changes of offices, of what roles may do, and of how the hub decides: strong measures, like suspensions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

import msgspec

from node.actions import decisions
from node.actions.decisions import Proposal
from node.errors import Forbidden, Invalid
from node.store.db import Db
from node.store.members import accounts, mandates, roles
from node.store.members.mandates import Mandate
from node.store.moderation import decision_rules
from node.store.moderation.decision_rules import How, Rule
from node.store.people import actors
from schemas.limits import MANDATE_DAYS, REASON_CHARS, ROLE_NAME_CHARS
from schemas.problems import Problem
from schemas.reasons import IN_THE_PAST, NO_DATE, NOT_A_CHOICE, TOO_BIG, TOO_LONG, TOO_SMALL, msgid
from schemas.records import Actor, Measure, Viewer

Deed = Literal["give", "prolong", "deputy", "end"]
DEEDS: tuple[Deed, ...] = get_args(Deed)
HOW: tuple[How, ...] = get_args(How)
PERMISSIONS = (
    "publish", "attend", "answer", "report", "publish_as_hub", "manage_events", "see_cases", "moderate_accounts",
    "moderate_servers", "see_queue", "manage_hub", "manage_members", "manage_roles",
)  # fmt: skip
"""All rights that a role can have, the smaller first."""

NOBODY = msgid("There is no member of this name.")
NO_SUCH_ROLE = msgid("There is no such role.")
NO_TERM = msgid("No office is for ever: say until when.")
TERM_TOO_LONG = msgid("An office is held for {days} days at most.")
BAD_ROLE_NAME = msgid("Use small letters, digits and -, {max} characters at most.")
BEGINS_AFTER_END = msgid("It begins before it ends.")
NOT_THEIRS = msgid("Choose somebody else than who holds it.")


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become of an office. `name`: of the candidate or deputy; `mandate`: the office that ends, goes on,
    gets a deputy, or passes to the candidate. `starts_at`: the day to come on which one that is given begins."""

    deed: Deed
    role: str = ""
    name: str = ""
    mandate: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    public_reason: str = ""
    private_reason: str = ""


async def propose_change(db: Db, by: Viewer, change: Change) -> Measure:
    """Propose to give a role, to prolong or end an office, or to name a deputy. Raises Forbidden, Invalid, NotFound."""
    if not by.may(decisions.VOTERS):
        raise Forbidden
    mandate = await mandates.get(db, change.mandate) if change.mandate is not None else None
    role = mandate.role if mandate else change.role
    person = await _person(db, change, mandate)
    problems = _problems(change, role, await roles.list_all(db), mandate)
    if person is None:
        problems.append(Problem(field="name", reason=NOBODY))
    elif mandate is not None and change.deed in ("give", "deputy") and await _holds(db, person, mandate):
        problems.append(Problem(field="name", reason=NOT_THEIRS))
    if problems or person is None:
        raise Invalid(problems)
    detail: dict[str, Any] = {"deed": change.deed, "role": role, "mandate": mandate.id if mandate else None}
    detail["starts_at"] = change.starts_at.isoformat() if change.starts_at else None
    detail["ends_at"] = change.ends_at.isoformat() if change.ends_at else None
    wish = Proposal(
        kind="role",
        target_kind="actor",
        target=person.uri,
        detail=detail,
        public_reason=change.public_reason,
        private_reason=change.private_reason,
    )
    return await decisions.propose(db, by, wish)


async def propose_role(db: Db, by: Viewer, name: str, permissions: list[str], seats: int, reason: str) -> Measure:
    """Propose what a role, new or there, may do and how many should hold it. Raises Forbidden, Invalid."""
    if not by.may(decisions.VOTERS):
        raise Forbidden
    problems = _reason(reason)
    if not re.fullmatch(rf"[a-z0-9][a-z0-9-]{{0,{ROLE_NAME_CHARS - 1}}}", name):
        problems.append(Problem(field="role", reason=BAD_ROLE_NAME, values={"max": ROLE_NAME_CHARS}))
    if unknown := set(permissions) - set(PERMISSIONS):
        problems.append(
            Problem(field="permissions", reason=NOT_A_CHOICE, values={"choices": ", ".join(sorted(unknown))})
        )
    if not 0 <= seats <= 100:
        problems.append(Problem(field="seats", reason=TOO_BIG, values={"max": 100}))
    if problems:
        raise Invalid(problems)
    ordered = [one for one in PERMISSIONS if one in permissions]
    detail = {"deed": "permissions", "role": name, "permissions": ordered, "seats": seats}
    wish = Proposal(kind="role", target_kind="hub", target=f"role {name}", detail=detail, public_reason=reason)
    return await decisions.propose(db, by, wish)


async def propose_rules(db: Db, by: Viewer, wanted: Mapping[str, Rule], reason: str) -> Measure | None:
    """Propose to decide some kinds of measures in another way; None where nothing would change. Raises Forbidden,
    Invalid."""
    if not by.may(decisions.VOTERS):
        raise Forbidden
    known = await decision_rules.list_all(db)
    problems = _reason(reason)
    for name, rule in wanted.items():
        problems += _rule_problems(name, rule, known)
    if problems:
        raise Invalid(problems)
    changed = {name: rule for name, rule in wanted.items() if rule != known[name]}
    if not changed:
        return None
    rules = {name: {"how": one.how, "quorum": one.quorum, "days": one.days} for name, one in changed.items()}
    wish = Proposal(kind="rules", target_kind="hub", target="rules", detail={"rules": rules}, public_reason=reason)
    return await decisions.propose(db, by, wish)


def _rule_problems(name: str, rule: Rule, known: Mapping[str, Rule]) -> list[Problem]:
    if name not in known:
        return [Problem(field=name, reason=NOT_A_CHOICE, values={"choices": ", ".join(known)})]
    found = []
    if rule.how not in HOW:
        found.append(Problem(field=f"{name}.how", reason=NOT_A_CHOICE, values={"choices": ", ".join(HOW)}))
    for field, value, most in (("quorum", rule.quorum, 100), ("days", rule.days, 60)):
        if value < 1:
            found.append(Problem(field=f"{name}.{field}", reason=TOO_SMALL, values={"min": 1}))
        elif value > most:
            found.append(Problem(field=f"{name}.{field}", reason=TOO_BIG, values={"max": most}))
    return found


async def _person(db: Db, change: Change, mandate: Mandate | None) -> Actor | None:
    """Whom it is about: the candidate or deputy by name, else who holds the office."""
    if change.deed in ("give", "deputy"):
        actor = await actors.find_local(db, change.name.strip().removeprefix("@").lower())
        account = await accounts.find_by_actor(db, actor.id) if actor else None
        gone = actor is None or account is None or account.disabled_at or actor.suspended_at or actor.deleted_at
        return None if gone else actor
    account = await accounts.find(db, mandate.account_id) if mandate else None
    return await actors.get(db, account.actor_id) if account else None


async def _holds(db: Db, person: Actor, mandate: Mandate) -> bool:
    account = await accounts.find_by_actor(db, person.id)
    return account is not None and account.id == mandate.account_id


def _problems(change: Change, role: str, known: Mapping[str, roles.Role], mandate: Mandate | None) -> list[Problem]:
    found = _reason(change.public_reason) + _reason(change.private_reason, "private_reason")
    now = datetime.now(UTC)
    if change.deed not in DEEDS:
        found.append(Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": ", ".join(DEEDS)}))
    if role not in known or role == "member":
        found.append(Problem(field="role", reason=NO_SUCH_ROLE))
    if change.deed in ("prolong", "deputy", "end") and mandate is None:
        found.append(Problem(field="mandate", reason=NO_DATE))
    if change.deed in ("give", "prolong"):
        if change.ends_at is None:
            found.append(Problem(field="ends_at", reason=NO_TERM))
        elif change.ends_at <= now:
            found.append(Problem(field="ends_at", reason=IN_THE_PAST))
        elif change.ends_at > now + timedelta(days=MANDATE_DAYS + 1):
            found.append(Problem(field="ends_at", reason=TERM_TOO_LONG, values={"days": MANDATE_DAYS}))
        elif change.starts_at and change.starts_at >= change.ends_at:
            found.append(Problem(field="starts_at", reason=BEGINS_AFTER_END))
    return found


def _reason(text: str, field: str = "public_reason") -> list[Problem]:
    if len(text) <= REASON_CHARS:
        return []
    return [Problem(field=field, reason=TOO_LONG, values={"max": REASON_CHARS})]
