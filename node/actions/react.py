"""Likes and boosts by people here. What other servers' actors do arrives in `node/inbox/` and meets the same store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from federation import audience
from federation.build import activities as say
from node.errors import Forbidden
from node.ids import new_id
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store import happenings
from node.store.db import Db
from node.store.notices import notifications
from node.store.people import featured
from node.store.posts import posts, reactions
from schemas.records import Actor, Post
from schemas.things import Audience


async def like(node: Node, db: Db, actor: Actor, post_id: int) -> Post:
    """Let a local actor like a post it may see. Once is enough; NotFound if it may not see it."""
    post = await posts.get(db, post_id, actor.id)
    _, uri = new_activity_id(node.urls)
    if await reactions.insert(db, actor.id, post.id, "like", "", uri):
        await _tell_author(db, actor, post, say.like(uri, actor.uri, post.uri, to=[post.actor.uri]))
        await notifications.tell_actor(db, post.actor.id, "like", from_id=actor.id, post_id=post.id)
    return post


async def unlike(node: Node, db: Db, actor: Actor, post_id: int) -> Post:
    """Take a like back."""
    post = await posts.get(db, post_id, actor.id)
    liked = await reactions.delete(db, actor.id, post.id, "like")
    if liked:
        _, uri = new_activity_id(node.urls)
        said = say.like(liked, actor.uri, post.uri, to=[post.actor.uri])
        await _tell_author(db, actor, post, say.undo(uri, actor.uri, said, to=[post.actor.uri]))
    return post


async def boost(node: Node, db: Db, actor: Actor, post_id: int, *, seen_by: Audience | None = None) -> Post:
    """Let a local actor pass a public or unlisted post on to its followers, or its own one for these to them again;
    `seen_by` may narrow who sees the boost.

    The boost has the id of its Announce. Boosting twice gives the first boost. Raises Forbidden for anything private.
    """
    post = await posts.get(db, post_id, actor.id)
    if not may_pass_on(actor, post):
        raise Forbidden("Only public posts can be boosted.")
    number, uri = new_activity_id(node.urls)
    now = datetime.now(UTC)
    shown_to = audience.narrower(post.audience, seen_by if seen_by in ("unlisted", "followers") else "public")
    boosted = await posts.insert(
        db,
        posts.NewPost(
            id=number,
            uri=uri,
            url=uri,
            kind="boost",
            type="Announce",
            actor_id=actor.id,
            audience=shown_to,
            boost_of_id=post.id,
            published_at=now,
            updated_at=now,
        ),
    )
    if boosted.id == number:
        document = announce_of(actor, post, uri, now, seen_by=shown_to)
        await tell(db, actor, document, post=boosted, audience=shown_to, followers=True, to=[post.actor])
        await notifications.tell_actor(db, post.actor.id, "boost", from_id=actor.id, post_id=post.id)
    return boosted


def may_pass_on(actor: Actor, post: Post) -> bool:
    """Whether an actor may boost a post it sees: what is public, and what it said itself to its followers."""
    return post.audience in ("public", "unlisted") or (post.audience == "followers" and post.actor.id == actor.id)


async def receive_boost(
    db: Db, actor: Actor, post: Post, uri: str, published: datetime | None, seen_by: Audience
) -> bool:
    """Keep the boost (with that id) of a remote actor; a second one of the same post changes nothing. False if the id
    is that of something else. A Group's boost only carries a thing to its members: its author is not told."""
    try:
        boosted = await posts.insert(
            db, received_boost(actor, post.id, uri=uri, url=post.url, published=published, seen_by=seen_by)
        )
    except ValueError:
        return False
    if boosted.uri == uri and post.local and actor.kind != "Group":
        await notifications.tell_actor(db, post.actor.id, "boost", from_id=actor.id, post_id=post.id)
    return True


def received_boost(
    actor: Actor, post_id: int, *, uri: str, url: str, published: datetime | None, seen_by: Audience
) -> posts.NewPost:
    """The boost (with that id) of a remote actor, about to be kept; `url` is the page of what it passes on."""
    now = datetime.now(UTC)
    moment = min(published or now, now)
    return posts.NewPost(
        id=new_id(moment),
        uri=uri,
        url=url,
        kind="boost",
        type="Announce",
        local=False,
        actor_id=actor.id,
        audience=seen_by,
        boost_of_id=post_id,
        published_at=moment,
        updated_at=moment,
    )


async def unboost(node: Node, db: Db, actor: Actor, post_id: int) -> Post:
    """Take a boost back; its followers hear of it."""
    post = await posts.get(db, post_id, actor.id)
    boosted = await posts.find_boost(db, actor.id, post.id)
    if boosted is not None:
        said = announce_of(actor, post, boosted.uri, boosted.published_at, seen_by=boosted.audience)
        _, uri = new_activity_id(node.urls)
        await posts.tombstone(db, boosted.id)
        document = say.undo(uri, actor.uri, said, to=said["to"], cc=said["cc"])
        await tell(db, actor, document, audience=boosted.audience, followers=True, to=[post.actor])
    return post


async def pin(node: Node, db: Db, actor: Actor, post_id: int, *, on: bool) -> Post:
    """Add one's own public post to the `featured` collection, or remove it; followers hear of it (AS2 Add, Remove)."""
    post = await posts.get(db, post_id, actor.id)
    if post.actor.id != actor.id or post.audience not in ("public", "unlisted"):
        raise Forbidden("Only your own public posts can be pinned.")
    changed = await (featured.insert if on else featured.delete)(db, actor.id, post.id)
    if changed:
        _, uri = new_activity_id(node.urls)
        to, cc = audience.addressing("public", node.urls.followers(actor.uri), ())
        sentence = say.add if on else say.remove
        document = sentence(uri, actor.uri, post.uri, node.urls.featured(actor.uri), to=to, cc=cc)
        await tell(db, actor, document, audience="public", followers=True)
        await happenings.add(db, "featured.changed", actor.id)
    return post


def announce_of(
    actor: Actor, post: Post, uri: str, moment: datetime, *, seen_by: Audience | None = None
) -> dict[str, Any]:
    """The Announce by which an actor boosts a post; seen by whom the post is, unless it says otherwise."""
    to, cc = audience.addressing(seen_by or post.audience, actor.followers or "", (post.actor.uri,))
    return say.announce(uri, actor.uri, post.uri, published=moment, to=to, cc=cc)


async def _tell_author(db: Db, actor: Actor, post: Post, document: dict[str, Any]) -> None:
    if not post.actor.local:
        await tell(db, actor, document, audience="direct", to=[post.actor])
