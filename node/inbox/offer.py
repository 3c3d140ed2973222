"""Offer: a structured answer to one of our calls (FEP-0837); what cannot be taken is rejected with the reason. Or what
hubs of a circle offer each other."""

from __future__ import annotations

from federation import sanitise
from federation.build import activities as say
from federation.read.fields import Document, embedded, text
from node.actions import answer
from node.errors import Conflict
from node.inbox import circle
from node.inbox.ids import id_of
from node.inbox.outcome import Ignored, Outcome, Refused, Taken
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store.db import Db
from node.store.people import blocks
from node.store.posts import posts
from schemas.limits import CALL_EFFORT_HOURS, CALL_PLACES, READ_MESSAGE_CHARS
from schemas.objects import RemoteActivity
from schemas.records import Actor, Post


async def receive_offer(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Keep the offer for the call whose Intent it would satisfy."""
    agreement = activity.object or {}
    if agreement.get("type") in circle.TYPES:
        return await circle.receive_circle_offer(db, activity, actor)
    commitment = agreement.get("stipulates")
    if activity.id is None or agreement.get("type") != "Agreement" or not isinstance(commitment, dict):
        return Ignored("no offer to work together")
    call = await _call(db, id_of(commitment.get("satisfies")), actor)
    if call is None:
        return Ignored("no call of ours")
    quantity, hours = quantities(commitment)
    if quantity is None or (hours is None and "effortQuantity" in commitment):
        return Refused("no quantity")
    content = sanitise.html(text(agreement, "content")[:READ_MESSAGE_CHARS])
    try:
        await answer.receive_offer(db, actor, call, activity.id, content, quantity=quantity, hours=hours)
    except Conflict as error:
        _, uri = new_activity_id(node.urls)
        document = say.reject_offer(uri, call.actor.uri, activity.id, content=error.message, to=[actor.uri])
        await tell(db, call.actor, document, audience="direct", to=[actor])
        return Ignored(error.message)
    return Taken()


def quantities(commitment: Document) -> tuple[int | None, int | None]:
    """How many people, one if it is not said, and how many hours each; None for what is no number above nothing."""
    people = 1 if "resourceQuantity" not in commitment else _number(commitment, "resourceQuantity", CALL_PLACES)
    return people, _number(commitment, "effortQuantity", CALL_EFFORT_HOURS)


def _number(commitment: Document, key: str, most: int) -> int | None:
    """An om2 quantity's whole number (a string on the wire), within bounds."""
    written = text(embedded(commitment, key), "hasNumericalValue")
    if not (written.isascii() and written.isdigit()) or len(written) > len(str(most)):
        return None
    return int(written) if 0 < int(written) <= most else None


async def _call(db: Db, intent_uri: str, actor: Actor) -> Post | None:
    """The call of ours that publishes this Intent, if the actor may see it."""
    found = await posts.find_by_intent(db, intent_uri)
    if found is None or not found.local or await blocks.exists(db, found.actor.id, actor.id):
        return None
    return await posts.find_visible(db, found.uri, actor.id)
