"""Offer: a structured answer to one of our calls (FEP-0837). What cannot be taken is rejected with the reason."""

from __future__ import annotations

from typing import Any

from federation import sanitise
from federation.build import activities as say
from node.actions import answer
from node.errors import Conflict
from node.inbox.outcome import Ignored, Outcome, Refused, Taken
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store import blocks, posts
from node.store.db import Db
from schemas.limits import CALL_EFFORT_HOURS, CALL_PLACES
from schemas.objects import RemoteActivity
from schemas.records import Actor


async def receive_offer(node: Node, db: Db, activity: RemoteActivity, actor: Actor) -> Outcome:
    """Keep the offer for the call whose Intent it would satisfy."""
    agreement = activity.object or {}
    commitment = agreement.get("stipulates")
    if activity.id is None or agreement.get("type") != "Agreement" or not isinstance(commitment, dict):
        return Ignored("no offer to work together")
    call = await posts.find_by_intent(db, _text(commitment.get("satisfies")))
    if call is None or not call.local or await blocks.exists(db, call.actor.id, actor.id):
        return Ignored("no call of ours")
    quantity = _number(commitment.get("resourceQuantity"), CALL_PLACES) or 1
    hours = _number(commitment.get("effortQuantity"), CALL_EFFORT_HOURS)
    content = sanitise.html(_text(agreement.get("content")))
    if quantity < 1:
        return Refused("no quantity")
    try:
        await answer.receive_offer(db, actor, call, activity.id, content, quantity=quantity, hours=hours)
    except Conflict as error:
        _, uri = new_activity_id(node.urls)
        document = say.reject_offer(uri, call.actor.uri, activity.id, content=error.message, to=[actor.uri])
        await tell(db, call.actor, document, audience="direct", to=[actor])
        return Ignored(error.message)
    return Taken()


def _number(quantity: Any, most: int) -> int | None:
    """An om2 quantity's whole number (a string on the wire), within bounds."""
    value = quantity.get("hasNumericalValue") if isinstance(quantity, dict) else None
    text = str(value) if isinstance(value, str | int) else ""
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _text(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else ""
