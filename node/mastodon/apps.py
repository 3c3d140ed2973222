"""Apps: how a client registers itself, and asks whether it still is."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec
from aiohttp import web

from node.errors import Unauthorized
from node.mastodon.answers import as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, get, post
from node.mastodon.entities import application
from node.mastodon.errors import Unprocessable
from node.store.access import apps
from node.store.notices import vapid
from node.web import throttle
from node.web.handlers import writing
from node.web.limits import Rate
from schemas import scopes
from schemas.limits import ADDRESS_BYTES, APP_NAME_CHARS, APP_RATE_COUNT, APP_RATE_SECONDS, REDIRECT_URIS
from schemas.redirects import is_redirect_uri

FROM_ONE_NETWORK = Rate(count=APP_RATE_COUNT, seconds=APP_RATE_SECONDS)


class NewApp(msgspec.Struct, frozen=True, kw_only=True):
    """What a client says about itself. Addresses come as a list, or as one text with a line for each."""

    client_name: str = ""
    redirect_uris: list[str] = []
    scopes: str = ""
    website: str | None = None


async def register(ask: Ask) -> web.Response:
    """POST /api/v1/apps (RFC 7591 in Mastodon's form): open to everybody, a few at a time."""
    new = ask.take(NewApp)
    addresses = tuple(dict.fromkeys(line for text in new.redirect_uris for line in text.split()))
    asked = scopes.parse(new.scopes)
    if found := _problem(new, addresses, asked):
        raise Unprocessable(found)
    await throttle.count(ask.request, "register an app", throttle.network(ask.request), FROM_ONE_NETWORK)
    async with writing(ask.request) as db:
        app, secret = await apps.insert(
            db, name=new.client_name.strip(), redirect_uris=addresses, scopes=asked, website=new.website or None
        )
        return as_json(application.registered(app, secret, await vapid.public_key(db)))


async def verify(ask: Ask) -> web.Response:
    """GET /api/v1/apps/verify_credentials: by its own token, or a member's."""
    if ask.bearer is None or ask.bearer.app_id is None:
        raise Unauthorized
    return as_json(application.known(await apps.get(ask.db, ask.bearer.app_id), await vapid.public_key(ask.db)))


def _problem(new: NewApp, addresses: tuple[str, ...], asked: tuple[str, ...]) -> str:
    """What is wrong with it in Mastodon's words; nothing if nothing is."""
    name = new.client_name.strip()
    if not name or not name.isprintable():
        return "Application name can't be blank"
    if len(name) > APP_NAME_CHARS:
        return f"Application name is too long (maximum is {APP_NAME_CHARS} characters)"
    if not addresses:
        return "Redirect URI can't be blank"
    if len(addresses) > REDIRECT_URIS:
        return f"Redirect URI: there may be {REDIRECT_URIS} at most"
    if not all(is_redirect_uri(one) for one in addresses):
        return "Redirect URI must be an absolute URI."
    if unknown := scopes.unknown(asked):
        return f"Scopes doesn't match configured on the server: {', '.join(unknown)[:200]}"
    if new.website and not _is_web_address(new.website):
        return "Application website must be a valid URL"
    return ""


def _is_web_address(written: str) -> bool:
    try:
        parts = urlsplit(written)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and written.isprintable()
        and len(written) <= ADDRESS_BYTES
    )


ENDPOINTS: tuple[Endpoint, ...] = (
    post("/api/v1/apps", register, asker="anyone", work="alone"),
    get("/api/v1/apps/verify_credentials", verify, asker="app"),
)
