"""Other servers: how we are related, what goes wrong, which measures are in force, and what a cut would break."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec
from aiohttp import web

from federation.addresses import domain_chain
from node.actions import moderate
from node.actions import servers as deeds
from node.actions.cases import kept_from
from node.actions.moderate import KINDS
from node.errors import Conflict, Invalid
from node.panel.asking import domain_of, host_in, order_of
from node.panel.embedded import embed
from node.panel.tables import Column, Deed, Look, board, chosen, shown
from node.store.db import Db
from node.store.moderation import cases, measures
from node.store.servers import held, hosts, servers
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, entered, local_path, posted, with_problems
from node.web.handlers import query, reading, signed_in, writing
from schemas.limits import MEASURES_SHOWN
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid
from schemas.records import Viewer

FIELDS = ("kind", "private_reason", "public_reason", "ends_at", "at_once")
IN_FORCE = msgid("Done. It is in force now.")
WAITS = msgid("Proposed. A second person has to confirm it.")
COLUMNS = (
    Column(name="host", label=msgid("Server")),
    Column(name="runs", label=msgid("Runs")),
    Column(name="followers", label=msgid("Follow us")),
    Column(name="follows", label=msgid("We follow")),
    Column(name="waiting", label=msgid("Deliveries waiting")),
    Column(name="measures", label=msgid("Measures")),
    Column(name="error", label=msgid("State")),
)
DEEDS = (
    Deed(name="let_in", label=msgid("Let them in")),
    Deed(name="keep_out", label=msgid("Keep them out"), danger=True),
    Deed(name="pause", label=msgid("Pause deliveries")),
    Deed(name="resume", label=msgid("Deliver again")),
    Deed(name="hurry", label=msgid("Try again now")),
    Deed(name="throw_away", label=msgid("Throw away what they are owed"), danger=True),
)
DONE_WITH = msgid("Done with {number} of them.")
SAID = {
    "let_in": msgid("It is let in. What it said is taken now."),
    "keep_out": msgid("It is kept out. What it said is thrown away."),
    "pause": msgid("Paused. What it is owed waits."),
    "resume": msgid("Deliveries go on."),
    "hurry": msgid("It is tried now."),
    "throw_away": msgid("Thrown away. Nothing more is owed to it."),
}


class Asked(Look, frozen=True, kw_only=True):
    """Which servers, and how they are to be shown."""

    state: servers.State = "all"


async def show_servers(request: web.Request) -> web.Response:
    """GET /admin/servers, for mandates with the permission moderate_servers."""
    asked = query(request, Asked)
    typed = asked.q.strip().lower()
    domain = domain_of(typed)
    async with reading(request) as db:
        await signed_in(request, db, "moderate_servers")
        around = await frame(request, db)
        wanted = msgspec.structs.replace(asked.slice(), words=domain or typed)
        found = await servers.list_known(db, asked.state, wanted)
    values = {
        "form": Form({"q": [asked.q], "state": [asked.state]}),
        "unknown": domain if domain and not any(one.host == domain for one in found) else None,
        "board": board(request, COLUMNS, asked, found, key=lambda one: one.host, deeds=DEEDS),
    }
    return await shown(request, "panel/servers.html", around, values)


async def change_servers(request: web.Request) -> web.Response:
    """POST /admin/servers: let in, keep out, pause or hurry the ticked ones, after a look at which they are."""
    fields = await posted(request)
    deed, back = fields.get("deed", ""), local_path(fields.get("return_to"), "/admin/servers")
    known = {one.name: one for one in DEEDS}
    async with reading(request) as db:
        await signed_in(request, db, "moderate_servers")
        names = [domain for one in chosen(fields) if (domain := domain_of(one))]
        around = await frame(request, db)
        if deed not in known:
            raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": ", ".join(known)})])
        relations = [(one, await servers.ties(db, one)) for one in names]
    if fields.get("sure") != "yes":
        values = {"servers": relations, "deed": known[deed], "return_to": back}
        return render(request, "panel/servers_sure.html", around, values)
    async with writing(request) as db:
        who = await signed_in(request, db, "moderate_servers")
        for one in names:
            await do(db, who, deed, one)
    await sessions.say(request, around.say(DONE_WITH, number=len(names)))
    raise web.HTTPSeeOther(back)


async def change_server(request: web.Request) -> web.Response:
    """POST /admin/servers/{host}: what is no measure: let it in or not, pause, hurry, or throw away what it is owed."""
    fields = await posted(request)
    host, deed = host_in(request), fields.get("deed", "")
    async with writing(request) as db:
        who = await signed_in(request, db, "moderate_servers")
        around = await frame(request, db)
        if deed not in SAID:
            raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": ", ".join(SAID)})])
        await do(db, who, deed, host)
    await sessions.say(request, around.say(SAID[deed]))
    raise web.HTTPSeeOther(local_path(fields.get("return_to"), f"/admin/servers/{quote(host)}"))


async def do(db: Db, who: Viewer, deed: str, host: str) -> None:
    """One deed on one server."""
    match deed:
        case "let_in":
            await deeds.let_in(db, who, host)
        case "keep_out":
            await deeds.keep_out(db, who, host)
        case "pause" | "resume":
            await deeds.pause(db, who, host, on=deed == "pause")
        case "hurry":
            await deeds.hurry(db, who, host)
        case "throw_away":
            await deeds.throw_away(db, who, host)


async def show_server(request: web.Request) -> web.Response:
    """GET /admin/servers/{host}, known or not."""
    return await _page(request, Form({}))


async def take_measure(request: web.Request) -> web.Response:
    """POST /admin/servers/{host}/measures. A suspension first shows what it would break, and asks again."""
    fields = await posted(request)
    written = entered(fields)
    host = host_in(request)
    async with reading(request) as db:
        await signed_in(request, db, "moderate_servers")
        around = await frame(request, db)
    try:
        order = order_of(written, "domain", host, around.zone)
        if order.kind == "suspend" and fields.get("sure") != "yes":
            return await _page(request, Form(written), "panel/cut.html")
        async with writing(request) as db:
            measure = await moderate.take(db, await signed_in(request, db, "moderate_servers"), order)
    except Invalid as error:
        return await _page(request, with_problems(written, error.problems, FIELDS, around.language))
    except Conflict as error:
        return await _page(request, Form(written, {"kind": [around.say(error.message, **error.values)]}))
    await sessions.say(request, around.say(WAITS if measure.state == "proposed" else IN_FORCE))
    raise web.HTTPSeeOther(f"/admin/servers/{quote(host)}")


async def _page(request: web.Request, form: Form, template: str = "panel/server.html") -> web.Response:
    host = host_in(request)
    async with reading(request) as db:
        who = await signed_in(request, db, "moderate_servers")
        around = await frame(request, db)
        sought = cases.Sought(state="all", host=host, not_about=await kept_from(db, who))
        values: dict[str, Any] = {
            "form": form,
            "host": host,
            "heap": await held.heap(db, host),
            "mode": around.hub.federation_mode,
            "known": await hosts.find(db, host),
            "ties": await servers.ties(db, host),
            "kinds": KINDS["domain"],
            "measures": await measures.list_of(db, "domain", host, MEASURES_SHOWN),
            "above": await measures.list_on(db, "domain", domain_chain(host)[1:]),
            "cases": await cases.list_of(db, sought) if who.may("see_cases") else [],
        }
    values = embed(request, around, values)
    return await shown(request, template, around, values, status=422 if form.problems else 200)
