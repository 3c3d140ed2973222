"""Where a member says whether an app may act for them (RFC 6749, 4.1): sign in, read what it wants, say yes or no."""

from __future__ import annotations

from urllib.parse import urlencode

from aiohttp import web

from node.actions.permissions import may_act_as
from node.errors import Forbidden
from node.oauth import wishes
from node.oauth.wishes import Wish
from node.store.access import authorization_codes
from node.store.access.authorization_codes import Allowed
from node.store.db import Db
from node.store.people import actors
from node.theming.frame import Frame, frame, render
from node.web.forms import posted
from node.web.handlers import reading, viewer, writing
from node.wording.scopes_said import in_words
from schemas.records import Actor, Viewer

YES = ("1", "true", "t", "on", "yes")


async def show_wish(request: web.Request) -> web.Response:
    """GET /oauth/authorize: what the app wants. Signs in first who has not, or whom the app wants to ask anew."""
    async with reading(request) as db:
        wish = await wishes.read(db, request.query)
        around = await frame(request, db)
        hub = await actors.find_local(db, "hub")
    anew = request.query.get("force_login", "").lower() in YES
    if around.viewer is None or anew:
        raise _sign_in(request, wish, anew=anew)
    may_be_hub = hub is not None and may_act_as(around.viewer, hub)
    values = {
        "words": in_words(wish.scopes, around.language),
        "may_be_hub": may_be_hub,
        "organisations": around.organisations,
    }
    return _page(request, around, wish, values)


async def decide(request: web.Request) -> web.Response:
    """POST /oauth/authorize: the answer. Yes makes a code for the app; both lead back to it."""
    fields = await posted(request)
    async with writing(request) as db:
        wish = await wishes.read(db, fields)
        who = await viewer(request, db)
        around = await frame(request, db)
        if who is None:
            raise _sign_in(request, wish)
        code = await _allow(db, wish, who, fields.get("acting", "")) if fields.get("decision") == "allow" else None
    if wish.shown_only:
        return _page(request, around, wish, {"code": code}, "pages/app_code.html")
    answer = wish.answered(code=code) if code else wish.answered(error="access_denied")
    # Written by hand: the framework would write the address anew, and some apps compare each byte.
    return web.Response(status=303, headers={"Location": answer, "Cache-Control": "no-store"})


async def _allow(db: Db, wish: Wish, who: Viewer, acting: str) -> str:
    actor = await _acting(db, who, acting)
    allowed = Allowed(
        app_id=wish.app.id,
        account_id=who.account.id,
        acting_actor_id=actor.id,
        redirect_uri=wish.redirect_uri,
        scopes=wish.scopes,
        code_challenge=wish.code_challenge,
    )
    return await authorization_codes.insert(db, allowed)


async def _acting(db: Db, who: Viewer, acting: str) -> Actor:
    actor = who.actor
    if acting == "hub":
        actor = await actors.hub(db)
    elif acting.startswith("@"):
        actor = await actors.find_local(db, acting.removeprefix("@")) or actor
    if not may_act_as(who, actor):
        raise Forbidden("You may not publish as the hub.")
    return actor


def _page(
    request: web.Request, around: Frame, wish: Wish, values: dict[str, object], template: str = "pages/app.html"
) -> web.Response:
    response = render(request, template, around, {"wish": wish, **values})
    response.headers["Cache-Control"] = "no-store"
    return response


def _sign_in(request: web.Request, wish: Wish, *, anew: bool = False) -> web.HTTPSeeOther:
    """The way to the sign-in page and from there back; in the language that the app named."""
    query = {"return_to": wish.address, "anew": "true" if anew else "", "lang": request.query.get("lang", "")}
    return web.HTTPSeeOther("/sign-in?" + urlencode({name: value for name, value in query.items() if value}))
