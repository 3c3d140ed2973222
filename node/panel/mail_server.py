"""/admin/settings/mail: the mail server, a letter that tries it, and what last went wrong in plain words."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from node.actions import mail_server as deeds
from node.actions.mail_server import TEST
from node.errors import Conflict, Invalid
from node.mailing.faults import plain
from node.mailing.server import mail_server, sender_of, server_of
from node.panel.settings import RIGHT, SAVED
from node.store.db import Db
from node.store.hub import mail_server as kept_servers
from node.store.hub.mail_server import KeptServer, Safety
from node.store.notices import mails
from node.theming.frame import frame, render
from node.web import sessions
from node.web.forms import Form, entered, posted, with_problems
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE, SETTINGS, URLS
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid

PATH = "/admin/settings/mail"
FIELDS = ("host", "port", "safety", "user", "password", "sender")
SAFETIES: dict[Safety, str] = {
    "starttls": msgid("STARTTLS, always (usually port 587)"),
    "tls": msgid("Encrypted from the first byte (usually port 465)"),
    "offered": msgid("STARTTLS where it is offered"),
}
SAID = {
    "save": SAVED,
    "test": msgid("A letter is on its way to you. What becomes of it stands here."),
    "forget": msgid("Forgotten. Letters are kept here and go nowhere."),
}


async def show_server(request: web.Request) -> web.Response:
    """GET: as it is; what the operator set can only be looked at."""
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        kept = await kept_servers.find(db) or KeptServer(host="", port=587)
    fields = {name: [str(value)] for name, value in msgspec.to_builtins(kept).items()}
    return await _page(request, Form(fields))


async def change_server(request: web.Request) -> web.Response:
    """POST: another server, none, or a letter that tries the one there is."""
    fields = await posted(request)
    sent, deed = entered(fields), fields.get("deed", "")
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
    try:
        async with writing(request) as db:
            who = await signed_in(request, db, RIGHT)
            match deed:
                case "save":
                    await deeds.set_server(db, who, _server(Form(sent)), fields.get("password") or None)
                case "test":
                    await deeds.send_test(db, request.app[URLS], who)
                case "forget":
                    await deeds.forget_server(db, who)
                case _:
                    raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": ", ".join(SAID)})])
    except Invalid as error:
        return await _page(request, with_problems(sent, error.problems, FIELDS, around.language))
    except Conflict as error:
        return await _page(request, Form(sent, {"": [around.say(error.message, **error.values)]}))
    request.app[NODE].wake()
    await sessions.say(request, around.say(SAID[deed]))
    raise web.HTTPSeeOther(PATH)


def _server(form: Form) -> KeptServer:
    port, safety = form.value("port"), form.value("safety")
    known = next((one for one in SAFETIES if one == safety), None)
    if known is None:
        raise Invalid([Problem(field="safety", reason=NOT_A_CHOICE, values={"choices": ", ".join(SAFETIES)})])
    return KeptServer(
        host=form.value("host").lower(),
        port=int(port) if port.isascii() and port.isdecimal() and len(port) < 6 else 0,
        safety=known,
        user=form.value("user"),
        sender=form.value("sender"),
    )


async def _page(request: web.Request, form: Form) -> web.Response:
    settings = request.app[SETTINGS]
    async with reading(request) as db:
        await signed_in(request, db, RIGHT)
        around = await frame(request, db)
        values = {
            "form": form,
            "fixed": mail_server(settings.mail_url) if settings.mail_url else None,
            "sender": sender_of(await server_of(db, settings), settings),
            "has_password": await kept_servers.has_password(db),
            "named": await kept_servers.find(db) is not None,
            "safeties": [(name, around.say(words)) for name, words in SAFETIES.items()],
            **await _results(db),
        }
    return render(request, "panel/mail_server.html", around, values, status=422 if form.problems else 200)


async def _results(db: Db) -> dict[str, Any]:
    """What became of the last letter that tried the server, and what last went wrong with any."""
    tried, failed = await mails.latest_of(db, TEST), await mails.latest_failed(db)
    return {
        "tried": tried,
        "tried_words": plain(tried.last_error) if tried and tried.last_error else "",
        "failed": failed,
        "failed_words": plain(failed.last_error) if failed and failed.last_error else "",
        "counts": await mails.counts(db),
    }
