"""The job that does what a member's file from another server says, some rows at a time: other servers are asked through
the guarded client only, so many in one step and so many in all (cases 139, 140)."""

from __future__ import annotations

import asyncio
from typing import cast

import msgspec

from federation.outcomes import FetchError
from node.actions import follow, hide, look_up
from node.actions.follow import Wishes
from node.errors import NodeError
from node.node import Node
from node.remote import learn_post
from node.store.db import Db
from node.store.members import accounts, imports
from node.store.members.imports import Import, Outcome, Row
from node.store.people import actors, blocks, follows
from node.store.posts import kept_marks, posts
from node.store.queues import jobs
from schemas.limits import (
    ACQUAINT_SECONDS,
    IMPORT_LOOKUPS,
    IMPORT_PAUSE_SECONDS,
    IMPORT_ROWS_AT_ONCE,
    JOB_SECONDS,
)
from schemas.records import Actor


class Budget(msgspec.Struct):
    """What one step may still ask of others: look-ups, seconds, and no host again that did not answer."""

    lookups: int
    until: float
    silent: set[str]

    def allows(self, host: str) -> bool:
        """Whether a host may be asked (once more)."""
        return self.lookups > 0 and host not in self.silent


async def bring_along(node: Node, import_id: int, step: int = 0) -> None:
    """One step of an import, and the next one as a job of its own. A row that was done is not done again."""
    async with node.database.pool.acquire() as db:
        known = await imports.find_running(db, import_id)
        if known is None:
            return
        account = await accounts.find(db, known.account_id)
        rows = await imports.open_rows(db, import_id, IMPORT_ROWS_AT_ONCE)
    now = asyncio.get_running_loop().time()
    budget = Budget(lookups=IMPORT_LOOKUPS, until=now + JOB_SECONDS / 2, silent=set())
    for row in rows if account and not account.disabled_at else []:
        async with node.database.pool.acquire() as db:
            me = await actors.get(db, account.actor_id) if account else None
        if me is None or asyncio.get_running_loop().time() > budget.until:
            break
        outcome = await _do(node, known, me, row, budget)
        if outcome is None:  # it has to wait for a step that may ask
            break
        async with node.database.pool.acquire() as db:
            await imports.settle(db, import_id, row.position, outcome)
    async with node.database.pool.acquire() as db, db.transaction():
        if account is None or account.disabled_at or not await imports.open_rows(db, import_id, 1):
            await imports.end(db, import_id)
        else:
            arguments = {"import_id": import_id, "step": step + 1}
            await jobs.add(
                db, "bring_along", arguments, once=f"bring_along {import_id} {step + 1}", delay=IMPORT_PAUSE_SECONDS
            )
    node.wake()


async def _do(node: Node, known: Import, me: Actor, row: Row, budget: Budget) -> Outcome | None:
    try:
        if known.kind == "domain_blocks":
            async with node.database.pool.acquire() as db, db.transaction():
                await hide.hide_server(node, db, me, row.target)
            return "done"
        if known.kind == "bookmarks":
            return await _bookmark(node, me, row, budget)
        other = await look_up.known(node, row.target)
        if other is None and not budget.lookups:
            return None
        other = other or await _ask(node, row, budget)
        if other is None:
            return "not_found"
        async with node.database.pool.acquire() as db, db.transaction():
            return await _relate(node, db, known, me, other, row)
    except NodeError:  # one blocks the other, a server that is none, oneself
        return "refused"


async def _relate(node: Node, db: Db, known: Import, me: Actor, other: Actor, row: Row) -> Outcome:
    match known.kind:
        case "follows":
            if await follows.find(db, me.id, other.id):
                return "known"
            wishes = Wishes(
                boosts=cast("bool | None", row.options.get("boosts")),
                notify=cast("bool | None", row.options.get("notify")),
                languages=tuple(row.options.get("languages") or ()),
            )
            await follow.follow(node, db, me, other, wishes)
        case "blocks":
            if await blocks.exists(db, me.id, other.id):
                return "known"
            if me.id == other.id:
                return "refused"
            await follow.block(node, db, me, other)
        case _:
            await hide.mute(db, me, other, notifications=bool(row.options.get("notifications", True)))
    return "done"


async def _ask(node: Node, row: Row, budget: Budget) -> Actor | None:
    if not budget.allows(row.host):
        return None
    budget.lookups -= 1
    try:
        async with asyncio.timeout(ACQUAINT_SECONDS):
            return await look_up.ask(node, row.target)
    except TimeoutError:
        budget.silent.add(row.host)
        return None


async def _bookmark(node: Node, me: Actor, row: Row, budget: Budget) -> Outcome | None:
    async with node.database.pool.acquire() as db:
        post = await posts.find_visible(db, row.target, me.id)
    if post is None and not budget.lookups:
        return None
    if post is None and budget.allows(row.host):
        budget.lookups -= 1
        try:
            async with asyncio.timeout(ACQUAINT_SECONDS):
                learnt = await learn_post(node, row.target)
        except (TimeoutError, FetchError):
            budget.silent.add(row.host)
            return "not_found"
        async with node.database.pool.acquire() as db:
            post = await posts.find_visible(db, row.target, me.id) if learnt else None
    if post is None:
        return "not_found"
    async with node.database.pool.acquire() as db, db.transaction():
        await kept_marks.bookmark(db, me.id, post.id)
    return "done"
