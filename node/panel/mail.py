"""The outbox: which letters wait, went out or were refused. Where no mail server is set they are kept, and can be read
here; elsewhere nobody but their readers does."""

from __future__ import annotations

from typing import Literal

from aiohttp import web

from node.errors import NotFound
from node.mailing.kinds import SECRET
from node.mailing.rendering import Letter, write
from node.mailing.server import sends
from node.panel.asking import number_in, number_of
from node.panel.tables import Column, Deed, Look, board, chosen, shown
from node.settings import Settings, is_loopback
from node.store.hub import hub
from node.store.notices import mails
from node.store.notices.mails import Mail
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, local_path, posted
from node.web.handlers import query, reading, signed_in, writing
from node.web.keys import NODE, SETTINGS
from node.web.middleware import PAGE_POLICY
from schemas.reasons import msgid

RIGHT, PATH = "manage_hub", "/admin/mail"
COLUMNS = (
    Column(name="kind", label=msgid("Kind")),
    Column(name="to", label=msgid("To")),
    Column(name="when", label=msgid("When")),
    Column(name="state", label=msgid("State")),
    Column(name="why", label=msgid("Why")),
)
DEEDS = (Deed(name="again", label=msgid("Send them again")),)
DONE = msgid("Done with {number} of them.")
AGAIN = msgid("The letter is sent once more.")
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
"""A letter brings its own styles, runs nothing, loads nothing and belongs to no site."""


class Asked(Look, frozen=True, kw_only=True):
    """Which letters, and how they are to be shown."""

    state: Literal["", "waiting", "sent", "refused", "kept"] = ""


async def show_mails(request: web.Request) -> web.Response:
    """GET /admin/mail, newest first."""
    asked = query(request, Asked)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        found = await mails.list_of(db, asked.state, asked.slice(newest_first="when"))
        values = {
            "form": Form({"q": [asked.q], "state": [asked.state]}),
            "board": board(request, COLUMNS, asked, found, key=lambda one: str(one.id), deeds=DEEDS),
            "counts": await mails.counts(db),
            "sends": await sends(db, request.app[SETTINGS]),
        }
    return await shown(request, "panel/mails.html", around, values)


async def send_many_again(request: web.Request) -> web.Response:
    """POST /admin/mail: send the ticked letters once more, those that were refused, after a look at which they are."""
    fields = await posted(request)
    back = local_path(fields.get("return_to"), PATH)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        numbers = [number_of(one) for one in chosen(fields)]
        found = [one for number in numbers if (one := await mails.find(db, number)) and one.state == "refused"]
    if fields.get("sure") != "yes":
        return render(request, "panel/mails_sure.html", around, {"mails": found, "return_to": back})
    async with writing(request) as db:
        await signed_in(request, db, RIGHT)
        for one in found:
            await mails.try_again(db, one.id)
    request.app[NODE].wake()
    await sessions.say(request, around.say(DONE, number=len(found)))
    raise web.HTTPSeeOther(back)


async def show_mail(request: web.Request) -> web.Response:
    """GET /admin/mail/{id}: one letter, as text and as HTML."""
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        mail = await mails.find(db, number_in(request))
        if mail is None:
            raise NotFound
        files = [(one.name, len(one.content)) for one in await mails.attachments(db, mail.id)]
        may_read = readable(request.app[SETTINGS], mail, sent=await sends(db, request.app[SETTINGS]))
        letter = write(mail, await hub.get(db), request.app[SETTINGS]) if may_read else None
    response = render(request, "panel/mail.html", around, {"mail": mail, "letter": letter, "files": files})
    response.headers["Content-Security-Policy"] = f"{PAGE_POLICY}; frame-src 'self'"
    return response


async def show_html(request: web.Request) -> web.Response:
    """GET /admin/mail/{id}/html: the HTML by itself, in a sandbox, for the frame on that page."""
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        mail = await mails.find(db, number_in(request))
        sent = await sends(db, request.app[SETTINGS])
        if mail is None or not readable(request.app[SETTINGS], mail, sent=sent):
            raise NotFound
        letter: Letter = write(mail, await hub.get(db), request.app[SETTINGS])
    headers = {"Content-Security-Policy": SANDBOX, "X-Frame-Options": "SAMEORIGIN", "Cache-Control": "no-store"}
    return web.Response(text=letter.html, content_type="text/html", charset="utf-8", headers=headers)


async def send_again(request: web.Request) -> web.Response:
    """POST /admin/mail/{id}: send a refused letter once more."""
    await posted(request)
    async with writing(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        if not await mails.try_again(db, number_in(request)):
            raise NotFound
    await sessions.say(request, around.say(AGAIN))
    raise web.HTTPSeeOther("/admin/mail")


def readable(settings: Settings, mail: Mail, *, sent: bool) -> bool:
    """Letters are looked at where none is `sent`; those with a key in them only where the hub is its steward's own
    machine: with it, one could get into anybody's account."""
    return not sent and (mail.kind not in SECRET or is_loopback(settings.host))
