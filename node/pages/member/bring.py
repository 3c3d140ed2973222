"""/settings/import: files that a member brings from another server: looked at first, then done row by row by a job,
with a report in the end."""

from __future__ import annotations

from typing import cast, get_args

from aiohttp import web

from node.errors import Conflict, NotFound
from node.pages.member.bringing_files import read_rows
from node.pages.member.data import page
from node.pages.thing import id_in
from node.store.members import imports
from node.store.members.imports import Import, Kind, Row
from node.store.queues import jobs
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import entered, posted, with_problems
from node.web.handlers import reading, sent_fields, signed_in, writing
from node.web.uploads import takes_files
from schemas.limits import IMPORT_BYTES, IMPORT_SHOWN
from schemas.problems import Problem
from schemas.reasons import msgid

PATH = "/settings/import"
NO_FILE = msgid("Choose a file with rows in it, and what it holds.")
NONSENSE = msgid("No row of this file makes sense as that. Is it the right one?")
TOO_BIG = msgid("This file is too big.")
BUSY = msgid("Some of your files are still being worked off. Please wait for them.")
BEGUN = msgid("Begun. This page tells how far it is.")
OUTCOMES = {
    "done": msgid("done"),
    "known": msgid("was so already"),
    "not_found": msgid("nobody found there"),
    "refused": msgid("not allowed, or too many servers"),
    "unreadable": msgid("not readable"),
}


@takes_files
async def bring(request: web.Request) -> web.Response:
    """POST /settings/import: take a file in, and show what it says before anything is done."""
    fields = await posted(request)
    kind, file = fields.get("kind", ""), (await sent_fields(request)).get("file")
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
    content = file.file.read(IMPORT_BYTES + 1) if isinstance(file, web.FileField) else b""
    words = TOO_BIG if len(content) > IMPORT_BYTES else NO_FILE
    rows: list[Row] = []
    cut = 0
    if kind in get_args(Kind) and 0 < len(content) <= IMPORT_BYTES:
        rows, cut = read_rows(content, cast(Kind, kind))
    made = None
    if rows and all(one.outcome == "unreadable" for one in rows):
        words = NONSENSE
    elif rows:
        async with writing(request) as db:
            made = await imports.put(db, who.account.id, cast(Kind, kind), rows, cut)
        words = BUSY
    if made is None:
        problem = Problem(field="file", reason=words)
        return await page(request, with_problems(entered(fields), [problem], ("kind", "file"), around.language))
    raise web.HTTPSeeOther(f"{PATH}/{made}")


async def show_import(request: web.Request) -> web.Response:
    """GET /settings/import/{id}: what a file says, how far it is, or what became of it."""
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        known = _own(await imports.find(db, who.account.id, id_in(request)))
        values = {
            "known": known,
            "rows": await imports.rows_of(db, known.id, IMPORT_SHOWN, bad=known.state != "preview"),
            "tally": await imports.tally(db, known.id),
            "kind": around.say(imports.KINDS[known.kind]),
            "outcomes": {name: around.say(words) for name, words in OUTCOMES.items()},
        }
    return render(request, "pages/import.html", around, values)


async def change_import(request: web.Request) -> web.Response:
    """POST /settings/import/{id}: begin, or forget it."""
    fields = await posted(request)
    async with writing(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        known = _own(await imports.find(db, who.account.id, id_in(request)))
        if fields.get("deed") == "drop":
            await imports.drop(db, known.id)
        elif not await imports.begin(db, known.id):
            raise Conflict("This was begun already.")
        else:
            await jobs.add(db, "bring_along", {"import_id": known.id}, once=f"bring_along {known.id} 0")
    if fields.get("deed") == "drop":
        raise web.HTTPSeeOther("/settings/data#import")
    await sessions.say(request, around.say(BEGUN))
    raise web.HTTPSeeOther(f"{PATH}/{known.id}")


def _own(known: Import | None) -> Import:
    if known is None:
        raise NotFound
    return known
