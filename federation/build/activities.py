"""The sentences we can say: one function per activity. `id` is its address, `actor` who says it, `object` an id or a
document; whoever tells them decides `to` and `cc`. Answers and undos repeat what they are about: some peers omit ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from schemas import contexts
from schemas.records import Post

Document = dict[str, Any]


def create(id: str, actor: str, object: Document) -> Document:
    """Create, addressed like its object (ActivityPub 6.2)."""
    return _about_thing(id, "Create", actor, object, moment=object.get("published"))


def update(id: str, actor: str, object: Document) -> Document:
    """Update with the whole new object, a thing or an actor (ActivityPub 6.3)."""
    return _about_thing(id, "Update", actor, object, moment=object.get("updated"))


def delete(id: str, actor: str, object: str | Document, *, to: Sequence[str], cc: Sequence[str] = ()) -> Document:
    """Delete of a thing by its Tombstone, or of an actor by its id (ActivityPub 6.4)."""
    return _said(id, "Delete", actor, object, to=to, cc=cc)


def follow(id: str, actor: str, object: str) -> Document:
    """Ask to follow an actor (ActivityPub 6.5)."""
    return _said(id, "Follow", actor, object, to=[object])


def accept(id: str, actor: str, object: str | Document, *, to: Sequence[str]) -> Document:
    """Say yes to a Follow, a Join or an Invite (ActivityPub 6.6)."""
    return _said(id, "Accept", actor, object, to=to)


def tentative_accept(id: str, actor: str, object: str | Document, *, to: Sequence[str]) -> Document:
    """Say maybe to an event or an Invite."""
    return _said(id, "TentativeAccept", actor, object, to=to)


def reject(id: str, actor: str, object: str | Document, *, to: Sequence[str]) -> Document:
    """Say no to a Follow, a Join or an Invite, also later (ActivityPub 6.7)."""
    return _said(id, "Reject", actor, object, to=to)


def ignore(id: str, actor: str, object: str, *, to: Sequence[str]) -> Document:
    """This Join is not counted here (FEP-8a8e)."""
    return _said(id, "Ignore", actor, object, to=to)


def undo(id: str, actor: str, object: Document, *, to: Sequence[str], cc: Sequence[str] = ()) -> Document:
    """Take back what was said before; the object is that activity, embedded (ActivityPub 6.10)."""
    return _said(id, "Undo", actor, object, to=to, cc=cc)


def like(id: str, actor: str, object: str, *, to: Sequence[str]) -> Document:
    """Like a thing (ActivityPub 6.8)."""
    return _said(id, "Like", actor, object, to=to)


def announce(
    id: str,
    actor: str,
    object: str | Document,
    *,
    published: datetime,
    to: Sequence[str],
    cc: Sequence[str] = (),
) -> Document:
    """Boost a thing by its id, or, as a group, pass on an activity unchanged (FEP-1b12)."""
    return {**_said(id, "Announce", actor, object, to=to, cc=cc), "published": _moment(published)}


def block(id: str, actor: str, object: str) -> Document:
    """Tell a server that its actor is blocked (ActivityPub 6.9); sent to that actor only."""
    return _said(id, "Block", actor, object, to=[object])


def flag(id: str, actor: str, objects: Sequence[str], *, content: str, to: Sequence[str]) -> Document:
    """Report an actor and its posts to their server; `actor` is the instance actor, so that nobody is named."""
    return {**_said(id, "Flag", actor, list(objects), to=to), "content": content}


def move(id: str, actor: str, target: str, *, to: Sequence[str]) -> Document:
    """The actor has moved to another address (FEP-7628)."""
    return {**_said(id, "Move", actor, actor, to=to), "target": target}


def add(id: str, actor: str, object: str, target: str, *, to: Sequence[str], cc: Sequence[str] = ()) -> Document:
    """Put a thing into a collection of the actor's, such as `featured` (ActivityPub 6.11)."""
    return {**_said(id, "Add", actor, object, to=to, cc=cc), "target": target}


def remove(id: str, actor: str, object: str, target: str, *, to: Sequence[str], cc: Sequence[str] = ()) -> Document:
    """Take a thing out of a collection (ActivityPub 6.12)."""
    return {**_said(id, "Remove", actor, object, to=to, cc=cc), "target": target}


def join(id: str, actor: str, object: str, *, to: Sequence[str], message: str = "") -> Document:
    """Wish to come to an event; `message` is for its organisers."""
    said = _said(id, "Join", actor, object, to=to)
    return {**said, "participationMessage": message} if message else said


def leave(id: str, actor: str, object: str, *, to: Sequence[str]) -> Document:
    """Not come to an event after all."""
    return _said(id, "Leave", actor, object, to=to)


def offer(
    id: str,
    actor: str,
    call: Post,
    *,
    content: str,
    quantity: int,
    hours: int | None,
    to: Sequence[str],
) -> Document:
    """Answer a call with an Agreement that satisfies its Intent (FEP-0837); private, so never addressed to Public."""
    intent = call.call.intent_uri if call.call and call.call.intent_uri else f"{call.uri}#primary"
    agreement = {
        "type": "Agreement",
        "id": f"{id}#agreement",
        "attributedTo": actor,
        "content": content,
        "stipulates": _commitment(f"{id}#c1", intent, quantity, hours),
    }
    return _said(id, "Offer", actor, agreement, to=to, groups=("call",))


def accept_offer(id: str, actor: str, offered: Mapping[str, Any], *, url: str, to: Sequence[str]) -> Document:
    """Accept an Offer; the resulting Agreement has an id of our own and the offered quantities (FEP-0837)."""
    commitment = {**offered["object"]["stipulates"], "id": f"{id}#c1"}
    result = {"type": "Agreement", "id": f"{id}#agreement", "attributedTo": actor, "url": url, "stipulates": commitment}
    return {**_said(id, "Accept", actor, offered["id"], to=to, groups=("call",)), "result": result}


def reject_offer(id: str, actor: str, object: str, *, content: str, to: Sequence[str]) -> Document:
    """Reject an Offer, with the reason."""
    said = _said(id, "Reject", actor, object, to=to)
    return {**said, "content": content} if content else said


def _commitment(id: str, intent: str, quantity: int, hours: int | None) -> Document:
    commitment: Document = {
        "type": "Commitment",
        "id": id,
        "satisfies": intent,
        "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": str(quantity)},
    }
    if hours is not None:
        commitment["effortQuantity"] = {"hasUnit": "hour", "hasNumericalValue": str(hours)}
    return commitment


def _about_thing(id: str, verb: str, actor: str, object: Document, *, moment: object) -> Document:
    thing = {key: value for key, value in object.items() if key != "@context"}
    said = _said(id, verb, actor, thing, to=object.get("to", ()), cc=object.get("cc", ()))
    said["@context"] = object.get("@context", said["@context"])
    return {**said, "published": moment} if moment else said


def _said(
    id: str,
    verb: str,
    actor: str,
    object: str | list[str] | Document,
    *,
    to: Sequence[str],
    cc: Sequence[str] = (),
    groups: tuple[contexts.Group, ...] = (),
) -> Document:
    about = {key: value for key, value in object.items() if key != "@context"} if isinstance(object, dict) else object
    said: Document = {
        "@context": list(contexts.context(*groups)),
        "id": id,
        "type": verb,
        "actor": actor,
        "object": about,
        "to": list(to),
    }
    return {**said, "cc": list(cc)} if cc else said


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
