"""How this door answers: ActivityPub documents with headers that caches understand, to whom a signature says it is."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from node.activitypub.signed import KEYS, KeyAway, read_signature, verified
from node.errors import NotFound
from node.web.keys import NODE
from schemas.discovery import ACTIVITY_JSON
from schemas.limits import DOCUMENT_CACHE_SECONDS, ID_DIGITS
from schemas.records import Actor

PUBLIC = f"public, max-age={DOCUMENT_CACHE_SECONDS}"
SIGNED = "private, no-store"
VARY = "Accept, Signature"


async def asker(request: web.Request) -> Actor | None:
    """The remote actor who signed this GET; None for a stranger, and for a key that nobody can tell of now.

    Raises Unauthorized for a signature that is wrong, Forbidden for a signer who may not read here (case 41).
    """
    if "Signature" not in request.headers:
        return None
    pending, host = read_signature(request.app[NODE], request, b"")
    try:
        return (await verified(request.app[KEYS], pending, host)).actor
    except KeyAway:
        return None


def seeing(actor: Actor | None) -> int | None:
    """Whose eyes to read with: a server's own actor sees what is public, whomever it follows."""
    return None if actor is None or actor.kind == "Application" else actor.id


def document(request: web.Request, body: dict[str, Any] | str, *, status: int = 200) -> web.Response:
    """An ActivityPub document; what a signature helped to see is for nobody else's cache (case 42)."""
    raw = body.encode() if isinstance(body, str) else msgspec.json.encode(body)
    signed = "Signature" in request.headers
    return web.Response(
        body=raw,
        status=status,
        content_type=ACTIVITY_JSON,
        headers={"Vary": VARY, "Cache-Control": SIGNED if signed else PUBLIC},
    )


def number(request: web.Request, name: str = "id") -> int:
    """The id in the path; NotFound for what cannot be one."""
    return as_number(request.match_info[name])


def as_number(text: str) -> int:
    """An id of ours from text; NotFound for what cannot be one."""
    if not (text.isascii() and text.isdigit() and len(text) <= ID_DIGITS) or (found := int(text)) >= 2**63:
        raise NotFound
    return found


def position(request: web.Request, name: str) -> int | None:
    """Where a page begins, from the query; None where it does not say."""
    text = request.query.get(name)
    return as_number(text) if text else None
