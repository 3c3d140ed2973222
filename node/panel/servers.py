"""Other servers: how we are related, what goes wrong, which measures are in force, and what a cut would break."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

from federation.addresses import domain_chain
from node import sessions
from node.actions import moderate
from node.actions.moderate import KINDS
from node.errors import Conflict, Invalid
from node.forms import Form, entered, posted, with_problems
from node.frame import frame, render, with_query
from node.panel.asking import domain_of, host_in, order_of
from node.store import cases, hosts, measures, servers
from node.store.servers import Sought
from node.web import query, reading, signed_in, writing
from schemas.limits import LIST_ITEMS, MEASURES_SHOWN
from schemas.reasons import msgid

FIELDS = ("kind", "private_reason", "public_reason", "ends_at", "at_once")
IN_FORCE = msgid("Done. It is in force now.")
WAITS = msgid("Proposed. A second person has to confirm it.")


async def show_servers(request: web.Request) -> web.Response:
    """GET /admin/servers, for mandates with the permission moderate_servers."""
    asked = query(request, Sought)
    typed = asked.q.strip().lower()
    domain = domain_of(typed)
    async with reading(request) as db:
        await signed_in(request, db, "moderate_servers")
        around = await frame(request, db)
        sought = Sought(q=domain or typed, state=asked.state, after=asked.after)
        found = await servers.list_known(db, sought, LIST_ITEMS + 1)
    shown = found[:LIST_ITEMS]
    values = {
        "form": Form({"q": [asked.q], "state": [asked.state]}),
        "servers": shown,
        "unknown": domain if domain and not any(one.host == domain for one in shown) else None,
        "ends": {
            "newer": with_query(request, after=None) if asked.after else None,
            "older": with_query(request, after=shown[-1].host) if len(found) > LIST_ITEMS else None,
        },
    }
    return render(request, "panel/servers.html", around, values)


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
        above = domain_chain(host)[1:]
        values = {
            "form": form,
            "host": host,
            "known": await hosts.find(db, host),
            "ties": await servers.ties(db, host),
            "kinds": KINDS["domain"],
            "measures": await measures.list_of(db, "domain", host, MEASURES_SHOWN),
            "above": [one for one in await measures.list_in_force(db, "domain") if one.target in above],
            "cases": await cases.list_of(db, cases.Sought(state="all", host=host)) if who.may("see_cases") else [],
        }
    return render(request, template, around, values, status=422 if form.problems else 200)
