"""Whom the hub federates with: everybody but the suspended, only those it looked at, or only its circle."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from node.actions import servers as deeds
from node.errors import Invalid
from node.panel.servers import DEEDS
from node.panel.sheets import sheet
from node.panel.tables import TO_DO, Column, shown
from node.store.servers import servers
from node.store.servers.hub_mode import Mode
from node.store.tabular import Slice
from node.theming.frame import frame
from node.web import sessions
from node.web.forms import posted
from node.web.handlers import reading, signed_in, writing
from schemas.limits import SERVERS_WAITING
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid

PATH = "/admin/federation"
MODES: dict[Mode, str] = {
    "open": msgid("Open: everybody but those under a measure."),
    "ask": msgid("Ask first: a server that is new here waits until somebody has looked at it."),
    "circle": msgid("Circle only: nobody but the hubs of our circle."),
}
COLUMNS = (
    Column(name="host", label=msgid("Server")),
    Column(name="runs", label=msgid("Runs")),
    Column(name="since", label=msgid("Since")),
    TO_DO,
)
DONE = msgid("It holds from now on. Our public pages stay public.")


async def show_modes(request: web.Request) -> web.Response:
    """GET /admin/federation: the mode in force, and which servers wait for a look; for moderate_servers."""
    async with reading(request) as db:
        who = await signed_in(request, db, "moderate_servers")
        around = await frame(request, db)
        values: dict[str, Any] = {
            "modes": [(name, around.say(words)) for name, words in MODES.items()],
            "mode": around.hub.federation_mode,
            "may_switch": who.may("manage_hub"),
        }
        found = await servers.list_known(db, "waits", Slice(order="host", limit=SERVERS_WAITING))
    waiting = sheet(
        request,
        "waiting",
        COLUMNS,
        found,
        lambda one: (one.host, one.software, one.waits_since, None),
        key=lambda one: one.host,
        deeds=[one for one in DEEDS if one.name in ("let_in", "keep_out")],
        action="/admin/servers",
    )
    values["waiting"] = waiting
    return await shown(request, "panel/modes.html", around, values)


async def set_mode(request: web.Request) -> web.Response:
    """POST /admin/federation: switch it, for manage_hub; the mode in force already changes nothing (Conflict)."""
    fields = await posted(request)
    mode = next((one for one in MODES if one == fields.get("mode", "")), None)
    async with writing(request) as db:
        who = await signed_in(request, db, "manage_hub")
        around = await frame(request, db)
        if mode is None:
            raise Invalid([Problem(field="mode", reason=NOT_A_CHOICE, values={"choices": ", ".join(MODES)})])
        await deeds.set_mode(db, who, mode, keep_related=fields.get("keep") == "true")
    await sessions.say(request, around.say(DONE))
    raise web.HTTPSeeOther(PATH)
