"""Calls end: by their deadline, or after a while. Their owner is reminded before, may renew them with one click, and
what is not renewed is closed, here and wherever a copy is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import structlog

from node.actions.spread import tell_changed
from node.actions.withdraw import own
from node.errors import Conflict, NotFound
from node.node import Node
from node.store.calls import responses
from node.store.db import Db
from node.store.members import accounts
from node.store.notices import notifications
from node.store.notices.mails import MailDraft, put
from node.store.posts import edits, posts
from node.wording.showing import title
from schemas.limits import CALL_LASTS_SECONDS, CALL_REMIND_SECONDS, CALL_RENEWED_SECONDS, CALLS_TENDED
from schemas.records import Post, Viewer
from schemas.things import CallDetail
from schemas.times import changed_at

LASTS = timedelta(seconds=CALL_LASTS_SECONDS)
RENEWED = timedelta(seconds=CALL_RENEWED_SECONDS)

_log = structlog.get_logger("node.renew")


async def renew(node: Node, db: Db, viewer: Viewer, call_id: int) -> Post:
    """Let a call go on: one with a deadline for CALL_RENEWED_SECONDS after it, or after now; one without begins its
    time anew. What was closed because its time was over is open again. NotFound, Forbidden, Conflict."""
    call = await own(db, viewer, call_id)
    if call.call is None:
        raise NotFound
    if call.call.state not in ("open", "closed"):
        raise Conflict("This call is over.")
    await responses.begin_anew(db, call.id)
    now = datetime.now(UTC)
    deadline = max(call.call.deadline, now) + RENEWED if call.call.deadline else None
    return await _change(node, db, call, _lasting(call.call, deadline), by=viewer.account.id)


async def tend_calls(node: Node) -> None:
    """The regular job: remind owners of calls that end soon, close those that have ended. Each in a transaction of its
    own."""
    async with node.database.pool.acquire() as db:
        soon = await responses.expiring(db, timedelta(seconds=CALL_REMIND_SECONDS), LASTS, CALLS_TENDED)
        over = await responses.expired(db, LASTS, CALLS_TENDED)
    for call_id in soon:
        async with node.database.pool.acquire() as db, db.transaction():
            await remind(db, node, call_id)
    for call_id in over:
        async with node.database.pool.acquire() as db, db.transaction():
            await close(node, db, call_id)
    if soon or over:
        node.wake()
        _log.info("calls tended", reminded=len(soon), closed=len(over))


async def remind(db: Db, node: Node, call_id: int) -> None:
    """Tell the owner of a call that it ends soon: by a notice, and a letter to who wrote it."""
    call = await posts.lock(db, call_id)
    ends = await responses.ends_at(db, call_id, LASTS)
    if call is None or call.call is None or call.call.state != "open" or ends is None:
        return
    await responses.mark_reminded(db, call.id)
    await notifications.tell_actor(db, call.actor.id, "call_expiring", from_id=call.actor.id, post_id=call.id)
    account = await accounts.find(db, call.written_by) if call.written_by else None
    if account is None or account.email is None or account.confirmed_at is None or account.disabled_at is not None:
        return
    facts = {
        "title": title(call, account.language),
        "ends": ends.isoformat(),
        "zone": account.zone,
        "url": f"{call.url}/desk",
    }
    await put(db, MailDraft(kind="call_expiring", to=account.email, language=account.language, facts=facts))


async def close(node: Node, db: Db, call_id: int) -> None:
    """Close a call whose time is over, unless it was renewed or closed meanwhile."""
    call = await posts.lock(db, call_id)
    ends = await responses.ends_at(db, call_id, LASTS)
    if call is None or call.call is None or call.call.state != "open" or ends is None or ends > datetime.now(UTC):
        return
    await _change(node, db, call, msgspec.structs.replace(call.call, state="closed"))


def _lasting(call: CallDetail, deadline: datetime | None) -> CallDetail:
    return msgspec.structs.replace(call, state="open", deadline=deadline)


async def _change(node: Node, db: Db, before: Post, detail: CallDetail, *, by: int | None = None) -> Post:
    if detail == before.call:
        return before
    now = changed_at(datetime.now(UTC), before.updated_at)
    await edits.insert(db, before, now, by)
    changed = msgspec.structs.replace(before, call=detail)
    after = await posts.update(db, before.id, posts.content_of(changed, updated_at=now))
    await tell_changed(node, db, after, frozenset(actor.id for actor in before.mentions))
    return after
