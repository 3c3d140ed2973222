"""The thing that a Create or Update is about, and its author: as sent, if it is the sender's own, else as its own
server shows it (Mobilizon's members speak for their groups, others pass on what they did not write)."""

from __future__ import annotations

import msgspec

from federation import read, trust
from node.inbox.outcome import Ignored, Needs, Outcome, Refused
from node.store.db import Db
from node.store.people import actors, follows
from schemas.objects import RemoteActivity, RemoteObject
from schemas.records import Actor


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that may be believed, and the actor who wrote it."""

    thing: RemoteObject
    author: Actor


async def carried(db: Db, activity: RemoteActivity, actor: Actor) -> Carried | Outcome:
    """What the activity carries; what to ask for first, or why not, in place of it. Raises BadDocument, Unwanted."""
    if activity.at_origin in ("gone", "silent"):
        return Ignored("not to be had at its origin")
    if activity.object is None:
        return Needs(origin=activity.object_id) if activity.object_id else Refused("no object")
    thing = read.carried(activity, followers=actor.followers)
    if thing.attributed_to == actor.uri:
        return Refused("suspended") if actor.suspended_at else Carried(thing=thing, author=actor)
    if activity.at_origin != "there":
        return Needs(origin=thing.id)
    if not trust.owns(thing.attributed_to, activity.object):
        return Refused("attributed to someone else")
    author = await actors.find(db, thing.attributed_to)
    if author is None:
        return Needs(actors=(thing.attributed_to,))
    if author.suspended_at or author.host_suspended or author.frozen_at:
        return Refused("suspended")
    return Carried(thing=read.carried(activity, followers=author.followers), author=author)


async def worth_asking(db: Db, activity: RemoteActivity, actor: Actor) -> bool:
    """Whether somebody here could want what the activity is about, as far as it says without its object."""
    if await follows.is_followed_here(db, actor.id):
        return True
    addressed = await actors.find_many(db, (*activity.to, *activity.cc))
    return any(one.local for one in addressed.values())
