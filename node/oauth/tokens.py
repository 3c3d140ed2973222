"""Tokens for apps: given for a code or to the app itself, and taken back (RFC 6749, 4.1.3 and 4.4; RFC 7009)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

from node.errors import NodeError, TooMany
from node.oauth.clients import Client, identified, parameters
from node.oauth.errors import InvalidClient, InvalidGrant, Refusal
from node.store.access import apps, authorization_codes, tokens
from node.store.access.authorization_codes import Code
from node.store.access.tokens import Issued
from node.store.db import Db
from node.web import throttle
from node.web.handlers import reading, writing
from node.web.limits import Rate
from node.wording.language import gettext
from schemas import scopes
from schemas.limits import TOKEN_RATE_COUNT, TOKEN_RATE_SECONDS

FROM_ONE_NETWORK = Rate(count=TOKEN_RATE_COUNT, seconds=TOKEN_RATE_SECONDS)

Handler = Callable[[web.Request], Awaitable[web.Response]]


def for_apps(handler: Handler) -> Handler:
    """A handler whose refusals, whatever they are, apps can read (RFC 6749, 5.2)."""

    async def handle(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except Refusal as refusal:
            return _refused(refusal)
        except NodeError as error:
            kind = "temporarily_unavailable" if isinstance(error, TooMany) else "invalid_request"
            response = _refused(Refusal(kind, gettext("en", error.message, **error.values), error.status))
            if isinstance(error, TooMany):
                response.headers["Retry-After"] = str(error.retry_after)
            return response

    return handle


@for_apps
async def give_token(request: web.Request) -> web.Response:
    """POST /oauth/token."""
    sent = await parameters(request)
    async with reading(request) as db:
        client = await identified(db, request, sent)
    match sent.get("grant_type"):
        case "authorization_code":
            issued = await _for_code(request, client, sent)
        case "client_credentials":
            issued = await _for_itself(request, client, sent)
        case None | "":
            raise Refusal("invalid_request", "Missing required parameter: grant_type.")
        case _:
            raise Refusal("unsupported_grant_type", "The authorization grant type is not supported.")
    body = {
        "access_token": issued.token,
        "token_type": "Bearer",
        "scope": " ".join(issued.scopes),
        "created_at": int(issued.created_at.timestamp()),
    }
    return as_json(body)


@for_apps
async def revoke_token(request: web.Request) -> web.Response:
    """POST /oauth/revoke: the same answer whether there was such a token of this app or not."""
    sent = await parameters(request)
    async with writing(request) as db:
        try:
            client = await identified(db, request, sent)
        except Refusal:
            return as_json({})
        await tokens.revoke_token(db, sent.get("token", ""), client.app.id)
    return as_json({})


def as_json(body: object, status: int = 200) -> web.Response:
    """JSON that nobody keeps."""
    response = web.Response(body=msgspec.json.encode(body), status=status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return response


async def _for_code(request: web.Request, client: Client, sent: dict[str, str]) -> Issued:
    """A member's token. A code that comes again has been stolen from one of the two who have it: what was given for it
    ends (case 127). What is noted about a code stays noted when it is refused."""
    async with writing(request) as db:
        code = await authorization_codes.take(db, sent.get("code", ""), client.app.id)
        if code is None:
            raise InvalidGrant
        if code.used_at is not None and code.token_id is not None:
            await tokens.revoke_one(db, code.token_id)
        issued = await _issue(db, client, code) if _is_good(code, client, sent) else None
    if issued is None:
        raise InvalidGrant
    return issued


async def _issue(db: Db, client: Client, code: Code) -> Issued:
    issued = await tokens.issue(
        db, client.app.id, code.scopes, account_id=code.account_id, acting_actor_id=code.acting_actor_id
    )
    await authorization_codes.led_to(db, code, issued.id)
    await apps.touch(db, client.app)
    return issued


async def _for_itself(request: web.Request, client: Client, sent: dict[str, str]) -> Issued:
    """A token with which the app acts on nobody's behalf; its secret is asked for."""
    if not client.proven:
        raise InvalidClient
    asked = scopes.parse(sent.get("scope", ""))
    if scopes.unknown(asked) or not scopes.within(asked, client.app.scopes):
        raise Refusal("invalid_scope", "The requested scope is invalid, unknown, or malformed.")
    await throttle.count(request, "token of an app", throttle.network(request), FROM_ONE_NETWORK)
    async with writing(request) as db:
        await apps.touch(db, client.app)
        return await tokens.issue(db, client.app.id, asked)


def _is_good(code: Code, client: Client, sent: dict[str, str]) -> bool:
    """Whether a code is fresh, for this address, and brought by whoever asked for it: by the secret of the app, by the
    proof key, or by both (RFC 7636, 4.6)."""
    return (
        code.used_at is None
        and not code.expired
        and code.usable
        and sent.get("redirect_uri") == code.redirect_uri
        and (client.proven or code.code_challenge is not None)
        and _is_proof(code.code_challenge, sent.get("code_verifier"))
    )


def _is_proof(challenge: str | None, verifier: str | None) -> bool:
    """Where there was no challenge there must be no verifier: somebody took it out on the way (RFC 9700, 2.1.1)."""
    if challenge is None:
        return not verifier
    digest = base64.urlsafe_b64encode(hashlib.sha256((verifier or "").encode()).digest()).rstrip(b"=")
    return hmac.compare_digest(digest, challenge.encode())


def _refused(refusal: Refusal) -> web.Response:
    response = as_json({"error": refusal.error, "error_description": refusal.description}, refusal.status)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Allmende"'
    return response
