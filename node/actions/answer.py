"""Answers to calls: private between who answers and who calls. Places are given under the call's row lock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from federation.build import activities as say
from federation.build.markup import paragraph, plain
from node.actions import direct_note
from node.actions.spread import OPEN, tell_changed, tell_counts_soon
from node.errors import Conflict, Forbidden, NotFound
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store import happenings
from node.store.calls import answers
from node.store.db import Db
from node.store.notices import notifications
from node.store.people import actors
from node.store.posts import posts
from node.wording.language import gettext, supported
from schemas.answers import Answer
from schemas.limits import OFFERS_PER_ACTOR
from schemas.reasons import msgid
from schemas.records import Actor, Post
from schemas.times import changed_at

VERDICTS: Mapping[str, str] = {
    "accepted": msgid("{title}: your answer was accepted. Thank you!"),
    "rejected": msgid("{title}: your answer was not taken up this time. Thank you for it."),
}


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

    Raises NotFound, Conflict (closed, past, asking for more places than there are, or an answer of theirs waits).
    """
    call = await posts.get(db, call_id, actor.id)
    if call.call is None:
        raise NotFound
    if call.actor.id == actor.id:
        raise Conflict("This is your own call.")
    await _openings(db, call, quantity)
    _, uri = new_activity_id(node.urls)
    offer_uri = None if call.local else uri
    kept = None
    if not await answers.count_open(db, call.id, actor.id):
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
    if await answers.find_by_offer(db, offer_uri):
        return None
    if call.call is not None and "offer" not in call.call.respond_by:
        raise Conflict("This call takes no offers.")
    if await answers.count_open(db, call.id, actor.id) >= OFFERS_PER_ACTOR:
        raise Conflict("You have answered this call often enough.")
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
    await posts.lock(db, call.id)
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
    elif not who.local and who.deleted_at is None:
        await _write_verdict(node, db, call, who, verdict, reason)
    detail = {"state": verdict}
    await notifications.tell_actor(db, who.id, "answer_decided", from_id=call.actor.id, post_id=call.id, detail=detail)
    await happenings.add(db, "answers.changed", call.id)
    if verdict == "accepted":
        await _tell_places(node, db, call)
    return decided


async def _write_verdict(
    node: Node, db: Db, call: Post, who: Actor, verdict: Literal["accepted", "rejected"], reason: str
) -> None:
    """Who answered by a reply from elsewhere made no Offer that could be accepted: they are written to."""
    language = supported(call.language) or "en"
    told = gettext(language, VERDICTS[verdict], title=call.version(language).name or "")
    await direct_note.send(node, db, call.actor, who, [part for part in (told, reason, call.url) if part], language)


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
    if call.local and given.state == "accepted":
        await _tell_places(node, db, call)
    if not call.local:
        _, uri = new_activity_id(node.urls)
        document = say.undo(uri, actor.uri, offer_of(call, actor, given), to=[call.actor.uri])
        await tell(db, actor, document, audience="direct", to=[call.actor])
    else:
        await _tell_owner(db, call, actor, taken_back)
    return taken_back


async def taken_back(node: Node, db: Db, given: Answer) -> None:
    """A remote actor took back its answer to one of our calls, before or after it was accepted (Undo of the Offer)."""
    call = await _call_of(db, given)
    await answers.lock(db, call.id)
    withdrawn = await answers.decide(db, given.id, "withdrawn")
    if given.state == "accepted":
        await _tell_places(node, db, call)
    await _tell_owner(db, call, await actors.get(db, given.actor_id), withdrawn)


async def find_by_agreement(db: Db, uri: str) -> Answer | None:
    """The answer that an Agreement belongs to: the one that was offered, or the one it ended in."""
    offer, _, part = uri.partition("#")
    found = await answers.find_by_agreement(db, uri)
    return found or (await answers.find_by_offer(db, offer) if part else None)


async def ended_elsewhere(node: Node, db: Db, given: Answer, actor: Actor) -> bool:
    """A remote actor deleted an Agreement: its own answer is taken back, or one of ours to its call is declined. False
    if it is neither's. What is settled stays settled."""
    call = await _call_of(db, given)
    if actor.id not in (given.actor_id, call.actor.id):
        return False
    if given.state not in ("offered", "accepted"):
        return True
    if actor.id == given.actor_id:
        await taken_back(node, db, given)
    else:
        await decided_elsewhere(db, given, call, "rejected")
    return True


async def decided_elsewhere(
    db: Db, given: Answer, call: Post, verdict: Literal["accepted", "rejected"], agreement_uri: str | None = None
) -> None:
    """The owner of a call elsewhere decided about the answer of one of ours."""
    await answers.decide(db, given.id, verdict, agreement_uri=agreement_uri)
    detail = {"state": verdict}
    await notifications.tell_actor(
        db, given.actor_id, "answer_decided", from_id=call.actor.id, post_id=call.id, detail=detail
    )
    await happenings.add(db, "answers.changed", call.id)


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


async def _tell_places(node: Node, db: Db, call: Post) -> None:
    """The last place taken fills the call, and all who hold a copy hear of it; other numbers are told now and then."""
    now = await posts.find(db, call.id)
    if now is None or now.call is None:
        return
    if now.call.state == "open" and now.call.places is not None and now.call.places_taken >= now.call.places:
        filled = msgspec.structs.replace(now, call=msgspec.structs.replace(now.call, state="filled"))
        moment = changed_at(datetime.now(UTC), now.updated_at)
        after = await posts.update(db, now.id, posts.content_of(filled, updated_at=moment))
        await tell_changed(node, db, after, frozenset(actor.id for actor in after.mentions))
    elif now.audience in OPEN:
        await tell_counts_soon(db, now.id)


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
