"""The form for a short post on top of a timeline: it publishes at once, and keeps what was typed where it cannot."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from aiohttp import web

from node.actions.acquaint import acquaint
from node.actions.publish import publish
from node.errors import Invalid
from node.pages import choices
from node.pages.compose import with_picture
from node.pages.draft_forms import names, to_raw
from node.theming.frame import Frame, frame
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from node.wording.showing import page_path
from schemas.check import DraftError, read
from schemas.preferences import AUDIENCES, preferences_of
from schemas.records import Post


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a form: the post that was `made`, or the form to go on with."""

    form: Form
    made: Post | None = None


def first_form(around: Frame, quoted: Post | None = None) -> Form:
    """The empty form, as its writer likes to begin."""
    likes = preferences_of(around.viewer.account.preferences if around.viewer else {})
    return Form(
        {
            "language": [likes.language or around.language],
            "audience": [AUDIENCES[likes.privacy]],
            "sensitive": ["true"] if likes.sensitive else [],
            "acting_as": ["me"],
            "poll.minutes": ["1440"],
            "quote": [quoted.uri] if quoted else [],
        }
    )


async def take(request: web.Request) -> Written:
    """Publish what was sent. A file that came along is kept whatever else is wrong; `more` only takes it in."""
    sent = entered(await posted(request))
    async with reading(request) as db:
        who = await signed_in(request, db, "publish")
        around = await frame(request, db)
    try:
        sent = await with_picture(request, "post", sent)
        if "more" in sent:
            return Written(form=Form(sent))
        address = next(iter(sent.get("quote", [])), "")
        quoted = {"quote": address} if address else {}
        draft = read(to_raw("post", sent, {}) | quoted, datetime.now(UTC), new=True)
        await acquaint(request.app[NODE], draft)
        async with writing(request) as db:
            made = await publish(request.app[NODE], db, who, draft)
    except (DraftError, Invalid) as error:
        return Written(form=with_problems(sent, error.problems, names("post", 0) | {"quote"}, around.language))
    await sessions.say(request, around.say("Published."))
    return Written(form=Form(sent), made=made)


def way_back(request: web.Request, made: Post, tab: str) -> str:
    """Where to go on: an answer is read in its thread, anything else in the timeline."""
    return page_path(made) if made.in_reply_to else f"{request.path}?tab={tab}"


def values(around: Frame, form: Form) -> dict[str, Any]:
    """What the form offers to choose from."""
    return {
        "form": form,
        "language_options": choices.languages(around, [form.value("language")]),
        "audiences": choices.audiences(around.say, "post"),
        "organisations": around.organisations,
        "may_be_hub": around.viewer is not None and around.viewer.may("publish_as_hub"),
        "may_write": around.viewer is not None and around.viewer.may("publish"),
    }
