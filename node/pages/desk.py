"""A member's desk: where they go next, what they published, what those they follow publish; and their notices."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from node.frame import Frame, frame, render, with_query
from node.pages.lists import links
from node.showing import name
from node.store import desk, mandates, notifications, posts
from node.store.notifications import Notification
from node.store.reading import Page
from node.web import query, reading, signed_in, writing
from schemas.limits import HOME_MEETINGS, LIST_ITEMS
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
    "report": msgid("Somebody reported something."),
    "co_host": msgid("{name} asks you to hold this event together."),
    "co_host_answer": msgid("{name} answered about holding this event together."),
    "suggested_hub": msgid("{name} is a hub you may want to know."),
}
COMING = {
    "going": msgid("You are coming. See you there!"),
    "waiting": msgid("All seats are taken: you are on the waiting list and will hear when one is free."),
    "declined": msgid("You are no longer on the list of those who come."),
    "refused": msgid("The organisers could not take you."),
}
TOGETHER = {
    "accepted": msgid("{name} holds this event together with you."),
    "rejected": msgid("{name} does not want to be named as holding this event."),
}
DECIDED = {
    "accepted": msgid("{name} took up your answer."),
    "rejected": msgid("{name} could not take up your answer."),
}


async def show_desk(request: web.Request) -> web.Response:
    """/desk of whoever is signed in."""
    page = query(request, Page)
    page = Page(max_id=page.max_id, min_id=page.min_id, limit=HOME_MEETINGS)
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        mine = await desk.list_written(db, who.account.id, page)
        values = {
            "coming": await desk.list_coming(db, who.actor.id, HOME_MEETINGS),
            "posts": mine,
            "ends": links(request, mine, page),
            "news": await desk.list_news(db, who.actor.id, HOME_MEETINGS),
            "mandates": await mandates.list_of(db, who.account.id),
        }
    return render(request, "pages/desk.html", around, values)


async def show_notifications(request: web.Request) -> web.Response:
    """/notifications, the newest first. What was shown counts as seen from the next page on."""
    before = query(request, Page).max_id
    async with writing(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        notices = await notifications.list_of(db, who.account.id, before=before, limit=LIST_ITEMS)
        people = await desk.actors_of(db, notices)
        things = await posts.get_many(db, [one.post_id for one in notices if one.post_id], who.actor.id)
        if notices:
            await notifications.mark_seen(db, who.account.id, notices[0].id)
    older = with_query(request, max_id=notices[-1].id) if len(notices) == LIST_ITEMS else None
    values: dict[str, Any] = {
        "notices": [(one, people.get(one.from_id or 0), things.get(one.post_id or 0)) for one in notices],
        "ends": {"newer": with_query(request, max_id=None) if before else None, "older": older},
        "words_of": lambda notice, actor, post: words_of(around, notice, actor, post),
    }
    return render(request, "pages/notifications.html", around, values)


def words_of(around: Frame, notice: Notification, actor: Actor | None, post: Post | None) -> str:
    """One sentence for a notice; about one's own answers it says what became of them."""
    state = notice.detail.get("state", "")
    words = WORDS.get(notice.kind, msgid("Something happened."))
    mine = post is not None and around.viewer is not None and post.actor.id == around.viewer.actor.id
    if notice.kind == "rsvp" and not mine:
        words = COMING.get(state, words)
    if notice.kind == "answer_decided":
        words = DECIDED.get(state, words)
    if notice.kind == "co_host_answer":
        words = TOGETHER.get(state, words)
    return around.say(words, name=name(actor, around.language) if actor else around.say("Somebody"))
