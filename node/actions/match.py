"""Comparing calls with what members look for: every call that is kept here, ours and others'. Only the member hears of
it."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from node.fitting import fits
from node.node import Node
from node.store.calls import matches
from node.store.db import Db
from node.store.notices import notifications
from node.store.posts import posts
from schemas.limits import MATCH_CALLS
from schemas.matching import Reasons
from schemas.records import Post


async def match_call(node: Node, call_id: int) -> None:
    """The job for a call that came or changed: tell the members whom it fits."""
    async with node.database.pool.acquire() as db, db.transaction():
        call = await posts.find(db, call_id)
        if call is None or not _open(call):
            return
        for member in await matches.members_for(db, call_id):
            if reasons := fits(member.wishes, call):
                await _tell(db, member.account_id, member.actor_id, call, reasons)


async def match_member(db: Db, account_id: int, actor_id: int) -> int:
    """Look through the open calls after a member changed what they look for. How many fit: told on their desk at once,
    so without notices."""
    wishes, found = await matches.wishes_of(db, account_id), 0
    for call in await matches.open_calls_for(db, account_id, MATCH_CALLS):
        reasons = fits(wishes, call)
        if reasons is not None and call.actor.id != actor_id:
            found += await matches.add(db, account_id, call.id, reasons)
    return found


def _open(call: Post) -> bool:
    asked = call.call
    if asked is None or asked.state != "open":
        return False
    return asked.deadline is None or asked.deadline > datetime.now(UTC)


async def _tell(db: Db, account_id: int, actor_id: int, call: Post, reasons: Reasons) -> None:
    if await matches.add(db, account_id, call.id, reasons):
        detail = {"reasons": msgspec.to_builtins(reasons)}
        await notifications.tell_actor(db, actor_id, "match", from_id=call.actor.id, post_id=call.id, detail=detail)
