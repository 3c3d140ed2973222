"""Imprint, privacy, accessibility and terms: what the stewards wrote, else what holds for every hub; and the stewards'
form for these texts with a preview, one version for each language of the hub."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

from aiohttp import web

from node.errors import NotFound
from node.pages.about_page import rendered, shown
from node.store.db import Db
from node.store.hub import hub_texts
from node.store.hub.hub_texts import Name
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted
from node.web.handlers import reading, signed_in, writing
from node.wording.language import LANGUAGES
from schemas.limits import HUB_TEXT_CHARS
from schemas.reasons import NO_DATE, TOO_LONG, msgid

NAMES: tuple[Name, ...] = get_args(Name)
PAGES: tuple[Name, ...] = ("imprint", "privacy", "accessibility", "terms")
HEADINGS: dict[Name, str] = {
    "about": msgid("About this hub"),
    "imprint": msgid("Imprint"),
    "privacy": msgid("Privacy"),
    "accessibility": msgid("Accessibility"),
    "terms": msgid("Terms of use"),
}
SAVED = msgid("Saved.")


async def show_legal(request: web.Request) -> web.Response:
    """/imprint, /privacy, /accessibility, /terms. Without terms there is no page of them."""
    name = _name(request.path.strip("/"))
    async with reading(request) as db:
        around = await frame(request, db)
        told = shown(request, around, await hub_texts.find(db, name))
    if told is None and name == "terms":
        raise NotFound
    values = {"name": name, "heading": around.say(HEADINGS[name]), "told": told}
    return render(request, "pages/legal.html", around, values)


async def show_texts(request: web.Request) -> web.Response:
    """GET /admin/texts: which texts there are; ?text= for the form of one."""
    async with reading(request) as db:
        await signed_in(request, db, "manage_hub")
        around = await frame(request, db)
        if "text" not in request.query:
            return await _list(request, around, db)
        text = await hub_texts.find(db, _name(request.query["text"]))
    fields = {f"text.{code}": [words] for code, words in (text.versions if text else {}).items()}
    fields["effective_on"] = [text.effective_on.isoformat() if text and text.effective_on else ""]
    return _form(request, around, _name(request.query["text"]), Form(fields))


async def change_text(request: web.Request) -> web.Response:
    """POST /admin/texts: keep a text, or show how it would look, or what is wrong."""
    sent = entered(await posted(request))
    async with reading(request) as db:
        await signed_in(request, db, "manage_hub")
        around = await frame(request, db)
    name = _name(Form(sent).value("text"))
    form = Form(sent, _problems(sent, around))
    if form.problems or "preview" in sent:
        return _form(request, around, name, form, look="preview" in sent)
    versions = {code: words for code in _languages(around) if (words := form.value(f"text.{code}"))}
    day = form.value("effective_on")
    async with writing(request) as db:
        await signed_in(request, db, "manage_hub")
        await hub_texts.put(db, name, versions, date.fromisoformat(day) if day else None)
    await sessions.say(request, around.say(SAVED))
    raise web.HTTPSeeOther("/admin/texts")


def _name(written: str) -> Name:
    for name in NAMES:
        if name == written:
            return name
    raise NotFound


def _languages(around: Frame) -> list[str]:
    """The hub's own, its first one first, and those these pages speak."""
    return list(dict.fromkeys([around.hub.language, *around.hub.languages, *LANGUAGES]))


def _problems(sent: dict[str, list[str]], around: Frame) -> dict[str, list[str]]:
    problems = {
        f"text.{code}": [around.say(TOO_LONG, max=HUB_TEXT_CHARS)]
        for code in _languages(around)
        if len(Form(sent).value(f"text.{code}")) > HUB_TEXT_CHARS
    }
    if day := Form(sent).value("effective_on"):
        try:
            date.fromisoformat(day)
        except ValueError:
            problems["effective_on"] = [around.say(NO_DATE)]
    return problems


async def _list(request: web.Request, around: Frame, db: Db) -> web.Response:
    texts = {name: await hub_texts.find(db, name) for name in NAMES}
    return render(request, "pages/texts.html", around, {"texts": texts, "headings": _said(around)})


def _form(request: web.Request, around: Frame, name: Name, form: Form, *, look: bool = False) -> web.Response:
    codes = _languages(around)
    looks = [(code, rendered(request, form.value(f"text.{code}"))) for code in codes if form.value(f"text.{code}")]
    values: dict[str, Any] = {
        "name": name,
        "heading": _said(around)[name],
        "codes": codes,
        "form": form,
        "looks": looks if look else [],
    }
    return render(request, "pages/text.html", around, values, status=422 if form.problems else 200)


def _said(around: Frame) -> dict[Name, str]:
    return {name: around.say(HEADINGS[name]) for name in NAMES}
