"""Announce: a boost, or a group passing on what was sent to it. The boosted thing always comes from its own origin."""

from __future__ import annotations

from federation import audience
from federation.addresses import host_of
from federation.read.fields import reference
from federation.terms import ACTORS, VERBS
from node.actions import hubs, react
from node.inbox.outcome import Ignored, Needs, Outcome, Refused, Taken
from node.node import Node
from node.store.db import Db
from node.store.people import actors, blocks, follows
from node.store.posts import posts
from node.store.queues import jobs
from schemas.objects import RemoteActivity
from schemas.records import Actor
from schemas.things import Audience


async def receive_announce(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Keep a boost of a public thing by someone followed here, or of a thing of ours; hear of other hubs."""
    verb, uri = announced(activity)
    if uri is None:
        return Ignored("passes on what only its own server can tell")
    if activity.id is None:
        return Refused("an announce without an id")
    ours = node.urls.ours(uri)
    if not ours and not await follows.is_followed_here(db, actor.id):
        return Ignored("nobody here follows it")
    if verb in ("Update", "Delete"):
        return await _look_again(node, db, uri)
    if verb in ACTORS or await actors.find(db, uri):
        return await _hub(node, db, uri, actor)
    return await _boost(db, activity, activity.id, actor, uri, ours=ours)


def announced(activity: RemoteActivity) -> tuple[str, str | None]:
    """What it is about: the verb inside (FEP-1b12), or the type of the thing as far as it is known, and the thing's id.
    No id where another verb is passed on, which only its actor's own server can prove."""
    inner = activity.object or {}
    kind = inner.get("type", "")
    if kind not in VERBS:
        return kind, activity.object_id
    return kind, reference(inner, "object") if kind in ("Create", "Update", "Delete") else None


async def _look_again(node: Node, db: Db, uri: str) -> Outcome:
    """A group says that something changed or is gone: its origin knows."""
    known = await posts.find_by_uri(db, uri)
    if known is None or known.local:
        return Ignored("not known here")
    await jobs.add(db, "recheck", {"uri": uri}, once=f"recheck {uri}", host=host_of(uri))
    return Taken()


async def _hub(node: Node, db: Db, uri: str, actor: Actor) -> Outcome:
    """Somebody followed tells of another actor: if it is a hub, that is a suggestion."""
    if actor.kind == "Person" or node.urls.ours(uri):
        return Ignored("an actor is nothing to boost")
    if not await hubs.may_suggest(db, actor.uri):
        return Ignored("too many suggestions")
    other = await actors.find(db, uri)
    if other is None:
        return Needs(actors=(uri,))
    return Taken() if await hubs.hear_of(db, other, actor.uri) else Ignored("known, or no hub")


async def _boost(db: Db, activity: RemoteActivity, boost_uri: str, actor: Actor, uri: str, *, ours: bool) -> Outcome:
    post = await posts.find_visible(db, uri, actor.id)
    if post is None:
        return _unknown(activity, actor, uri, ours=ours)
    if post.kind == "boost" or not react.may_pass_on(actor, post):
        return Ignored("not public")
    if await blocks.exists(db, post.actor.id, actor.id):
        return Ignored("blocked")
    if actor.kind == "Group" and post.actor.id == actor.id:
        return Taken()  # its own thing, which is here now: nothing to boost
    seen_by = shown_to(activity, actor, post.audience)
    if not await react.receive_boost(db, actor, post, boost_uri, activity.published, seen_by):
        return Refused("its id is taken")
    return Taken()


def _unknown(activity: RemoteActivity, actor: Actor, uri: str, *, ours: bool) -> Outcome:
    """Its origin is asked: for the thing; or, since servers also announce activities and actors, what else it is."""
    if ours:
        return Ignored("not here")
    if activity.at_origin in ("gone", "silent"):
        return Ignored("not to be had at its origin")
    other = Needs(origin=uri) if actor.kind != "Person" and activity.at_origin == "unasked" else None
    return Needs(posts=(uri,), otherwise=other or Ignored("not to be had at its origin"))


def shown_to(activity: RemoteActivity, actor: Actor, post_audience: Audience) -> Audience:
    """Never wider than the post; where a boost names nobody or only people, its own followers are meant."""
    said = audience.of(activity.to, activity.cc, actor.followers)
    return audience.narrower(post_audience, "followers" if said == "direct" else said)
