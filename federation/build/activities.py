"""The sentences our actors can say, one function each: `id` is the activity's
address, `actor` who says it, `object` an id or a document; whoever tells them decides `to` and `cc`.

Answers and undos repeat what they are about: some peers omit ids. What is embedded leaves `@context` to the whole."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from federation import sanitise
from federation.build.amounts import amount, commitment
from federation.build.parts import Document, at_context
from schemas.contexts import Group
from schemas.records import Post
from schemas.times import utc_text

People = Sequence[str]


def create(id: str, actor: str, object: Document) -> Document:
    """Create, addressed like its object (ActivityPub 6.2)."""
    return _about_thing(id, "Create", actor, object, moment=object.get("published"))


def update(id: str, actor: str, object: Document, *, to: People | None = None, cc: People | None = None) -> Document:
    """Update with the whole new object (ActivityPub 6.3), addressed like it. An actor's document names no audience:
    give one."""
    said = _about_thing(id, "Update", actor, object, moment=object.get("updated"))
    return said | ({} if to is None else {"to": list(to)}) | ({} if cc is None else {"cc": list(cc)})


def delete(id: str, actor: str, object: str | Document, *, to: People, cc: People = ()) -> Document:
    """Delete of a thing by its Tombstone, or of an actor by its id (ActivityPub 6.4)."""
    return _said(id, "Delete", actor, object, to=to, cc=cc)


def follow(id: str, actor: str, object: str) -> Document:
    """Ask to follow an actor (ActivityPub 6.5)."""
    return _said(id, "Follow", actor, object, to=[object])


def accept(
    id: str, actor: str, object: str | Document, *, to: People, result: str | Document | None = None
) -> Document:
    """Say yes to a Follow, a Join, an Invite (ActivityPub 6.6) or, with the stamp as `result`, a QuoteRequest."""
    said = _said(id, "Accept", actor, object, to=to)
    return said | ({"result": _bare(result)} if result is not None else {})


def tentative_accept(id: str, actor: str, object: str | Document, *, to: People) -> Document:
    """Say maybe to an event or an Invite (Friendica, Hubzilla)."""
    return _said(id, "TentativeAccept", actor, object, to=to)


def reject(id: str, actor: str, object: str | Document, *, to: People) -> Document:
    """Say no to a Follow, a Join or an Invite, also later (ActivityPub 6.7)."""
    return _said(id, "Reject", actor, object, to=to)


def ignore(id: str, actor: str, object: str, *, to: People) -> Document:
    """This Join is not counted here; the event says where to register (FEP-8a8e)."""
    return _said(id, "Ignore", actor, object, to=to)


def undo(id: str, actor: str, object: Document, *, to: People, cc: People = ()) -> Document:
    """Take back what was said before; the object is that activity, embedded (ActivityPub 6.10)."""
    return _said(id, "Undo", actor, object, to=to, cc=cc)


def like(id: str, actor: str, object: str, *, to: People) -> Document:
    """Like a thing (ActivityPub 6.8)."""
    return _said(id, "Like", actor, object, to=to)


def announce(
    id: str, actor: str, object: str | Document, *, published: datetime, to: People, cc: People = ()
) -> Document:
    """Boost a thing by its id, or, as a group, pass on an activity unchanged (FEP-1b12; Mastodon takes ids only)."""
    return _said(id, "Announce", actor, object, to=to, cc=cc) | {"published": utc_text(published)}


def block(id: str, actor: str, object: str) -> Document:
    """Tell a server that its actor is blocked (ActivityPub 6.9); sent to that actor only."""
    return _said(id, "Block", actor, object, to=[object])


def flag(id: str, actor: str, objects: Sequence[str], *, content: str, to: People) -> Document:
    """Report an actor and its posts to their server; `actor` is the instance actor, so that nobody is named."""
    return _said(id, "Flag", actor, list(objects), to=to) | {"content": content}


def answer_flag(id: str, actor: str, flag: str, *, outcome: str, content: str, to: People) -> Document:
    """Say what became of a report: `outcome` as terms.md has it, `content` (plain text) the same without details."""
    return _said(id, "Accept", actor, flag, to=to) | {"content": content, "coop:outcome": outcome}


def move(id: str, actor: str, target: str, *, to: People) -> Document:
    """The actor has moved to another address (FEP-7628)."""
    return _said(id, "Move", actor, actor, to=to) | {"target": target}


def add(id: str, actor: str, object: str, target: str, *, to: People, cc: People = ()) -> Document:
    """Put a thing into a collection of the actor's, such as `featured` (ActivityPub 6.11)."""
    return _said(id, "Add", actor, object, to=to, cc=cc) | {"target": target}


