"""The two pictures of the profile form: taken in at once, shown before they are kept, described, and taken away."""

from __future__ import annotations

import msgspec
from aiohttp import web

from node.actions.profile import Pictures
from node.errors import Invalid
from node.pages.thing import LARGEST_ID
from node.store.db import Db
from node.store.files import media, uploads
from node.web.forms import Form
from node.web.uploads import receive_upload
from schemas.limits import ALT_CHARS, SIDE_BANNER, SIDE_ICON
from schemas.problems import Problem
from schemas.reasons import TOO_LONG, msgid
from schemas.records import Actor, Medium, Viewer

PICTURES = {"icon": SIDE_ICON, "banner": SIDE_BANNER}
"""The most pixels of each side."""

NOT_A_PICTURE = msgid("This is not a picture.")
Sent = dict[str, list[str]]


async def describe(db: Db, actor: Actor) -> Sent:
    """What the form shows of the pictures an actor has: their descriptions."""
    found = {name: await _of(db, actor, name) for name in PICTURES}
    return {f"{name}.alt": [medium.alt] for name, medium in found.items() if medium}


async def take_pictures(request: web.Request, sent: Sent) -> tuple[Sent, list[Problem]]:
    """The fields with the pictures that came along, taken in now, and what is wrong with them."""
    wrong = list[Problem]()
    for name, side in PICTURES.items():
        alt = next(iter(sent.get(f"{name}.alt", [])), "")
        if len(alt) > ALT_CHARS:
            wrong.append(Problem(field=f"{name}.alt", reason=TOO_LONG, values={"max": ALT_CHARS}))
            alt = ""
        try:
            medium = await receive_upload(request, f"{name}.file", alt=alt, side=side)
        except Invalid as error:
            wrong += [Problem(field=f"{name}.file", reason=one.reason, values=one.values) for one in error.problems]
            continue
        if medium and medium.kind != "image":
            wrong.append(Problem(field=f"{name}.file", reason=NOT_A_PICTURE))
        elif medium:
            sent = {**sent, f"{name}.medium": [str(medium.id)], f"{name}.drop": []}
    return sent, wrong


async def pictures_in(db: Db, who: Viewer, actor: Actor, sent: Sent) -> Pictures:
    """What is to be hung or taken away. A picture that stays, or was shown before, takes over its new description."""
    form, hung = Form(sent), dict[str, Medium | bool | None]()
    for name in PICTURES:
        new, now = await _new(db, who, form, name), await _of(db, actor, name)
        hung[name] = new or (False if form.value(f"{name}.drop") == "true" and now else None)
        described = new or now
        if described and hung[name] is not False and described.alt != form.value(f"{name}.alt"):
            await uploads.describe(db, described.id, form.value(f"{name}.alt"), None)
            hung[name] = msgspec.structs.replace(described, alt=form.value(f"{name}.alt"))
    return Pictures(icon=hung["icon"], banner=hung["banner"])


async def shown(db: Db, who: Viewer | None, actor: Actor, form: Form) -> dict[str, Medium | None]:
    """The pictures as the form has them: the new ones, else those that hang and stay."""
    found = dict[str, Medium | None]()
    for name in PICTURES:
        kept = None if form.value(f"{name}.drop") == "true" else await _of(db, actor, name)
        picture = (await _new(db, who, form, name) if who else None) or kept
        found[name] = picture if picture and picture.path else None
    return found


async def _new(db: Db, who: Viewer, form: Form, name: str) -> Medium | None:
    """A picture that was sent with the form before; anybody else's is none (case 81)."""
    number = form.value(f"{name}.medium")
    if not (number.isascii() and number.isdecimal()) or len(number) > 19 or int(number) > LARGEST_ID:
        return None
    medium = await media.find(db, int(number))
    mine = medium is not None and medium.owner_id in (who.actor.id, who.acting.id)
    return medium if medium and mine and medium.kind == "image" and medium.state == "ready" else None


async def _of(db: Db, actor: Actor, name: str) -> Medium | None:
    number = actor.icon_id if name == "icon" else actor.banner_id
    return await media.find(db, number) if number else None
