"""What we remember of other servers."""

from __future__ import annotations

from datetime import timedelta

from federation.signatures.pending import Scheme
from node.schemes import HostSchemes
from node.store.db import Db
from node.store.pool import Database
from node.store.servers import hosts


async def test_the_way_of_signing_that_worked_is_known_to_all_processes(database: Database, db: Db) -> None:
    assert await HostSchemes(database).get("a.example") is None
    await HostSchemes(database).set("a.example", Scheme.RFC9421)
    assert await HostSchemes(database).get("a.example") is Scheme.RFC9421
    await HostSchemes(database).set("a.example", Scheme.DRAFT)
    assert await HostSchemes(database).get("a.example") is Scheme.DRAFT


async def test_an_old_way_of_signing_is_forgotten(db: Db) -> None:
    await hosts.remember_scheme(db, "a.example", "rfc9421")
    await db.execute("UPDATE hosts SET scheme_at = now() - interval '8 days'")
    assert await hosts.scheme(db, "a.example", timedelta(days=7)) is None


async def test_a_breaker_is_kept_and_cleared(db: Db) -> None:
    async with db.transaction():
        assert await hosts.lock_breaker(db, "a.example") is None
        await hosts.keep_breaker(db, "a.example", {"state": "open", "failures": 3}, 60.0)
        await hosts.note_error(db, "a.example", "timeout")
    found = await hosts.find(db, "a.example")
    assert found is not None
    assert (found.breaker, found.last_error, found.open_until is None) == (
        {"state": "open", "failures": 3},
        "timeout",
        False,
    )
    await hosts.keep_breaker(db, "a.example", None, None)
    assert await hosts.find_breaker(db, "a.example") is None
    found = await hosts.find(db, "a.example")
    assert found is not None
    assert found.open_until is None
    assert found.last_ok_at is not None
