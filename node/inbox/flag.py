"""Flag: a report from another server, about what is ours or what the hub and its groups pass on; and what became of a
report that we forwarded to another server."""

from __future__ import annotations

from typing import get_args

from federation.sanitise import plain
from federation.trust import same_origin
from node.inbox.outcome import Ignored, Outcome, Refused, Taken
from node.node import Node
from node.store.db import Db
from node.store.moderation import case_files, reports
from node.store.people import actors
from node.store.posts import posts
from schemas.limits import CASE_NOTE_CHARS, OPEN_REPORTS_PER_HOST, REPORT_CHARS, REPORTED_GROUPS, REPORTED_POSTS
from schemas.objects import RemoteActivity
from schemas.records import Actor

OUTCOMES: tuple[case_files.Outcome, ...] = get_args(case_files.Outcome)


async def receive_flag(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Keep a report about a local actor and its posts, as far as the reporting server may see them; or about posts of
    somebody elsewhere that stand here because the hub, a group or an area passes them on."""
    said = activity.objects or (activity.object_id or "",)
    named = [uri for uri in said if node.urls.ours(uri)]
    reported = [one for one in (await actors.find_many(db, named)).values() if one.local]
    seen = [post for uri in named if (post := await posts.find_visible(db, uri, actor.id)) and post.local]
    people = [one for one in reported if one.role_here == "member"] + [post.actor for post in seen]
    if not people:
        brought = [one.post_id for one in await reports.passed_on(db, said, REPORTED_POSTS)]
        seen = list((await posts.get_many(db, brought, actor.id)).values())
        people = [post.actor for post in seen] + reported
    about = next(iter(people), None)
    if about is None:
        return Ignored("nobody of ours")
    if await reports.are_refused(db, actor.host):
        return Ignored("no reports are taken from this server")
    if await reports.count_open(db, actor.host) >= OPEN_REPORTS_PER_HOST:
        return Ignored("too many open reports from this server")
    uris = [post.uri for post in seen if post.actor.id == about.id]
    content = plain(activity.content or "")[:REPORT_CHARS]
    await reports.insert(
        db, about.id, reporter_id=actor.id, host=actor.host, uri=activity.id, posts=uris, content=content
    )
    return Taken()


async def answered_flag(db: Db, activity: RemoteActivity, actor: Actor) -> Outcome | None:
    """An Accept of a Flag of ours: what became of it where we told of it; None if it is about something else."""
    kept = await reports.find_forwarded(db, activity.object_id) if activity.object_id else None
    if kept is None:
        return None
    told = [await actors.get(db, kept.actor_id), *(await reports.groups_of(db, kept.post_uris, REPORTED_GROUPS))]
    if not any(same_origin(actor.uri, one.uri) for one in told):
        return Refused("only who was told answers")
    outcome = next((one for one in OUTCOMES if one == activity.outcome), None)
    await reports.answered_at_home(db, kept.id, outcome, (activity.content or "")[:CASE_NOTE_CHARS])
    return Taken()
