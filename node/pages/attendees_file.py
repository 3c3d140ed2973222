"""The list of those who answered an event, as a file for a spreadsheet."""

from __future__ import annotations

import csv
import io

from aiohttp import web

from node.pages.attendees import DOORS, STATES, organised
from node.store.events import attendees, rsvp_terms
from node.store.events.attendees import Attendee
from node.theming.frame import Frame
from node.web.handlers import reading
from node.wording.moments import moment
from node.wording.showing import handle
from schemas.attending import Terms
from schemas.reasons import msgid
from schemas.records import Post

COLUMNS = (
    msgid("Name"),
    msgid("Address"),
    msgid("Answer"),
    msgid("Way"),
    msgid("Companions"),
    msgid("Answered"),
    msgid("Came"),
    msgid("Note"),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula (case 139)."""


async def download_attendees(request: web.Request) -> web.Response:
    """GET /events/{id}/people.csv, for its organisers and editors."""
    async with reading(request) as db:
        around, _, event = await organised(request, db)
        terms = await rsvp_terms.get(db, event.id)
        found = await attendees.list_of(db, event.id)
    file = io.StringIO()
    out = csv.writer(file, quoting=csv.QUOTE_ALL)  # where ; stands between cells, it would begin one in a name
    out.writerow([*(around.say(name) for name in COLUMNS), *(_harmless(one.label) for one in terms.questions)])
    for one in found:
        out.writerow([_harmless(cell) for cell in _row(around, terms, event, one)])
    headers = {"Content-Disposition": f'attachment; filename="event-{event.id}.csv"', "Cache-Control": "no-store"}
    return web.Response(text=file.getvalue(), content_type="text/csv", charset="utf-8", headers=headers)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _row(around: Frame, terms: Terms, event: Post, one: Attendee) -> list[str]:
    given, zone = one.rsvp, event.event.zone if event.event else None
    address = handle(one.actor) if one.actor else "" if given.erased_at else given.guest_email or ""
    return [
        one.name,
        address,
        around.say(STATES[given.state]),
        around.say(DOORS[given.door]),
        str(given.companions),
        moment(around.language, given.answered_at, zone),
        moment(around.language, given.checked_in_at, zone) if given.checked_in_at else "",
        given.note,
        *(given.answers.get(question.id, "") for question in terms.questions),
    ]
