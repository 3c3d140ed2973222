"""Announce: a boost, or a group passing on what was sent to it. The boosted thing always comes from its own origin."""

from __future__ import annotations

from datetime import UTC, datetime

from node.ids import new_id
from node.inbox.outcome import Ignored, Needs, Outcome, Refused, Taken
from node.node import Node
from node.store import follows, notifications, posts
from node.store.db import Db
from schemas.objects import RemoteActivity
from schemas.records import Actor, Post

ACTIVITIES = frozenset(
    {"Create", "Update", "Delete", "Undo", "Like", "Dislike", "Add", "Remove", "Block", "Lock", "Flag"}
)


async def receive_announce(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Keep a boost of a public thing by someone followed here, or of a thing of ours."""
    uri = announced(activity)
    if uri is None:
        return Ignored("nothing to pass on")
    if activity.id is None:
        return Refused("an announce without an id")
    post = await posts.find_by_uri(db, uri)
    ours = node.urls.ours(uri)
    if not ours and not await follows.is_followed_here(db, actor.id):
        return Ignored("nobody here follows it")
    if post is None:
        return Ignored("not here") if ours else Needs(posts=(uri,))
    if post.kind == "boost" or post.audience not in ("public", "unlisted"):
        return Ignored("not public")
    await _keep(db, activity, activity.id, actor, post)
    return Taken()


def announced(activity: RemoteActivity) -> str | None:
    """The id of the thing: the object's own, or that of the object inside an announced Create or Update (FEP-1b12)."""
    inner = activity.object
    if inner is None or inner.get("type") not in ACTIVITIES:
        return activity.object_id
    if inner["type"] not in ("Create", "Update"):
        return None
    thing = inner.get("object")
    found = thing.get("id") if isinstance(thing, dict) else thing
    return found if isinstance(found, str) else None


async def _keep(db: Db, activity: RemoteActivity, uri: str, actor: Actor, post: Post) -> None:
    now = datetime.now(UTC)
    published = min(activity.published or now, now)
    boost = await posts.insert(
        db,
        posts.NewPost(
            id=new_id(published),
            uri=uri,
            url=post.url,
            kind="boost",
            type="Announce",
            local=False,
            actor_id=actor.id,
            audience=post.audience,
            boost_of_id=post.id,
            published_at=published,
            updated_at=published,
        ),
    )
    # A Group's boost only carries a thing to its members; its author is not told.
    if boost.uri == uri and post.local and actor.kind != "Group":
        await notifications.tell_actor(db, post.actor.id, "boost", from_id=actor.id, post_id=post.id)
