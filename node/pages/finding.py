"""The page of a finding, and retracting one with a reason."""

from __future__ import annotations

from aiohttp import web

from node.actions.permissions import require_change
from node.actions.surroundings import find_people
from node.actions.withdraw import retract_finding
from node.errors import NotFound
from node.pages import thing
from node.store.db import Db
from node.store.posts import findings, posts
from node.theming.frame import Frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE, URLS
from node.wording.showing import page_path
from schemas.limits import SENTENCES_CHARS
from schemas.problems import Problem
from schemas.reasons import EMPTY, TOO_LONG
from schemas.records import Actor, Post


async def show_finding(request: web.Request) -> web.Response:
    """/findings/{id} for readers, with a link to what it came from where the reader may see that."""
    async with reading(request) as db:
        one = await thing.read(request, db, "finding")
        origin = one.post.born_of
        values = {
            "born_of": await posts.find_visible(db, origin, one.frame.viewer_id) if origin else None,
            "contributors": await _contributors(request, db, one.post),
            "findings": await findings.list_born_of(db, one.post.id, viewer=one.frame.viewer_id),
        }
    return render(request, "pages/finding.html", one.frame, one.values | values)


async def show_retract(request: web.Request) -> web.Response:
    """GET /findings/{id}/retract: asks why."""
    async with reading(request) as db:
        around, post = await _own(request, db)
    return render(request, "pages/retract.html", around, {"post": post, "form": Form({})})


async def retract(request: web.Request) -> web.Response:
    """POST /findings/{id}/retract: it stays at its address, with the reason."""
    sent = entered(await posted(request))
    reason = next(iter(sent.get("reason", [])), "")
    async with reading(request) as db:
        around, post = await _own(request, db)
    if problems := _wrong(reason):
        form = with_problems(sent, problems, {"reason"}, around.language)
        return render(request, "pages/retract.html", around, {"post": post, "form": form}, status=422)
    async with writing(request) as db:
        who = await signed_in(request, db, "publish")
        await retract_finding(request.app[NODE], db, who, post.id, reason=reason)
    await sessions.say(request, around.say("The finding is retracted."))
    raise web.HTTPSeeOther(page_path(post))


async def _own(request: web.Request, db: Db) -> tuple[Frame, Post]:
    who = await signed_in(request, db, "publish")
    around, post = await thing.to_change(request, db, "finding")
    require_change(who, post)
    if post.finding is None or post.finding.state == "retracted":
        raise NotFound
    return around, post


def _wrong(reason: str) -> list[Problem]:
    if not reason:
        return [Problem(field="reason", reason=EMPTY)]
    if len(reason) > SENTENCES_CHARS:
        return [Problem(field="reason", reason=TOO_LONG, values={"max": SENTENCES_CHARS})]
    return []


async def _contributors(request: web.Request, db: Db, post: Post) -> list[tuple[str, Actor | None]]:
    """Who worked on it, as written, with the actor where a whole handle or an address names one we know. What is only a
    name stays one: on another server it may mean somebody else."""
    named = post.finding.contributors if post.finding else ()
    handles = [one for one in named if "://" in one or (one.startswith("@") and (post.local or "@" in one[1:]))]
    known = await find_people(db, request.app[URLS], handles)
    return [(one, known.get(one)) for one in named]
