"""What every handler needs: a database connection to read or write with, the form that was sent, and who is asking."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache, lru_cache
from typing import Any, Literal, TypeVar, cast, get_origin

import msgspec
from aiohttp import web
from aiohttp.http import HttpProcessingError
from multidict import MultiDictProxy, MultiMapping

from federation.addresses import in_networks
from node.errors import FROZEN, Forbidden, Invalid, NodeError, Unauthorized
from node.store.db import Db
from node.web.keys import DATABASE, NODE, SETTINGS, WHO_ASKS
from node.wording.language import choose
from schemas.decoding import wrong_shape
from schemas.limits import ACCEPTED_TYPES, ACCEPTS_CACHED
from schemas.records import Viewer

Language = Literal["en", "de", "fr"]
LANGUAGE_COOKIE = "language"
ALL_SCOPES = "*"
"""The scope of a session: whoever signed in on our own pages is not limited by scopes."""

READS = ("GET", "HEAD")
OPEN_TO_FROZEN = ("/sign-out", "/settings/security", "/settings/data", "/settings/leave", "/settings/apps")
"""Where who is frozen still does something: look after the account, take the data along, leave."""

_ACTIVITY_TYPES = ("application/activity+json", "application/ld+json", "application/json")
_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_VIEWER = web.RequestKey("viewer", Viewer)
_T = TypeVar("_T")


class Unreadable(NodeError):
    """Half a form, a charset that nobody knows, a text with NUL in it: no browser sends that."""

    status = 400
    message = "The request makes no sense."


@asynccontextmanager
async def reading(request: web.Request) -> AsyncIterator[Db]:
    """A connection for a handler that changes nothing. Each statement sees what is committed when it runs."""
    async with request.app[DATABASE].pool.acquire() as db:
        yield db


@asynccontextmanager
async def writing(request: web.Request) -> AsyncIterator[Db]:
    """A connection inside one transaction; after the commit the workers are woken.

    Leave the block before you raise a redirect: an exception inside rolls everything back.
    """
    async with request.app[DATABASE].pool.acquire() as db, db.transaction():
        yield db
    request.app[NODE].wake()


async def viewer(request: web.Request, db: Db) -> Viewer | None:
    """Who is asking, by session cookie or bearer token; once found, not asked of the database again in this request."""
    known = request.get(_VIEWER)
    if known is None and WHO_ASKS in request.app:
        known = await request.app[WHO_ASKS](request, db)
        if known is not None:
            request[_VIEWER] = known
    return known


async def signed_in(request: web.Request, db: Db, permission: str | None = None, scope: str | None = None) -> Viewer:
    """The viewer, or Unauthorized; Forbidden if no mandate gives `permission`, the token lacks `scope`, or who is
    frozen wants to change something."""
    who = await viewer(request, db)
    if who is None:
        raise Unauthorized
    if who.actor.frozen_at and request.method not in READS and not request.path.startswith(OPEN_TO_FROZEN):
        raise Forbidden(FROZEN)
    if scope is not None and not covers(who.scopes, scope):
        raise Forbidden("This token may not do that.")
    if permission is not None and not who.may(permission):
        raise Forbidden
    return who


def covers(scopes: tuple[str, ...], wanted: str) -> bool:
    """Whether scopes such as `read` contain a scope such as `read:statuses` (a broader one contains the narrower)."""
    parts = wanted.split(":")
    return ALL_SCOPES in scopes or any(":".join(parts[: end + 1]) in scopes for end in range(len(parts)))


async def form(request: web.Request, shape: type[_T]) -> _T:
    """The body (JSON, urlencoded or multipart text fields) as a struct; Invalid names the field that is wrong.

    In forms a list is a repeated field, with or without `[]` after its name; an empty field counts as absent.
    """
    if request.content_type == "application/json":
        return decoded(await request.read(), shape)
    fields = _lists_and_values(await sent_fields(request), shape)
    try:
        return msgspec.convert(fields, shape, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid([wrong_shape(error)]) from error


async def sent_fields(request: web.Request) -> MultiDictProxy[str | bytes | bytearray | web.FileField]:
    """The fields of a form as they were sent. Unreadable for what is no form."""
    try:
        return await request.post()
    except (ValueError, LookupError, HttpProcessingError) as error:
        raise Unreadable from error


def decoded(body: bytes, shape: type[_T]) -> _T:
    """JSON as a struct; Invalid names the field that is wrong."""
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Invalid([wrong_shape(error)]) from error


def query(request: web.Request, shape: type[_T]) -> _T:
    """The query string as a struct; Invalid names the parameter that is wrong."""
    try:
        return msgspec.convert(_lists_and_values(request.query, shape), shape, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid([wrong_shape(error)]) from error


def language(request: web.Request) -> Language:
    """The reader's language: asked for (`?lang=`), chosen before (cookie), what the browser wants, the account's once
    it is known who asks; else English."""
    wishes = (request.query.get("lang"), request.cookies.get(LANGUAGE_COOKIE))
    known = request.get(_VIEWER)
    own = known.account.language if known else None
    return cast(Language, choose(wishes, request.headers.get("Accept-Language", ""), own))


def wants_activity(request: web.Request) -> bool:
    """Whether the asker prefers ActivityPub's JSON to a page, by its Accept header (RFC 9110, 12.5.1).

    Equal weights go to the page, except that an asker who does not mention HTML at all gets JSON; a missing header,
    or only wildcards, means a page: browsers and crawlers are more in number.
    """
    return _prefers_activity(request.headers.get("Accept", ""))


@lru_cache(ACCEPTS_CACHED)
def _prefers_activity(accept: str) -> bool:
    activity = page = 0.0
    for media_type, quality in _accepted_types(accept):
        if media_type in _ACTIVITY_TYPES:
            activity = max(activity, quality)
        elif media_type in _PAGE_TYPES:
            page = max(page, quality)
    return activity > page


def client_address(request: web.Request) -> str:
    """Who called, as far as trusted proxies say so: the last address in X-Forwarded-For that is not one of theirs."""
    if "X-Forwarded-For" not in request.headers:
        return request.remote or ""
    hops = [hop.strip() for hop in ",".join(request.headers.getall("X-Forwarded-For", ())).split(",") if hop.strip()]
    address = request.remote or ""
    proxies = request.app[SETTINGS].trusted_proxies
    while hops and in_networks(address, proxies):
        address = hops.pop()
    return address


def _accepted_types(header: str) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for part in header.split(",")[:ACCEPTED_TYPES]:
        media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weights = [parameter[2:] for parameter in parameters if parameter.startswith("q=")]
        try:
            quality = float(weights[0]) if weights else 1.0
        except ValueError:
            quality = 0.0
        found.append((media_type, quality))
    return found


def _lists_and_values(fields: MultiMapping[Any], shape: type[Any]) -> Mapping[str, Any]:
    lists = _list_fields(shape)  # type: ignore[arg-type]  # a class can be a key
    taken: dict[str, Any] = {}
    for key in dict.fromkeys(fields):
        name = key.removesuffix("[]")
        values = [value for value in fields.getall(key) if isinstance(value, str)]
        if name in lists:
            taken[name] = [*taken.get(name, []), *(value for value in values if value)]
        elif values and values[-1] != "":
            taken[name] = values[-1]
    return taken


@cache
def _list_fields(shape: type[Any]) -> frozenset[str]:
    if not issubclass(shape, msgspec.Struct):
        return frozenset()
    return frozenset(
        field.encode_name
        for field in msgspec.structs.fields(shape)
        if get_origin(field.type) in (list, tuple, set, frozenset)
    )
