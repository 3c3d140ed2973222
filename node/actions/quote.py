"""Quoting posts (FEP-044f): who may, asking authors elsewhere, answering who asks us, and taking consent back."""

from __future__ import annotations

from federation.build import activities as say
from federation.build.thing import thing as build_thing
from node.actions.permissions import may_act_as, require_change
from node.actions.spread import tell_changed
from node.actions.surroundings import NO_SUCH_POST
from node.errors import Forbidden, Invalid, NotFound
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store.db import Db
from node.store.notices import notifications
from node.store.people import blocks, follows
from node.store.posts import posts, quotes
from schemas.drafts import Draft, PostDraft
from schemas.problems import Problem
from schemas.reasons import msgid
from schemas.records import Actor, Post, Viewer
from schemas.things import QuotePolicy

NOT_TO_BE_QUOTED = msgid("Its author does not want this to be quoted.")


async def quoted_by(db: Db, author: Actor, draft: Draft) -> Post | None:
    """The post that a draft quotes; Invalid if its author may not see or not quote it."""
    if not isinstance(draft, PostDraft) or draft.quote is None:
        return None
    found = await posts.find_visible(db, draft.quote, author.id)
    if found is None or found.kind == "boost":
        raise Invalid([Problem(field="quote", reason=NO_SUCH_POST)])
    if not await may_quote(db, author, found):
        raise Invalid([Problem(field="quote", reason=NOT_TO_BE_QUOTED)])
    return found


async def may_quote(db: Db, actor: Actor, post: Post) -> bool:
    """Whether an actor may quote a post without its author being asked in person."""
    if actor.id == post.actor.id:
        return True
    if post.audience not in ("public", "unlisted") or await blocks.exists(db, post.actor.id, actor.id):
        return False
    if post.quote_policy == "followers":
        relation = await follows.find(db, actor.id, post.actor.id)
        return relation is not None and relation.state == "accepted"
    return post.quote_policy == "public"


async def begin(node: Node, db: Db, post: Post, quoted: Post) -> Post:
    """Note that a post of ours, just kept, quotes another: what is ours is stamped at once, who is elsewhere is asked.
    The post as it now stands, to be told to others."""
    if post.actor.id == quoted.actor.id:
        await quotes.insert(db, post.id, quoted.uri, "accepted")
    elif quoted.local:
        await quotes.insert(db, post.id, quoted.uri, "accepted", authorization_uri=new_stamp(node))
        await notifications.tell_actor(db, quoted.actor.id, "quote", from_id=post.actor.id, post_id=post.id)
    else:
        _, uri = new_activity_id(node.urls)
        await quotes.insert(db, post.id, quoted.uri, "pending", request_uri=uri)
        asked = say.quote_request(
            uri, post.actor.uri, quoted.uri, instrument=build_thing(post, node.urls), to=[quoted.actor.uri]
        )
        await tell(db, post.actor, asked, audience="direct", to=[quoted.actor])
    return await posts.find(db, post.id) or post


async def answer_request(node: Node, db: Db, quoting: Post, quoted: Post, request_uri: str) -> bool:
    """Somebody elsewhere asks to quote one of our posts: by its policy they get a stamp, or a no. Whether they may.
    Asked again, the same stamp is given; what was revoked stays so."""
    before = await quotes.find(db, quoting.id)
    if before is None or before.quoted_uri != quoted.uri:
        return False
    _, uri = new_activity_id(node.urls)
    asked = say.quote_request(request_uri, quoting.actor.uri, quoted.uri, instrument=quoting.uri, to=[quoted.actor.uri])
    to, me = [quoting.actor.uri], quoted.actor
    if before.state == "revoked" or not await may_quote(db, quoting.actor, quoted):
        await tell(db, me, say.reject(uri, me.uri, asked, to=to), audience="direct", to=[quoting.actor])
        return False
    stamp = before.authorization_uri or new_stamp(node)
    await tell(db, me, say.accept(uri, me.uri, asked, to=to, result=stamp), audience="direct", to=[quoting.actor])
    if before.state != "accepted":
        await quotes.decide(db, quoting.id, "accepted", authorization_uri=stamp)
        await notifications.tell_actor(db, me.id, "quote", from_id=quoting.actor.id, post_id=quoting.id)
    return True


async def settled_elsewhere(node: Node, db: Db, quote: quotes.Quote, *, stamp: str | None) -> None:
    """The author of what a post of ours quotes has answered: with a stamp, which whoever holds the post is told, or
    with no (None)."""
    await quotes.decide(db, quote.post_id, "accepted" if stamp else "rejected", authorization_uri=stamp)
    post = await posts.find(db, quote.post_id)
    if post is not None and stamp:
        await tell_changed(node, db, post, frozenset(actor.id for actor in post.mentions))


async def revoke(node: Node, db: Db, viewer: Viewer, quoted_id: int, quoting_id: int) -> Post:
    """Take back the consent to a quote of one's own post: it is shown no more, and its author's server is told that the
    stamp is gone. The quoting post. NotFound where it does not quote this; Forbidden for others."""
    quoted = await posts.get(db, quoted_id, viewer.acting.id)
    quote = await quotes.find(db, quoting_id)
    quoting = await posts.find(db, quoting_id)
    if quote is None or quoting is None or quote.quoted_id != quoted.id:
        raise NotFound
    if not quoted.local or not may_act_as(viewer, quoted.actor):
        raise Forbidden("Only its author may change this.")
    if quote.state == "accepted" and quoting.actor.id != quoted.actor.id:
        await quotes.decide(db, quoting.id, "revoked")
        if quote.authorization_uri:
            _, uri = new_activity_id(node.urls)
            gone = say.delete(uri, quoted.actor.uri, quote.authorization_uri, to=[quoting.actor.uri])
            await tell(db, quoted.actor, gone, audience="direct", to=[quoting.actor])
    return quoting


async def set_policy(node: Node, db: Db, viewer: Viewer, post_id: int, policy: QuotePolicy) -> Post:
    """Say who may quote a post of ours from now on; whoever holds a copy is told. NotFound, Forbidden."""
    post = await posts.get(db, post_id, viewer.acting.id)
    require_change(viewer, post)
    if not await quotes.set_policy(db, post.id, policy):
        return post
    after = await posts.find(db, post.id) or post
    await tell_changed(node, db, after, frozenset(actor.id for actor in after.mentions))
    return after


async def tell_quoters(db: Db, post: Post) -> None:
    """Tell the people here who quoted a post that it was changed."""
    for quoting_id, actor_id in await quotes.local_quoters(db, post.id):
        if actor_id != post.actor.id:
            await notifications.tell_actor(db, actor_id, "quoted_update", from_id=post.actor.id, post_id=quoting_id)


def new_stamp(node: Node) -> str:
    """The address of a new stamp."""
    number, _ = new_activity_id(node.urls)
    return node.urls.stamp(number)
