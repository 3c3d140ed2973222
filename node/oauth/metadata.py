"""What apps read about this door (RFC 8414), and about the member who let them in."""

from __future__ import annotations

from aiohttp import web

from node.errors import Forbidden, Unauthorized
from node.oauth.tokens import as_json
from node.web.handlers import reading, signed_in
from node.web.keys import SETTINGS
from node.wording.showing import name
from schemas.scopes import SCOPES


async def show_metadata(request: web.Request) -> web.Response:
    """GET /.well-known/oauth-authorization-server."""
    base = request.app[SETTINGS].base_url
    response = as_json(
        {
            "issuer": f"{base}/",
            "service_documentation": "https://docs.joinmastodon.org/",
            "authorization_endpoint": f"{base}/oauth/authorize",
            "token_endpoint": f"{base}/oauth/token",
            "app_registration_endpoint": f"{base}/api/v1/apps",
            "revocation_endpoint": f"{base}/oauth/revoke",
            "userinfo_endpoint": f"{base}/oauth/userinfo",
            "scopes_supported": SCOPES,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "code_challenge_methods_supported": ["S256"],
        }
    )
    response.headers["Cache-Control"] = "public, max-age=3600"
    del response.headers["Pragma"]
    return response


async def show_member(request: web.Request) -> web.Response:
    """GET /oauth/userinfo: who let the app in (OpenID Connect Core, 5.3). By a token alone: a cookie counts for
    nothing here, since pages elsewhere may read the answer."""
    base = request.app[SETTINGS].base_url
    try:
        if "Authorization" not in request.headers:
            raise Unauthorized
        async with reading(request) as db:
            who = await signed_in(request, db, scope="profile")
    except Unauthorized:
        response = as_json({"error": "The access token is invalid"}, 401)
        response.headers["WWW-Authenticate"] = 'Bearer realm="Allmende", error="invalid_token"'
        return response
    except Forbidden:
        return as_json({"error": "This action is outside the authorized scopes"}, 403)
    actor = who.acting
    about = {
        "iss": f"{base}/",
        "sub": actor.uri,
        "name": name(actor),
        "preferred_username": actor.name,
        "profile": actor.url,
    }
    return as_json(about | ({"picture": actor.icon_url} if actor.icon_url else {}))
