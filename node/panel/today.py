"""Today: what needs somebody, each with its age and one way on; everybody sees what they may decide."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from node.actions import follow
from node.actions.cases import kept_from
from node.actions.decisions import VOTERS, permission_of
from node.errors import Invalid, NotFound
from node.panel.asking import any_of
from node.store.db import Db
from node.store.hub import contact, today
from node.store.members import applications, mandates
from node.store.moderation import appeals, cases, domain_lists, drafts, measures
from node.store.moderation.measures import Target
from node.store.people import actors
from node.store.queues import queues
from node.store.servers import circle, servers
from node.store.tabular import Slice
from node.store.upkeep import alarms, condition
from node.theming.frame import PANEL, frame, render
from node.web import sessions
from node.web.forms import posted
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from schemas.limits import LIST_ITEMS, MANDATE_REMINDER_DAYS, QUEUE_WARN_SECONDS
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid
from schemas.records import Measure, Viewer

PERMISSION: dict[Target, str] = {"actor": "moderate_accounts", "domain": "moderate_servers"}
EVERYTHING = ("alarms", "mine", "cases", "proposed", "review", "appeals", "strangers", "lists", "drafts", "circle",
              "vacancies", "ending", "applicants", "messages", "requests", "suggested", "dead", "stuck")  # fmt: skip
"""The sections of the page; what this viewer may not decide stays empty."""
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
    found: dict[str, Any] = dict.fromkeys(EVERYTHING, ())
    oldest = Slice(order="number", limit=LIST_ITEMS)
    if who.may("see_cases"):
        apart = await kept_from(db, who)
        mine = cases.Sought(whose="mine", account_id=who.account.id, not_about=apart)
        found["mine"] = await cases.list_of(db, mine, oldest)
        found["cases"] = await cases.list_of(db, cases.Sought(whose="nobody", not_about=apart), oldest)
    undecided = [one for one in await measures.list_undecided(db) if _decides(who, one)]
    found["proposed"] = undecided[:LIST_ITEMS]
    found["review"] = []
    for kind, permission in PERMISSION.items():
        if who.may(permission):
            found["review"] += await measures.list_to_review(db, kind, LIST_ITEMS)
    if who.may("moderate_accounts"):
        waiting = await appeals.list_of(db, who.account.id, undecided=True, limit=LIST_ITEMS)
        found["appeals"] = [one for one in waiting if not one.for_somebody_else]
    if who.may("moderate_servers"):
        found |= await _about_servers(db, who)
    if who.may("manage_roles"):
        found["vacancies"] = await mandates.vacancies(db)
        soon = datetime.now(UTC) + timedelta(days=MANDATE_REMINDER_DAYS)
        held = [one for one in await mandates.list_held(db) if one.mandate.ends_at and one.mandate.ends_at < soon]
        found["ending"] = [one for one in held if not one.mandate.overdue_since][:LIST_ITEMS]
    if who.may("manage_members"):
        found["applicants"] = await applications.list_of(db, "waiting", oldest)
    if who.may("publish_as_hub"):
        found["requests"] = await today.list_requests(db, (await actors.hub(db)).id, LIST_ITEMS)
        found["suggested"] = await today.list_suggested(db, LIST_ITEMS)
    found |= await _about_the_node(db, who)
    needs = any(value for name, value in found.items() if not name.endswith("_since"))
    return {"needs": needs, **found}


async def _about_the_node(db: Db, who: Viewer) -> dict[str, Any]:
    found = dict[str, Any]()
    if who.may("manage_hub"):
        found |= {"alarms": await alarms.list_all(db), "messages": await contact.list_open(db)}
    if who.may("see_queue") and (dead := (await queues.depths(db)).dead):
        found |= {"dead": dead, "dead_since": await today.oldest_dead(db)}
    if who.may("see_queue"):
        late = await condition.stuck(db)
        longest = max(late.arrivals, late.deliveries, late.jobs)
        if longest > QUEUE_WARN_SECONDS:
            found |= {"stuck": True, "stuck_since": datetime.now(UTC) - timedelta(seconds=longest)}
    return found


async def _about_servers(db: Db, who: Viewer) -> dict[str, Any]:
    lists = await domain_lists.list_confirming(db)
    return {
        "strangers": await servers.list_known(db, "waits", Slice(order="host", limit=LIST_ITEMS)),
        "lists": [one for one in lists if one.proposed_by != who.account.id],
        "drafts": await drafts.count_waiting(db),
        "drafts_since": await drafts.oldest_waiting(db),
        "circle": [(one, hub) for one, hub in await circle.list_all(db, LIST_ITEMS) if one.state == "asks"],
    }


def _decides(who: Viewer, measure: Measure) -> bool:
    """Whether somebody else's proposal waits for this viewer, as a second person or as a voter."""
    if measure.proposed_by == who.account.id or measure.target == who.actor.uri:
        return False
    return who.may(VOTERS if measure.how == "vote" else permission_of(measure))
