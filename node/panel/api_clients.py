"""/admin/apps: apps and programs with a key to this hub, and shutting them out."""

from __future__ import annotations

from aiohttp import web

from node.panel.tables import Column, Deed, Look, board, chosen, shown
from node.store.access import client_list, tokens
from node.store.moderation import log
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, local_path, posted
from node.web.handlers import query, reading, signed_in, writing
from schemas.reasons import msgid

RIGHT = "manage_hub"
PATH = "/admin/apps"
COLUMNS = (
    Column(name="name", label=msgid("App")),
    Column(name="who", label=msgid("Whose")),
    Column(name="scopes", label=msgid("What it may do")),
    Column(name="since", label=msgid("Let in")),
    Column(name="used", label=msgid("Last used")),
)
DEEDS = (Deed(name="shut_out", label=msgid("Shut out"), danger=True),)
DONE = msgid("Done with {number} of them.")


class Asked(Look, frozen=True, kw_only=True):
    """Which keys, and how they are to be shown."""

    bots: bool = False


async def show_apps(request: web.Request) -> web.Response:
    """GET: the keys in force."""
    asked = query(request, Asked)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        found = await client_list.list_of(db, asked.slice(), bots=asked.bots)
    values = {
        "form": Form({"q": [asked.q], "bots": ["true"] if asked.bots else []}),
        "board": board(request, COLUMNS, asked, found, key=lambda one: str(one.id), deeds=DEEDS),
    }
    return await shown(request, "panel/api_clients.html", around, values)


async def shut_out(request: web.Request) -> web.Response:
    """POST: end the ticked keys, after a look at how many they are."""
    fields = await posted(request)
    back = local_path(fields.get("return_to"), PATH)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    numbers = [int(one) for one in chosen(fields) if one.isascii() and one.isdecimal() and len(one) < 19]
    if fields.get("sure") != "yes":
        values = {"keys": numbers, "return_to": back}
        return render(request, "panel/api_clients_sure.html", around, values)
    async with writing(request) as db:
        who = await signed_in(request, db, RIGHT)
        for number in numbers:
            await tokens.revoke_one(db, number)
        await log.append(db, "hub.apps", {"by": who.actor.uri, "shut out": len(numbers)})
    await sessions.say(request, around.say(DONE, number=len(numbers)))
    raise web.HTTPSeeOther(back)
