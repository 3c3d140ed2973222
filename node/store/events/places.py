"""Places, each under an address of its own. A place never changes: other servers remember places by id for ever, so
another address is another place, and the same address again is the same place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import msgspec

from node.errors import NotFound
from node.ids import new_id
from node.store.db import Db
from schemas.access import AccessFeature
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
    """Keep a place of ours, or find it again; with the address (`address(id)`) under which it is served, and with what
    was said of the access."""
    return (await get(db, await _keep(db, place, address))).place


async def keep_remote(db: Db, place: Place) -> int:
    """Keep a place another server told of. Its id there is not kept: whoever says it, the same place is one row."""
    return await _keep(db, place, None)


async def describe(db: Db, place_id: int, access: Sequence[AccessFeature], note: str) -> None:
    """Write anew how people get into a place of ours and what helps them there. It stays the same place."""
    await db.execute(
        "UPDATE places SET access = $2, access_note = $3 WHERE id = $1 AND local", place_id, list(access), note
    )


async def id_of(db: Db, place: Place | None, *, local: bool) -> int | None:
    """A place of ours was kept before (`keep` gave it its address); one from elsewhere is kept now."""
    if place is None:
        return None
    if not local:
        return await keep_remote(db, place)
    found: int | None = await db.fetchval("SELECT id FROM places WHERE uri = $1 AND local", place.uri)
    return found


async def ids_of(db: Db, wanted: Sequence[Place | None], *, local: bool) -> list[int | None]:
    """The same for many; those from elsewhere that are here are found by one look."""
    prints = [None if one is None or local else _fingerprint(one, told=True) for one in wanted]
    asked = list({one for one in prints if one is not None})
    known: dict[bytes | None, int] = {}
    if asked:
        rows = await db.fetch("SELECT id, fingerprint FROM places WHERE NOT local AND fingerprint = ANY ($1)", asked)
        known = {row["fingerprint"]: row["id"] for row in rows}
    return [
        known[fingerprint] if fingerprint in known else await id_of(db, place, local=local)
        for place, fingerprint in zip(wanted, prints, strict=True)
    ]


async def _keep(db: Db, place: Place, address: Callable[[int], str] | None) -> int:
    local = address is not None
    fingerprint = _fingerprint(place, told=not local)
    found: int | None = await db.fetchval(
        "SELECT id FROM places WHERE local = $1 AND fingerprint = $2", local, fingerprint
    )
    while found is None:
        place_id = new_id()
        await db.execute(
            """
            INSERT INTO places (id, uri, local, name, street, postal_code, locality, region, country,
                                latitude, longitude, fingerprint, access, access_note)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            ON CONFLICT DO NOTHING
            """,
            place_id,
            address(place_id) if address else None,
            local,
            *_values(place),
            fingerprint,
            list(place.access),
            place.access_note,
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


def _fingerprint(place: Place, *, told: bool) -> bytes:
    """The same place has the same one. What others have `told` of the access belongs to it, so that nobody rewrites
    what another server says of a place; of ours it is described by our editors, and may change."""
    access = (place.access, place.access_note) if told and (place.access or place.access_note) else ()
    return hashlib.sha256(msgspec.json.encode((*_values(place), *access))).digest()
