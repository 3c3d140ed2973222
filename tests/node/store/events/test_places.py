"""Places: the same address is the same place, another address is another one."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from node.errors import NotFound
from node.store.db import Db
from node.store.events import places
from schemas.things import Place
from tests.factories import URLS

HALL = Place(name="Hall", street="Gasse 1", locality="Bern", country="CH", latitude=46.95, longitude=7.44)


async def test_the_same_address_is_the_same_place(db: Db) -> None:
    first, second = await places.keep(db, HALL, URLS.place), await places.keep(db, HALL, URLS.place)
    assert first == second
    row = await places.get(db, int((first.uri or "").rpartition("/")[2]))
    assert (row.place, row.uri, row.local) == (first, first.uri, True)


@pytest.mark.parametrize("changed", [{"street": "Gasse 2"}, {"latitude": 46.951}, {"latitude": None}, {"name": "hall"}])
async def test_another_address_is_another_place(db: Db, changed: dict[str, object]) -> None:
    first = await places.keep(db, HALL, URLS.place)
    second = await places.keep(db, msgspec.structs.replace(HALL, **changed), URLS.place)
    assert first.uri != second.uri


async def test_a_place_that_is_described_is_still_the_same_and_others_do_not_describe_it(db: Db) -> None:
    first = await places.keep(db, HALL, URLS.place)
    number = int((first.uri or "").rpartition("/")[2])
    await places.describe(db, number, ["lift", "hearing_loop"], "Two steps at the door.")
    again = await places.keep(db, HALL, URLS.place)
    assert (again.uri, again.access, again.access_note) == (
        first.uri,
        ("lift", "hearing_loop"),
        "Two steps at the door.",
    )
    said = msgspec.structs.replace(HALL, access=("step_free",))
    theirs, bare = await places.keep_remote(db, said), await places.keep_remote(db, HALL)
    assert theirs != bare
    await places.describe(db, theirs, ["parking"], "x")
    kept = await db.fetchval("SELECT place ->> 'access' FROM place_documents WHERE id = $1", theirs)
    assert kept == '["step_free"]'


async def test_a_place_others_told_of_is_not_ours(db: Db) -> None:
    remote = await places.keep_remote(db, msgspec.structs.replace(HALL, uri="https://peer.example/places/1"))
    ours = await places.keep(db, HALL, URLS.place)
    assert ours.uri != URLS.place(remote)
    with pytest.raises(NotFound):
        await places.get(db, remote)


async def test_the_same_place_kept_twice_at_once_is_one(db: Db, another_db: Db) -> None:
    async def keep(connection: Db) -> Place:
        async with connection.transaction():
            return await places.keep(connection, HALL, URLS.place)

    async with asyncio.timeout(30):
        first, second = await asyncio.gather(keep(db), keep(another_db))
    assert first == second
