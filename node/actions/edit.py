"""Editing: the whole draft again. What it said before is kept, who holds a copy is told; where nothing
changed, nothing is said."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from node.actions import co_hosts
from node.actions.attend import promote
from node.actions.contents import content_of, gather, named_hosts
from node.actions.describe_place import describe_with
from node.actions.publish import KINDS
from node.actions.quote import tell_quoters
from node.actions.spread import tell_changed
from node.actions.withdraw import CHANGING, notify_attendees, own
from node.errors import Invalid
from node.node import Node
from node.store.db import Db
from node.store.notices import notifications
from node.store.posts import edits, posts, votes
from schemas.check import check
from schemas.drafts import Draft, EventDraft, PostDraft
from schemas.problems import Problem
from schemas.reasons import msgid
from schemas.records import Post, Viewer
from schemas.times import changed_at

ANOTHER_KIND = msgid("What is published cannot become something of another kind.")
ANOTHER_AUDIENCE = msgid("Who may see this cannot be changed afterwards. Delete it and publish it again.")
ANOTHER_GROUP = msgid("The group cannot be changed afterwards.")
ANOTHER_PARENT = msgid("What this answers cannot be changed afterwards.")
REPEATED_ALREADY = msgid("The dates of a series are changed one by one.")


async def edit(node: Node, db: Db, viewer: Viewer, post_id: int, draft: Draft) -> Post:
    """Give a post of ours the content of a draft, in the caller's transaction. Owner, kind, audience and thread stay.
    An event moved in time keeps its former start if the draft's status is `moved`.

    Raises NotFound, Forbidden, Invalid; then nothing has changed. Two edits at once happen one after the other.
    """
    before = await own(db, viewer, post_id)
    now = changed_at(datetime.now(UTC), before.updated_at)
    if problems := [*check(draft, now, new=False), *_fixed(before, draft)]:
        raise Invalid(problems)
    made_of = await gather(db, node.urls, viewer, before.actor, draft, now, before=before)
    await describe_with(node, db, draft)
    content = await content_of(db, made_of, before.uri)
    await co_hosts.ask(db, msgspec.structs.replace(before, event=content.event), named_hosts(made_of))
    if _same(content, before):
        return before
    await edits.insert(db, before, now, viewer.account.id)
    if before.poll is not None and content.poll is not before.poll:
        await votes.forget(db, before.id)
    after = await posts.update(db, before.id, content)
    await tell_changed(node, db, after, frozenset(actor.id for actor in before.mentions))
    await _tell_attendees(node, db, before, after)
    await tell_quoters(db, after)
    await notifications.tell_boosters(db, after.actor.id, after.id)
    return after


def _fixed(before: Post, draft: Draft) -> list[Problem]:
    """What an edit tries to change and cannot."""
    if KINDS[type(draft)] != before.kind:
        return [Problem(field="kind", reason=ANOTHER_KIND)]
    wrong = []
    if draft.audience != before.audience:
        wrong.append(Problem(field="audience", reason=ANOTHER_AUDIENCE))
    if isinstance(draft, EventDraft) and draft.repeat is not None:
        wrong.append(Problem(field="repeat", reason=REPEATED_ALREADY))
    if isinstance(draft, PostDraft) and draft.in_reply_to is not None and draft.in_reply_to != before.in_reply_to:
        wrong.append(Problem(field="in_reply_to", reason=ANOTHER_PARENT))
    return wrong


def _same(content: posts.Content, before: Post) -> bool:
    """Whether an edit changes nothing; that it would count as one more change of the calendar entry does not matter."""
    event = content.event
    if event is not None and before.event is not None:
        event = msgspec.structs.replace(event, sequence=before.event.sequence)
    as_before = posts.content_of(before, updated_at=content.updated_at)
    return _plain(msgspec.structs.replace(content, event=event)) == _plain(as_before)


def _plain(content: posts.Content) -> object:
    return msgspec.to_builtins(msgspec.structs.replace(content, mention_ids=sorted(content.mention_ids)))


async def _tell_attendees(node: Node, db: Db, before: Post, after: Post) -> None:
    old, new = before.event, after.event
    if old is None or new is None:
        return
    if (old.capacity or 0) != (new.capacity or 0):
        await promote(node, db, after)
    moved = (old.starts_at, old.place, old.online_url) != (new.starts_at, new.place, new.online_url)
    if new.status != old.status and (new.status in CHANGING or old.status in CHANGING):
        await notify_attendees(db, after, new.status if new.status != "tentative" else "changed")
    elif moved:
        await notify_attendees(db, after, "changed")
