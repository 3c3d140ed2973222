"""Against a measure: the measured say once what speaks against it, and somebody else than who took it decides."""

from __future__ import annotations

from node.actions import moderate
from node.actions.accounts import find_account
from node.errors import Conflict, Forbidden, Invalid
from node.node import Node
from node.secrets import passwords
from node.secrets.case_keys import path_of
from node.store.db import Db
from node.store.hub import hub
from node.store.members import accounts
from node.store.moderation import appeals, log, measures
from node.store.moderation.appeals import Appeal
from node.store.notices import mails
from node.store.notices.mails import MailDraft
from node.store.people import actors
from node.store.pool import Pool
from node.wording.language import gettext
from schemas.limits import APPEAL_CHARS, MEASURES_SHOWN, PASSWORD_CHARS_MOST
from schemas.problems import Problem
from schemas.reasons import EMPTY, TOO_LONG, msgid
from schemas.records import Account, Measure, Viewer

PERMISSION = "moderate_accounts"
GRANTED = msgid("We have looked at your appeal and lifted the measure.")
UPHELD = msgid("We have looked at your appeal. The measure stands.")


async def measured(db: Db, measure_id: int) -> tuple[Measure, Account] | None:
    """A measure in force or past on a member here, and whose it is; None for any other."""
    measure = await measures.get(db, measure_id)
    actor = await actors.find(db, measure.target) if measure.target_kind == "actor" else None
    account = await accounts.find_by_actor(db, actor.id) if actor is not None and actor.local else None
    return (measure, account) if account and measure.executed_at is not None else None


async def list_against(pool: Pool, who: str, password: str) -> list[Measure] | None:
    """The measures on whoever has this name or mail address and password, though they may not sign in; None where that
    is nobody's, whatever is wrong and in the same time (case 115)."""
    async with pool.acquire() as db:
        account = await find_account(db, who.strip())
    right = await passwords.matches(account.password_hash if account else None, password[:PASSWORD_CHARS_MOST])
    if account is None or not right:
        return None
    async with pool.acquire() as db:
        return await list_on(db, account)


async def list_on(db: Db, account: Account) -> list[Measure]:
    """The measures in force on a member, the newest first: what can be appealed against."""
    actor = await actors.get(db, account.actor_id)
    found = await measures.list_of(db, "actor", actor.uri, MEASURES_SHOWN)
    return [one for one in found if one.state == "executed"]


async def appeal(db: Db, measure_id: int, content: str) -> None:
    """Appeal against a measure on oneself. Raises Invalid, and Conflict where that was done or it is none of these."""
    content = content.strip()
    if not content:
        raise Invalid([Problem(field="content", reason=EMPTY)])
    if len(content) > APPEAL_CHARS:
        raise Invalid([Problem(field="content", reason=TOO_LONG, values={"max": APPEAL_CHARS})])
    if await measured(db, measure_id) is None or await appeals.insert(db, measure_id, content) is None:
        raise Conflict("You have appealed against this already.")
    await log.append(db, "appeal.sent", {"measure": measure_id}, public=f"measure {measure_id}")


async def decide(node: Node, db: Db, by: Viewer, appeal_id: int, *, granted: bool, answer: str) -> Appeal:
    """Lift the measure or let it stand, and tell the measured. Raises Forbidden for whom it is on, and for who
    proposed, confirmed or voted, while somebody else is there; Invalid, NotFound, and Conflict where it is decided."""
    if not by.may(PERMISSION):
        raise Forbidden
    found = await appeals.get(db, appeal_id, by.account.id)
    if found.for_somebody_else:
        raise Forbidden("Somebody else must decide about this appeal.")
    if len(answer) > APPEAL_CHARS:
        raise Invalid([Problem(field="answer", reason=TOO_LONG, values={"max": APPEAL_CHARS})])
    if not await appeals.decide(db, appeal_id, by.account.id, granted=granted, answer=answer):
        raise Conflict("This appeal is decided already.")
    measure = await measures.get(db, found.measure_id)
    if granted and measure.state == "executed":
        await moderate.end(db, by, measure.id)
    content = {"appeal": appeal_id, "measure": measure.id, "granted": granted, "by": by.actor.uri}
    content["alone"] = found.had_part
    words = ("granted" if granted else "upheld") + (" · alone" if found.had_part else "")
    await log.append(db, "appeal.decided", content, public=f"measure {measure.id} · {words}")
    await _tell(node, db, measure.id, granted=granted, answer=answer)
    return found


async def link_of(node: Node, db: Db, measure_id: int) -> str:
    """The address of the page where the measured appeals, without signing in: for letters to them alone."""
    return node.urls.base_url + path_of((await hub.get(db)).secret, "appeal", measure_id)


async def _tell(node: Node, db: Db, measure_id: int, *, granted: bool, answer: str) -> None:
    whose = await measured(db, measure_id)
    if whose is None or whose[1].email is None:
        return
    account = whose[1]
    facts = {
        "words": gettext(account.language, GRANTED if granted else UPHELD),
        "answer": answer,
        "link": await link_of(node, db, measure_id),
    }
    await mails.put(db, MailDraft(kind="appeal_decided", to=str(account.email), language=account.language, facts=facts))
