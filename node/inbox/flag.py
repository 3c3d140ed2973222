"""Flag: a report from another server. Only what is ours can be reported to us."""

from __future__ import annotations

from federation.sanitise import plain
from node.inbox.outcome import Ignored, Outcome, Taken
from node.node import Node
from node.store import actors, posts, reports
from node.store.db import Db
from schemas.limits import OPEN_REPORTS_PER_HOST, REPORT_CHARS
from schemas.objects import RemoteActivity
from schemas.records import Actor


async def receive_flag(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Keep a report about a local actor and its posts, as far as the reporting server may see them."""
    named = [uri for uri in (activity.objects or (activity.object_id or "",)) if node.urls.ours(uri)]
    reported = {one.uri: one for one in (await actors.find_many(db, named)).values() if one.local}
    seen = [post for uri in named if (post := await posts.find_visible(db, uri, actor.id)) and post.local]
    about = next(iter(reported.values()), None) or next((post.actor for post in seen), None)
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
