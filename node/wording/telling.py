"""What a notice says, in one sentence: on the page of notices, in a message pushed to a telephone, in an app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from node.fitting import because
from node.wording.language import gettext
from node.wording.showing import name
from schemas.matching import Reasons
from schemas.reasons import msgid
from schemas.records import Actor, Post

WORDS = {
    "mention": msgid("{name} mentioned you."),
    "reply": msgid("{name} replied to you."),
    "follow": msgid("{name} follows you now."),
    "follow_request": msgid("{name} would like to follow you."),
    "follow_accepted": msgid("{name} lets you follow."),
    "like": msgid("{name} likes this."),
    "boost": msgid("{name} passed this on."),
    "rsvp": msgid("{name} answered about coming."),
    "answer": msgid("{name} answered your call."),
    "answer_decided": msgid("{name} decided about your answer."),
    "update": msgid("{name} changed something you meant to come to or passed on."),
    "status": msgid("{name} published something new."),
    "poll": msgid("A poll you took part in is over."),
    "quote": msgid("{name} quoted you."),
    "quoted_update": msgid("{name} changed what you quoted."),
    "report": msgid("Somebody reported something."),
    "co_host": msgid("{name} asks you to hold this event together."),
    "co_host_answer": msgid("{name} answered about holding this event together."),
    "report_closed": msgid("Those who look after this hub have looked at your report."),
    "warning": msgid("Those who look after this hub warn you: {reason}"),
    "call_expiring": msgid("Your call ends soon. Renew it if you still look for people."),
    "match": msgid("{name} made a call that fits you, because: {because}"),
    "suggested_hub": msgid("{name} is a hub you may want to know."),
    "added_to_collection": msgid("{name} recommends you to others in a collection: {words}"),
    "collection_update": msgid("{name} changed what is said of a collection you are in: {words}"),
    "decision": msgid("A measure waits for your decision."),
    "office_offered": msgid("An office is offered to you: {role}, until {day}."),
    "deputy_asked": msgid("You are asked to be deputy: {role}."),
    "office_taken_over": msgid("You stand in for an office now: {role}, until {day}."),
    "mandate_ending": msgid("Your office ends soon: {role}, on {day}. Find somebody to follow."),
}
COMING = {
    "going": msgid("You are coming. See you there!"),
    "waiting": msgid("All seats are taken: you are on the waiting list and will hear when one is free."),
    "declined": msgid("You are no longer on the list of those who come."),
    "refused": msgid("The organisers could not take you."),
    "reminder": msgid("What you said you come to begins soon."),
    "message": msgid("{name} writes to those who come: {words}"),
}
CHANGED = {
    "cancelled": msgid("{name} cancelled what you meant to come to."),
    "postponed": msgid("{name} postponed what you meant to come to. A new date will follow."),
}
TOGETHER = {
    "accepted": msgid("{name} holds this event together with you."),
    "rejected": msgid("{name} does not want to be named as holding this event."),
}
DECIDED = {
    "accepted": msgid("{name} took up your answer."),
    "rejected": msgid("{name} could not take up your answer."),
}
CLOSED = {
    "acted": msgid("Your report was looked at, and something was done. {answer}"),
    "no_breach": msgid("Your report was looked at. No rule of this hub was broken. {answer}"),
    "elsewhere": msgid("Your report was looked at. Others have to decide about it. {answer}"),
}


class Notice(Protocol):
    """What a sentence is made of."""

    @property
    def kind(self) -> str:
        """What happened."""
        ...

    @property
    def detail(self) -> Mapping[str, Any]:
        """What became of it."""
        ...


def sentence(language: str, notice: Notice, actor: Actor | None, post: Post | None, reader: int) -> str:
    """One sentence for a notice, to the actor `reader`; about one's own answers it says what became of them."""
    state = notice.detail.get("state", "")
    words = WORDS.get(notice.kind, msgid("Something happened."))
    if notice.kind == "rsvp" and "door" not in notice.detail and (post is None or post.actor.id != reader):
        words = COMING.get(state, words)
    if notice.kind == "update":
        words = CHANGED.get(notice.detail.get("status", ""), words)
    if notice.kind == "answer_decided":
        words = DECIDED.get(state, words)
    if notice.kind == "co_host_answer":
        words = TOGETHER.get(state, words)
    if notice.kind == "report_closed":
        words = CLOSED.get(notice.detail.get("outcome", ""), words)
    told = {key: str(notice.detail.get(key, "")) for key in ("reason", "answer", "role", "day", "words")}
    if notice.kind == "match":
        told["because"] = because(msgspec.convert(notice.detail.get("reasons", {}), Reasons), language)
    who = name(actor, language) if actor else gettext(language, "Somebody")
    return gettext(language, words, name=who, **told).strip()
