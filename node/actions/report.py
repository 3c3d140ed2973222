"""Report somebody, with posts of theirs, to who handles cases here and, if wished, to their own server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from federation.build import activities as say
from node.errors import Conflict, Forbidden, Invalid
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store.db import Db
from node.store.hub import hub
from node.store.moderation import reports
from node.store.moderation.reports import Report
from node.store.people import collections
from node.store.posts import posts
from schemas.limits import OPEN_REPORTS_PER_ACTOR, REPORT_CHARS, REPORTED_GROUPS, REPORTED_POSTS
from schemas.problems import Problem
from schemas.reasons import TOO_LONG, TOO_MANY
from schemas.records import Actor, Viewer

Category = Literal["spam", "legal", "violation", "other"]


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong. Of `posts` and `collections` count those of the reported actor that the reporter may see; of
    `rules` those that there are. `forward`: tell the server of somebody elsewhere too, without saying who reports."""

    posts: Sequence[int] = ()
    collections: Sequence[int] = ()
    comment: str = ""
    category: Category = "other"
    rules: Sequence[str] = ()
    forward: bool = False


async def report(node: Node, db: Db, viewer: Viewer, about: Actor, complaint: Complaint) -> Report:
    """Keep it, tell who handles cases, and forward it if that is wished. Raises Forbidden, Invalid, and Conflict for
    who has reported too much that is still open."""
    if not viewer.may("report") or about.id == viewer.acting.id:
        raise Forbidden("You cannot report this account.")
    if wrong := problems(complaint.comment, len(complaint.posts) + len(complaint.collections)):
        raise Invalid(wrong)
    if await reports.count_of(db, viewer.acting.id) >= OPEN_REPORTS_PER_ACTOR:
        raise Conflict("You have reported much that nobody could look at yet.")
    seen = await posts.get_many(db, list(complaint.posts), viewer.acting.id)
    uris = [seen[one].uri for one in complaint.posts if one in seen and seen[one].actor.id == about.id]
    recommended = await collections.get_many(db, list(complaint.collections), viewer.acting.id)
    uris += [node.urls.collection(one.id) for one in recommended if one.actor_id == about.id]
    known = {str(rule.get("id", number)) for number, rule in enumerate((await hub.get(db)).rules, start=1)}
    forward = complaint.forward and not about.local
    kept = await reports.insert(
        db,
        about.id,
        reporter_id=viewer.acting.id,
        host=None,
        uri=None,
        posts=uris,
        content=complaint.comment.strip(),
        category=complaint.category,
        forward=forward,
        rule_ids=[one for one in complaint.rules if one in known],
    )
    assert kept is not None, "a report without an address is never there already"  # noqa: S101 - a slip of ours
    if forward:
        await forward_to_home(node, db, about, kept)
    return kept


async def forward_to_home(node: Node, db: Db, about: Actor, kept: Report) -> None:
    """Tell the server of the reported one, and those of groups in which the posts stand, without saying who reports."""
    told = [about, *(await reports.groups_of(db, kept.post_uris, REPORTED_GROUPS))]
    _, uri = new_activity_id(node.urls)
    objects, to = [about.uri, *kept.post_uris], [one.uri for one in told]
    said = say.flag(uri, node.urls.instance_actor, objects, content=kept.content, to=to)
    await tell(db, node.instance, said, audience="direct", to=told)
    await reports.keep_flag(db, kept.id, uri)


def problems(comment: str, posts: int) -> list[Problem]:
    """What is wrong with the words of a report and the number of posts it names."""
    found = []
    if len(comment) > REPORT_CHARS:
        found.append(Problem(field="comment", reason=TOO_LONG, values={"max": REPORT_CHARS}))
    if posts > REPORTED_POSTS:
        found.append(Problem(field="status_ids", reason=TOO_MANY, values={"max": REPORTED_POSTS}))
    return found
