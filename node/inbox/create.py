"""Create, and Invite with an Event (Friendica, Hubzilla): kept if somebody here has a reason to read it."""

from __future__ import annotations

import msgspec

from federation import trust
from federation.addresses import host_of
from node.actions import attend, confirm, replies, vote
from node.errors import Conflict, NotFound
from node.inbox.carried import Carried, carried, worth_asking
from node.inbox.forward import forward
from node.inbox.outcome import Ignored, Outcome, Refused, Taken
from node.node import Node
from node.store.db import Db
from node.store.notices import notifications
from node.store.people import blocks, follows
from node.store.posts import posts
from node.store.queues import jobs
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
    if author.local:
        return Ignored("not kept")
    await posts.lock_address(db, thing.id)
    spoke_for_it = {author.id, actor.id} if trust.same_origin(author.uri, actor.uri) else {author.id}
    seen = await posts.reception(db, posts.Said(thing, author, spoke_for_it))
    if seen.deleted:
        return Ignored("deleted before")
    if seen.known:
        return Taken()
    parent = await posts.find(db, seen.parent_id) if seen.parent_id else None
    if parent is None and thing.in_reply_to and node.urls.ours(thing.in_reply_to):
        # Deleted, or not for the author to see: it is the same to them, and it answers nothing.
        thing = msgspec.structs.replace(thing, in_reply_to=None)
    if reason := await _not_wanted(db, thing, author, parent, seen):
        return Ignored(reason)
    post_id = await posts.insert_remote(db, thing, author, seen.mention_ids)
    if seen.addressed or parent is not None:
        await notifications.tell_named(db, post_id, answered_id=parent.actor.id if parent else None)
    if seen.watched and (thing.in_reply_to is None or thing.kind != "post"):
        await notifications.tell_followers(db, author.id, post_id)
    if parent is not None:
        await _answer(node, db, post_id, parent, activity)
    for uri in _around(node, thing, parent):
        # Fetched later, so that nobody reads an answer without its question.
        await jobs.add(db, "learn_post", {"uri": uri}, once=f"learn {uri}", host=host_of(uri))
    return Taken()


def _around(node: Node, thing: RemoteObject, parent: Post | None) -> list[str]:
    """What must be there beside it: what it answers, and what it came from. One step only: what is learnt by its
    address leads to no other origin."""
    above = thing.in_reply_to if parent is None else None
    origin = thing.born_of if thing.born_of and not node.urls.ours(thing.born_of) else None
    return [uri for uri in (above, origin) if uri]


async def _not_wanted(
    db: Db, thing: RemoteObject, author: Actor, parent: Post | None, seen: posts.Reception
) -> str | None:
    """Why nobody here has a reason to read it; None if somebody has."""
    if seen.addressed or await _came_of_ours(db, thing, author):
        return None
    if parent is not None and thing.audience in ("public", "unlisted"):
        if parent.local and await blocks.exists(db, parent.actor.id, author.id):
            return "blocked"
        if parent.local or await follows.is_followed_here(db, parent.actor.id):
            return None
    return None if seen.followed else "nobody here follows its author"


async def _came_of_ours(db: Db, thing: RemoteObject, author: Actor) -> bool:
    """A public thing that says it came from one of ours, which its author may see, is shown there as an outcome."""
    if thing.born_of is None or thing.audience != "public":
        return False
    origin = await posts.find_visible(db, thing.born_of, author.id)
    return origin is not None and origin.local and not await blocks.exists(db, origin.actor.id, author.id)


async def _answer(node: Node, db: Db, post_id: int, parent: Post, activity: RemoteActivity) -> None:
    """What an answer does beside being kept."""
    post = await posts.find(db, post_id)
    if post is not None:
        await replies.take(node, db, post, parent)
        await forward(db, activity, post, parent)


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
    except attend.Full as error:
        event = await posts.find(db, poll.rsvp_for_id or 0)
        if event is not None:
            await confirm.turn_down(node, db, event, voter)
        return Ignored(error.message)
    except (Conflict, NotFound) as error:
        return Ignored(error.message)
    return Taken()
