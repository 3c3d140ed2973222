"""/settings/invitations: links by which a member lets somebody in."""

from __future__ import annotations

from aiohttp import web

from node.actions import invite
from node.actions.admit import RIGHT
from node.errors import Invalid, NotFound
from node.store.members import invitations
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from schemas.limits import INVITATION_DAYS, INVITATION_QUOTA_DAYS, INVITATIONS_SHOWN
from schemas.problems import Problem
from schemas.reasons import NOT_WHOLE, msgid

PATH = "/settings/invitations"
DIGITS_MOST = 18
"""So that it is a number for the database, too."""

FIELDS = ("places", "days", "note")
MADE = msgid("Made. Send the link to whom you invite.")
ENDED = msgid("It lets nobody in any more.")


async def show_invitations(request: web.Request) -> web.Response:
    """GET /settings/invitations: what one made, and how many places are left; all of the hub's for who looks after
    members."""
    return await _page(request, Form({"places": ["1"]}))


async def change_invitations(request: web.Request) -> web.Response:
    """POST /settings/invitations: make one, or end one."""
    sent = entered(await posted(request))
    form = Form(sent)
    ended = form.value("end")
    try:
        async with writing(request) as db:
            who = await signed_in(request, db)
            around = await frame(request, db)
            if ended:
                await invite.end(db, who, _number(ended))
            else:
                places, days = _wanted(form)
                await invite.invite(db, who, places, days, form.value("note"))
    except Invalid as error:
        return await _page(request, with_problems(sent, error.problems, FIELDS, around.language))
    await sessions.say(request, around.say(ENDED if ended else MADE))
    raise web.HTTPSeeOther(PATH)


async def _page(request: web.Request, form: Form) -> web.Response:
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        all_of_them = who.may(RIGHT)
        async with db.transaction():
            left = await invite.left(db, who)
        values = {
            "form": form,
            "left": left,
            "may": around.hub.sign_ups.mode != "closed" and who.may("publish"),
            "invitations": await invitations.list_of(db, None if all_of_them else who.account.id, INVITATIONS_SHOWN),
            "everybody": all_of_them,
            "days": around.hub.sign_ups.days,
            "days_most": INVITATION_DAYS,
            "quota_days": INVITATION_QUOTA_DAYS,
        }
    return render(request, "pages/invitations.html", around, values, status=422 if form.problems else 200)


def _wanted(form: Form) -> tuple[int, int | None]:
    """For how many, and for how many days if that was said. Raises Invalid."""
    typed = {name: form.value(name) for name in ("places", "days")}
    wrong = [
        Problem(field=name, reason=NOT_WHOLE)
        for name, text in typed.items()
        if (text or name == "places") and not _is_number(text)
    ]
    if wrong:
        raise Invalid(wrong)
    return int(typed["places"]), int(typed["days"]) if typed["days"] else None


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) <= DIGITS_MOST


def _number(typed: str) -> int:
    if not _is_number(typed):
        raise NotFound
    return int(typed)
