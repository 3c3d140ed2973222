"""Create, and Invite with an Event (Friendica, Hubzilla): kept if somebody here has a reason to read it."""

from __future__ import annotations

import msgspec

from federation import trust
from federation.addresses import host_of
from node.actions import replies, vote
from node.actions.watching import tell_watchers
from node.errors import Conflict, NotFound
from node.inbox.carried import Carried, carried, worth_asking
from node.inbox.forward import forward
from node.inbox.outcome import Ignored, Outcome, Refused, Taken
from node.node import Node
from node.store import actors, blocks, follows, gone, jobs, notifications, posts
from node.store.db import Db
from schemas.objects import RemoteActivity, RemoteObject
from schemas.records import Actor, Post


async def receive_create(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Keep a post, event, finding or call; count a vote. Known ids change nothing."""
    if activity.object is None and activity.at_origin == "unasked":
        if activity.object_id and await posts.find_by_uri(db, activity.object_id):
            return Taken()
        if not await worth_asking(db, activity, actor):
            return Ignored("nobody here follows its author")
    found = await carried(db, activity, actor)
    if not isinstance(found, Carried):
        return found
    if found.thing.vote is not None:
        return await _vote(node, db, found.thing, found.author)
    return await keep(node, db, found, activity, actor)


async def receive_invite(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """An Invite that carries an Event is how some servers publish it."""
    if activity.object is None or activity.object.get("type") != "Event":
        return Ignored("an invitation to something else")
    if activity.at_origin == "unasked" and not trust.owns(actor.uri, activity.object):
        activity = msgspec.structs.replace(activity, object=None)
    return await receive_create(node, db, activity, actor)


async def keep(node: Node, db: Db, found: Carried, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Keep what is new here and wanted; tell whom it concerns."""
    thing, author = found.thing, found.author
    if await gone.holds(db, thing.id, author.uri):
        return Ignored("deleted before")
    if await posts.find_by_uri(db, thing.id):
        return Taken()
    parent = await _parent(db, thing, author)
    if parent is None and thing.in_reply_to and node.urls.ours(thing.in_reply_to):
        # Deleted, or not for the author to see: it is the same to them, and it answers nothing.
        thing = msgspec.structs.replace(thing, in_reply_to=None)
    if reason := await _not_wanted(db, thing, author, actor, parent):
        return Ignored(reason)
    post = await posts.upsert_remote(db, thing, author)
    if post is None:
        return Ignored("not kept")
    await _notify(db, post, parent)
    await tell_watchers(db, post)
    await replies.take(node, db, post, parent)
    await forward(db, activity, post, parent)
    await _complete_thread(node, db, post)
    return Taken()


async def _parent(db: Db, thing: RemoteObject, author: Actor) -> Post | None:
    """What it answers, if it is known and the author may see it."""
    return await posts.find_visible(db, thing.in_reply_to, author.id) if thing.in_reply_to else None


async def _not_wanted(db: Db, thing: RemoteObject, author: Actor, actor: Actor, parent: Post | None) -> str | None:
    """Why nobody here has a reason to read it; None if somebody has."""
    for addressed in (await actors.find_many(db, (*thing.to, *thing.cc, *thing.mentions))).values():
        if addressed.local and not await blocks.exists(db, addressed.id, author.id):
            return None
    if parent is not None and thing.audience in ("public", "unlisted"):
        if parent.local and await blocks.exists(db, parent.actor.id, author.id):
            return "blocked"
        if parent.local or await follows.is_followed_here(db, parent.actor.id):
            return None
    spoke_for_it = {author.id, actor.id} if trust.same_origin(author.uri, actor.uri) else {author.id}
    for one in spoke_for_it:
        if await follows.is_followed_here(db, one):
            return None
    return "nobody here follows its author"


async def _notify(db: Db, post: Post, parent: Post | None) -> None:
    """Tell the people here who are named or answered; not those who block the author, and of an author who is limited
    only those who follow."""
    concerned = {actor.id: actor for actor in post.mentions if actor.local}
    if parent is not None and parent.local and post.audience in ("public", "unlisted"):
        concerned[parent.actor.id] = parent.actor
    for one in concerned.values():
        if await blocks.exists(db, one.id, post.actor.id) or not await _is_heard(db, post.actor, one):
            continue
        kind: notifications.Kind = "reply" if parent and parent.actor.id == one.id else "mention"
        await notifications.tell_actor(db, one.id, kind, from_id=post.actor.id, post_id=post.id)


async def _is_heard(db: Db, author: Actor, by: Actor) -> bool:
    if not author.limited_at and not author.host_limited:
        return True
    relation = await follows.find(db, by.id, author.id)
    return relation is not None and relation.state == "accepted"


async def _complete_thread(node: Node, db: Db, post: Post) -> None:
    """What it answers is fetched later, so that nobody reads an answer without its question."""
    above = post.in_reply_to
    if above is None or post.in_reply_to_id is not None or node.urls.ours(above):
        return
    await jobs.add(db, "learn_post", {"uri": above}, once=f"learn {above}", host=host_of(above))


async def _vote(node: Node, db: Db, thing: RemoteObject, voter: Actor) -> Outcome:
    poll = await posts.find_visible(db, thing.in_reply_to, voter.id) if thing.in_reply_to else None
    if poll is None or not poll.local or poll.poll is None or thing.vote is None:
        return Ignored("a vote in no poll of ours")
    if await blocks.exists(db, poll.actor.id, voter.id):
        return Ignored("blocked")
    names = [option.name for option in poll.poll.options]
    if thing.vote not in names:
        return Refused("a vote for no option")
    try:
        await vote.vote(node, db, voter, poll.id, [names.index(thing.vote)])
    except (Conflict, NotFound) as error:
        return Ignored(error.message)
    return Taken()
