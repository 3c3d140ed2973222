"""The life of an office: offered by a decision, taken with consent, handed over by a list, ended with its term; a
deputy stands in, and a hub is never left without anybody who can give offices."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from node.errors import Conflict, Forbidden, Invalid, NotFound
from node.store.db import Db
from node.store.hub import hub
from node.store.members import accounts, leaving, mandates, offers, roles
from node.store.members.mandates import Item, Mandate
from node.store.moderation import log
from node.store.notices import mails, notifications
from node.store.people import actors
from schemas.limits import CHORES_SECONDS, DEPUTY_DAYS, HANDOVER_CHARS, HANDOVER_LINES, MANDATE_REMINDER_DAYS
from schemas.problems import Problem
from schemas.reasons import TOO_LONG, TOO_MANY, msgid
from schemas.records import Account, Actor, Measure, Viewer

KEEPERS = "manage_roles"
"""The permission that somebody must always hold."""

AHEAD = 3 * CHORES_SECONDS
"""The end of an office is seen to so many seconds before, so that nobody is missing for a moment."""

LAST = msgid("Nobody else could give offices then. Find somebody to follow first.")


async def change(db: Db, measure: Measure, actor: Actor) -> None:
    """Carry out what was decided about an office of an actor. Raises NotFound, Conflict (the last steward)."""
    account = await accounts.find_by_actor(db, actor.id)
    if account is None:
        raise NotFound
    detail = measure.detail
    mandate = await mandates.get(db, int(detail["mandate"])) if detail.get("mandate") else None
    match detail["deed"]:
        case "give":
            ends_at = datetime.fromisoformat(detail["ends_at"])
            begins = datetime.fromisoformat(detail["starts_at"]) if detail.get("starts_at") else None
            before = mandate.id if mandate else None
            await offers.put(
                db,
                account.id,
                detail["role"],
                ends_at,
                starts_at=begins,
                from_mandate_id=before,
                measure_id=measure.id,
            )
            await _notify(db, account, "office_offered", detail["role"], ends_at)
        case "prolong" if mandate:
            await mandates.prolong(db, mandate.id, datetime.fromisoformat(detail["ends_at"]))
        case "deputy" if mandate:
            await mandates.name_deputy(db, mandate.id, account.id)
            await _notify(db, account, "deputy_asked", detail["role"], mandate.ends_at)
        case "end" if mandate:
            await _require_another(db, mandate)
            await mandates.end(db, mandate.id)


async def change_permissions(db: Db, measure: Measure) -> None:
    """Carry out what was decided about a role itself. Conflict if nobody could give offices then."""
    detail = measure.detail
    await roles.put(db, detail["role"], detail["permissions"], detail["seats"])
    if not await roles.somebody_holds(db, KEEPERS):
        raise Conflict(LAST)


async def take(db: Db, by: Viewer, offer_id: int) -> Mandate:
    """Consent to an office that was offered: now, or on the day it begins, the powers move, and whose office it was has
    none of them. Conflict if its term is over before it began."""
    offer = await offers.answer(db, offer_id, by.account.id, taken=True)
    if offer.ends_at <= datetime.now(UTC):
        raise Conflict("The term of this office is over already.")
    before = await mandates.get(db, offer.from_mandate_id) if offer.from_mandate_id else None
    held = await mandates.holds(db, by.account.id, offer.role)
    handover = [Item(text=one.text) for one in before.handover] if before else []
    begins = offer.starts_at if offer.starts_at and offer.starts_at > datetime.now(UTC) else None
    begun = await mandates.insert(
        db, by.account.id, offer.role, starts_at=begins, ends_at=offer.ends_at, handover=handover
    )
    for old in (before, held):
        if old is not None:
            await (mandates.end_at(db, old.id, begins) if begins else mandates.end(db, old.id))
    await note(db, "mandate.begun", begun, by.actor.uri)
    return begun


async def decline(db: Db, by: Viewer, offer_id: int) -> None:
    """Say no to an office."""
    offer = await offers.answer(db, offer_id, by.account.id, taken=False)
    content = {"role": offer.role, "by": by.actor.uri}
    await log.append(db, "mandate.declined", content, public=offer.role)


async def lay_down(db: Db, by: Viewer, mandate_id: int) -> None:
    """Give up an office of one's own; the deputy takes over at once. Conflict for the last who could give offices."""
    mandate = await _own(db, by, mandate_id)
    successor = await _stand_in(db, mandate, datetime.now(UTC))
    if not successor:
        await _require_another(db, mandate)
    await mandates.end(db, mandate.id)
    await note(db, "mandate.ended", mandate, by.actor.uri)


async def answer_as_deputy(db: Db, by: Viewer, mandate_id: int, *, agrees: bool) -> None:
    """Agree to take over at the end of somebody's office, or not. NotFound for who was not asked."""
    if not await mandates.answer_as_deputy(db, mandate_id, by.account.id, agrees=agrees):
        raise NotFound


