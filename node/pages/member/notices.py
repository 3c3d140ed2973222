"""/notifications: what others did that concerns a member, put together, of one sort or all."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from aiohttp import web

from node.store.notices import notice_groups, notifications
from node.store.people import people
from node.store.posts import posts
from node.theming.frame import frame, render, with_query
from node.web.forms import posted
from node.web.handlers import query, reading, signed_in, writing
from node.wording import telling
from schemas.limits import LIST_ITEMS
from schemas.reasons import msgid
from schemas.records import Actor

PATH = "/notifications"
SORTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "talk": (msgid("Conversations"), ("mention", "reply", "quote", "quoted_update", "status", "poll")),
    "meetings": (msgid("Meetings"), ("rsvp", "co_host", "co_host_answer", "update")),
    "calls": (msgid("Calls"), ("answer", "answer_decided", "call_expiring", "match")),
    "people": (
        msgid("People"),
        ("follow", "follow_request", "follow_accepted", "added_to_collection", "collection_update", "suggested_hub"),
    ),
    "likes": (msgid("Likes"), ("like", "boost")),
    "hub": (
        msgid("The hub"),
        ("report", "report_closed", "warning", "decision", "office_offered", "deputy_asked", "office_taken_over",
         "mandate_ending"),
    ),
}  # fmt: skip
"""What a reader can narrow the page to, and the kinds of notices that are of that sort."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which notices."""

    sort: Literal["talk", "meetings", "calls", "people", "likes", "hub"] | None = None
    max_id: int | None = None


async def show_notices(request: web.Request) -> web.Response:
    """GET /notifications, the newest first. What was shown of all counts as seen from the next page on."""
    asked = query(request, Asked)
    kinds = SORTS[asked.sort][1] if asked.sort else None
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        groups = await notice_groups.list_of(db, who.account.id, kinds, before=asked.max_id, limit=LIST_ITEMS)
        known = await people.get_many(db, [one for group in groups for one in group.from_ids])
        things = await posts.get_many(db, [one.notice.post_id for one in groups if one.notice.post_id], who.actor.id)
    if around.notices and groups and asked.sort is None:
        async with writing(request) as db:
            await notifications.mark_seen(db, who.account.id, groups[0].notice.id)
    older = with_query(request, max_id=groups[-1].notice.id) if len(groups) == LIST_ITEMS else None
    values: dict[str, Any] = {
        "groups": groups,
        "people": {number: one for number, one in known.items() if not _is_gone(one)},
        "things": things,
        "sort": asked.sort,
        "sorts": [(name, around.say(words), with_query(request, sort=name, max_id=None))
                  for name, (words, _) in SORTS.items()],
        "ends": {"newer": with_query(request, max_id=None) if asked.max_id else None, "older": older},
        "words_of": lambda notice, actor, post: telling.sentence(around.language, notice, actor, post, who.actor.id),
    }  # fmt: skip
    return render(request, "pages/notifications.html", around, values)


def _is_gone(actor: Actor) -> bool:
    return bool(actor.deleted_at or actor.suspended_at or actor.host_suspended)


async def mark_read(request: web.Request) -> web.Response:
    """POST /notifications: all of them count as seen."""
    await posted(request)
    async with reading(request) as db:
        who = await signed_in(request, db)
    async with writing(request) as db:
        await notifications.mark_seen(db, who.account.id, 2**53)
    raise web.HTTPSeeOther(PATH)
