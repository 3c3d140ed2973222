"""/settings/preferences: how new posts begin and how posts are read, here and in every app that asks the hub."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from aiohttp import web

from node.pages import choices
from node.store.members import profiles
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from schemas.languages import canonical
from schemas.preferences import Preferences, preferences_of
from schemas.problems import Problem
from schemas.reasons import NO_LANGUAGE, NOT_A_CHOICE, msgid

PATH = "/settings/preferences"
SAVED = msgid("Saved. Apps learn of it when they start.")
CHOICES: dict[str, dict[str, str]] = {
    "privacy": {
        "public": msgid("Everybody"),
        "unlisted": msgid("Everybody who has the link; it is in no list"),
        "private": msgid("Followers only"),
        "direct": msgid("Named people only"),
    },
    "quote_policy": {
        "public": msgid("Everybody"),
        "followers": msgid("Followers only"),
        "nobody": msgid("Nobody but me"),
    },
    "expand_media": {
        "default": msgid("Hide what is marked as sensitive"),
        "show_all": msgid("Show everything at once"),
        "hide_all": msgid("Hide everything until I open it"),
    },
}
SWITCHES = ("sensitive", "show_application", "expand_spoilers", "autoplay_gifs")


async def show_preferences(request: web.Request) -> web.Response:
    """GET /settings/preferences."""
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
    return _page(request, around, Form(_fields_of(preferences_of(who.account.preferences))))


async def change_preferences(request: web.Request) -> web.Response:
    """POST /settings/preferences: keep them, or say what is wrong."""
    sent = entered(await posted(request))
    async with writing(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        wrong = problems_in(Form(sent))
        if not wrong:
            chosen = _chosen(Form(sent), preferences_of(who.account.preferences))
            await profiles.set_preferences(db, who.account.id, msgspec.to_builtins(chosen))
    if wrong:
        return _page(request, around, with_problems(sent, wrong, (*CHOICES, "language"), around.language))
    await sessions.say(request, around.say(SAVED))
    raise web.HTTPSeeOther(PATH)


def problems_in(form: Form) -> list[Problem]:
    """What is wrong with the form, each by the name of its field."""
    found = [
        Problem(field=name, reason=NOT_A_CHOICE, values={"choices": ", ".join(options)})
        for name, options in CHOICES.items()
        if form.value(name) not in options
    ]
    if form.value("language") and canonical(form.value("language")) is None:
        found.append(Problem(field="language", reason=NO_LANGUAGE))
    return found


def _fields_of(chosen: Preferences) -> Mapping[str, Sequence[str]]:
    fields = {name: [getattr(chosen, name)] for name in CHOICES}
    fields["language"] = [chosen.language or ""]
    return fields | {name: ["true"] for name in SWITCHES if getattr(chosen, name)}


def _chosen(form: Form, before: Preferences) -> Preferences:
    values: dict[str, Any] = {name: form.value(name) for name in CHOICES}
    values |= {name: form.value(name) == "true" for name in SWITCHES}
    return msgspec.structs.replace(before, **values, language=canonical(form.value("language")))


def _page(request: web.Request, around: Frame, form: Form) -> web.Response:
    values: dict[str, Any] = {
        "form": form,
        "options": {name: _said(around.say, options) for name, options in CHOICES.items()},
        "language_options": [
            ("", around.say("As this hub speaks to me")),
            *choices.languages(around, [form.value("language")]),
        ],
    }
    return render(request, "pages/preferences.html", around, values, status=422 if form.problems else 200)


def _said(say: Callable[..., str], options: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(value, say(words)) for value, words in options.items()]
