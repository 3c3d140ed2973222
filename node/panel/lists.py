"""Lists of domains: brought as a file or read at an address, how far each is, and what is in force as a file."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from federation import domain_lists as forms
from federation.domain_lists import Entry
from node.actions import domain_lists as deeds
from node.actions.domain_lists import NewList
from node.errors import Invalid, NotFound
from node.panel.asking import domain_of, number_in
from node.panel.sheets import sheet
from node.panel.tables import Column, csv_file, shown
from node.store.moderation import domain_lists
from node.store.people import naming
from node.store.servers import servers
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, sent_fields, signed_in, writing
from node.web.uploads import takes_files
from schemas.limits import LIST_BYTES, LISTS_MOST
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid

PATH = "/admin/lists"
FIELDS = ("name", "purpose", "url", "file", "exclusions")
COLUMNS = (
    Column(name="name", label=msgid("List")),
    Column(name="from", label=msgid("From")),
    Column(name="state", label=msgid("State")),
    Column(name="waiting", label=msgid("Drafts waiting")),
)
TAKEN = msgid("It is being read. Nothing of it is in force before somebody says so.")
SAID = {
    "again": msgid("It is read again."),
    "exclude": msgid("Kept."),
    "forget": msgid("Forgotten. What is in force stays."),
    "all": msgid("It begins now."),
    "confirm": msgid("Confirmed. It begins now."),
    "withdraw": msgid("Withdrawn."),
}
WAITS = msgid("Proposed. A second person has to confirm it.")


async def show_lists(request: web.Request) -> web.Response:
    """GET /admin/lists, for mandates with the permission moderate_servers."""
    return await _page(request, Form({"purpose": ["block"]}))


@takes_files
async def add_list(request: web.Request) -> web.Response:
    """POST /admin/lists: a file or an address. Either is read in the background."""
    fields = await posted(request)
    written = entered(fields)
    sent = (await sent_fields(request)).get("file")
    body = sent.file.read(LIST_BYTES + 1) if isinstance(sent, web.FileField) and sent.filename else None
    form = Form(written)
    async with reading(request) as db:
        await signed_in(request, db, deeds.PERMISSION)
        around = await frame(request, db)
    try:
        if form.value("purpose") not in ("block", "allow"):
            raise Invalid([Problem(field="purpose", reason=NOT_A_CHOICE, values={"choices": "block, allow"})])
        new = NewList(
            name=form.value("name").strip(),
            purpose="allow" if form.value("purpose") == "allow" else "block",
            url=form.value("url").strip() or None,
            body=None if form.value("url").strip() else body,
        )
        async with writing(request) as db:
            number = await deeds.take_in(db, await signed_in(request, db, deeds.PERMISSION), new)
    except Invalid as error:
        return await _page(request, with_problems(written, error.problems, FIELDS, around.language))
    await sessions.say(request, around.say(TAKEN))
    raise web.HTTPSeeOther(f"{PATH}/{number}")


async def show_list(request: web.Request) -> web.Response:
    """GET /admin/lists/{id}: how far it is, what it may not touch, and the way to its drafts."""
    return await _one(request, Form({}))


async def change_list(request: web.Request) -> web.Response:
    """POST /admin/lists/{id}: read it again, exclude domains, put all in force, agree to that or not, forget it."""
    fields = await posted(request)
    written, deed, number = entered(fields), fields.get("deed", ""), number_in(request)
    async with reading(request) as db:
        await signed_in(request, db, deeds.PERMISSION)
        around = await frame(request, db)
    said = SAID.get(deed, "")
    try:
        async with writing(request) as db:
            who = await signed_in(request, db, deeds.PERMISSION)
            match deed:
                case "again":
                    await deeds.look_again(db, who, number)
                case "exclude":
                    await deeds.exclude(db, who, number, _domains(Form(written).value("exclusions")))
                case "forget":
                    await deeds.forget(db, who, number)
                case "all":
                    said = said if await deeds.propose_all(db, who, number) else WAITS
                case "confirm":
                    await deeds.confirm_all(db, who, number)
                case "withdraw":
                    await deeds.withdraw_all(db, who, number)
                case _:
                    raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": ", ".join(SAID)})])
    except Invalid as error:
        return await _one(request, with_problems(written, error.problems, FIELDS, around.language))
    await sessions.say(request, around.say(said))
    raise web.HTTPSeeOther(PATH if deed == "forget" else f"{PATH}/{number}")


async def export_list(request: web.Request) -> web.Response:
    """GET /admin/lists/export/{file}: what is in force as blocks.csv, blocks.json, allowed.csv or allowed.json, in the
    forms of Mastodon and GoToSocial."""
    what, _, form = request.match_info["file"].partition(".")
    if what not in ("blocks", "allowed") or form not in ("csv", "json"):
        raise NotFound
    async with reading(request) as db:
        await signed_in(request, db, deeds.PERMISSION)
        found = await servers.list_measured(db) if what == "blocks" else []
        allowed = await servers.list_let_in(db) if what == "allowed" else []
    entries: Iterable[Entry] = [Entry(domain=domain, kinds=kinds, reason=reason) for domain, kinds, reason in found] + [
        Entry(domain=domain) for domain in allowed
    ]
    if form == "csv":
        return csv_file(what, forms.write_csv(entries) if what == "blocks" else forms.write_allowed_csv(allowed))
    headers = {"Content-Disposition": f'attachment; filename="{what}.json"', "Cache-Control": "no-store"}
    return web.Response(text=forms.write_json(entries), content_type="application/json", headers=headers)


def _domains(written: str) -> list[str]:
    """One a line; Invalid names the first that is none."""
    found = []
    for line in written.split():
        domain = domain_of(line.lower())
        if domain is None:
            raise Invalid([Problem(field="exclusions", reason=msgid("{line} is no domain."), values={"line": line})])
        found.append(domain)
    return list(dict.fromkeys(found))


async def _page(request: web.Request, form: Form) -> web.Response:
    async with reading(request) as db:
        await signed_in(request, db, deeds.PERMISSION)
        around = await frame(request, db)
        found = await domain_lists.list_all(db, LISTS_MOST)
    lists = sheet(request, "lists", COLUMNS, found, lambda one: (one.name, one.url, one.state, one.waiting))
    values = {"form": form, "lists": lists}
    return await shown(request, "panel/lists.html", around, values, status=422 if form.problems else 200)


async def _one(request: web.Request, form: Form) -> web.Response:
    async with reading(request) as db:
        who = await signed_in(request, db, deeds.PERMISSION)
        around = await frame(request, db)
        known = await domain_lists.get(db, number_in(request))
        people = [one for one in (known.proposed_by, known.confirmed_by) if one]
        names = await naming.of_accounts(db, people)
    if not form.entered:
        form = Form({"exclusions": ["\n".join(known.exclusions)]})
    values = {"form": form, "known": known, "names": names, "mine": known.proposed_by == who.account.id}
    return render(request, "panel/list.html", around, values, status=422 if form.problems else 200)
