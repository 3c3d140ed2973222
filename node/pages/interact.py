"""Between servers: a visitor answers from their own server; a member arrives here from another server's button."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import structlog
from aiohttp import web

from federation.addresses import BadAddress, parse
from federation.discovery import read_discovery
from federation.lookup import Handle, read_handle
from federation.outcomes import FetchError
from node.errors import NotFound
from node.forms import Form, posted
from node.frame import Frame, frame, render
from node.keys import NODE
from node.node import Node
from node.pages.following import find_typed
from node.remote import learn_post, may_fetch
from node.showing import name, page_path, profile_path, title
from node.store import actors, posts
from node.store.db import Db
from node.web import reading, signed_in
from schemas.discovery import REL_SUBSCRIBE, Jrd
from schemas.limits import ADDRESS_BYTES
from schemas.reasons import msgid

NO_HANDLE = msgid("This is no address such as @name@example.social.")
NO_ANSWER = msgid("This server does not answer, or does not know the account. Please check the address.")

_log = structlog.get_logger("node.pages.interact")


async def show_interact(request: web.Request) -> web.Response:
    """GET /interact?uri=…: ask for the visitor's own address. Only for things and actors of this hub."""
    async with reading(request) as db:
        around = await frame(request, db)
        uri = request.query.get("uri", "")
        subject = await _subject(db, around, uri)
    return render(request, "pages/interact.html", around, {"form": Form({}), "uri": uri, "subject": subject})


async def interact(request: web.Request) -> web.Response:
    """POST /interact: ask the visitor's server where to go on, and say so. The visitor follows the link: no form of
    ours ever leads to another server by itself."""
    fields = await posted(request)
    uri, typed = fields.get("uri", ""), fields.get("account", "").strip()
    async with reading(request) as db:
        around = await frame(request, db)
        subject = await _subject(db, around, uri)
    handle = read_handle(typed)
    address = await _onward(request.app[NODE], handle, uri) if handle else None
    if handle and address:
        return render(request, "pages/onward.html", around, {"host": urlsplit(address).netloc, "address": address})
    problem = around.say(NO_ANSWER if handle else NO_HANDLE)
    form = Form({"account": [typed]}, {"account": [problem]})
    values = {"form": form, "uri": uri, "subject": subject}
    return render(request, "pages/interact.html", around, values, status=422)


async def authorize_interaction(request: web.Request) -> web.Response:
    """/authorize_interaction?uri=…: a member of ours comes from another server's button. It leads to our own page of
    that thing or actor, never elsewhere (case 136)."""
    wanted = (request.query.get("uri") or request.query.get("acct") or "").strip()[:ADDRESS_BYTES]
    async with reading(request) as db:
        who = await signed_in(request, db)
        known = await posts.find_visible(db, wanted, who.actor.id)
    if known is None and wanted.startswith(("https://", "http://")):
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


async def _onward(node: Node, handle: Handle, uri: str) -> str | None:
    """Where on their own server a visitor goes on: what its WebFinger says, else Mastodon's usual place."""
    if not may_fetch(node, f"https://{handle.domain}/"):
        return None
    scheme = "http" if node.client.plain_http else "https"
    url = f"{scheme}://{handle.domain}/.well-known/webfinger?resource={quote(f'acct:{handle}', safe=':@')}"
    try:
        jrd = await read_discovery(node.client, url, Jrd)
    except FetchError as error:
        _log.info("no way on", handle=str(handle), reason=str(error))
        return None
    templates = [link.template for link in jrd.links or () if link.rel == REL_SUBSCRIBE and link.template]
    template = next(iter(templates), f"{scheme}://{handle.domain}/authorize_interaction?uri={{uri}}")
    return _web_address(template.replace("{uri}", quote(uri, safe="")))


def _web_address(address: str) -> str | None:
    try:
        parse(address)
    except BadAddress:
        return None
    return address if urlsplit(address).scheme in ("https", "http") else None
