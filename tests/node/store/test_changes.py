"""Whoever remembers an answer hears of every transaction that could have changed it, and of none before it counts."""

from __future__ import annotations

import re
from datetime import timedelta

from node.store import bearers, changes
from node.store.db import Db

ONLY_BOOKS = {
    "arrivals", "attempts", "authorization_codes", "changes", "deliveries", "happenings", "hosts", "idempotency_keys",
    "jobs", "journal", "mail_attachments", "mail_keys", "mails", "migrations", "notice_mails", "pending_sign_ins",
    "sessions", "tallies", "traces", "walks",
}  # fmt: skip
"""Queues, doors and the node's own books: nothing that is remembered is made of them."""
RESERVED = "INSERT INTO reserved_names (name, reason) VALUES ($1, 'a test')"


async def is_same(db: Db, snapshot: str) -> bool:
    return (await changes.since(db, snapshot)).is_same


async def test_every_table_that_answers_are_made_of_is_watched(db: Db) -> None:
    watched = await db.fetch("SELECT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname = 'zz_note_change'")
    tables = await db.fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
    assert {row["name"] for row in tables} - {row["name"] for row in watched} == ONLY_BOOKS


async def test_what_is_written_is_noted_and_what_is_read_is_not(db: Db) -> None:
    before = (await changes.since(db, None)).now
    await db.fetch("SELECT * FROM reserved_names")
    await db.execute("INSERT INTO hosts (host) VALUES ('peer.example')")
    assert await is_same(db, before), "a book of the node's own"
    await db.execute(RESERVED, "one")
    assert not await is_same(db, before)
    after = (await changes.since(db, before)).now
    assert await is_same(db, after)
    await db.execute("TRUNCATE reserved_names")
    assert not await is_same(db, after)


async def test_a_transaction_under_way_counts_when_it_is_committed(db: Db, another_db: Db) -> None:
    first = (await changes.since(db, None)).now
    async with another_db.transaction():
        await another_db.execute(RESERVED, "one")
        meanwhile = (await changes.since(db, first)).now
        assert await is_same(db, first), "nobody sees it yet"
        assert not await is_same(another_db, first), "but itself"
    assert not await is_same(db, first)
    assert not await is_same(db, meanwhile), "it was asked while that was under way"
    assert await is_same(db, (await changes.since(db, None)).now)


async def test_what_is_rolled_back_changes_nothing_and_hides_nothing(db: Db) -> None:
    before = (await changes.since(db, None)).now
    outer = db.transaction()
    await outer.start()
    inner = db.transaction()
    await inner.start()
    await db.execute(RESERVED, "one")
    await inner.rollback()
    assert await is_same(db, before)
    await db.execute(RESERVED, "two")
    assert not await is_same(db, before)
    await outer.rollback()
    assert await is_same(db, before)


async def test_the_use_of_a_token_is_no_change_but_its_end_is(db: Db) -> None:
    await db.execute("INSERT INTO tokens (token_hash, scopes) VALUES ('x', '{read}')")
    before = (await changes.since(db, None)).now
    await db.execute("UPDATE tokens SET used_at = now()")
    assert await is_same(db, before)
    await db.execute("UPDATE tokens SET revoked_at = now()")
    assert not await is_same(db, before)


OF_PEOPLE = {"accounts", "actors", "editors", "mandates", "roles", "tokens"}
"""All that is read to find out who stands behind a token."""


async def test_who_asks_is_asked_again_only_after_a_change_of_people(db: Db) -> None:
    noting = await db.fetch(
        """
        SELECT tgrelid::regclass::text AS name FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
         WHERE tgname = 'zz_note_change' AND proname = 'note_change_of_people'
        """
    )
    assert {row["name"] for row in noting} == OF_PEOPLE
    assert not re.findall(
        r"(?:FROM|JOIN) (?!tokens|accounts|public_actors|mandates|roles|editors)\w+", bearers._BEARERS
    )
    before = (await changes.since(db, None)).now
    async with db.transaction():
        await db.execute(RESERVED, "one")
    other = await changes.since(db, before, before)
    assert (other.is_same, other.people_are_same) == (False, True)
    async with db.transaction():
        await db.execute(RESERVED, "two")
        await db.execute("INSERT INTO tokens (token_hash, scopes) VALUES ('x', '{read}')")
    assert not (await changes.since(db, before, other.now)).people_are_same


async def test_notes_are_dropped_when_nobody_needs_them(db: Db) -> None:
    await db.execute(RESERVED, "one")
    await db.execute("UPDATE changes SET at = now() - interval '1 hour'")
    await db.execute(RESERVED, "two")
    await changes.forget(db, timedelta(minutes=10))
    assert await db.fetchval("SELECT count(*) FROM changes") == 1
