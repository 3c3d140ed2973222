"""Create, and Invite with an Event (Friendica, Hubzilla): kept if somebody here has a reason to read it."""

from __future__ import annotations

from federation import read
from federation.sanitise import plain
from node.actions import answer, attend, keywords
from node.errors import Conflict, NotFound
from node.inbox.outcome import Ignored, Needs, Outcome, Refused, Taken
from node.node import Node
from node.store import actors, blocks, follows, gone, hub, notifications, posts
from node.store.db import Db
from schemas.objects import RemoteActivity, RemoteObject
from schemas.records import Actor, Post


async def receive_create(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Keep a post, event, finding or call; count a vote. Known ids change nothing."""
    if activity.object is None:
        return Needs(posts=(activity.object_id,)) if activity.object_id else Refused("no object")
    thing = read.thing(activity.object)
    author = await author_of(db, thing, actor)
    if not isinstance(author, Actor):
        return author
    if thing.vote is not None:
        return await _vote(node, db, thing, actor)
    return await _keep(node, db, thing, author, actor)


async def _keep(node: Node, db: Db, thing: RemoteObject, author: Actor, actor: Actor) -> Outcome:
    if await gone.holds(db, thing.id, thing.attributed_to):
        return Ignored("deleted before")
    if await posts.find_by_uri(db, thing.id):
        return Taken()
    parent = await posts.find_by_uri(db, thing.in_reply_to) if thing.in_reply_to else None
    reason = await _not_wanted(db, thing, author, actor, parent)
    if reason:
        return Ignored(reason)
    if parent is None and thing.in_reply_to and node.urls.ours(thing.in_reply_to):
        return Ignored("answers something that is not here")
    unknown = await _unknown_mentions(node, db, thing)
    if unknown:
        return Needs(actors=unknown)
    post = await posts.upsert_remote(db, thing, author)
    if post is None:
        return Ignored("not kept")
    await _notify(db, post, author, parent)
    if parent is not None and parent.local:
        await _take_as_answer(node, db, post, author, parent)
    return Taken()


async def receive_invite(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """An Invite that carries an Event is how some servers publish it."""
    if activity.object is None or activity.object.get("type") != "Event":
        return Ignored("an invitation to something else")
    return await receive_create(node, db, activity, actor)


async def author_of(db: Db, thing: RemoteObject, actor: Actor) -> Actor | Outcome:
    """The actor to whom the object is attributed: the sender, or a group at the same origin that it speaks for."""
    if thing.attributed_to == actor.uri:
        return actor
    author = await actors.find(db, thing.attributed_to)
    if author is None:
        return Needs(actors=(thing.attributed_to,))
    if author.host != actor.host or author.kind not in ("Group", "Organization"):
        return Refused("attributed to someone else")
    return author


async def _not_wanted(db: Db, thing: RemoteObject, author: Actor, actor: Actor, parent: Post | None) -> str | None:
    """Why nobody here has a reason to read it; None if somebody has."""
    for addressed in await actors.find_many(db, (*thing.to, *thing.cc, *thing.mentions)):
        local = await actors.find(db, addressed)
        if local is not None and local.local and not await blocks.exists(db, local.id, author.id):
            return None
    if parent is not None and thing.audience in ("public", "unlisted"):
        return None
    for one in {author.id, actor.id}:
        if await follows.is_followed_here(db, one):
            return None
    return "nobody here follows its author"


async def _unknown_mentions(node: Node, db: Db, thing: RemoteObject) -> tuple[str, ...]:
    """Mentioned actors of our own that exist are known; others are shown as links and need no record."""
    if thing.audience != "direct":
        return ()
    known = await actors.find_many(db, thing.mentions)
    return tuple(uri for uri in thing.mentions if uri not in known and not node.urls.ours(uri))


async def _notify(db: Db, post: Post, author: Actor, parent: Post | None) -> None:
    for mentioned in post.mentions:
        if mentioned.local and not await blocks.exists(db, mentioned.id, author.id):
            kind: notifications.Kind = "reply" if parent and parent.actor.id == mentioned.id else "mention"
            await notifications.tell_actor(db, mentioned.id, kind, from_id=author.id, post_id=post.id)


async def _take_as_answer(node: Node, db: Db, post: Post, author: Actor, parent: Post) -> None:
    """A reply to a call answers it; a reply to an event that is one keyword is an RSVP; anything else is a reply."""
    if parent.kind == "call" and parent.call and "reply" in parent.call.respond_by:
        await answer.receive_reply(db, author, parent, post)
    if parent.kind != "event":
        return
    languages = [version.language for version in parent.versions]
    wished = keywords.wish(plain(post.version().content), [*languages, (await hub.get(db)).language])
    if wished is not None:
        try:
            await attend.attend(node, db, author, parent.id, wished, "reply")
        except (Conflict, NotFound):
            return  # it stays a reply that organisers see


async def _vote(node: Node, db: Db, thing: RemoteObject, actor: Actor) -> Outcome:
    poll = await posts.find_by_uri(db, thing.in_reply_to) if thing.in_reply_to else None
    if poll is None or not poll.local or poll.poll is None or poll.rsvp_for_id is None:
        return Ignored("a vote in no poll of ours")
    names = [option.name for option in poll.poll.options]
    if thing.vote not in names:
        return Ignored("a vote for no option")
    wishes: tuple[attend.Wish, ...] = ("going", "maybe", "declined")
    try:
        await attend.attend(node, db, actor, poll.rsvp_for_id, wishes[names.index(thing.vote)], "poll")
    except (Conflict, NotFound) as error:
        return Ignored(f"the event takes no such answer: {error.message}")
    return Taken()