async def hand_over(db: Db, by: Viewer, mandate_id: int, items: list[Item]) -> None:
    """Write down what belongs to an office and what of it is handed over: its holder, or who gives offices."""
    mandate = await mandates.get(db, mandate_id)
    if mandate.account_id != by.account.id and not by.may(KEEPERS):
        raise Forbidden
    if len(items) > HANDOVER_LINES:
        raise Invalid([Problem(field="handover", reason=TOO_MANY, values={"max": HANDOVER_LINES})])
    if any(len(one.text) > HANDOVER_CHARS for one in items):
        raise Invalid([Problem(field="handover", reason=TOO_LONG, values={"max": HANDOVER_CHARS})])
    await mandates.set_handover(db, mandate_id, items)


async def look_after(db: Db) -> None:
    """A round: remind who ends soon, let deputies take over, and keep the last who can give offices."""
    for mandate in await mandates.list_to_remind(db, MANDATE_REMINDER_DAYS):
        account = await accounts.find(db, mandate.account_id)
        if account is not None:
            await _notify(db, account, "mandate_ending", mandate.role, mandate.ends_at)
    for mandate in await mandates.list_to_settle(db, AHEAD):
        await _settle(db, mandate)


async def note(db: Db, kind: str, mandate: Mandate, by: str | None) -> None:
    """Leave an entry about an office in the log: the role for everybody, the person for the staff."""
    content = {"mandate": mandate.id, "role": mandate.role, "account": mandate.account_id, "by": by}
    until = f" · until {mandate.ends_at:%Y-%m-%d}" if mandate.ends_at else ""
    await log.append(db, kind, content, public=mandate.role + until)


async def _settle(db: Db, mandate: Mandate) -> None:
    """See to the end of one office, shortly before it comes or, after the node was away, as soon as it can."""
    if mandate.role == "member":
        await mandates.set_settled(db, mandate.id)
        return
    ends = max(mandate.ends_at or datetime.now(UTC), datetime.now(UTC))
    stands_in = await _stand_in(db, mandate, ends)
    if not stands_in and await _is_last(db, mandate, ends):
        await mandates.go_on(db, mandate.id)
        await note(db, "mandate.overdue", mandate, None)
        return
    await mandates.set_settled(db, mandate.id)
    await note(db, "mandate.ended", mandate, None)


async def _stand_in(db: Db, mandate: Mandate, since: datetime) -> bool:
    """Let the deputy who agreed stand in from then on; whether there is one."""
    deputy = await accounts.find(db, mandate.deputy) if mandate.deputy else None
    if deputy is None or not await _is_usable(db, deputy):
        return False
    until = since + timedelta(days=DEPUTY_DAYS)
    begun = await mandates.insert(
        db, deputy.id, mandate.role, starts_at=since, ends_at=until, interim=True, handover=mandate.handover
    )
    await note(db, "mandate.begun", begun, None)
    await _notify(db, deputy, "office_taken_over", mandate.role, until)
    return True


async def require_successor(db: Db, target: str) -> None:
    """Conflict for a member (the actor's URI) without whom nobody could give offices any more: such a one is neither
    frozen nor suspended before somebody follows. The operator of the machine alone can do it."""
    actor = await actors.find(db, target)
    account = await accounts.find_by_actor(db, actor.id) if actor and actor.local else None
    if account is None or KEEPERS not in account.permissions:
        return
    if not await leaving.somebody_stays(db, KEEPERS, account.id):
        raise Conflict(LAST)


async def _require_another(db: Db, mandate: Mandate) -> None:
    if await _is_last(db, mandate, datetime.now(UTC)):
        raise Conflict(LAST)


async def _is_last(db: Db, mandate: Mandate, at: datetime) -> bool:
    """Whether nobody else could give offices at that moment."""
    keeps = KEEPERS in (await roles.list_all(db))[mandate.role].permissions
    return keeps and not await mandates.others_hold(db, KEEPERS, mandate.id, at)


async def _own(db: Db, by: Viewer, mandate_id: int) -> Mandate:
    mandate = await mandates.get(db, mandate_id)
    if mandate.account_id != by.account.id:
        raise Forbidden
    if mandate.role == "member" or (mandate.ends_at and mandate.ends_at <= datetime.now(UTC)):
        raise NotFound
    return mandate


async def _is_usable(db: Db, account: Account) -> bool:
    actor = await actors.get(db, account.actor_id)
    return not (account.disabled_at or actor.suspended_at or actor.deleted_at)


async def _notify(db: Db, account: Account, kind: notifications.Kind, role: str, ends_at: datetime | None) -> None:
    """A notice, and for what somebody must answer or prepare a letter."""
    itself, day = await actors.hub(db), ends_at.date().isoformat() if ends_at else ""
    await notifications.insert(db, account.id, kind, from_id=itself.id, detail={"role": role, "day": day})
    if account.email and kind in ("mandate_ending", "office_offered"):
        facts = {"role": role, "day": day, "link": f"{(await hub.get(db)).base_url.rstrip('/')}/offices"}
        await mails.put(db, mails.MailDraft(kind=kind, to=account.email, language=account.language, facts=facts))
