"""Like and EmojiReact (FEP-c0e0): one per actor, post and emoji. Never an RSVP, never consent to a call."""

from __future__ import annotations

from node.inbox.outcome import Ignored, Outcome, Refused, Taken
from node.node import Node
from node.store.db import Db
from node.store.notices import notifications
from node.store.people import blocks
from node.store.posts import posts, reactions
from schemas.limits import EMOJI_CHARS, REACTIONS_PER_ACTOR
from schemas.objects import RemoteActivity
from schemas.records import Actor


async def receive_like(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Count a like or an emoji reaction to a post of ours that its actor may see."""
    post = await posts.find_visible(db, activity.object_id, actor.id) if activity.object_id else None
    if post is None or not post.local or post.kind == "boost":
        return Ignored("no post of ours")
    if await blocks.exists(db, post.actor.id, actor.id):
        return Ignored("blocked")
    emoji = emoji_of(activity.content)
    if len(emoji) > EMOJI_CHARS or (activity.type == "EmojiReact" and not emoji):
        return Refused("no emoji")
    if await reactions.count_of(db, actor.id, post.id) >= REACTIONS_PER_ACTOR:
        return Ignored("too many reactions")
    kind: reactions.Reaction = "emoji" if emoji else "like"
    if await reactions.insert(db, actor.id, post.id, kind, emoji, activity.id):
        await notifications.tell_actor(db, post.actor.id, "like", from_id=actor.id, post_id=post.id)
    return Taken()


def emoji_of(content: str | None) -> str:
    """The emoji of a reaction; none for a plain like."""
    return (content or "").strip()
