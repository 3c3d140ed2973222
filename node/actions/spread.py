"""Who hears of a thing beside its author's followers: servers that follow this server, and who follows an area. And who
hears of a change: all of them again, and everybody who holds a copy."""

from __future__ import annotations

from federation.build import activities as say
from federation.build import thing as build
from federation.build.parts import addressed
from node.actions.react import announce_of
from node.actions.watching import tell_watchers
from node.emoji_tags import with_emojis
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store.db import Db
from node.store.events import rsvps
from node.store.hub import areas
from node.store.notices import notifications
from node.store.people import reach
from node.store.posts import posts
from node.store.queues import jobs
from schemas.limits import COUNT_UPDATE_SECONDS
from schemas.records import Actor, Post

SPREAD = ("event", "finding", "call")
"""What servers that follow servers, and areas, pass on; short messages are not for them."""

OPEN = ("public", "unlisted", "followers")
"""Audiences that include the author's followers."""


async def tell_new(node: Node, db: Db, post: Post) -> None:
    """Say that a post of ours is there: to its author's followers, who is named, and, where it is public and a thing,
    to the followers of this server and of its area, once each. Who is named here is notified."""
    _, uri = new_activity_id(node.urls)
    document = say.create(uri, post.actor.uri, await with_emojis(db, node.urls, build.thing(post, node.urls)))
    await tell(
        db,
        post.actor,
        document,
        post=post,
        audience=post.audience,
        followers=post.audience in OPEN,
        to=[*post.mentions, *await _where_it_came_from(db, post)],
    )
    if post.kind in SPREAD and post.audience == "public":
        await _announce_to_servers(node, db, post)
        await _boost_by_area(node, db, post)
    await notify_named(db, post)
    await tell_watchers(db, post)


async def tell_changed(node: Node, db: Db, post: Post, named_before: frozenset[int] = frozenset()) -> None:
    """Say that a post of ours is not what it was (an Update with the whole of it) to all who hold a copy; who is named
    for the first time is notified."""
    _, uri = new_activity_id(node.urls)
    document = say.update(uri, post.actor.uri, await with_emojis(db, node.urls, build.thing(post, node.urls)))
    await tell(
        db,
        post.actor,
        document,
        post=post,
        audience=post.audience,
        followers=post.audience in OPEN,
        to=await holders(node, db, post, allowed=True),
    )
    await notify_named(db, post, named_before)


def counts_key(post_id: int) -> str:
    """The name of the job that tells others the counts of a post."""
    return f"counts {post_id}"


async def tell_counts_soon(db: Db, post_id: int) -> None:
    """Counts never cause an Update per answer: one job, some time later, tells all who hold a copy the new numbers."""
    await jobs.add_anew(db, "tell_counts", {"post_id": post_id}, counts_key(post_id), COUNT_UPDATE_SECONDS)


async def tell_deleted(node: Node, db: Db, post: Post, *, keep_media: bool = False) -> None:
    """Erase a post of ours and tell all who hold a copy; its Tombstone stays at its address."""
    if (
        post.event is not None
        and (poll := await rsvps.find_poll(db, post.id))
        and (asked := await posts.find(db, poll))
    ):
        await tell_deleted(node, db, asked)
    told, copies = addressed(post, node.urls), await holders(node, db, post, allowed=False)
    await posts.tombstone(db, post.id, keep_media=keep_media)
    left = await posts.find_tombstone(db, post.id)
    if left is None:
        return
    _, uri = new_activity_id(node.urls)
    grave = build.tombstone(left.uri, left.type, left.deleted_at)
    document = say.delete(uri, post.actor.uri, grave, to=told["to"], cc=told["cc"])
    await tell(db, post.actor, document, audience=post.audience, followers=post.audience in OPEN, to=copies)


async def holders(node: Node, db: Db, post: Post, *, allowed: bool) -> list[Actor]:
    """Who beside its author's followers holds a copy of a post of ours; `allowed`: and may see it now."""
    announcers = [node.instance.id]
    if post.area and (area := await areas.find(db, post.area)):
        announcers.append(area.actor_id)
    spread = post.kind in SPREAD and post.audience == "public"
    return await reach.holders(db, post.id, announcers if spread else (), allowed=allowed)


async def notify_named(db: Db, post: Post, but: frozenset[int] = frozenset()) -> None:
    """Tell the people here who are named or answered, once."""
    parent = await posts.find(db, post.in_reply_to_id) if post.in_reply_to_id else None
    for actor in post.mentions:
        if actor.local and actor.id != post.actor.id and actor.id not in but:
            kind: notifications.Kind = "reply" if parent and parent.actor.id == actor.id else "mention"
            await notifications.tell_actor(db, actor.id, kind, from_id=post.actor.id, post_id=post.id)


async def _where_it_came_from(db: Db, post: Post) -> list[Actor]:
    """Who made what a public thing came from: their hub shows it as an outcome. They are not addressed."""
    if post.born_of is None or post.audience != "public":
        return []
    origin = await posts.find_visible(db, post.born_of, post.actor.id)
    return [origin.actor] if origin and not origin.local else []


async def _announce_to_servers(node: Node, db: Db, post: Post) -> None:
    _, uri = new_activity_id(node.urls)
    document = announce_of(node.instance, post, uri, post.published_at)
    await tell(db, node.instance, document, post=post, audience="public", followers=True)


async def _boost_by_area(node: Node, db: Db, post: Post) -> None:
    """An area passes a thing on as a boost, so that people here who follow the area see it in their timeline too."""
    area = await areas.find_actor(db, post.area) if post.area else None
    if area is None:
        return
    number, uri = new_activity_id(node.urls)
    boost = await posts.insert(
        db,
        posts.NewPost(
            id=number,
            uri=uri,
            url=uri,
            kind="boost",
            type="Announce",
            actor_id=area.id,
            audience="public",
            boost_of_id=post.id,
            published_at=post.published_at,
            updated_at=post.published_at,
        ),
    )
    document = announce_of(area, post, uri, boost.published_at)
    await tell(db, area, document, post=boost, audience="public", followers=True)