def remove(id: str, actor: str, object: str, target: str, *, to: People, cc: People = ()) -> Document:
    """Take a thing out of a collection (ActivityPub 6.12)."""
    return _said(id, "Remove", actor, object, to=to, cc=cc) | {"target": target}


def join(id: str, actor: str, object: str, *, to: People, message: str = "") -> Document:
    """Wish to come to an event; `message` is plain text for its organisers (Mobilizon)."""
    if not message:
        return _said(id, "Join", actor, object, to=to)
    return _said(id, "Join", actor, object, to=to, groups=("event",)) | {"participationMessage": message}


def leave(id: str, actor: str, object: str, *, to: People) -> Document:
    """Not come to an event after all."""
    return _said(id, "Leave", actor, object, to=to)


def vote(id: str, actor: str, question: str, choice: str, *, note_id: str, to: People) -> Document:
    """Vote: a Note whose name is the option, in reply to the Question, told to its author only."""
    note: Document = {"id": note_id, "type": "Note", "name": choice, "attributedTo": actor}
    return _said(id, "Create", actor, note | {"to": list(to), "inReplyTo": question}, to=to)


def offer(
    id: str, actor: str, call: Post, *, content: str, quantity: int = 1, hours: int | None = None, to: People
) -> Document:
    """Answer a call with an Agreement that satisfies its Intent (FEP-0837): so many people, so many hours each.

    `content` is HTML. Private, so never addressed to Public.
    """
    intent = call.call.intent_uri if call.call and call.call.intent_uri else f"{call.uri}#primary"
    agreement: Document = {"type": "Agreement", "id": f"{id}#agreement", "attributedTo": actor}
    agreement |= {"content": sanitise.html(content)} if content else {}
    agreement["stipulates"] = commitment(f"{id}#c1", intent, amount("one", quantity), hours)
    return _said(id, "Offer", actor, agreement, to=to, groups=("call",))


def accept_offer(id: str, actor: str, offered: Mapping[str, Any], *, url: str, to: People) -> Document:
    """Accept an Offer; the resulting Agreement has an id of our own and the offered quantities (FEP-0837)."""
    promised = {**offered["object"]["stipulates"], "id": f"{id}#c1"}
    result = {"type": "Agreement", "id": f"{id}#agreement", "attributedTo": actor, "url": url, "stipulates": promised}
    return _said(id, "Accept", actor, offered["id"], to=to, groups=("call",)) | {"result": result}


def reject_offer(id: str, actor: str, object: str, *, content: str, to: People) -> Document:
    """Reject an Offer, with the reason (HTML or plain text)."""
    said = _said(id, "Reject", actor, object, to=to)
    return said | ({"content": sanitise.html(content)} if content else {})


def quote_request(id: str, actor: str, object: str, *, instrument: str | Document, to: People) -> Document:
    """Ask the author of a post whether ours may quote it (FEP-044f); `instrument` is ours, whole or by its id."""
    said = _said(id, "QuoteRequest", actor, object, to=to, groups=("quote",))
    return said | {"instrument": _bare(instrument)}


def quote_authorization(id: str, actor: str, quoting: str, quoted: str) -> Document:
    """The stamp that allows a quote of our post (FEP-044f): fetched by its id, it names both posts and embeds none."""
    return at_context("quote") | {
        "id": id,
        "type": "QuoteAuthorization",
        "attributedTo": actor,
        "interactingObject": quoting,
        "interactionTarget": quoted,
    }


def _about_thing(id: str, verb: str, actor: str, object: Document, *, moment: object) -> Document:
    said = _said(id, verb, actor, object, to=object.get("to", ()), cc=object.get("cc", ()))
    return said | ({"published": moment} if moment else {})


def _said(
    id: str,
    verb: str,
    actor: str,
    object: str | list[str] | Document,
    *,
    to: People,
    cc: People = (),
    groups: tuple[Group, ...] = (),
) -> Document:
    brought = object.get("@context") if isinstance(object, dict) else None
    context = {"@context": brought} if isinstance(brought, list) else at_context(*groups)
    said = context | {"id": id, "type": verb, "actor": actor, "object": _bare(object), "to": list(to)}
    return said | ({"cc": list(cc)} if cc else {})


def _bare(said: Any) -> Any:
    return {key: value for key, value in said.items() if key != "@context"} if isinstance(said, dict) else said
