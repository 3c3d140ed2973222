"""Between servers: a visitor answers from their own server; a member arrives here from another server's button."""

from __future__ import annotations

from urllib.parse import urlsplit

import structlog
from aiohttp import web

from federation.outcomes import FetchError
from node.errors import NotFound
from node.node import Node
from node.pages import interact_servers as answering_from
from node.pages.following import find_typed
from node.pages.interact_servers import INTENTS, Intent
from node.remote import learn_post
from node.store.db import Db
from node.store.people import actors
from node.store.posts import posts
from node.theming.frame import Frame, frame, render
from node.web import throttle
from node.web.forms import Form, posted
from node.web.handlers import reading, signed_in
from node.web.keys import NODE, SETTINGS
from node.web.limits import Rate
from node.wording.showing import name, page_path, profile_path, title
from schemas.limits import ADDRESS_BYTES, HANDLE_NAME_CHARS, INTERACT_COOKIE_SECONDS, INTERACT_COUNT, INTERACT_SECONDS
from schemas.reasons import msgid

NO_HANDLE = msgid("This is no address such as @name@example.social, and no server such as example.social.")
NO_ANSWER = msgid("This server does not answer, or does not know the account. Please check the address.")

COOKIE = "answers_from"
FROM_ONE_NETWORK = Rate(count=INTERACT_COUNT, seconds=INTERACT_SECONDS)
"""Nobody has this hub ask one server after the other (case 140)."""

_log = structlog.get_logger("node.pages.interact")


async def show_interact(request: web.Request) -> web.Response:
    """GET /interact?uri=…&intent=…: ask for the visitor's own address or server. Only for things and actors of this
    hub. The field holds what was said last time."""
    async with reading(request) as db:
        around = await frame(request, db)
        uri = request.query.get("uri", "")
        subject = await _subject(db, around, uri)
    form = Form({"account": [request.cookies.get(COOKIE, "")]})
    return _page(request, around, form, uri, subject, _intent(request.query.get("intent")))


async def interact(request: web.Request) -> web.Response:
    """POST /interact: ask the visitor's server where to go on, and say so; where it names no way, say how to go on by
    hand. The visitor follows the link: no form of ours ever leads to another server by itself."""
    fields = await posted(request)
    uri, typed, intent = fields.get("uri", ""), fields.get("account", "").strip(), _intent(fields.get("intent"))
    async with reading(request) as db:
        around = await frame(request, db)
        subject = await _subject(db, around, uri)
    server = answering_from.read(typed)
    if server is not None:
        await throttle.count(request, "interact", throttle.network(request), FROM_ONE_NETWORK)
    jrd = await answering_from.ask(request.app[NODE], server) if server else None
    if server is None or jrd is None:
        problem = around.say(NO_ANSWER if server else NO_HANDLE)
        form = Form({"account": [typed]}, {"account": [problem]})
        return _page(request, around, form, uri, subject, intent, status=422)
    address = answering_from.onward(jrd, intent, uri)
    values = {"host": urlsplit(address).netloc if address else server.domain, "address": address, "uri": uri}
    response = render(request, "pages/onward.html", around, values | {"subject": subject})
    _remember(request, response, typed)
    return response


def _page(
    request: web.Request, around: Frame, form: Form, uri: str, subject: str, intent: Intent, *, status: int = 200
) -> web.Response:
    values = {"form": form, "uri": uri, "subject": subject, "intent": intent}
    return render(request, "pages/interact.html", around, values, status=status)


def _intent(wish: str | None) -> Intent:
    return next((one for one in INTENTS if one == wish), "Object")


def _remember(request: web.Request, response: web.Response, typed: str) -> None:
    response.set_cookie(
        COOKIE,
        typed[:HANDLE_NAME_CHARS],
        max_age=INTERACT_COOKIE_SECONDS,
        httponly=True,
        secure=request.app[SETTINGS].https,
        samesite="Lax",
        path="/interact",
    )


async def authorize_interaction(request: web.Request) -> web.Response:
    """/authorize_interaction?uri=…: a member of ours comes from another server's button. It leads to our own page of
    that thing or actor, never elsewhere (case 136)."""
    wanted = (request.query.get("uri") or request.query.get("acct") or "").strip()[:ADDRESS_BYTES]
    async with reading(request) as db:
        who = await signed_in(request, db)
        known = await posts.find_visible(db, wanted, who.actor.id)
    if known is None and wanted.startswith(("https://", "http://")):
        await throttle.count(request, "interact", throttle.network(request), FROM_ONE_NETWORK)
        await _learn(request.app[NODE], wanted)
        async with reading(request) as db:
            known = await posts.find_visible(db, wanted, who.actor.id)
    if known is not None:
        raise web.HTTPSeeOther(page_path(known))
    actor = await find_typed(request, who, wanted)
    if actor is None:
        raise NotFound
    raise web.HTTPSeeOther(profile_path(actor))


async def _subject(db: Db, around: Frame, uri: str) -> str:
    """What the visitor wants to answer or follow, in a few words; NotFound for what is not ours to show."""
    post = await posts.find_visible(db, uri, around.viewer_id)
    if post is not None and post.local:
        return title(post, around.language)
    actor = await actors.find(db, uri)
    if actor is None or not actor.local or actor.role_here == "instance" or actor.deleted_at or actor.suspended_at:
        raise NotFound
    return name(actor, around.language)


async def _learn(node: Node, uri: str) -> None:
    try:
        await learn_post(node, uri)
    except FetchError as error:
        _log.info("nothing found", uri=uri, reason=str(error))
