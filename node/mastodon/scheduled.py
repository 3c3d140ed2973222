"""Planned statuses: kept until they are due, then published by a job, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import structlog
from aiohttp import web

from federation.build.urls import Urls
from node.actions.acquaint import acquaint
from node.actions.publish import publish
from node.errors import NodeError, NotFound
from node.mastodon.answers import Asked, as_json, paged
from node.mastodon.asking import Ask
from node.mastodon.composing import SentStatus, visibility_of
from node.mastodon.endpoint import Endpoint, delete, get, put
from node.mastodon.entities.scheduled import ScheduledStatus, render_scheduled
from node.mastodon.errors import Refused, Unprocessable
from node.node import Node
from node.store.db import Db
from node.store.members import accounts
from node.store.people import people
from node.store.posts import client_posts, scheduled
from node.store.posts.scheduled import Scheduled
from node.store.queues import jobs
from schemas.drafts import PostDraft
from schemas.limits import PAGE_ITEMS, PAGE_ITEMS_MOST, SCHEDULED_AHEAD_SECONDS, SCHEDULED_POSTS
from schemas.records import Viewer

TOO_SOON = "Scheduled at The scheduled date must be in the future"
JOB = "publish_scheduled"

_log = structlog.get_logger("node.scheduled")


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """The new time of a planned status."""

    scheduled_at: str | None = None


async def index(ask: Ask) -> web.Response:
    """GET /api/v1/scheduled_statuses"""
    page = ask.take(Asked).page(PAGE_ITEMS, PAGE_ITEMS_MOST)
    planned = await scheduled.list_of(ask.db, ask.who.acting.id, page)
    return paged(ask, await render_scheduled(ask.db, ask.urls, planned), [one.id for one in planned], page)


async def show(ask: Ask) -> web.Response:
    """GET /api/v1/scheduled_statuses/:id"""
    return as_json(await found_scheduled(ask.db, ask.who.acting.id, ask.id(), ask.urls))


async def move(ask: Ask) -> web.Response:
    """PUT /api/v1/scheduled_statuses/:id"""
    due = when(ask.take(Moved).scheduled_at)
    if due is None:
        raise Unprocessable(TOO_SOON)
    moved = await scheduled.move(ask.db, ask.id(), ask.who.acting.id, due)
    if moved is None:
        raise NotFound
    await _ask_for(ask.db, moved)
    return as_json((await render_scheduled(ask.db, ask.urls, [moved]))[0])


async def cancel(ask: Ask) -> web.Response:
    """DELETE /api/v1/scheduled_statuses/:id"""
    if not await scheduled.delete(ask.db, ask.id(), ask.who.acting.id):
        raise NotFound
    return as_json({})


def when(written: str | None) -> datetime | None:
    """When a status is to be published; None for at once, which a moment that has passed means too. Refused for what is
    no moment, or too near."""
    if not written:
        return None
    try:
        asked = datetime.fromisoformat(written)
        due = (asked if asked.tzinfo else asked.replace(tzinfo=UTC)).astimezone(UTC)  # beyond the year 9999: no moment
        ahead = (due - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError) as error:
        raise Refused(422, "Record invalid") from error
    if ahead <= 0:
        return None
    if ahead < SCHEDULED_AHEAD_SECONDS:
        raise Unprocessable(TOO_SOON)
    return due


async def schedule(
    db: Db, who: Viewer, sent: SentStatus, draft: PostDraft, due: datetime, app_id: int | None, urls: Urls
) -> ScheduledStatus:
    """Plan a draft; it is published in the name of who acts now. Refused beyond SCHEDULED_POSTS."""
    if await scheduled.count_of(db, who.acting.id) >= SCHEDULED_POSTS:
        raise Unprocessable(f"You have exceeded the limit of {SCHEDULED_POSTS} scheduled posts")
    planned = await scheduled.insert(
        db,
        account_id=who.account.id,
        actor_id=who.acting.id,
        parameters={
            "draft": msgspec.to_builtins(draft),
            "params": _params(sent, draft, app_id),
            "app_id": app_id,
            "member_id": who.actor.id,
        },
        media_ids=[int(one.media_id) for one in draft.attachments if one.media_id],
        due_at=due,
    )
    await _ask_for(db, planned)
    return (await render_scheduled(db, urls, [planned]))[0]


async def found_scheduled(db: Db, actor_id: int, scheduled_id: int, urls: Urls) -> ScheduledStatus:
    """A planned status of this actor; NotFound for anybody else's."""
    planned = await scheduled.find(db, scheduled_id, actor_id)
    if planned is None:
        raise NotFound
    return (await render_scheduled(db, urls, [planned]))[0]


async def publish_scheduled(node: Node, scheduled_id: int) -> None:
    """Publish a planned post if it is due. Whatever is repeated or killed, it is published once: it leaves the plan in
    the same transaction. What cannot be published any more stays in the plan, with the reason."""
    async with node.database.pool.acquire() as db:
        planned = await scheduled.find_due(db, scheduled_id)
    if planned is None:
        return
    draft = msgspec.convert(planned.parameters["draft"], PostDraft)
    await acquaint(node, draft)
    try:
        async with node.database.pool.acquire() as db, db.transaction():
            if await scheduled.take_due(db, scheduled_id):
                made = await publish(node, db, await _author(db, planned), draft)
                await client_posts.note_app(db, made.id, planned.parameters["app_id"])
    except NodeError as error:
        _log.info("a planned post was not published", scheduled_id=scheduled_id, reason=error.message)
        async with node.database.pool.acquire() as db:
            await scheduled.fail(db, scheduled_id, str(error))
        return
    node.wake()


async def _author(db: Db, planned: Scheduled) -> Viewer:
    """Who planned it, with the rights they have now."""
    account = await accounts.find(db, planned.account_id)
    if account is None or account.disabled_at is not None:
        raise NotFound
    actors = await people.get_many(db, [account.actor_id, planned.actor_id])
    if len(actors) < len({account.actor_id, planned.actor_id}):
        raise NotFound
    return Viewer(account=account, actor=actors[account.actor_id], acting=actors[planned.actor_id])


async def _ask_for(db: Db, planned: Scheduled) -> None:
    """One job for each time that it was planned for: those that come too early find nothing to do."""
    delay = max((planned.due_at - datetime.now(UTC)) / timedelta(seconds=1), 0) + 1
    once = f"scheduled {planned.id} {planned.due_at.timestamp()}"
    await jobs.add(db, JOB, {"scheduled_id": planned.id}, once=once, delay=delay)


def _params(sent: SentStatus, draft: PostDraft, app_id: int | None) -> dict[str, Any]:
    """What is shown of it, in clients' words."""
    poll = sent.poll
    return {
        "text": draft.text,
        "poll": msgspec.to_builtins(poll) if poll else None,
        "media_ids": [one.media_id for one in draft.attachments] or None,
        "sensitive": draft.sensitive,
        "spoiler_text": draft.summary or None,
        "visibility": visibility_of(draft),
        "in_reply_to_id": sent.in_reply_to_id,
        "language": draft.language,
        "application_id": app_id,
        "scheduled_at": None,
        "idempotency": None,
        "with_rate_limit": False,
        "quoted_status_id": sent.quoted_status_id,
        "quote_approval_policy": draft.quote_policy,
    }


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/scheduled_statuses", index, "read:statuses"),
    get("/api/v1/scheduled_statuses/{id}", show, "read:statuses"),
    *put("/api/v1/scheduled_statuses/{id}", move, "write:statuses"),
    delete("/api/v1/scheduled_statuses/{id}", cancel, "write:statuses"),
)
