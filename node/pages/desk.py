"""A member's desk: where they go next, what they published, what those they follow publish; and their notices."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from node import telling
from node.frame import frame, render, with_query
from node.pages import matching
from node.pages.lists import links
from node.store import desk, mandates, notifications, posts
from node.store.reading import Page
from node.web import query, reading, signed_in, writing
from schemas.limits import HOME_MEETINGS, LIST_ITEMS


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
            "fitting": await matching.offered(db, around),
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
        "words_of": lambda notice, actor, post: telling.sentence(around.language, notice, actor, post, who.actor.id),
    }
    return render(request, "pages/notifications.html", around, values)
