"""Answers to calls: private between who answers and who calls. Places are given under the call's row lock."""

from __future__ import annotations

from typing import Any, Literal

from federation.build import activities as say
from federation.build.markup import paragraph, plain
from node.errors import Conflict, Forbidden, NotFound
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store import actors, answers, happenings, notifications, posts
from node.store.db import Db
from schemas.records import Actor, Answer, Post


async def answer(
    node: Node,
    db: Db,
    actor: Actor,
    call_id: int,
    content: str,
    *,
    quantity: int = 1,
    hours: int | None = None,
) -> Answer:
    """Let a local actor answer a call it may see; to a call elsewhere an Offer goes out. `content` is sanitised HTML.

    Raises NotFound, Conflict (closed, past, or asking for more places than there are).
    """
    call = await posts.get(db, call_id, actor.id)
    if call.call is None:
        raise NotFound
    if call.actor.id == actor.id:
        raise Conflict("This is your own call.")
    await _openings(db, call, quantity)
    _, uri = new_activity_id(node.urls)
    offer_uri = None if call.local else uri
    kept = await answers.insert(
        db, call.id, actor.id, "web", content=content, offer_uri=offer_uri, quantity=quantity, hours=hours
    )
    if kept is None:
        raise Conflict("This answer was given already.")
    if call.local:
        await _tell_owner(db, call, actor, kept)
    else:
        await tell(db, actor, offer_of(call, actor, kept), audience="direct", to=[call.actor])
    return kept


def as_html(text: str) -> str:
    """What somebody typed as an answer, as HTML: a paragraph for each part between blank lines."""
    parts = (part.strip() for part in text.split("\n\n"))
    return "".join(paragraph(plain(part)) for part in parts if part)


async def receive_offer(
    db: Db, actor: Actor, call: Post, offer_uri: str, content: str, *, quantity: int, hours: int | None
) -> Answer | None:
    """Keep the Offer of a remote actor for one of our open calls; None if it was kept before. Raises Conflict."""
    await _openings(db, call, quantity)
    kept = await answers.insert(
        db, call.id, actor.id, "offer", content=content, offer_uri=offer_uri, quantity=quantity, hours=hours
    )
    if kept is not None:
        await _tell_owner(db, call, actor, kept)
    return kept


async def receive_reply(db: Db, actor: Actor, call: Post, reply: Post) -> Answer | None:
    """Keep a reply to one of our calls as an answer its owner may take up; None if it was kept before."""
    if call.actor.id == actor.id:
        return None
    kept = await answers.insert(db, call.id, actor.id, "reply", content=reply.version().content, reply_id=reply.id)
    if kept is not None:
        await _tell_owner(db, call, actor, kept)
    return kept


async def decide(
    node: Node, db: Db, by: int | None, answer_id: int, verdict: Literal["accepted", "rejected"], reason: str = ""
) -> Answer:
    """The call's owner accepts or rejects an answer. The caller has checked that `by` (an account) may speak for it.

    The last place taken fills the call. Raises NotFound, Conflict (decided before, or no place left).
    """
    asked = await _waiting(db, answer_id)
    call = await _call_of(db, asked)
    openings = await answers.lock(db, call.id)
    if openings is None:
        raise NotFound
    if verdict == "accepted" and not openings.room_for(asked.quantity):
        raise Conflict("There are not enough places left.")
    _, uri = new_activity_id(node.urls)
    agreement = f"{uri}#agreement" if verdict == "accepted" else None
    decided = await answers.decide(db, answer_id, verdict, by=by, agreement_uri=agreement)
    who = await actors.get(db, decided.actor_id)
    if decided.offer_uri and not who.local:
        if verdict == "accepted":
            document = say.accept_offer(uri, call.actor.uri, offer_of(call, who, decided), url=call.url, to=[who.uri])
        else:
            document = say.reject_offer(uri, call.actor.uri, decided.offer_uri, content=reason, to=[who.uri])
        await tell(db, call.actor, document, audience="direct", to=[who])
    detail = {"state": verdict}
    await notifications.tell_actor(db, who.id, "answer_decided", from_id=call.actor.id, post_id=call.id, detail=detail)
    await happenings.add(db, "answers.changed", call.id)
    return decided


async def withdraw(node: Node, db: Db, actor: Actor, answer_id: int) -> Answer:
    """Who answered takes it back, before or after it was accepted. Raises NotFound, Forbidden, Conflict."""
    given = await answers.get(db, answer_id)
    if given is None:
        raise NotFound
    if given.actor_id != actor.id:
        raise Forbidden
    if given.state not in ("offered", "accepted"):
        raise Conflict("This answer is settled.")
    call = await _call_of(db, given)
    await answers.lock(db, call.id)
    taken_back = await answers.decide(db, answer_id, "withdrawn")
    if not call.local:
        _, uri = new_activity_id(node.urls)
        document = say.undo(uri, actor.uri, offer_of(call, actor, given), to=[call.actor.uri])
        await tell(db, actor, document, audience="direct", to=[call.actor])
    else:
        await _tell_owner(db, call, actor, taken_back)
    return taken_back


def offer_of(call: Post, actor: Actor, given: Answer) -> dict[str, Any]:
    """The Offer by which an answer travels (FEP-0837)."""
    return say.offer(
        given.offer_uri or "",
        actor.uri,
        call,
        content=given.content,
        quantity=given.quantity,
        hours=given.hours,
        to=[call.actor.uri],
    )


async def _openings(db: Db, call: Post, quantity: int) -> None:
    openings = await answers.lock(db, call.id)
    if openings is None:
        raise NotFound
    if openings.state != "open" or openings.past:
        raise Conflict("This call is closed.")
    if not openings.room_for(quantity):
        raise Conflict("There are not enough places left.")


async def _waiting(db: Db, answer_id: int) -> Answer:
    asked = await answers.get(db, answer_id)
    if asked is None:
        raise NotFound
    if asked.state != "offered":
        raise Conflict("This answer is settled.")
    return asked


async def _call_of(db: Db, given: Answer) -> Post:
    call = await posts.find(db, given.call_id)
    if call is None or call.call is None:
        raise NotFound
    return call


async def _tell_owner(db: Db, call: Post, actor: Actor, given: Answer) -> None:
    detail = {"answer": given.id, "state": given.state}
    await notifications.tell_actor(db, call.actor.id, "answer", from_id=actor.id, post_id=call.id, detail=detail)
    await happenings.add(db, "answers.changed", call.id)
