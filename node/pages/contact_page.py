"""/contact: anybody writes to the stewards and gets a number; /admin/messages: the stewards see what waits."""

from __future__ import annotations

from aiohttp import web

from node.actions import contact as deeds
from node.errors import Invalid, NotFound
from node.store.hub import contact
from node.theming.frame import Frame, frame, render
from node.web import sessions, throttle
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from node.web.limits import Rate
from schemas.limits import CONTACT_RATE_COUNT, CONTACT_RATE_SECONDS, ID_DIGITS, ID_MOST
from schemas.problems import Problem
from schemas.reasons import msgid

FIELDS = (*deeds.LONGEST, "website")
RATE = Rate(count=CONTACT_RATE_COUNT, seconds=CONTACT_RATE_SECONDS)
STAYS_EMPTY = msgid("Please leave this field empty: only programs fill it in.")
DONE = msgid("Marked as dealt with.")


async def show_contact(request: web.Request) -> web.Response:
    """GET /contact: who is signed in need not say their name again."""
    async with reading(request) as db:
        around = await frame(request, db)
    who = around.viewer
    known = {"name": [who.actor.display_name], "email": [who.account.email or ""]} if who else {}
    return _page(request, around, Form(known))


async def send(request: web.Request) -> web.Response:
    """POST /contact: keep it and tell the stewards; the writer goes on to a page with the number."""
    sent = entered(await posted(request))
    async with reading(request) as db:
        around = await frame(request, db)
    await throttle.count(request, "contact", throttle.network(request), RATE)
    try:
        if any(sent.get("website", [])):
            raise Invalid([Problem(field="website", reason=STAYS_EMPTY)])
        first = {name: values[0] for name, values in sent.items() if values}
        async with writing(request) as db:
            message = await deeds.write(request.app[NODE], db, first, around.language)
    except Invalid as error:
        return _page(request, around, with_problems(sent, error.problems, FIELDS, around.language), status=422)
    raise web.HTTPSeeOther(f"/contact/{message.number}")


async def show_receipt(request: web.Request) -> web.Response:
    """GET /contact/{number}: that a message arrived, and whether somebody has dealt with it; not what it says."""
    async with reading(request) as db:
        around = await frame(request, db)
        message = await contact.find(db, request.match_info["number"].upper())
    if message is None:
        raise NotFound
    response = render(request, "pages/receipt.html", around, {"message": message})
    response.headers["Cache-Control"] = "no-store"
    return response


async def show_messages(request: web.Request) -> web.Response:
    """GET /admin/messages, with manage_hub."""
    async with reading(request) as db:
        await signed_in(request, db, "manage_hub")
        around = await frame(request, db)
        found = await contact.list_open(db)
    return render(request, "pages/messages.html", around, {"messages": found})


async def finish(request: web.Request) -> web.Response:
    """POST /admin/messages: one of them has been dealt with."""
    number = (await posted(request)).get("id", "")
    async with writing(request) as db:
        who = await signed_in(request, db, "manage_hub")
        around = await frame(request, db)
        if not (number.isascii() and number.isdecimal()) or len(number) > ID_DIGITS or int(number) > ID_MOST:
            raise NotFound
        if not await contact.done(db, int(number), who.account.id):
            raise NotFound
    await sessions.say(request, around.say(DONE))
    raise web.HTTPSeeOther("/admin/messages")


def _page(request: web.Request, around: Frame, form: Form, *, status: int = 200) -> web.Response:
    return render(request, "pages/contact.html", around, {"form": form}, status=status)
