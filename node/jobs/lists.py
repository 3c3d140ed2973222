"""Jobs of lists of domains: fetch an address, read what came into drafts, and put in force what two people wanted. Each
goes on in steps of a bounded size, says how far it is, and begins again where it was stopped."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from itertools import islice

import structlog

from federation import domain_lists as forms
from federation.addresses import canonical_domain
from federation.client import Outgoing
from federation.domain_lists import BadList, Entry
from federation.outcomes import FetchError, check_ok
from node.actions import enforce, moderate
from node.actions.decisions import REVIEW_AFTER, REVIEW_OF_TWO
from node.actions.domain_lists import all_decided, decided_about
from node.node import Node
from node.policy import CHANNEL
from node.store.db import Db
from node.store.moderation import domain_lists, drafts, list_measures, measures
from node.store.moderation.domain_lists import DomainList
from node.store.moderation.drafts import Draft, Fresh
from node.store.queues import jobs
from node.store.servers import hosts
from schemas.limits import DRAFTS_AT_ONCE, LIST_BYTES, LIST_ROWS, LIST_SECONDS

ACCEPT = "text/csv, application/json, text/plain;q=0.9"
_log = structlog.get_logger("node.lists")


async def fetch_list(node: Node, list_id: int) -> None:
    """Read an address through the guarded client; what has not changed (ETag) is not read again. What went wrong stands
    with the list, which stays as it was."""
    async with node.database.pool.acquire() as db:
        known = await domain_lists.get(db, list_id)
    if known.url is None:
        return
    try:
        body, etag = await _fetch(node, known)
    except FetchError as error:
        _log.info("list not fetched", list=list_id, reason=str(error))
        async with node.database.pool.acquire() as db:
            await domain_lists.note(db, list_id, str(error))
        return
    async with node.database.pool.acquire() as db, db.transaction():
        if body is None:
            await domain_lists.note(db, list_id, "")
            return
        await domain_lists.put_body(db, list_id, body, etag)
        await jobs.add(db, "read_list", {"list_id": list_id}, once=f"read_list {list_id}")
    node.wake()


async def read_list(node: Node, list_id: int) -> None:
    """Make drafts of what came: LIST_ROWS in a transaction. What the list had before and has no more is withdrawn, or
    asks to be lifted."""
    async with node.database.pool.acquire() as db:
        known, body = await domain_lists.get(db, list_id), await domain_lists.body_of(db, list_id)
        if body is None or known.state != "reading":
            return
        number = await domain_lists.begin(db, list_id, forms.count(body))
    ours = canonical_domain(node.urls.domain.partition(":")[0])
    found = forms.read(body)
    done = counted = 0
    try:
        while lines := await asyncio.to_thread(lambda: list(islice(found, LIST_ROWS))):
            fresh = [one for line in lines if line and line.domain != ours for one in _fresh(line, known)]
            async with node.database.pool.acquire() as db, db.transaction():
                await drafts.put_many(db, list_id, number, fresh, known.exclusions)
                await domain_lists.proceed(db, list_id, done=len(lines), skipped=lines.count(None))
                done += len(lines)
                counted = await _count_anew(db, done, counted)
    except BadList as error:
        async with node.database.pool.acquire() as db:
            await domain_lists.end(db, list_id, "failed", str(error))
        return
    async with node.database.pool.acquire() as db, db.transaction():
        await drafts.end_round(db, list_id, number)
        await domain_lists.end(db, list_id, "read")


async def apply_list(node: Node, list_id: int) -> None:
    """Put all drafts of a list in force, DRAFTS_AT_ONCE in a transaction. Where somebody is known of a domain, all that
    a measure does is done for it; where nobody is, the rule alone is written."""
    counted = 0
    while True:
        async with node.database.pool.acquire() as db, db.transaction():
            known = await domain_lists.lock(db, list_id)
            if known.state != "applying":
                return
            some = await drafts.take_some(db, list_id, DRAFTS_AT_ONCE)
            if not some:
                await domain_lists.end(db, list_id, "read")
                await all_decided(db, known)
                break
            await _apply(db, known, some)
            await domain_lists.proceed(db, list_id, done=len(some))
            counted = await _count_anew(db, known.done + len(some), counted)
    async with node.database.pool.acquire() as db:
        await measures.announce(db, CHANNEL)
    node.wake()


async def _count_anew(db: Db, done: int, counted: int) -> int:
    """Whenever there are twice as many as when they were `counted` last. How many were now."""
    if done < 2 * counted:
        return counted
    await domain_lists.count_anew(db)
    return done


async def _fetch(node: Node, known: DomainList) -> tuple[bytes | None, str]:
    headers = {"Accept": ACCEPT} | ({"If-None-Match": known.etag} if known.etag else {})
    request = Outgoing(url=known.url or "", headers=headers, peer=False, max_bytes=LIST_BYTES, seconds=LIST_SECONDS)
    async with node.client.send(request) as incoming:
        if incoming.status == 304:
            return None, known.etag
        check_ok(incoming.status)
        return await incoming.read(), incoming.headers.get("ETag", "")[:200]


def _fresh(line: Entry, known: DomainList) -> list[Fresh]:
    """A line of a list of allowed domains wants them let in, whatever else it says."""
    kinds: tuple[drafts.Kind, ...] = line.kinds if known.purpose == "block" else ("allow",)
    return [
        Fresh(domain=line.domain, kind=kind, reason=line.reason, private_reason=line.private_reason) for kind in kinds
    ]


async def _apply(db: Db, known: DomainList, some: list[Draft]) -> None:
    lifts = [one for one in some if one.lifts]
    wanted = [one for one in some if not one.lifts]
    for one in lifts:
        if one.measure_id is not None and (await measures.get(db, one.measure_id)).state != "ended":
            await moderate.end(db, None, one.measure_id)
    await drafts.decide(db, [one.id for one in lifts], "withdrawn", known.proposed_by)
    allowed = [one for one in wanted if one.kind == "allow"]
    for one in allowed:
        await hosts.decide(db, one.domain, let_in=True)
    blocked = [one for one in wanted if one.kind != "allow"]
    touching = await drafts.touching(db, [one.domain for one in blocked])
    review = datetime.now(UTC) + (REVIEW_OF_TWO if known.confirmed_by else REVIEW_AFTER)
    for measure in await list_measures.insert_many(db, known, blocked, review, touching):
        await enforce.apply(db, measure, on=True)
    await drafts.decide(db, [one.id for one in wanted], "accepted", known.proposed_by)
    await decided_about(db, known, some)
