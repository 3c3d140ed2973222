"""This hub's own row: who it is, and the secret with which it signs links and forms."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence

import msgspec

from node.store.db import Db
from schemas.look import Look
from schemas.records import Hub
from schemas.sign_ups import SignUps

SECRET_BYTES = 32


async def prepare(db: Db, base_url: str) -> Hub:
    """The row, made on the first start; it then remembers the base URL for ever."""
    await db.execute(
        "INSERT INTO hub (secret, base_url) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        secrets.token_bytes(SECRET_BYTES),
        base_url,
    )
    return await get(db)


async def get(db: Db) -> Hub:
    """The hub. There is one as soon as a node has started on this database."""
    row = await db.fetchrow(
        """
        SELECT hub.name, hub.description, descriptions, hub.language, hub.languages, hub.zone, contact, rules,
               federation_mode, set_up_at, secret, base_url, hub.created_at, look, sign_ups, modules_off,
               logo.path AS logo, cover.path AS cover
          FROM hub
          LEFT JOIN actors ON role_here = 'hub'
          LEFT JOIN media AS logo ON logo.id = icon_id AND logo.state = 'ready'
          LEFT JOIN media AS cover ON cover.id = banner_id AND cover.state = 'ready'
        """
    )
    if row is None:
        raise LookupError("no node has started on this database yet")
    read = {"look": msgspec.convert(row["look"], Look), "sign_ups": msgspec.convert(row["sign_ups"], SignUps)}
    return Hub(**{**row, **read})


async def modules_off(db: Db) -> list[str]:
    """What the hub does without."""
    off: list[str] | None = await db.fetchval("SELECT modules_off FROM hub")
    return off or []


async def set_modules_off(db: Db, off: Sequence[str]) -> None:
    """Do without these from now on."""
    await db.execute("UPDATE hub SET modules_off = $1", list(off))


async def set_up(db: Db, *, name: str, language: str, languages: Sequence[str], zone: str, description: str) -> bool:
    """Name the hub and end the set-up: its link no longer opens. False if that has happened before."""
    done: str = await db.execute(
        """
        UPDATE hub
        SET name = $1, language = $2, languages = $3, zone = $4, description = $5,
            set_up_at = now(), setup_token_hash = NULL
        WHERE set_up_at IS NULL
        """,
        name,
        language,
        list(languages),
        zone,
        description,
    )
    return done == "UPDATE 1"


async def new_setup_token(db: Db) -> str | None:
    """A fresh one-time token for the set-up page, which makes older ones void; None once the hub is set up."""
    token = secrets.token_urlsafe(24)
    done: str = await db.execute("UPDATE hub SET setup_token_hash = $1 WHERE set_up_at IS NULL", _hash(token))
    return token if done == "UPDATE 1" else None


async def is_setup_token(db: Db, token: str) -> bool:
    """Whether this token opens the set-up page now."""
    kept = await db.fetchval("SELECT setup_token_hash FROM hub WHERE set_up_at IS NULL")
    return kept is not None and hmac.compare_digest(kept, _hash(token))


async def set_look(db: Db, look: Look) -> None:
    """How the hub looks from now on."""
    await db.execute("UPDATE hub SET look = $1", look)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
