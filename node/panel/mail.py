"""The outbox: which letters wait, went out or were refused. Where no mail server is set they are kept, and can be read
here; elsewhere nobody but their readers does."""

from __future__ import annotations

from aiohttp import web

from node import sessions
from node.errors import NotFound
from node.forms import posted
from node.frame import frame, render, with_query
from node.keys import SETTINGS
from node.mailing.kinds import SECRET
from node.mailing.rendering import Letter, write
from node.middleware import PAGE_POLICY
from node.panel.asking import number_in
from node.settings import Settings, is_loopback
from node.store import hub, mails
from node.store.mails import Mail
from node.store.reading import Page
from node.web import query, reading, signed_in, writing
from schemas.limits import LIST_ITEMS
from schemas.reasons import msgid

STATES = ("waiting", "sent", "refused", "kept")
AGAIN = msgid("The letter is sent once more.")
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
"""A letter brings its own styles, runs nothing, loads nothing and belongs to no site."""


async def show_mails(request: web.Request) -> web.Response:
    """GET /admin/mail, newest first; `state` chooses, `max_id` turns the page."""
    state = request.query.get("state")
    before = query(request, Page).max_id
    async with reading(request) as db:
        await signed_in(request, db, "manage_hub")
        around = await frame(request, db)
        found = await mails.list_latest(db, state if state in STATES else None, LIST_ITEMS, before)
        values = {
            "mails": found,
            "state": state,
            "counts": await mails.counts(db),
            "sends": request.app[SETTINGS].mail_url is not None,
            "readable": [one.id for one in found if readable(request.app[SETTINGS], one)],
            "older": with_query(request, max_id=found[-1].id) if len(found) == LIST_ITEMS else None,
        }
    return render(request, "panel/mails.html", around, values)


async def show_mail(request: web.Request) -> web.Response:
    """GET /admin/mail/{id}: one letter, as text and as HTML."""
    async with reading(request) as db:
        await signed_in(request, db, "manage_hub")
        around = await frame(request, db)
        mail = await mails.find(db, number_in(request))
        if mail is None:
            raise NotFound
        files = [(one.name, len(one.content)) for one in await mails.attachments(db, mail.id)]
        may_read = readable(request.app[SETTINGS], mail)
        letter = write(mail, await hub.get(db), request.app[SETTINGS]) if may_read else None
    response = render(request, "panel/mail.html", around, {"mail": mail, "letter": letter, "files": files})
    response.headers["Content-Security-Policy"] = f"{PAGE_POLICY}; frame-src 'self'"
    return response


async def show_html(request: web.Request) -> web.Response:
    """GET /admin/mail/{id}/html: the HTML by itself, in a sandbox, for the frame on that page."""
    async with reading(request) as db:
        await signed_in(request, db, "manage_hub")
        mail = await mails.find(db, number_in(request))
        if mail is None or not readable(request.app[SETTINGS], mail):
            raise NotFound
        letter: Letter = write(mail, await hub.get(db), request.app[SETTINGS])
    headers = {"Content-Security-Policy": SANDBOX, "X-Frame-Options": "SAMEORIGIN", "Cache-Control": "no-store"}
    return web.Response(text=letter.html, content_type="text/html", charset="utf-8", headers=headers)


async def send_again(request: web.Request) -> web.Response:
    """POST /admin/mail/{id}: send a refused letter once more."""
    await posted(request)
    async with writing(request) as db:
        await signed_in(request, db, "manage_hub")
        around = await frame(request, db)
        if not await mails.try_again(db, number_in(request)):
            raise NotFound
    await sessions.say(request, around.say(AGAIN))
    raise web.HTTPSeeOther("/admin/mail")


def readable(settings: Settings, mail: Mail) -> bool:
    """Letters are looked at where none is sent; those with a key in them only where the hub is its steward's own
    machine: with it, one could get into anybody's account."""
    return settings.mail_url is None and (mail.kind not in SECRET or is_loopback(settings.host))
