"""May this signer say this about that? The rules of FEP-fe34 in one place (pure).

What an activity says about its own actor's things is taken; what it says about others' is looked up at their origin."""

from collections.abc import Callable
from typing import Literal

import msgspec

from federation.read import fields
from federation.read.fields import Document, address, entries, reference
from federation.terms import ACTORS
from schemas.objects import RemoteActivity

Decision = Literal["take", "refetch", "refuse"]


class Verdict(msgspec.Struct, frozen=True):
    """`refetch`: act on nothing of what arrived, but ask the object's origin. `reason` is fit for a log."""

    decision: Decision
    reason: str = ""


TAKE = Verdict("take")


def may_say(signer: str, activity: RemoteActivity, *, owner: str | None = None) -> Verdict:
    """Judge a whole activity. `signer`: the actor whose request signature or FEP-8b32 proof was verified.

    `owner`: the author of the object as we have stored it; receivers that find the object pass it, so that nobody
    changes or deletes what another actor of the same host wrote (case 13). For an Announce `take` covers the boost
    only; an embedded object may be taken as it stands only if the signer `owns` it (rule 4).
    """
    if not same_id(signer, activity.actor):
        return Verdict("refetch", "signed by somebody else than its actor")
    if activity.id is not None and not same_origin(activity.id, activity.actor):
        return Verdict("refuse", "the id has another origin than the actor")
    return _JUDGES.get(activity.type, _harmless)(activity, owner)


def owns(actor: str, thing: str | Document) -> bool:
    """Whether `thing` is this actor's own: for an id, itself or a part of itself (its key); for a normalised document,
    that all its owners are of its origin and the actor is one of them. Same host alone is never enough."""
    if isinstance(thing, str):
        return same_id(actor, thing.partition("#")[0])
    found = reference(thing, "id")
    if found is None or not same_origin(found, actor):
        return False
    owners = owners_of(thing)
    return any(same_id(actor, one) for one in owners) and all(same_origin(found, one) for one in owners)


def owners_of(doc: Document) -> tuple[str, ...]:
    """Who a normalised document says it belongs to: an actor to itself, a thing to `attributedTo`, else to `actor`."""
    if doc.get("type") in ACTORS:
        return tuple(filter(None, [reference(doc, "id")]))
    named = [address(one) for one in entries(doc, "attributedTo") if isinstance(one, str)] or [reference(doc, "actor")]
    return tuple(one for one in named if one)


def same_id(one: str, other: str) -> bool:
    """Whether two ids are one, however spelt; what is no address equals nothing (case 18)."""
    found = address(one)
    return found is not None and found == address(other)


def same_origin(one: str, other: str) -> bool:
    """Whether two ids have the same scheme, host and port."""
    return fields.same_origin(one, other)


def _own(is_own: bool, why_not: str) -> Verdict:
    return TAKE if is_own else Verdict("refuse", why_not)


def _carried(activity: RemoteActivity, owner: str | None) -> Verdict:
    """Create and Update: the object is embedded, the actor's own, and was nobody else's before."""
    if activity.object is None:
        return Verdict("refetch", "the object is not embedded")
    if activity.object_id is None:
        return Verdict("refuse", "the object has no id")
    if owner is not None and not same_id(owner, activity.actor):
        return Verdict("refetch", "the object belongs to somebody else")
    if not owners_of(activity.object) and same_origin(activity.object_id, activity.actor):
        return TAKE
    return TAKE if owns(activity.actor, activity.object) else Verdict("refetch", "the object is not the actor's own")


def _deleted(activity: RemoteActivity, owner: str | None) -> Verdict:
    """Delete: by the owner, or else only what the origin no longer has (case 87)."""
    if activity.object_id is None:
        return Verdict("refuse", "deletes nothing")
    if owner is not None:
        return TAKE if same_id(owner, activity.actor) else Verdict("refetch", "the object belongs to somebody else")
    if same_origin(activity.object_id, activity.actor):
        return TAKE
    return Verdict("refetch", "the object has another origin")


def _undone(activity: RemoteActivity, _owner: str | None) -> Verdict:
    """Undo: what the actor itself did (case 89). By id alone the stored activity decides."""
    if activity.object is not None:
        return _own(same_id(activity.actor, reference(activity.object, "actor") or ""), "undoes what another did")
    return _own(same_origin(activity.object_id or "", activity.actor), "undoes what another did")


def _answered(activity: RemoteActivity, _owner: str | None) -> Verdict:
    """An answer to an embedded Follow comes from whom it asks to follow (case 90); the rest is in stored requests."""
    asked = activity.object
    if asked is None or asked.get("type") != "Follow":
        return TAKE
    return _own(same_id(activity.actor, reference(asked, "object") or ""), "answers for somebody else")


def _moved(activity: RemoteActivity, _owner: str | None) -> Verdict:
    return _own(activity.object_id == activity.actor, "moves somebody else")


def _collected(activity: RemoteActivity, _owner: str | None) -> Verdict:
    target = activity.target
    return _own(target is not None and same_origin(target, activity.actor), "changes a foreign collection")


def _offered(activity: RemoteActivity, _owner: str | None) -> Verdict:
    """An offered agreement names no other party as its author and lives where its author does."""
    if activity.object is None:
        return TAKE
    own_place = activity.object_id is None or same_origin(activity.object_id, activity.actor)
    own_name = all(same_id(activity.actor, one) for one in owners_of(activity.object))
    return _own(own_place and own_name, "offers in the name of somebody else")


def _quoting(activity: RemoteActivity, _owner: str | None) -> Verdict:
    post = activity.instrument
    return _own(post is not None and same_origin(post, activity.actor), "asks for a foreign post")


def _invited(activity: RemoteActivity, owner: str | None) -> Verdict:
    """Some servers publish an event by inviting to it: embedded, it is judged like in a Create."""
    return TAKE if activity.object is None else _carried(activity, owner)


def _harmless(_activity: RemoteActivity, _owner: str | None) -> Verdict:
    """What speaks of its actor only: a like, a follow, a join, a report."""
    return TAKE


_JUDGES: dict[str, Callable[[RemoteActivity, str | None], Verdict]] = {
    "Accept": _answered,
    "Add": _collected,
    "Create": _carried,
    "Delete": _deleted,
    "Ignore": _answered,
    "Invite": _invited,
    "Move": _moved,
    "Offer": _offered,
    "QuoteRequest": _quoting,
    "Reject": _answered,
    "Remove": _collected,
    "TentativeAccept": _answered,
    "TentativeReject": _answered,
    "Undo": _undone,
    "Update": _carried,
}
