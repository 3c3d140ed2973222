"""Today: what needs somebody, each with its age and one way on; everybody sees what they may decide."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from node import sessions
from node.actions import follow
from node.errors import Invalid, NotFound
from node.forms import posted
from node.frame import PANEL, frame, render
from node.keys import NODE
from node.panel.asking import any_of
from node.store import actors, cases, measures, queues, today
from node.store.db import Db
from node.store.measures import Target
from node.web import reading, signed_in, writing
from schemas.limits import LIST_ITEMS
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid
from schemas.records import Viewer

ACCEPTED, REFUSED = msgid("They follow the hub now."), msgid("Declined.")


async def show_today(request: web.Request) -> web.Response:
    """GET /admin, for mandates with any permission of the panel."""
    async with reading(request) as db:
        who = await any_of(request, db, PANEL)
        around = await frame(request, db)
        values = await _needs(db, who)
    return render(request, "panel/today.html", around, values)


async def decide_request(request: web.Request) -> web.Response:
    """POST /admin/follow-requests: let somebody follow the hub, or not."""
    fields = await posted(request)
    decision = fields.get("decision", "")
    decide = {"accept": follow.accept_follow, "reject": follow.reject_follow}.get(decision)
    async with writing(request) as db:
        await signed_in(request, db, "publish_as_hub")
        around = await frame(request, db)
        if decide is None:
            raise Invalid([Problem(field="decision", reason=NOT_A_CHOICE, values={"choices": "accept, reject"})])
        asking = await actors.find(db, fields.get("actor", ""))
        if asking is None:
            raise NotFound
        await decide(request.app[NODE], db, await actors.hub(db), asking)
    await sessions.say(request, around.say(ACCEPTED if decision == "accept" else REFUSED))
    raise web.HTTPSeeOther("/admin")


async def _needs(db: Db, who: Viewer) -> dict[str, Any]:
    """What this viewer may decide; the rest is left out, not only hidden."""
    found: dict[str, Any] = {"cases": [], "proposed": [], "review": [], "requests": [], "suggested": [], "dead": None}
    if who.may("see_cases"):
        found["cases"] = await cases.list_of(db, cases.Sought())
    kinds: list[Target] = []
    kinds += ["actor"] if who.may("moderate_accounts") else []
    kinds += ["domain"] if who.may("moderate_servers") else []
    for kind in kinds:
        found["proposed"] += (await measures.list_proposed(db, kind))[:LIST_ITEMS]
        found["review"] += await measures.list_to_review(db, kind, LIST_ITEMS)
    if who.may("publish_as_hub"):
        found["requests"] = await today.list_requests(db, (await actors.hub(db)).id, LIST_ITEMS)
        found["suggested"] = await today.list_suggested(db, LIST_ITEMS)
    if who.may("see_queue"):
        found["dead"] = (await queues.depths(db)).dead
        found["dead_since"] = await today.oldest_dead(db)
    return found
