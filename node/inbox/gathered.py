"""What arrives most often, for all of a round at once: one statement per step instead of one per activity.

A gatherer does what the receiver of its verb does for plain cases only; for whatever is not plain, or does not come off
as expected, it says None, and the receiver does it. It must have no effect on those."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from federation import read
from federation.read.errors import BadDocument, Unwanted
from federation.terms import ACTORS
from node.actions.react import received_boost
from node.inbox.announce import announced, shown_to
from node.inbox.like import emoji_of
from node.inbox.outcome import Ignored, Outcome, Taken
from node.node import Node
from node.store.db import Db
from node.store.notices import notifications
from node.store.posts import posts, reactions
from schemas.limits import EMOJI_CHARS, REACTIONS_PER_ACTOR
from schemas.objects import RemoteActivity, RemoteObject
from schemas.records import Actor


class Told(NamedTuple):
    """An activity, and the actor whose signature or proof was verified."""

    activity: RemoteActivity
    actor: Actor


Gatherer: TypeAlias = Callable[[Node, Db, Sequence[Told]], Awaitable[list[Outcome | None]]]
"""(node, db inside one transaction, what was told) → for each the outcome, or None where its receiver must do it."""


async def gather_creates(_node: Node, db: Db, told: Sequence[Told]) -> list[Outcome | None]:
    """Keep plain posts and events by those who tell of them, which answer nothing and come from nothing."""
    outcomes: list[Outcome | None] = [None] * len(told)
    said: dict[str, tuple[int, posts.Said]] = {}
    for number, (activity, actor) in enumerate(told):
        thing = _plain(activity, actor)
        if thing is not None and thing.id not in said:
            said[thing.id] = number, posts.Said(thing, actor, (actor.id,))
    if not said:
        return outcomes
    await posts.lock_addresses(db, said)
    seen = dict(zip(said, await posts.receptions(db, [one for _, one in said.values()]), strict=True))
    wanted = []
    for uri, (number, one) in said.items():
        outcomes[number] = _unkept(seen[uri])
        if outcomes[number] is None:
            wanted.append((one.thing, one.author, seen[uri].mention_ids))
    kept = await posts.insert_many_remote(db, wanted) if wanted else []
    addressed: list[tuple[int, int | None]] = [(post_id, None) for post_id, thing in kept if seen[thing.id].addressed]
    if addressed:
        await notifications.tell_all_named(db, addressed)
    for post_id, thing in kept:
        number, one = said[thing.id]
        if seen[thing.id].watched:
            await notifications.tell_followers(db, one.author.id, post_id)
        outcomes[number] = Taken()
    return outcomes


async def gather_likes(_node: Node, db: Db, told: Sequence[Told]) -> list[Outcome | None]:
    """Count likes and reactions to posts of ours, one of an actor for each."""
    outcomes: list[Outcome | None] = [None] * len(told)
    new: dict[tuple[int, int], tuple[int, reactions.NewReaction, int]] = {}
    for number, aim in enumerate(await _aims(db, told)):
        activity, actor = told[number]
        emoji = emoji_of(activity.content)
        if aim is None or aim.blocked or aim.given >= REACTIONS_PER_ACTOR or (actor.id, aim.post_id) in new:
            continue
        if len(emoji) > EMOJI_CHARS or (activity.type == "EmojiReact" and not emoji):
            continue
        reaction = reactions.NewReaction(
            actor_id=actor.id, post_id=aim.post_id, kind="emoji" if emoji else "like", emoji=emoji, uri=activity.id
        )
        new[actor.id, aim.post_id] = number, reaction, aim.author_id
    if not new:
        return outcomes
    added = await reactions.insert_many(db, [reaction for _, reaction, _ in new.values()])
    await notifications.tell_actors(db, "like", [(new[one][2], *one) for one in added])
    for number, _, _ in new.values():
        outcomes[number] = Taken()
    return outcomes


async def gather_announces(_node: Node, db: Db, told: Sequence[Told]) -> list[Outcome | None]:
    """Keep boosts of public posts of ours by people."""
    outcomes: list[Outcome | None] = [None] * len(told)
    new: dict[str, tuple[int, posts.NewPost, int]] = {}
    for number, aim in enumerate(await _aims(db, told)):
        activity, actor = told[number]
        if aim is None or aim.blocked or aim.audience not in ("public", "unlisted") or activity.id is None:
            continue
        if actor.kind == "Group" or announced(activity)[0] in ACTORS or announced(activity)[1] != activity.object_id:
            continue
        boost = received_boost(
            actor,
            aim.post_id,
            uri=activity.id,
            url=aim.url,
            published=activity.published,
            seen_by=shown_to(activity, actor, aim.audience),
        )
        new.setdefault(activity.id, (number, boost, aim.author_id))
    kept = await posts.insert_boosts(db, [boost for _, boost, _ in new.values()]) if new else []
    if kept:
        passed_on = [(new[one.uri][2], one.actor_id, one.boost_of_id) for one in kept]
        await notifications.tell_actors(db, "boost", passed_on)
    for one in kept:
        outcomes[new[one.uri][0]] = Taken()
    return outcomes


GATHERERS: Mapping[str, Gatherer] = {
    "Create": gather_creates,
    "Like": gather_likes,
    "EmojiReact": gather_likes,
    "Announce": gather_announces,
}


async def _aims(db: Db, told: Sequence[Told]) -> list[reactions.Aim | None]:
    return await reactions.aims(db, [(activity.object_id or "", actor.id) for activity, actor in told])


def _plain(activity: RemoteActivity, actor: Actor) -> RemoteObject | None:
    """The post or event, if keeping it needs nothing but itself."""
    if activity.object is None or activity.at_origin != "unasked":
        return None
    try:
        thing = read.carried(activity, followers=actor.followers)
    except (BadDocument, Unwanted):  # its receiver says so, too
        return None
    more = thing.in_reply_to or thing.quote or thing.born_of or thing.rsvp_for or thing.vote is not None
    if more or thing.kind not in ("post", "event") or thing.attributed_to != actor.uri:
        return None
    return thing


def _unkept(seen: posts.Reception) -> Outcome | None:
    """Why it is not kept; None if it is."""
    if seen.deleted:
        return Ignored("deleted before")
    if seen.known:
        return Taken()
    return None if seen.addressed or seen.followed else Ignored("nobody here follows its author")
