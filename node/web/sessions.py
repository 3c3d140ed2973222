"""Who is asking: the session behind our cookie, or the bearer token of a client; and the proof that a form is ours."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from aiohttp import web
from aiohttp_session import AbstractStorage, Session, get_session, new_session
from aiohttp_session import setup as set_up_sessions

from node.actions.permissions import may_act_as
from node.errors import Forbidden, Unauthorized
from node.settings import Settings
from node.store.access import bearers, sessions
from node.store.db import Db
from node.store.members import accounts
from node.store.people import actors
from node.web.handlers import ALL_SCOPES
from node.web.keys import DATABASE, SETTINGS
from schemas.limits import SESSION_AGENT_CHARS, SESSION_DAYS, SESSION_DAYS_MOST
from schemas.records import Account, Viewer

KEY_BYTES = 32
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
FOR_PROGRAMS = ("/api/", "/oauth/userinfo")
FORM_FIELD = "form_token"
"""The field in which each of our forms proves that it came from one of our pages."""

_CHECKED = web.RequestKey("form_checked", bool)
_NEW_VISIT = web.RequestKey("new_visit", str)


def cookie_name(settings: Settings, name: str) -> str:
    """`__Host-` binds a cookie to this very host over https; on plain loopback http the port tells hubs apart."""
    return f"__Host-{name}" if settings.https else f"{name}-{settings.authority.rpartition(':')[2]}"


class StaleForm(Forbidden):
    """A form of this very hub (the browser says so) without the token of this browser: it may be sent again."""

    message = "This form has been open for too long. Please send it again."


class PostgresStorage(AbstractStorage):
    """Sessions in our database; the cookie holds nothing but a random key. A session exists from sign-in only."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            cookie_name=cookie_name(settings, "session"),
            max_age=SESSION_DAYS * 86_400,
            secure=settings.https,
            httponly=True,
            samesite="Lax",
        )

    async def load_session(self, request: web.Request) -> Session:
        """The session of the request's cookie, or an empty new one."""
        key = self.load_cookie(request)
        if key:
            async with request.app[DATABASE].pool.acquire() as db:
                data = await sessions.find(db, key)
            if data is not None:
                return Session(key, data={"session": data}, new=False)
        return await self.new_session()

    async def save_session(self, request: web.Request, response: web.StreamResponse, session: Session) -> None:
        """Write what changed. A new session gets a new key, and the one that the request came with ends (case 131)."""
        old = self.load_cookie(request)
        key = session.identity or secrets.token_urlsafe(KEY_BYTES)
        async with request.app[DATABASE].pool.acquire() as db, db.transaction():
            if old and (session.new or session.empty):
                await sessions.delete(db, old)
            if not session.empty:
                await sessions.put(db, key, session["account"], dict(session))
        self.save_cookie(response, "" if session.empty else key, max_age=self.max_age)


def set_up(app: web.Application) -> None:
    """Put sessions on the application; after the middlewares that must stand around them."""
    set_up_sessions(app, PostgresStorage(app[SETTINGS]))


async def begin(request: web.Request, account: Account) -> None:
    """Sign an account in, under a key that nobody has seen before."""
    session = await new_session(request)
    session["account"] = account.id
    session["agent"] = agent(request)


def agent(request: web.Request) -> str:
    """What the browser says it is, as the list of sessions shows it."""
    said = request.headers.get("User-Agent", "")[:SESSION_AGENT_CHARS]
    return "".join(letter for letter in said if letter.isprintable())


async def end(request: web.Request) -> None:
    """Sign out: the session is forgotten here, whatever the browser keeps."""
    (await get_session(request)).invalidate()


async def this_one(request: web.Request) -> str:
    """The key of the session that this request came with; empty for none."""
    return str((await get_session(request)).identity or "")


async def put_by(request: web.Request, name: str, value: str) -> None:
    """Keep something in the session for the next request; nothing where nobody is signed in."""
    session = await get_session(request)
    if "account" in session:
        session[name] = value


async def take(request: web.Request, name: str) -> str:
    """What was kept so, once."""
    return str((await get_session(request)).pop(name, ""))


async def say(request: web.Request, words: str) -> None:
    """Keep a sentence for the next page that this reader sees."""
    await put_by(request, "said", words)


async def said(request: web.Request) -> str:
    """The sentence kept for this page, once."""
    return await take(request, "said")


async def who_asks(request: web.Request, db: Db) -> Viewer | None:
    """The viewer by session or, where programs ask, by bearer token. A session counts for a change only once its form
    was checked; a token counts for nothing on our pages, which know no scopes."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and request.path.startswith(FOR_PROGRAMS):
        return await _by_token(db, value.strip())
    if request.method not in SAFE_METHODS and _CHECKED not in request:
        return None
    account_id = (await get_session(request)).get("account")
    account = await accounts.find(db, account_id) if account_id else None
    if account is None or account.confirmed_at is None:
        return None
    actor = await actors.get(db, account.actor_id)
    return Viewer(account=account, actor=actor, acting=actor, scopes=(ALL_SCOPES,))


async def _by_token(db: Db, value: str) -> Viewer:
    bearer = await bearers.find(db, value)
    who = bearer.viewer if bearer else None
    if who is None or who.account.confirmed_at is None:
        raise Unauthorized("The access token is not valid.")
    if not may_act_as(who, who.acting):
        raise Forbidden("You may no longer act as {name}.", name=who.acting.name)
    return who


def form_token(request: web.Request, secret: bytes) -> str:
    """What a form of ours carries (case 130): bound to a key of this browser, so that it outlives the session."""
    key = request.cookies.get(cookie_name(request.app[SETTINGS], "visit"))
    return _signed(secret, key or request.setdefault(_NEW_VISIT, secrets.token_urlsafe(KEY_BYTES)))


def device(request: web.Request) -> str:
    """The key by which a form knows this browser; it outlives sessions."""
    return request.cookies.get(cookie_name(request.app[SETTINGS], "visit"), "")


def remember_visit(request: web.Request, response: web.StreamResponse) -> None:
    """Give the browser the key that the form on this page was bound to. Pages without a form need none."""
    if _NEW_VISIT in request:
        settings = request.app[SETTINGS]
        response.set_cookie(
            cookie_name(settings, "visit"),
            request[_NEW_VISIT],
            max_age=SESSION_DAYS_MOST * 86_400,
            httponly=True,
            secure=settings.https,
            samesite="Lax",
            path="/",
        )


def check_form(request: web.Request, fields: Mapping[str, object], secret: bytes) -> None:
    """Refuse a form that did not come from one of our pages in this browser; after that the session counts."""
    settings = request.app[SETTINGS]
    origin = request.headers.get("Origin")
    if origin is not None and origin != settings.base_url.rstrip("/"):
        words = "This form was sent from {origin}, but this hub lives at {hub}."
        raise Forbidden(words, origin=origin, hub=settings.base_url)
    key = request.cookies.get(cookie_name(settings, "visit"), "")
    token = str(fields.get(FORM_FIELD, ""))
    if not key or not hmac.compare_digest(token.encode(), _signed(secret, key).encode()):
        raise StaleForm if origin else Forbidden(StaleForm.message)
    request[_CHECKED] = True


def _signed(secret: bytes, key: str) -> str:
    return hmac.new(secret, b"form:" + hashlib.sha256(key.encode()).digest(), hashlib.sha256).hexdigest()
