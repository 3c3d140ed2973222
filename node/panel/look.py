"""/admin/look: the theme, two colours, the order of the front page, and style of its own."""

from __future__ import annotations

from aiohttp import web

from node.actions import look as looks
from node.errors import Invalid
from node.store.db import Db
from node.theming.frame import frame, render
from node.theming.theme import THEMES
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from schemas.look import BLOCKS, Look
from schemas.reasons import msgid

FIELDS = ("theme", "colour", "accent", "blocks", "css")
PLACES = tuple(str(number) for number in range(1, len(BLOCKS) + 1))
SAVED = msgid("Saved. This is how the hub looks now.")


async def show_form(request: web.Request) -> web.Response:
    """GET: the look as it is."""
    async with reading(request) as db:
        await signed_in(request, db, "manage_hub")
        return await _page(request, db, None)


async def save(request: web.Request) -> web.Response:
    """POST: the look as it shall be; what is wrong is said beside its field, and nothing changes then."""
    fields = entered(await posted(request))
    look = _look(Form(fields))
    themes = request.app[THEMES]
    try:
        async with writing(request) as db:
            who = await signed_in(request, db, "manage_hub")
            around = await frame(request, db)
            paper = themes.of(look).colour("colour_light")
            await looks.change(db, who, look, themes=themes.names, paper=paper)
    except Invalid as error:
        async with reading(request) as db:
            around = await frame(request, db)
            return await _page(request, db, with_problems(fields, error.problems, FIELDS, around.language))
    await sessions.say(request, around.say(SAVED))
    raise web.HTTPSeeOther("/admin/look")


async def _page(request: web.Request, db: Db, form: Form | None) -> web.Response:
    around = await frame(request, db)
    look = around.hub.look
    values = {
        "form": form or Form(_fields(look)),
        "themes": request.app[THEMES].names,
        "every_block": BLOCKS,
    }
    return render(request, "panel/look.html", around, values, status=422 if form else 200)


def _look(form: Form) -> Look:
    """What the form says: the blocks by the place each was given, those without one left out."""
    places = {block: form.value(f"block.{block}") for block in BLOCKS}
    shown = sorted((int(place), BLOCKS.index(block), block) for block, place in places.items() if place in PLACES)
    return Look(
        theme=form.value("theme"),
        colour=form.value("colour").lower(),
        accent=form.value("accent").lower(),
        blocks=[block for *_, block in shown],
        css=form.value("css"),
    )


def _fields(look: Look) -> dict[str, list[str]]:
    places = {f"block.{block}": [str(number)] for number, block in enumerate(look.blocks, 1)}
    return {"theme": [look.theme], "colour": [look.colour], "accent": [look.accent], "css": [look.css], **places}
