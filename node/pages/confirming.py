"""Confirming a mail address with the link that was sent to it, and having the letter sent again."""

from __future__ import annotations

from aiohttp import web

from node.actions import addresses
from node.errors import Conflict
from node.mailing import links
from node.pages.passwords import LinkOver
from node.store.access import mail_keys
from node.store.hub import hub
from node.store.members import accounts
from node.theming.frame import frame, render
from node.web import throttle
from node.web.forms import posted
from node.web.handlers import reading, writing
from node.web.keys import URLS
from node.web.limits import Rate
from schemas.limits import CONFIRM_AGAIN_COUNT, CONFIRM_AGAIN_SECONDS
from schemas.records import Account

AGAIN = Rate(count=CONFIRM_AGAIN_COUNT, seconds=CONFIRM_AGAIN_SECONDS)
PURPOSE = "confirm again"


async def show_confirm(request: web.Request) -> web.Response:
    """GET /confirm?token=…: a button; programs that look at links in letters confirm nothing."""
    key = request.query.get("token", "")
    async with reading(request) as db:
        found = await mail_keys.find(db, key, "confirm") if key else None
        around = await frame(request, db)
    if found is None:
        raise LinkOver
    response = render(request, "pages/confirm_address.html", around, {"token": key, "address": found.email})
    response.headers["Cache-Control"] = "no-store"
    return response


async def confirm(request: web.Request) -> web.Response:
    """POST /confirm: the address counts from now on."""
    fields = await posted(request)
    async with writing(request) as db:
        address = await addresses.confirm(db, request.app[URLS], fields.get("token", ""))
        around = await frame(request, db)
    if address is None:
        raise LinkOver
    return render(request, "pages/confirmed.html", around, {"address": address})


async def not_confirmed(request: web.Request, account: Account) -> web.Response:
    """What whoever signs in sees before their address is confirmed; with a way to have the letter sent again."""
    async with reading(request) as db:
        around = await frame(request, db)
    again = links.mark(around.hub.secret, PURPOSE, account.id)
    values = {"account": account.id, "again": again, "address": account.email, "sent": False}
    response = render(request, "pages/not_confirmed.html", around, values, status=403)
    response.headers["Cache-Control"] = "no-store"
    return response


async def send_again(request: web.Request) -> web.Response:
    """POST /confirm/again, from that page: it was shown to whoever knew the password."""
    fields = await posted(request)
    number = fields.get("account", "")
    async with reading(request) as db:
        secret = (await hub.get(db)).secret
    if not links.is_mark(secret, fields.get("again", ""), PURPOSE, number):
        raise LinkOver
    await throttle.count(request, PURPOSE, number, AGAIN)
    async with writing(request) as db:
        account = await accounts.find(db, int(number))
        if account is None or account.confirmed_at is not None:
            raise Conflict
        await addresses.ask_to_confirm(db, request.app[URLS], account)
        around = await frame(request, db)
    values = {"account": number, "again": fields["again"], "address": account.email, "sent": True}
    return render(request, "pages/not_confirmed.html", around, values)
