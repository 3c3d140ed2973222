"""What an event asks of those who come: how many may come along, and questions. Its organisers say so here."""

from __future__ import annotations

import secrets

from aiohttp import web

from node.pages.attendees import organised
from node.store.events import events, rsvp_terms
from node.theming.frame import Frame, render
from node.web import sessions
from node.web.forms import Fields, Form, entered, posted, with_problems
from node.web.handlers import reading, writing
from schemas.attending import Question, Terms, wrong_terms
from schemas.limits import QUESTIONS, RSVP_ERASED_WEEKS
from schemas.records import Post

QUESTION_FIELDS = ("id", "label", "options", "required")


async def show_terms(request: web.Request) -> web.Response:
    """GET /events/{id}/questions."""
    async with reading(request) as db:
        around, _, event = await organised(request, db)
        terms = await rsvp_terms.get(db, event.id)
    return _page(request, around, event, Form(_fields(terms)))


async def set_terms(request: web.Request) -> web.Response:
    """POST /events/{id}/questions: for this date, or for all later ones of its series too."""
    sent = entered(await posted(request))
    terms = _terms(sent)
    async with writing(request) as db:
        around, _, event = await organised(request, db)
        problems = list(wrong_terms(terms))
        if not problems:
            dates = [event.id]
            if "following" in sent and event.series and event.event:
                dates = list(await events.following_ids(db, event.series, event.event.starts_at))
            for one in dates:
                await rsvp_terms.put(db, one, terms)
    if problems:
        known = {f"questions.{index}.{field}" for index in range(QUESTIONS) for field in QUESTION_FIELDS}
        form = with_problems(sent, problems, known | {"companions"}, around.language)
        return _page(request, around, event, form, status=422)
    await sessions.say(request, around.say("Saved. Whoever answers from now on is asked."))
    raise web.HTTPSeeOther(f"/events/{event.id}/people")


def _terms(sent: Fields) -> Terms:
    """A question without words is left out; one with options is a choice. Old questions keep their ids, and with them
    the answers they got."""
    questions = []
    for index in range(QUESTIONS):
        number, label, options, required = (_first(sent, f"questions.{index}.{name}") for name in QUESTION_FIELDS)
        listed = tuple(dict.fromkeys(line.strip() for line in options.split("\n") if line.strip()))
        if label:
            questions.append(
                Question(
                    id=number if number.isalnum() and len(number) <= 16 else secrets.token_hex(4),
                    label=" ".join(label.split()),
                    kind="choice" if listed else "text",
                    options=listed,
                    required=required == "true",
                )
            )
    written = _first(sent, "companions")
    companions = int(written) if written.isascii() and written.isdecimal() and len(written) < 4 else 0
    return Terms(companions=companions, questions=tuple(questions))


def _fields(terms: Terms) -> dict[str, list[str]]:
    fields = {"companions": [str(terms.companions)]}
    for index, one in enumerate(terms.questions):
        values = (one.id, one.label, "\n".join(one.options), "true" if one.required else "")
        named = zip(QUESTION_FIELDS, values, strict=True)
        fields |= {f"questions.{index}.{name}": [value] for name, value in named}
    return fields


def _page(request: web.Request, around: Frame, event: Post, form: Form, status: int = 200) -> web.Response:
    shown = [index for index in range(QUESTIONS) if form.value(f"questions.{index}.label")]
    values = {
        "post": event,
        "form": form,
        "asked": shown,
        "free": [index for index in range(QUESTIONS) if index not in shown],
        "erased_weeks": RSVP_ERASED_WEEKS,
    }
    return render(request, "pages/attending_terms.html", around, values, status=status)


def _first(sent: Fields, name: str) -> str:
    return next(iter(sent.get(name, ())), "")
