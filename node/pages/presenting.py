"""/settings/profile: how a member or, with `manage_hub`, the hub presents itself; how the hub speaks to a member."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from federation import markdown
from node.actions import profile
from node.actions.profile import Changes
from node.errors import Invalid
from node.pages.choices import circles, european_zones
from node.pages.profile_fields import SWITCHES, changes_in, fields_of, lines, names, problems_in
from node.pages.profile_pictures import PICTURES, describe, pictures_in, shown, take_pictures
from node.store.db import Db
from node.store.members import accounts, kept_lines
from node.store.people import actors
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, entered, local_path, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE, URLS
from node.web.uploads import takes_files
from node.wording.language import LANGUAGES, OWN_NAMES, gettext
from schemas.problems import Problem
from schemas.reasons import msgid
from schemas.records import Actor, Viewer

PATH = "/settings/profile"
SAVED = msgid("Saved. Those who follow are told of it.")


async def show_presenting(request: web.Request) -> web.Response:
    """GET /settings/profile, and ?as=hub for the hub's."""
    async with reading(request) as db:
        around, who, actor = await _to_present(request, db)
        told = await kept_lines.lines_of(db, actor, actor.id)
        fields = fields_of(actor, await profile.source_of(db, actor), told) | await describe(db, actor)
    form = Form(fields | {"language": [who.account.language], "zone": [who.account.zone]})
    return await _page(request, around, actor, form)


@takes_files
async def change_presenting(request: web.Request) -> web.Response:
    """POST /settings/profile: keep it, or show how it would look, or what is wrong; pictures need not be sent again."""
    sent = entered(await posted(request))
    async with reading(request) as db:
        around, who, actor = await _to_present(request, db)
        source, told = await profile.source_of(db, actor), await kept_lines.lines_of(db, actor, actor.id)
    sent, wrong = await take_pictures(request, sent)
    wrong += problems_in(sent, own=actor.id == who.actor.id)
    if wrong or "preview" in sent:
        return await _page(request, around, actor, _form(sent, wrong, around), look="preview" in sent)
    try:
        await _keep(request, who, actor, changes_in(sent, actor, source, told), sent)
    except Invalid as error:
        return await _page(request, around, actor, _form(sent, list(error.problems), around))
    return await _saved(request, around, who, actor, sent)


async def _to_present(request: web.Request, db: Db) -> tuple[Frame, Viewer, Actor]:
    who = await signed_in(request, db)
    around = await frame(request, db)
    actor = await actors.hub(db) if request.query.get("as") == "hub" else await actors.get(db, who.actor.id)
    profile.require_right(who, actor)
    return around, who, actor


async def _keep(request: web.Request, who: Viewer, actor: Actor, changes: Changes, sent: dict[str, list[str]]) -> None:
    async with writing(request) as db:
        pictures = await pictures_in(db, who, actor, sent)
        await profile.change_profile(request.app[NODE], db, who, actor, changes, pictures)
        if actor.id == who.actor.id:
            await accounts.set_language(db, who.account.id, sent["language"][0])
            await accounts.set_zone(db, who.account.id, sent["zone"][0])


async def _saved(
    request: web.Request, around: Frame, who: Viewer, actor: Actor, sent: dict[str, list[str]]
) -> web.Response:
    """Back to the form, from now on in the language that was chosen."""
    path, language = local_path(request.path_qs, PATH), around.language
    if actor.id == who.actor.id and sent["language"][0] != who.account.language:
        language = sent["language"][0]
        path = f"{PATH}?lang={language}"
    await sessions.say(request, gettext(language, SAVED))
    raise web.HTTPSeeOther(path)


def _form(sent: dict[str, list[str]], wrong: list[Problem], around: Frame) -> Form:
    return with_problems(sent, wrong, names(), around.language)


async def _page(request: web.Request, around: Frame, actor: Actor, form: Form, *, look: bool = False) -> web.Response:
    async with reading(request) as db:
        pictures = await shown(db, around.viewer, actor, form)
    urls = request.app[URLS]
    values: dict[str, Any] = {
        "form": form,
        "actor": actor,
        "own": around.viewer is not None and actor.id == around.viewer.actor.id,
        "line_count": lines(form),
        "circles": circles(around.say),
        "switches": SWITCHES,
        "pictures": pictures,
        "picture_names": PICTURES,
        "language_options": [(code, OWN_NAMES[code]) for code in LANGUAGES],
        "zones": european_zones(),
        "look": msgspec.structs.replace(
            actor,
            display_name=form.value("display_name"),
            summary=markdown.render(form.value("note"), mention=lambda _: None, tag=urls.tag),
        )
        if look
        else None,
    }
    return render(request, "pages/presenting.html", around, values, status=422 if form.problems else 200)
