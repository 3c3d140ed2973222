"""Places, each under an address of its own. A place never changes: other servers remember places by id for ever, so
another address is another place, and the same address again is the same place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import msgspec

from node.errors import NotFound
from node.ids import new_id
from node.store.db import Db
from schemas.records import PlaceRow
from schemas.things import Place


async def get(db: Db, place_id: int) -> PlaceRow:
    """The local place served at this id, or NotFound."""
    row = await db.fetchrow(
        """
        SELECT places.id, places.local, place::text
          FROM places
          JOIN place_documents USING (id)
         WHERE places.id = $1 AND local
        """,
        place_id,
    )
    if row is None:
        raise NotFound
    place = msgspec.json.decode(row["place"], type=Place)
    return PlaceRow(id=row["id"], uri=place.uri, local=True, place=place)


async def keep(db: Db, place: Place, address: Callable[[int], str]) -> Place:
    """Keep a place of ours, or find it again; with the address (`address(id)`) under which it is served."""
    place_id = await _keep(db, place, address)
    uri: str = await db.fetchval("SELECT uri FROM places WHERE id = $1", place_id)
    return msgspec.structs.replace(place, uri=uri)


async def keep_remote(db: Db, place: Place) -> int:
    """Keep a place another server told of. Its id there is not kept: whoever says it, the same place is one row."""
    return await _keep(db, place, None)


async def id_of(db: Db, place: Place | None, *, local: bool) -> int | None:
    """A place of ours was kept before (`keep` gave it its address); one from elsewhere is kept now."""
    if place is None:
        return None
    if not local:
        return await keep_remote(db, place)
    found: int | None = await db.fetchval("SELECT id FROM places WHERE uri = $1 AND local", place.uri)
    return found


async def _keep(db: Db, place: Place, address: Callable[[int], str] | None) -> int:
    local, fingerprint = address is not None, _fingerprint(place)
    found: int | None = await db.fetchval(
        "SELECT id FROM places WHERE local = $1 AND fingerprint = $2", local, fingerprint
    )
    while found is None:
        place_id = new_id()
        await db.execute(
            """
            INSERT INTO places (id, uri, local, name, street, postal_code, locality, region, country,
                                latitude, longitude, fingerprint)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT DO NOTHING
            """,
            place_id,
            address(place_id) if address else None,
            local,
            *_values(place),
            fingerprint,
        )
        # A second look, not RETURNING: somebody else may have kept it in this moment.
        found = await db.fetchval("SELECT id FROM places WHERE local = $1 AND fingerprint = $2", local, fingerprint)
    return found


def _values(place: Place) -> tuple[str | float | None, ...]:
    return (
        place.name,
        place.street,
        place.postal_code,
        place.locality,
        place.region,
        place.country,
        place.latitude if place.longitude is not None else None,
        place.longitude if place.latitude is not None else None,
    )


def _fingerprint(place: Place) -> bytes:
    return hashlib.sha256(msgspec.json.encode(_values(place))).digest()
