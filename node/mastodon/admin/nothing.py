"""Lists that moderation clients ask for and of which we keep nothing: addresses of the network, mails that were barred,
trends to be approved, figures. They are empty; what would fill them answers 404."""

from __future__ import annotations

from aiohttp import web

from node.errors import Forbidden
from node.mastodon.answers import as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, get, post


async def empty(ask: Ask) -> web.Response:
    """Nothing, for the staff."""
    if not any(ask.who.may(one) for one in ("moderate_accounts", "moderate_servers", "manage_hub")):
        raise Forbidden
    return as_json([])


_V1 = "/api/v1/admin"
ENDPOINTS: tuple[Endpoint, ...] = (
    get(f"{_V1}/ip_blocks", empty, "admin:read:ip_blocks"),
    get(f"{_V1}/email_domain_blocks", empty, "admin:read:email_domain_blocks"),
    get(f"{_V1}/canonical_email_blocks", empty, "admin:read:canonical_email_blocks"),
    get(f"{_V1}/trends/links", empty, "admin:read"),
    get(f"{_V1}/trends/links/publishers", empty, "admin:read"),
    get(f"{_V1}/trends/statuses", empty, "admin:read"),
    get(f"{_V1}/trends/tags", empty, "admin:read"),
    post(f"{_V1}/measures", empty, "admin:read", work="reads"),
    post(f"{_V1}/dimensions", empty, "admin:read", work="reads"),
    post(f"{_V1}/retention", empty, "admin:read", work="reads"),
)
