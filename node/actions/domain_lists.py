"""Lists of domains become drafts, and drafts become measures only when somebody says so: one by one, some together, or
a whole list by two people. What a list takes off again asks to be lifted in the same way."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from federation.addresses import BadAddress, parse
from node.actions import moderate
from node.actions.moderate import Order
from node.errors import Conflict, Forbidden, Invalid, NodeError
from node.policy import CHANNEL
from node.store.db import Db
from node.store.moderation import decision_rules, domain_lists, drafts, log, measures
from node.store.moderation.domain_lists import DomainList, Purpose
from node.store.moderation.drafts import Draft
from node.store.queues import jobs
from node.store.servers import hosts
from schemas.limits import LIST_BYTES, LIST_EXCLUSIONS, LISTS_MOST, PROFILE_NAME_CHARS
from schemas.problems import Problem
from schemas.reasons import EMPTY, NO_WEB_ADDRESS, SAME_TWICE, TOO_LARGE, TOO_LONG, TOO_MANY
from schemas.records import Viewer

PERMISSION = "moderate_servers"


class NewList(msgspec.Struct, frozen=True, kw_only=True):
    """A list to take in: an address to read again and again, or the bytes of a file."""

    name: str
    purpose: Purpose
    url: str | None = None
    body: bytes | None = None


async def take_in(db: Db, by: Viewer, new: NewList) -> int:
    """Keep a list and have it read in the background; its number. Raises Forbidden, Invalid."""
    _require(by)
    if wrong := await _problems(db, new):
        raise Invalid(wrong)
    number = await domain_lists.insert(db, new.name, new.purpose, by.account.id, url=new.url, body=new.body)
    if number is None:
        raise Invalid([Problem(field="url", reason=SAME_TWICE)])
    kind = "fetch_list" if new.url else "read_list"
    await jobs.add(db, kind, {"list_id": number}, once=f"{kind} {number}")
    await _write(db, "list.taken_in", by, number, new.name)
    return number


async def look_again(db: Db, by: Viewer, list_id: int) -> None:
    """Read an address again at once. Raises Forbidden, NotFound, and Conflict for a file or while it is read."""
    _require(by)
    known = await domain_lists.lock(db, list_id)
    if known.url is None or known.state not in ("read", "failed"):
        raise Conflict("This cannot be done now.")
    await jobs.add(db, "fetch_list", {"list_id": list_id}, once=f"fetch_list {list_id}")


async def exclude(db: Db, by: Viewer, list_id: int, domains: Sequence[str]) -> None:
    """Say which domains a list is not to touch, with all below them. Raises Forbidden, Invalid, NotFound."""
    _require(by)
    await domain_lists.lock(db, list_id)
    if len(domains) > LIST_EXCLUSIONS:
        raise Invalid([Problem(field="exclusions", reason=TOO_MANY, values={"max": LIST_EXCLUSIONS})])
    await domain_lists.put_exclusions(db, list_id, domains)


async def forget(db: Db, by: Viewer, list_id: int) -> None:
    """Forget a list with its drafts; what is in force stays. Raises Forbidden, NotFound."""
    _require(by)
    known = await domain_lists.lock(db, list_id)
    await domain_lists.delete(db, list_id)
    await _write(db, "list.forgotten", by, list_id, known.name)


async def decide(db: Db, by: Viewer, ids: Sequence[int], *, accept: bool) -> int:
    """Accept or reject some drafts, each as if somebody had taken the measure by hand: the rules of the hub decide who
    must agree. How many. Raises Forbidden."""
    _require(by)
    done = 0
    for one in await drafts.get_many(db, ids):
        if accept:
            done += await _accept(db, by, one)
        elif one.lifts:  # the measure stands
            done += await drafts.decide(db, [one.id], "accepted", by.account.id)
        else:
            done += await drafts.decide(db, [one.id], "rejected", by.account.id)
    return done


async def propose_all(db: Db, by: Viewer, list_id: int) -> bool:
    """Want all drafts of a list put in force: at once where the rules ask for nobody else, else when a second person
    agrees. Whether it begins at once. Raises Forbidden, NotFound, Conflict (nothing waits, or a vote decides)."""
    _require(by)
    known = await domain_lists.lock(db, list_id)
    rule = await decision_rules.get(db, "server_suspend")
    if rule.how == "vote" and known.purpose == "block":
        raise Conflict("Here suspensions are put to the vote: decide about the drafts one by one.")
    others = await measures.eligible(db, PERMISSION, "")
    alone = known.purpose == "allow" or rule.how == "alone" or len(others) < 2
    waiting = (await domain_lists.get(db, list_id)).waiting
    if not waiting or not await domain_lists.propose(db, list_id, by.account.id, waiting, at_once=alone):
        raise Conflict("There is nothing to put in force.")
    await _write(db, "list.proposed", by, list_id, known.name)
    if alone:
        await jobs.add(db, "apply_list", {"list_id": list_id}, once=f"apply_list {list_id}")
    return alone


async def confirm_all(db: Db, by: Viewer, list_id: int) -> None:
    """Agree, as a second person. Raises Forbidden, NotFound, and Conflict where nothing is proposed or it was them."""
    _require(by)
    known = await domain_lists.lock(db, list_id)
    if known.proposed_by == by.account.id:
        raise Forbidden("Someone else must confirm this measure.")
    if not await domain_lists.confirm(db, list_id, by.account.id):
        raise Conflict("This measure is not waiting for a confirmation.")
    await _write(db, "list.confirmed", by, list_id, known.name)
    await jobs.add(db, "apply_list", {"list_id": list_id}, once=f"apply_list {list_id}")


async def withdraw_all(db: Db, by: Viewer, list_id: int) -> None:
    """Do not do what was proposed. Raises Forbidden, NotFound, Conflict."""
    _require(by)
    await domain_lists.lock(db, list_id)
    if not await domain_lists.withdraw(db, list_id):
        raise Conflict("This measure is not waiting for a confirmation.")


async def ask_due(db: Db, lists: Sequence[int]) -> None:
    """Have these addresses read."""
    for number in lists:
        await jobs.add(db, "fetch_list", {"list_id": number}, once=f"fetch_list {number}")


async def _accept(db: Db, by: Viewer, one: Draft) -> bool:
    if one.kind == "allow":
        await hosts.decide(db, one.domain, let_in=True)
        await measures.announce(db, CHANNEL)
    elif one.lifts:
        await _lift(db, by, one)
    else:
        order = Order(
            kind=one.kind,
            target_kind="domain",
            target=one.domain,
            public_reason=one.reason,
            private_reason=one.private_reason,
        )
        try:
            async with db.transaction():
                await drafts.keep_measure(db, one.id, (await moderate.take(db, by, order)).id)
        except NodeError:  # it is in force or proposed already: there is nothing left to decide here
            return bool(await drafts.decide(db, [one.id], "withdrawn", by.account.id))
    return bool(await drafts.decide(db, [one.id], "withdrawn" if one.lifts else "accepted", by.account.id))


async def _lift(db: Db, by: Viewer, one: Draft) -> None:
    if one.measure_id is not None and (await measures.get(db, one.measure_id)).state != "ended":
        await moderate.end(db, by, one.measure_id)


async def _problems(db: Db, new: NewList) -> list[Problem]:
    found = []
    if not new.name:
        found.append(Problem(field="name", reason=EMPTY))
    if len(new.name) > PROFILE_NAME_CHARS:
        found.append(Problem(field="name", reason=TOO_LONG, values={"max": PROFILE_NAME_CHARS}))
    if new.url is not None and not _is_address(new.url):
        found.append(Problem(field="url", reason=NO_WEB_ADDRESS))
    if new.url is None and not new.body:
        found.append(Problem(field="file", reason=EMPTY))
    if new.body is not None and len(new.body) > LIST_BYTES:
        found.append(Problem(field="file", reason=TOO_LARGE, values={"max": LIST_BYTES}))
    if len(await domain_lists.list_all(db, LISTS_MOST)) >= LISTS_MOST:
        found.append(Problem(field="name", reason=TOO_MANY, values={"max": LISTS_MOST}))
    return found


def _is_address(url: str) -> bool:
    try:
        return bool(parse(url))
    except BadAddress:
        return False


def _require(by: Viewer) -> None:
    if not by.may(PERMISSION):
        raise Forbidden


async def _write(db: Db, kind: str, by: Viewer, list_id: int, name: str) -> None:
    await log.append(db, kind, {"list": list_id, "name": name, "by": by.actor.uri}, public=name)


async def decided_about(db: Db, known: DomainList, some: Sequence[Draft]) -> None:
    """Write into the log, for the staff, which domains of a list came into force together."""
    content = {"list": known.id, "name": known.name, "domains": [f"{d.kind} {d.domain}" for d in some]}
    await log.append(db, "list.applied", content)


async def all_decided(db: Db, known: DomainList) -> None:
    """Write into the log, for everybody, that all of a list is in force: once, since each public entry is published."""
    content = {"list": known.id, "name": known.name}
    await log.append(db, "list.applied", content, public=f"{known.name}: {known.done}")
