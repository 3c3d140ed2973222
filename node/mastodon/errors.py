"""Errors as clients know them: a JSON object with `error`, in Mastodon's words where clients compare them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from aiohttp import web

from node.errors import Conflict, Forbidden, Gone, Invalid, NodeError, NotFound, TooMany, Unauthorized
from node.wording.language import gettext

NO_TOKEN = "The access token is invalid"  # noqa: S105 - a sentence
NO_SCOPE = "This action is outside the authorized scopes"
NO_MEMBER = "This method requires an authenticated user"
UNCONFIRMED = "Your login is missing a confirmed e-mail address"
PENDING = "Your login is currently pending approval"
NO_RECORD = "Record not found"


class Refused(NodeError):
    """An answer in words of the Mastodon API itself, which are English in every language.

    `details`: for each field the errors in it, as sign-up forms of clients show them.
    """

    def __init__(self, status: int, message: str, details: Mapping[str, list[dict[str, str]]] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.details = details


class Unprocessable(Refused):
    """422: what was sent makes no sense."""

    def __init__(self, message: str) -> None:
        super().__init__(422, f"Validation failed: {message}")


def answer(error: NodeError, language: str) -> web.Response:
    """The error as Mastodon would say it: a conflict is 422 there, and what is not there has one name."""
    status, said = error.status, gettext(language, error.message, **error.values)
    body: dict[str, object] = {}
    match error:
        case Refused():
            said = error.message
            if error.details:
                body["details"] = error.details
        case NotFound() | Gone():
            status, said = 404, NO_RECORD
        case Unauthorized():
            said = NO_TOKEN
        case Invalid():
            reasons = [f"{one.field}: {gettext(language, one.reason, **one.values)}" for one in error.problems]
            said = f"Validation failed: {', '.join(reasons)}"
        case Conflict():
            status = 422
        case Forbidden() | TooMany() | _:
            pass
    response = web.Response(
        body=msgspec.json.encode({"error": said} | body), status=status, content_type="application/json"
    )
    response.headers["Cache-Control"] = "no-store"
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Allmende", error="invalid_token"'
    return response
