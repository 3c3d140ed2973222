"""Taking members in from a file: its columns are guessed and can be changed, and nothing is written before a yes."""

from __future__ import annotations

from aiohttp import web

from node.actions import register
from node.actions.admit import RIGHT
from node.errors import Invalid
from node.panel.members import PATH
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, sent_fields, signed_in, writing
from node.web.uploads import takes_files
from schemas.limits import LIST_ITEMS, MEMBERS_CSV_BYTES
from schemas.members import FIELDS
from schemas.problems import Problem
from schemas.reasons import NO_TEXT, msgid

TAKEN = msgid("{number} were taken in.")


async def show_import(request: web.Request) -> web.Response:
    """GET /admin/members/import: choose a file, or paste its text."""
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    return _choose(request, around, Form({}))


@takes_files
async def take_import(request: web.Request) -> web.Response:
    """POST /admin/members/import: what each column holds, and how the lines would read; the second time (`sure`) those
    that are right are written. The text travels in the form: nothing is kept in between."""
    fields = await posted(request)
    sent = entered(fields)
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        try:
            text = await _text(request, fields.get("text", ""))
            rows = register.table_of(text)
        except Invalid as error:
            return _choose(request, around, with_problems(sent, error.problems, ("file", "text"), around.language))
        columns = _columns(sent, rows)
        lines = await register.lines_of(db, rows, columns)
    if fields.get("sure") == "yes":
        async with writing(request) as db:
            who = await signed_in(request, db, RIGHT)
            number = await register.take_in(db, who, await register.lines_of(db, rows, columns))
        await sessions.say(request, around.say(TAKEN, number=number))
        raise web.HTTPSeeOther(PATH)
    wrong = [
        (one, [(p.field, around.say(p.reason, **p.values)) for p in one.problems]) for one in lines if one.problems
    ]
    values = {
        "text": text,
        "headings": list(zip(rows[0], columns, strict=False)),
        "fields": FIELDS,
        "lines": [one for one in lines if not one.problems][:LIST_ITEMS],
        "right": sum(not one.problems for one in lines),
        "wrong": wrong[:LIST_ITEMS],
        "wrong_many": len(wrong),
    }
    return render(request, "panel/members_preview.html", around, values)


def _choose(request: web.Request, around: Frame, form: Form) -> web.Response:
    return render(request, "panel/members_import.html", around, {"form": form}, status=422 if form.problems else 200)


async def _text(request: web.Request, typed: str) -> str:
    file = (await sent_fields(request)).get("file")
    if isinstance(file, web.FileField) and file.filename:
        try:
            return file.file.read(MEMBERS_CSV_BYTES + 1).decode("utf-8-sig").replace("\0", "")
        except UnicodeDecodeError as error:
            raise Invalid([Problem(field="file", reason=NO_TEXT)]) from error
    return typed


def _columns(sent: dict[str, list[str]], rows: list[list[str]]) -> list[str]:
    """What each column holds: as chosen, else as guessed."""
    if "map.0" not in sent:
        return register.guessed(rows[0], rows[1:])
    return [Form(sent).value(f"map.{number}") for number in range(len(rows[0]))]
