"""Which app is talking to us, and what it sent: forms and JSON alike, the secret in the body or in a header."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import unquote_plus

import msgspec
from aiohttp import web

from node.oauth.errors import InvalidClient, Refusal
from node.store.access import apps
from node.store.access.apps import App
from node.store.db import Db
from node.web.handlers import Unreadable, sent_fields
from schemas.limits import OAUTH_VALUE_CHARS


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """An app that says who it is. `proven`: by its secret; a public client, which can keep none, only names itself
    (RFC 6749, 2.1)."""

    app: App
    proven: bool


async def parameters(request: web.Request) -> dict[str, str]:
    """What was sent, by name: body before query; what is no text is left out. Refusal for what cannot be read."""
    try:
        body = await _body(request)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, Unreadable) as error:
        raise Refusal("invalid_request", "The request cannot be read.") from error
    sent = dict(request.query) | {name: value for name, value in body.items() if isinstance(value, str)}
    if any(len(value) > OAUTH_VALUE_CHARS or "\0" in value for value in sent.values()):
        raise Refusal("invalid_request", "A parameter is too long or no text.")
    return sent


async def identified(db: Db, request: web.Request, sent: dict[str, str]) -> Client:
    """The app behind `client_id`, by a secret in the body or in a header (RFC 6749, 2.3.1). InvalidClient for one that
    there is not, and for a wrong secret; one way of proving at a time."""
    basic = _basic(request.headers.get("Authorization", ""))
    if basic and "client_secret" in sent:
        raise Refusal("invalid_request", "There is more than one secret.")
    client_id, secret = basic or (sent.get("client_id", ""), sent.get("client_secret", ""))
    app = await apps.find(db, client_id) if client_id and "\0" not in client_id else None
    if app is None or (basic and sent.get("client_id", client_id) != client_id):
        raise InvalidClient
    if secret and not app.has_secret(secret):
        raise InvalidClient
    return Client(app=app, proven=bool(secret))


async def _body(request: web.Request) -> dict[str, object]:
    if not request.body_exists:
        return {}
    if request.content_type == "application/json":
        sent = msgspec.json.decode(await request.read() or b"{}")
        return sent if isinstance(sent, dict) else {}
    return dict(await sent_fields(request))


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, colon, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as error:
        raise InvalidClient from error
    if not colon or not secret:
        raise InvalidClient
    return unquote_plus(client_id), unquote_plus(secret)
