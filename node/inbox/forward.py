"""Inbox forwarding (ActivityPub 7.1.2): an answer in a thread of ours that is also meant for our followers, whom its
author's server cannot know, is passed on to them as it came."""

from __future__ import annotations

from federation.addresses import host_of
from node.ids import new_id
from node.outbox import pass_on
from node.store.db import Db
from node.store.people import actors
from node.store.posts import posts
from schemas.limits import FORWARD_DEPTH
from schemas.objects import RemoteActivity
from schemas.records import Activity, Actor, Post


async def forward(db: Db, activity: RemoteActivity, reply: Post, parent: Post | None) -> None:
    """Pass on a Create or Update of a public reply that is addressed to the followers of whom it answers, here within
    FORWARD_DEPTH steps. Whoever gets it trusts its proof, or asks its origin: never our word."""
    if parent is None or activity.id is None or not activity.raw or reply.audience not in ("public", "unlisted"):
        return
    author = reply.actor
    if author.limited_at or author.host_limited or author.uri != activity.actor:
        return
    owner = await _answered_here(db, {*activity.to, *activity.cc}, parent)
    if owner is None:
        return
    said = Activity(
        id=new_id(),
        uri=activity.id,
        type=activity.type,
        actor_id=author.id,
        post_id=reply.id,
        object_uri=reply.uri,
        audience=reply.audience,
        recipients=[*activity.to, *activity.cc],
        document=activity.raw,
        published_at=reply.published_at,
    )
    await pass_on(db, said, owner, but=host_of(author.uri))


async def _answered_here(db: Db, addressed: set[str], parent: Post) -> Actor | None:
    """Who of us is answered, directly or further up, and has followers whom the reply addresses."""
    above: Post | None = parent
    for _ in range(FORWARD_DEPTH):
        if above is None:
            return None
        if above.local and above.audience in ("public", "unlisted") and above.actor.followers in addressed:
            return await actors.get(db, above.actor.id)
        above = await posts.find(db, above.in_reply_to_id) if above.in_reply_to_id else None
    return None
