"""Accept, TentativeAccept, Reject and Ignore: answers to what we asked (Follow, Join, Offer), and, from Friendica and
Hubzilla, RSVPs whose object is the event itself."""

from __future__ import annotations

from federation import trust
from federation.read.fields import Document, embedded
from node.actions import answer, attend, follow, quote
from node.errors import Conflict, NotFound
from node.inbox.circle import answer_circle
from node.inbox.flag import answered_flag
from node.inbox.ids import id_of
from node.inbox.offer import quantities
from node.inbox.outcome import Ignored, Outcome, Refused, Taken
from node.node import Node
from node.store import happenings
from node.store.calls import answers
from node.store.db import Db
from node.store.events import rsvps
from node.store.people import actors, follows
from node.store.posts import posts, quotes
from node.store.posts.quotes import Quote
from schemas.answers import Answer
from schemas.objects import RemoteActivity
from schemas.records import Actor, Post


async def receive_accept(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """An Accept of our Follow, Join or Offer, or of an event of ours."""
    return await _receive(node, db, activity, actor, accepted=True, wish="going")


async def receive_tentative_accept(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Someone may come to an event of ours."""
    return await _rsvp(node, db, activity, actor, "maybe") or Ignored("a maybe to nothing of ours")


async def receive_reject(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """A Reject of our Follow, Join or Offer, the end of an accepted one, or no to an event of ours."""
    return await _receive(node, db, activity, actor, accepted=False, wish="declined")


async def receive_ignore(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """The organiser's server does not count our Join (FEP-8a8e): the member is told to use the event's own page."""
    joined = await _join(db, activity)
    if joined is None:
        return Ignored("no answer to anything of ours")
    if not _organises(actor, joined[0]):
        return Refused("only the organiser decides")
    return Taken() if await attend.not_counted_elsewhere(db, *joined) else Ignored("nothing was asked")


async def _receive(
    node: Node, db: Db, activity: RemoteActivity, actor: Actor, *, accepted: bool, wish: attend.Wish
) -> Outcome:
    if joined := await _join(db, activity):
        return await _answer_join(db, *joined, actor, accepted=accepted)
    if offered := await _offer(db, activity):
        return await _answer_offer(db, offered, activity, actor, accepted=accepted)
    if asked := await quotes.find_by_request(db, activity.object_id) if activity.object_id else None:
        return await _answer_quote(node, db, asked, activity, actor, accepted=accepted)
    if accepted and (outcome := await answered_flag(db, activity, actor)):
        return outcome
    if activity.object_id and (outcome := await answer_circle(db, activity.object_id, actor, accepted=accepted)):
        return outcome
    if outcome := await _rsvp(node, db, activity, actor, wish):
        return outcome
    return await _answer_follow(db, activity, actor, accepted=accepted)


async def _answer_follow(db: Db, activity: RemoteActivity, actor: Actor, *, accepted: bool) -> Outcome:
    asked = await follows.find_by_uri(db, activity.object_id) if activity.object_id else None
    if asked is None and activity.object is not None and activity.object.get("type") == "Follow":
        asker = await actors.find(db, id_of(activity.object.get("actor")))
        asked = await follows.find(db, asker.id, actor.id) if asker is not None and asker.local else None
    if asked is None:
        return Ignored("no answer to anything of ours")
    if asked.followed_id != actor.id:
        return Refused("only the followed one decides")
    follower = await actors.get(db, asked.follower_id)
    if not follower.local:
        return Refused("a follow that is not ours")
    if accepted:
        return Taken() if await follow.accepted_elsewhere(db, follower, actor) else Ignored("nothing was pending")
    await follows.delete(db, follower.id, actor.id)
    await happenings.add(db, "follow.changed", follower.id)
    return Taken()


async def _answer_quote(
    node: Node, db: Db, asked: Quote, activity: RemoteActivity, actor: Actor, *, accepted: bool
) -> Outcome:
    """Only the author of the quoted post agrees or not, with a stamp of their own server."""
    quoted = await posts.find(db, asked.quoted_id) if asked.quoted_id else None
    if quoted is None or quoted.actor.id != actor.id:
        return Refused("only the quoted one decides")
    stamp = id_of(activity.result or {})
    if accepted and not trust.same_origin(stamp, actor.uri):
        return Refused("no stamp of its own server")
    if asked.state not in ("pending", "accepted"):
        return Ignored("settled before")
    if not accepted or asked.state == "pending":
        await quote.settled_elsewhere(node, db, asked, stamp=stamp if accepted else None)
    return Taken()


async def _answer_join(db: Db, event: Post, attendee: Actor, actor: Actor, *, accepted: bool) -> Outcome:
    if not _organises(actor, event):
        return Refused("only the organiser decides")
    if not await attend.settled_elsewhere(db, event, attendee, accepted=accepted):
        return Ignored("nothing was asked")
    return Taken()


async def _answer_offer(db: Db, offered: Answer, activity: RemoteActivity, actor: Actor, *, accepted: bool) -> Outcome:
    call = await posts.find(db, offered.call_id)
    if call is None or call.actor.id != actor.id:
        return Refused("only the caller decides")
    if offered.state != "offered":
        return Ignored("settled before")
    if not accepted:
        await answer.decided_elsewhere(db, offered, call, "rejected")
        return Taken()
    agreement = activity.result or {}
    if agreement and not await _is_agreed(db, offered, agreement, actor):
        return Refused("another agreement than was offered")
    await answer.decided_elsewhere(db, offered, call, "accepted", id_of(agreement) or None)
    return Taken()


async def _is_agreed(db: Db, offered: Answer, agreement: Document, actor: Actor) -> bool:
    """The resulting Agreement lives where the caller does, is nobody else's, and repeats what was offered."""
    uri = id_of(agreement)
    if not trust.same_origin(uri, actor.uri) or await answers.find_by_agreement(db, uri):
        return False
    commitment = embedded(agreement, "stipulates")
    people, hours = quantities(commitment)
    return not commitment or (people == offered.quantity and hours in (None, offered.hours))


async def _rsvp(node: Node, db: Db, activity: RemoteActivity, actor: Actor, wish: attend.Wish) -> Outcome | None:
    """The object is one of our events, or an Invite to it; None if it is not."""
    invited = id_of((activity.object or {}).get("object")) if (activity.object or {}).get("type") == "Invite" else ""
    event = await posts.find_by_uri(db, invited or activity.object_id or "")
    if event is None or not event.local or event.kind != "event":
        return None
    try:
        await attend.attend(node, db, actor, event.id, wish, "accept", activity_uri=activity.id)
    except (Conflict, NotFound) as error:
        return Ignored(f"the event takes no such answer: {error.message}")
    return Taken()


async def _join(db: Db, activity: RemoteActivity) -> tuple[Post, Actor] | None:
    """The event elsewhere and the member whose Join is answered: named by its id, or embedded whole."""
    given = await rsvps.find_by_activity(db, activity.object_id) if activity.object_id else None
    if given is None and activity.object is not None and activity.object.get("type") == "Join":
        joiner = await actors.find(db, id_of(activity.object.get("actor")))
        joined = await posts.find_by_uri(db, id_of(activity.object.get("object")))
        given = await rsvps.find(db, joined.id, joiner.id) if joiner and joined else None
    if given is None or given.actor_id is None:
        return None
    event = await posts.find(db, given.event_id)
    attendee = await actors.get(db, given.actor_id)
    return (event, attendee) if event is not None and attendee.local and not event.local else None


async def _offer(db: Db, activity: RemoteActivity) -> Answer | None:
    offered = await answers.find_by_offer(db, activity.object_id) if activity.object_id else None
    if offered is None:
        return None
    return offered if (await actors.get(db, offered.actor_id)).local else None


def _organises(actor: Actor, event: Post) -> bool:
    """Who may answer a Join: the event's author; for a group's event an actor of its server."""
    if event.actor.id == actor.id:
        return True
    return event.actor.kind == "Group" and trust.same_origin(event.actor.uri, actor.uri)
