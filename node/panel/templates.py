"""The messages that are often told to those who report, in each language of the interface."""

from __future__ import annotations

from aiohttp import web

from node.panel.asking import number_in
from node.panel.reports import OUTCOMES
from node.store.moderation import case_files
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.wording.language import LANGUAGES, OWN_NAMES
from schemas.limits import CASE_NOTE_CHARS, CASE_TEMPLATES, PROFILE_NAME_CHARS
from schemas.problems import Problem
from schemas.reasons import EMPTY, NOT_A_CHOICE, SAME_TWICE, TOO_LONG, TOO_MANY, msgid

PATH = "/admin/replies"
FIELDS = ("name", "outcome", *LANGUAGES)
SAVED, GONE = msgid("Kept."), msgid("Thrown away.")


async def show_templates(request: web.Request) -> web.Response:
    """GET /admin/replies, for mandates with the permission see_cases; with `?edit=` one of them in the form."""
    return await _page(request, None)


async def add_template(request: web.Request) -> web.Response:
    """POST /admin/replies: a new one."""
    return await _keep(request, None)


async def change_template(request: web.Request) -> web.Response:
    """POST /admin/replies/{id}: other words, or away with it."""
    return await _keep(request, number_in(request))


async def _keep(request: web.Request, number: int | None) -> web.Response:
    fields = await posted(request)
    written = entered(fields)
    form = Form(written)
    async with writing(request) as db:
        await signed_in(request, db, "see_cases")
        around = await frame(request, db)
        if number is not None and fields.get("deed") == "delete":
            await case_files.delete_template(db, number)
            problems: list[Problem] = []
        else:
            problems = _problems(form)
            if number is None and len(await case_files.list_templates(db)) >= CASE_TEMPLATES:
                problems.append(Problem(field="name", reason=TOO_MANY, values={"max": CASE_TEMPLATES}))
            outcome = next((one for one in OUTCOMES if one == form.value("outcome")), None)
            texts = {one: form.value(one).strip() for one in LANGUAGES if form.value(one).strip()}
            if not problems and not await case_files.put_template(
                db, number, form.value("name").strip(), outcome, texts
            ):
                problems.append(Problem(field="name", reason=SAME_TWICE))
    if problems:
        return await _page(request, with_problems(written, problems, FIELDS, around.language), number)
    await sessions.say(request, around.say(GONE if fields.get("deed") == "delete" else SAVED))
    raise web.HTTPSeeOther(PATH)


def _problems(form: Form) -> list[Problem]:
    found = []
    if not form.value("name").strip():
        found.append(Problem(field="name", reason=EMPTY))
    if len(form.value("name")) > PROFILE_NAME_CHARS:
        found.append(Problem(field="name", reason=TOO_LONG, values={"max": PROFILE_NAME_CHARS}))
    if form.value("outcome") not in ("", *OUTCOMES):
        found.append(Problem(field="outcome", reason=NOT_A_CHOICE, values={"choices": ", ".join(OUTCOMES)}))
    if not any(form.value(one).strip() for one in LANGUAGES):
        found.append(Problem(field=LANGUAGES[0], reason=EMPTY))
    long = [one for one in LANGUAGES if len(form.value(one)) > CASE_NOTE_CHARS]
    return [*found, *(Problem(field=one, reason=TOO_LONG, values={"max": CASE_NOTE_CHARS}) for one in long)]


async def _page(request: web.Request, form: Form | None, number: int | None = None) -> web.Response:
    async with reading(request) as db:
        await signed_in(request, db, "see_cases")
        around = await frame(request, db)
        known = await case_files.list_templates(db)
    asked = request.query.get("edit", "")
    chosen = next((one for one in known if str(one.id) == asked), None)
    if form is None:
        texts = {name: [text] for name, text in chosen.texts.items()} if chosen else {}
        form = Form({"name": [chosen.name], "outcome": [chosen.outcome or ""], **texts} if chosen else {})
    values = {
        "form": form,
        "number": chosen.id if chosen else number,
        "templates": known,
        "outcomes": OUTCOMES,
        "tongues": [(one, OWN_NAMES[one]) for one in LANGUAGES],
    }
    return render(request, "panel/replies.html", around, values, status=422 if form.problems else 200)
