"""Publishing: one deed for the JSON API, the command, the web form and the Mastodon API. What is published and what is
owed to other servers commit together."""

from __future__ import annotations

from datetime import UTC, datetime

from node.actions import co_hosts, quote, replies
from node.actions.contents import Material, content_of, gather, named_hosts, people
from node.actions.describe_place import describe_with
from node.actions.permissions import author_of
from node.actions.series import Date, comes_soon, dates_of
from node.actions.spread import tell_new
from node.errors import Invalid, SwitchedOff
from node.node import Node
from node.store.db import Db
from node.store.hub import hub
from node.store.posts import posts
from schemas.check import check
from schemas.drafts import CallDraft, Draft, EventDraft, FindingDraft, PostDraft
from schemas.modules import WHY_OFF, module_of_kind
from schemas.records import Post, Viewer
from schemas.things import Kind

KINDS: dict[type[Draft], Kind] = {EventDraft: "event", FindingDraft: "finding", CallDraft: "call", PostDraft: "post"}
TYPES: dict[Kind, str] = {"event": "Event", "finding": "Article", "call": "Note", "post": "Note"}
"""What each kind is called on the wire; a post with a poll is a Question."""


async def publish(node: Node, db: Db, viewer: Viewer, draft: Draft) -> Post:
    """Publish a draft in the viewer's name, or the hub's, in the caller's transaction; of a series the first date. The
    dates of a series that lie far ahead are there at once, but told to nobody before their time (`tell_dates`).

    Accounts of other servers that it names must be known before (`actions.acquaint`): nothing is fetched here. Raises
    Forbidden (no right), SwitchedOff, Invalid (with every problem); then nothing has changed.
    """
    author = await author_of(db, viewer, draft)
    module = module_of_kind(KINDS[type(draft)])
    if module in await hub.modules_off(db):
        raise SwitchedOff(WHY_OFF[module])
    now = datetime.now(UTC)
    if problems := check(draft, now):
        raise Invalid(problems)
    made_of = await gather(db, node.urls, viewer, author, draft, now)
    await describe_with(node, db, draft)
    quoted = await quote.quoted_by(db, author, draft)
    dates = dates_of(draft)
    made = [await _keep(node, db, viewer, made_of, date, dates[0]) for date in dates]
    if quoted is not None:
        made = [await quote.begin(node, db, made[0], quoted)]
    for post in made:
        if post is made[0] or comes_soon(post, now):
            await tell_new(node, db, post)
        await replies.take(node, db, post, made_of.around.parent)
        await co_hosts.ask(db, post, named_hosts(made_of), quietly=post.id != made[0].id)
    return made[0]


async def _keep(node: Node, db: Db, viewer: Viewer, made_of: Material, date: Date, first: Date) -> Post:
    draft, kind = made_of.draft, KINDS[type(made_of.draft)]
    uri, thread = node.urls.thing(kind, date.id), node.urls.context(first.id)
    content = await content_of(db, made_of, uri, date=date)
    fields = {name: getattr(content, name) for name in content.__struct_fields__}
    fields["series"] = thread if date.rrule else None
    around = made_of.around
    return await posts.insert(
        db,
        posts.NewPost(
            **fields,
            id=date.id,
            uri=uri,
            kind=kind,
            type="Question" if content.poll else TYPES[kind],
            actor_id=made_of.author.id,
            written_by=viewer.account.id,
            audience=draft.audience,
            group_id=around.group.id if around.group else None,
            recipients=[actor.uri for actor in people(made_of)] if draft.audience == "direct" else (),
            in_reply_to=around.parent.uri if around.parent else None,
            context=thread,
            published_at=made_of.now,
        ),
    )
