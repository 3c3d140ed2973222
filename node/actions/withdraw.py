"""Taking back: cancelling or postponing an event, closing a call, retracting a finding, deleting anything. All but the
last keep the thing at its address, since people hold it in calendars and cite it; only mistakes are deleted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

import msgspec

from node.actions import rsvp_news
from node.actions.permissions import require_change
from node.actions.spread import tell_changed, tell_counts_soon, tell_deleted
from node.errors import Conflict, NotFound
from node.node import Node
from node.store.db import Db
from node.store.events import events
from node.store.events.event_tellings import Kind
from node.store.notices import notifications
from node.store.people import reach
from node.store.posts import edits, posts
from schemas.records import Post, Viewer
from schemas.things import CallState, EventStatus
from schemas.times import changed_at

Validity = Literal["valid", "corrected", "retracted"]
Status = Literal["scheduled", "postponed", "cancelled"]

CHANGING: frozenset[EventStatus] = frozenset({"cancelled", "postponed", "moved"})
"""What those who meant to come must hear of, wherever they are."""


async def cancel_event(
    node: Node, db: Db, viewer: Viewer, post_id: int, *, following: bool = False, why: str = ""
) -> Post:
    """Call an event off, and with `following` all later dates of its series; never a Delete. `why` is told to those who
    meant to come."""
    return await _set_status(node, db, viewer, post_id, "cancelled", following=following, why=why)


async def postpone_event(node: Node, db: Db, viewer: Viewer, post_id: int, *, following: bool = False) -> Post:
    """Say that an event will not be when it was planned, and that the new date is not known yet."""
    return await _set_status(node, db, viewer, post_id, "postponed", following=following)


async def reinstate_event(node: Node, db: Db, viewer: Viewer, post_id: int, *, following: bool = False) -> Post:
    """Say that a cancelled, postponed or tentative event takes place as planned."""
    return await _set_status(node, db, viewer, post_id, "scheduled", following=following)


async def close_call(node: Node, db: Db, viewer: Viewer, post_id: int, state: CallState = "closed") -> Post:
    """End a call (`closed`, `filled`, `withdrawn`) or open it again; Conflict to open one whose deadline has passed."""
    post = await own(db, viewer, post_id)
    if post.call is None:
        raise NotFound
    if post.call.state == state:
        return post
    if state == "open" and post.call.deadline and post.call.deadline <= datetime.now(UTC):
        raise Conflict("The deadline of this call has passed. Change it first.")
    changed = msgspec.structs.replace(post, call=msgspec.structs.replace(post.call, state=state))
    return await _keep(node, db, viewer, post, changed)


async def retract_finding(
    node: Node, db: Db, viewer: Viewer, post_id: int, state: Validity = "retracted", *, reason: str = ""
) -> Post:
    """Say that a finding does not hold (`retracted`) and why, held with corrections (`corrected`), or holds after
    all."""
    post = await own(db, viewer, post_id)
    if post.finding is None:
        raise NotFound
    if post.finding.state == state:
        return post
    gone = state == "retracted"
    finding = msgspec.structs.replace(
        post.finding,
        state=state,
        retraction=reason.strip() if gone else "",
        retracted_at=changed_at(datetime.now(UTC), post.updated_at) if gone else None,
    )
    changed = msgspec.structs.replace(post, finding=finding)
    return await _keep(node, db, viewer, post, changed)


async def delete(
    node: Node, db: Db, viewer: Viewer, post_id: int, *, following: bool = False, keep_media: bool = False
) -> None:
    """Delete a post of ours for good: a Tombstone stays, and whoever holds a copy is told. With `following` also all
    later dates of its series; with `keep_media` its media are uploads again for a while, to be attached anew. NotFound
    if it is not there or was deleted."""
    for one in await _dates(db, await own(db, viewer, post_id), following=following):
        post = await posts.lock(db, one)
        if post is not None:
            await tell_deleted(node, db, post, keep_media=keep_media)


async def notify_attendees(db: Db, post: Post, change: Kind, *, why: str = "") -> None:
    """Tell the people who meant to come that the plan has changed: those here by a notice at once, all others by the
    door they came through; its poll, if it has one, follows."""
    await tell_counts_soon(db, post.id)
    await rsvp_news.announce(db, post, change, words=why)
    for actor_id in await reach.attendees_here(db, post.id):
        if actor_id != post.actor.id:
            await notifications.tell_actor(
                db, actor_id, "update", from_id=post.actor.id, post_id=post.id, detail={"status": change}
            )


async def _set_status(
    node: Node, db: Db, viewer: Viewer, post_id: int, status: Status, *, following: bool, why: str = ""
) -> Post:
    asked = await own(db, viewer, post_id)
    if asked.event is None:
        raise NotFound
    for one in await _dates(db, asked, following=following):
        post = await posts.lock(db, one)
        if post is None or post.event is None or post.event.status == status:
            continue
        event = msgspec.structs.replace(post.event, status=status, sequence=post.event.sequence + 1)
        after = await _keep(node, db, viewer, post, msgspec.structs.replace(post, event=event))
        await notify_attendees(db, after, status, why=why)
    return await posts.get(db, post_id, viewer.acting.id)


async def own(db: Db, viewer: Viewer, post_id: int) -> Post:
    """The post, locked, if the viewer may change it. Who may not even see it learns nothing."""
    post = await posts.lock(db, post_id)
    if post is None or post.kind == "boost":
        raise NotFound
    if not await posts.get_many(db, [post_id], viewer.acting.id) and post.actor.id != viewer.actor.id:
        raise NotFound
    require_change(viewer, post)
    return post


async def _dates(db: Db, post: Post, *, following: bool) -> list[int]:
    if not following or post.series is None or post.event is None:
        return [post.id]
    return list(await events.following_ids(db, post.series, post.event.starts_at))


async def _keep(node: Node, db: Db, viewer: Viewer, before: Post, changed: Post) -> Post:
    now = changed_at(datetime.now(UTC), before.updated_at)
    await edits.insert(db, before, now, viewer.account.id)
    after = await posts.update(db, before.id, posts.content_of(changed, updated_at=now))
    await tell_changed(node, db, after, frozenset(actor.id for actor in before.mentions))
    return after
