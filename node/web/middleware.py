"""Around every handler: errors become answers, every answer gets its security headers, every request one line in
the log; limits on bodies and on how often somebody asks."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable
from functools import cache

import msgspec
import structlog
from aiohttp import web

from node.errors import Invalid, NodeError, Overloaded, TooMany
from node.observability import logs
from node.observability.meters import Door
from node.store.db import is_away, is_unfit
from node.web.handlers import Unreadable, client_address, language, wants_activity
from node.web.keys import ERROR_PAGE, LIMITER, NODE, SETTINGS
from node.web.limits import Rate, asker
from node.wording.language import gettext
from schemas.limits import (
    AWAY_RETRY_SECONDS,
    INBOX_RATE_COUNT,
    INBOX_RATE_SECONDS,
    LOG_AGENT_CHARS,
    LOG_PATH_CHARS,
    REQUEST_RATE_COUNT,
    REQUEST_RATE_SECONDS,
)
from schemas.reasons import msgid

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PAGE_POLICY = (
    "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'self'; script-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
CONSENT_POLICY = PAGE_POLICY.replace("form-action 'self'; ", "")
"""For the page whose form leads on to the address of an app: browsers hold the whole way against `form-action`."""

DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
OPENERS = ("{key}", "{token}", "{code}")
CONSENT = "/oauth/authorize"
OPENED_BY_APPS = (CONSENT, "/sign-in")
"""Apps in browsers open these in a window of their own, and wait for it to come back to them."""

STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"

INBOX_RATE = Rate(count=INBOX_RATE_COUNT, seconds=INBOX_RATE_SECONDS)
REQUEST_RATE = Rate(count=REQUEST_RATE_COUNT, seconds=REQUEST_RATE_SECONDS)
UNLIMITED = ("/health", "/metrics", "/static/", "/media/")
LASTING = "/api/v1/streaming"
FOR_CLIENTS = ("/api/", "/oauth/")
OF_NO_DOOR = (*UNLIMITED, "/look/", "/favicon.ico")

_log = structlog.get_logger("node.access")


class Unsupported(NodeError):
    """The body is compressed; nobody needs that, and what cannot be unpacked cannot be a bomb (case 54)."""

    status = 415
    message = "Please send the body without compression."


@web.middleware
async def access(request: web.Request, handler: Handler) -> web.StreamResponse:
    """One line per request, without its query, which may hold secrets. What goes well and is asked for all the time
    (files of the theme, health) is for who looks closer."""
    started = time.perf_counter()
    status = 499  # the client went away before there was an answer
    try:
        response = await handler(request)
        status = response.status
        return response
    except web.HTTPException as redirect:
        status = redirect.status
        raise
    finally:
        seconds = time.perf_counter() - started
        if NODE in request.app and not request.path.startswith(LASTING):
            request.app[NODE].meters.answered(_door(request), status, seconds)
        quiet = status < 400 and request.path.startswith(UNLIMITED)
        (_log.debug if quiet else _log.info)(
            "request",
            method=request.method,
            path=logs.escape(_path(request), LOG_PATH_CHARS),
            status=status,
            ms=round(seconds * 1000, 1),
            address=client_address(request),
            agent=logs.escape(request.headers.get("User-Agent", ""), LOG_AGENT_CHARS),
        )


def _door(request: web.Request) -> Door:
    path = request.path
    if path.startswith(FOR_CLIENTS):
        return "client_api"
    if path.startswith(OF_NO_DOOR):
        return "other"
    return "activitypub" if _is_machine(request) else "website"


def _path(request: web.Request) -> str:
    """The path as the log may know it: of one that opens something to whoever has it (an RSVP, a case, a calendar, the
    hub to whom it invites), its pattern."""
    pattern = _pattern(request)
    return pattern if _opens(pattern) else request.rel_url.raw_path


@cache
def _opens(pattern: str) -> bool:
    return any(one in pattern for one in OPENERS)


def _pattern(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else ""


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what was raised into an answer for whoever asked: JSON, problem+json or a page."""
    try:
        return await handler(request)
    except NodeError as error:
        return await answer(request, error)
    except web.HTTPException as raised:
        if raised.status < 400:
            raise
        return await answer(request, _as_node_error(raised), raised.headers.get("Allow"))
    except Exception as error:
        if is_unfit(error) or request.content.exception():  # they went away in the middle, or it was no HTTP
            return await answer(request, Unreadable())
        away = is_away(error)
        if NODE in request.app:
            request.app[NODE].troubles.saw(error)
        words = "unavailable" if away else "failed"
        _log.exception(words, path=_path(request), route=_pattern(request), kind=type(error).__name__)
        return await answer(request, Overloaded(AWAY_RETRY_SECONDS) if away else NodeError())


