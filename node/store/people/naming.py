"""Who is meant by a handle or an address: one query for all the names in a text or a form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from node.store.db import Db
from schemas.records import Actor

_ACTOR = msgspec.json.Decoder(Actor)

Handle = tuple[str, str]
"""Name and host of a handle, both in small letters."""


async def find_by_handles(db: Db, handles: Sequence[Handle]) -> dict[Handle, Actor]:
    """Those of the actors with these handles that we know and that are not gone or suspended."""
    rows = await db.fetch(
        """
        SELECT named.name, named.host, row_to_json(a)::text AS actor
          FROM unnest($1::text[], $2::text[]) AS named (name, host)
          JOIN public_actors a ON lower(a.name) = named.name AND a.host = named.host
         WHERE a.deleted_at IS NULL AND a.suspended_at IS NULL AND NOT a.host_suspended
        """,
        [name for name, _ in handles],
        [host for _, host in handles],
    )
    return {(row["name"], row["host"]): _ACTOR.decode(row["actor"]) for row in rows}


async def find_by_addresses(db: Db, addresses: Sequence[str]) -> dict[str, Actor]:
    """Those of the actors with these ids that we know and that are not gone or suspended."""
    rows = await db.fetch(
        """
        SELECT a.uri, row_to_json(a)::text AS actor
          FROM public_actors a
         WHERE a.uri = ANY ($1) AND a.deleted_at IS NULL AND a.suspended_at IS NULL AND NOT a.host_suspended
        """,
        addresses,
    )
    return {row["uri"]: _ACTOR.decode(row["actor"]) for row in rows}


async def find_editor(db: Db) -> int | None:
    """The account that may publish as the hub for the longest time: who is meant where nobody is named."""
    found: int | None = await db.fetchval(
        """
        SELECT mandates.account_id
          FROM mandates
          JOIN roles ON roles.name = mandates.role
          JOIN accounts ON accounts.id = mandates.account_id
         WHERE 'publish_as_hub' = ANY (roles.permissions) AND accounts.disabled_at IS NULL
           AND mandates.starts_at <= now() AND (mandates.ends_at IS NULL OR mandates.ends_at > now())
         ORDER BY mandates.starts_at, mandates.id
         LIMIT 1
        """
    )
    return found


async def of_accounts(db: Db, account_ids: Iterable[int | None]) -> dict[int, str]:
    """The names of accounts as readers know them, by id; None is nobody."""
    rows = await db.fetch(
        """
        SELECT accounts.id, coalesce(nullif(actors.display_name, ''), actors.name) AS name
          FROM accounts JOIN actors ON actors.id = accounts.actor_id
         WHERE accounts.id = ANY ($1)
        """,
        [one for one in account_ids if one is not None],
    )
    return {row["id"]: row["name"] for row in rows}
