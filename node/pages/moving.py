"""/settings/moving: a member's former accounts, which may move here, and moving away from here."""

from __future__ import annotations

from aiohttp import web

from node.actions import look_up, move
from node.errors import Conflict, Forbidden, Invalid
from node.remote import learn_actor
from node.store.members import leaving
from node.store.people import actors
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import Form, posted
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid
from schemas.records import Actor, Viewer

PATH = "/settings/moving"
NOBODY = msgid("Nobody was found at this address. Please check it; perhaps the other server does not answer now.")


async def show_moving(request: web.Request) -> web.Response:
    """GET /settings/moving."""
    return await _page(request, Form({}))


async def change_moving(request: web.Request) -> web.Response:
    """POST /settings/moving: name or forget a former account, move away, or come back."""
    fields = await posted(request)
    deed, typed = fields.get("deed", ""), fields.get(fields.get("deed", ""), "").strip()
    async with reading(request) as db:
        await signed_in(request, db)
        around = await frame(request, db)
    other = None
    if deed in ("former", "target"):
        other = await _asked(request, typed, fresh=deed == "target")
        if other is None:
            return await _page(request, Form({deed: [typed]}, {deed: [around.say(NOBODY)]}))
    if deed == "target" and other is not None and fields.get("sure") != "true":
        return await _page(request, Form({deed: [typed]}), sure_of=other)
    try:
        words = await _do(request, deed, other, typed)
    except (Conflict, Forbidden) as error:
        return await _page(request, Form({deed: [typed]}, {deed: [around.say(error.message, **error.values)]}))
    await sessions.say(request, around.say(words))
    raise web.HTTPSeeOther(PATH)


async def _asked(request: web.Request, typed: str, *, fresh: bool) -> Actor | None:
    node = request.app[NODE]
    found = await look_up.look_up(node, typed) if typed else None
    if found and fresh and not found.local:
        return await learn_actor(node, found.uri, refresh=True)
    return found


async def _do(request: web.Request, deed: str, other: Actor | None, typed: str) -> str:
    node = request.app[NODE]
    async with writing(request) as db:
        who = await signed_in(request, db)
        match deed, other:
            case "former", Actor():
                await move.add_alias(node, db, who, who.actor, other)
                return msgid("This account may move here now. Go on at its own server.")
            case "forget", None:
                await move.remove_alias(node, db, who, who.actor, typed)
                return msgid("Forgotten.")
            case "target", Actor():
                await move.move_out(node, db, who, who.actor, other)
                return msgid("You have moved. Your followers are told.")
            case "back", None:
                await move.move_back(node, db, who, who.actor)
                return msgid("You are back.")
    raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": "former, forget, target, back"})])


async def _page(request: web.Request, form: Form, sure_of: Actor | None = None) -> web.Response:
    """The page; before moving away with where to and how many are told (`sure_of`)."""
    async with reading(request) as db:
        who: Viewer = await signed_in(request, db)
        around: Frame = await frame(request, db)
        me = await actors.get(db, who.actor.id)
        told = (await leaving.count(db, who.account.id, me.id)).followers if sure_of else 0
        known = await actors.find_many(db, [*me.also_known_as, *([me.moved_to] if me.moved_to else [])])
    values = {
        "form": form,
        "me": me,
        "former": [(uri, known.get(uri)) for uri in me.also_known_as],
        "new_place": known.get(me.moved_to or ""),
        "sure_of": sure_of,
        "told": told,
    }
    return render(request, "pages/moving.html", around, values, status=422 if form.problems else 200)