@web.middleware
async def limits(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse who asks too often, and bodies that are compressed. Sizes are bounded where a body is read."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Unsupported
    if request.app[SETTINGS].rate_limits and not request.path.startswith(UNLIMITED):
        inbox = request.method == "POST" and request.path.endswith("/inbox")
        subject, rate = ("inbox", INBOX_RATE) if inbox else ("request", REQUEST_RATE)
        if seconds := request.app[LIMITER].wait(subject, asker(client_address(request)), rate):
            raise TooMany(math.ceil(seconds))
    return await handler(request)


async def security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Signal `on_response_prepare`: a handler that needs another policy has set it before."""
    headers = response.headers
    if request.path.startswith(OPENED_BY_APPS):
        headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    policy = DATA_POLICY
    if response.content_type == "text/html":
        policy = CONSENT_POLICY if request.path.startswith(CONSENT) else PAGE_POLICY
    headers.setdefault("Content-Security-Policy", policy)
    if request.app[SETTINGS].https:
        headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    headers.pop("Server", None)


async def answer(request: web.Request, error: NodeError, allow: str | None = None) -> web.Response:
    """The answer for an error, in the form the asker reads: `{"error": …}` below /api, problem+json for ActivityPub
    and other machines, a page for people."""
    if request.path.startswith(("/api/", "/oauth/token", "/oauth/revoke", "/oauth/userinfo")):
        response = _as_json(request, error)
    elif _is_machine(request) or ERROR_PAGE not in request.app:
        response = problem(error)
    else:
        response = await _as_page(request, error)
    response.headers["Cache-Control"] = "no-store"
    response.headers.setdefault("Vary", "Accept, Signature")
    if isinstance(error, TooMany | Overloaded):
        response.headers["Retry-After"] = str(error.retry_after)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer" if request.path.startswith("/api/") else "Signature"
    if allow:
        response.headers["Allow"] = allow
    return response


def problem(error: NodeError) -> web.Response:
    """RFC 9457, in English: what servers and their operators read."""
    body = {"type": "about:blank", "status": error.status, "title": gettext("en", error.message, **error.values)}
    return web.Response(body=msgspec.json.encode(body), status=error.status, content_type="application/problem+json")


def _as_json(request: web.Request, error: NodeError) -> web.Response:
    reader = language(request)
    body: dict[str, object] = {"error": gettext(reader, error.message, **error.values)}
    if isinstance(error, Invalid):
        body["problems"] = [
            {"field": one.field, "reason": gettext(reader, one.reason, **one.values)} for one in error.problems
        ]
    return web.Response(body=msgspec.json.encode(body), status=error.status, content_type="application/json")


async def _as_page(request: web.Request, error: NodeError) -> web.Response:
    try:
        return await request.app[ERROR_PAGE](request, error)
    except Exception as second:
        _log.exception("error page failed", path=request.path, kind=type(second).__name__)
        return problem(error)


def _is_machine(request: web.Request) -> bool:
    path = request.path
    return (
        path.endswith("/inbox")
        or path.startswith(("/.well-known/", "/nodeinfo/", "/health", "/metrics"))
        or wants_activity(request)
    )


def _as_node_error(raised: web.HTTPException) -> NodeError:
    error = NodeError(_WORDS.get(raised.status, msgid("This cannot be answered.")))
    error.status = raised.status
    return error


_WORDS = {
    400: msgid("The request makes no sense."),
    403: msgid("You may not do this."),
    404: msgid("There is nothing here."),
    405: msgid("This address does not take such requests."),
    413: msgid("That is too large."),
}
