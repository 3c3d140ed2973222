"""Who stands behind a bearer token, all in one query: it is asked at each request of a client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from node.store.access.sessions import hash_of
from node.store.db import Db
from schemas.limits import SESSION_SEEN_SECONDS
from schemas.records import Account, Actor, Record, Viewer


class Bearer(Record, frozen=True, kw_only=True):
    """A valid token with its app (None for one made by the command `token`). `viewer` is None where an app asks for
    itself (RFC 6749, section 4.4)."""

    id: int
    app_id: int | None
    scopes: tuple[str, ...]
    viewer: Viewer | None


async def find(db: Db, token: str) -> Bearer | None:
    """What a token stands for, if it is not revoked and its account may still be used."""
    row = await db.fetchrow(_BEARERS + "AND t.token_hash = $2", timedelta(seconds=SESSION_SEEN_SECONDS), hash_of(token))
    if row is None:
        return None
    if row["stale"]:
        await db.execute("UPDATE tokens SET used_at = now() WHERE id = $1", row["id"])
    return _bearer(row)


async def find_many(db: Db, token_ids: Sequence[int]) -> dict[int, Bearer]:
    """Those of the tokens that are still good, by id, and what they stand for now: asked again and again for those who
    listen to streams."""
    rows = await db.fetch(_BEARERS + "AND t.id = ANY ($2)", timedelta(seconds=SESSION_SEEN_SECONDS), token_ids)
    return {row["id"]: _bearer(row) for row in rows}


def _bearer(row: Mapping[str, Any]) -> Bearer:
    scopes = tuple(row["scopes"])
    viewer = None
    if row["account"]:
        actor = _ACTOR.decode(row["actor"])
        viewer = Viewer(
            account=_ACCOUNT.decode(row["account"]),
            actor=actor,
            acting=_ACTOR.decode(row["acting"]) if row["acting"] else actor,
            scopes=scopes,
        )
    return Bearer(id=row["id"], app_id=row["app_id"], scopes=scopes, viewer=viewer)


_ACTOR = msgspec.json.Decoder(Actor)
_ACCOUNT = msgspec.json.Decoder(Account)
_BEARERS = """
    SELECT t.id, t.app_id, t.scopes, coalesce(t.used_at < now() - $1::interval, true) AS stale,
           CASE WHEN a.id IS NOT NULL THEN (
               SELECT row_to_json(whole)
                 FROM (SELECT a.*,
                              ARRAY(SELECT DISTINCT role FROM mandates
                                     WHERE account_id = a.id
                                       AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())) AS roles,
                              ARRAY(SELECT DISTINCT unnest(permissions) FROM mandates JOIN roles ON roles.name = role
                                     WHERE account_id = a.id
                                       AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())) AS permissions,
                              ARRAY(SELECT actor_id FROM editors WHERE account_id = a.id) AS edits
                      ) AS whole)::text END AS account,
           row_to_json(me)::text AS actor,
           CASE WHEN t.acting_actor_id <> me.id THEN (
               SELECT row_to_json(one) FROM public_actors one WHERE one.id = t.acting_actor_id)::text END AS acting
      FROM tokens t
      LEFT JOIN accounts a ON a.id = t.account_id
      LEFT JOIN public_actors me ON me.id = a.actor_id
     WHERE t.revoked_at IS NULL
       AND (t.account_id IS NULL
            OR (a.disabled_at IS NULL OR me.frozen_at IS NOT NULL)
               AND me.suspended_at IS NULL AND me.deleted_at IS NULL)
"""
