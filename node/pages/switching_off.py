"""/mail/off: letters of a kind are switched off with the link in one of them, without signing in, and on again."""

from __future__ import annotations

from aiohttp import web

from node.errors import NotFound
from node.mailing import links
from node.mailing.kinds import KINDS
from node.store.hub import hub
from node.store.members import accounts
from node.store.notices import mail_choices
from node.theming.frame import frame, render
from node.web.handlers import reading, sent_fields, writing


async def show_off(request: web.Request) -> web.Response:
    """GET /mail/off?account=…&kind=…&mark=…: what would be switched off, and the button."""
    return await _page(request, "asked")


async def switch_off(request: web.Request) -> web.Response:
    """POST to the same address: the signature in it says that its reader got such a letter, and nothing else is needed;
    mail programs do this by themselves (RFC 8058). With `again` the letters come again."""
    fields = await sent_fields(request)
    account_id, kind = await _wish(request)
    async with writing(request) as db:
        await mail_choices.choose(db, account_id, kind, "again" in fields)
    return await _page(request, "on" if "again" in fields else "off")


async def _wish(request: web.Request) -> tuple[int, str]:
    """Whom and what the address is about; NotFound without our signature."""
    account, kind = request.query.get("account", ""), request.query.get("kind", "")
    async with reading(request) as db:
        secret = (await hub.get(db)).secret
        if kind not in KINDS or not links.is_mark(secret, request.query.get("mark", ""), "off", account, kind):
            raise NotFound
        if await accounts.find(db, int(account)) is None:
            raise NotFound
    return int(account), kind


async def _page(request: web.Request, state: str) -> web.Response:
    _, kind = await _wish(request)
    async with reading(request) as db:
        around = await frame(request, db)
    values = {"state": state, "label": around.say(KINDS[kind].label), "address": request.path_qs}
    response = render(request, "pages/mail_off.html", around, values)
    response.headers["Cache-Control"] = "no-store"
    return response
