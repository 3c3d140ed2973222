"""Whoever remembers an answer hears of every transaction that could have changed it, and of none before it counts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from node.store import changes
from node.store.access import bearers
from node.store.changes import Note
from node.store.db import Db
from tests.factories import a_post, a_remote_actor

ONLY_BOOKS = {
    "arrivals", "attempts", "authorization_codes", "changes", "deliveries", "happenings", "hosts", "idempotency_keys",
    "jobs", "journal", "mail_attachments", "mail_keys", "mails", "migrations", "notice_mails", "pending_sign_ins",
    "sessions", "tallies", "traces", "walks",
}  # fmt: skip
"""Queues, doors and the node's own books: nothing that is remembered is made of them."""
NARROW = {
    "activities zz_note_change", "notifications zz_note_change", "media zz_note_insert", "actors zz_note_insert",
    "posts zz_note_insert", "posts zz_note_update", "mentions zz_note_insert", "events zz_note_insert",
    "post_media zz_note_insert", "post_tags zz_note_insert", "reactions zz_note_insert", "reactions zz_note_delete",
    "actor_counts zz_note_insert", "actor_counts zz_note_update", "actors zz_note_asked", "cards zz_note_insert",
    "media zz_note_update",
}  # fmt: skip
"""By what transactions are noted after which most of what was shown of posts and people is not looked at again."""
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
    other = await changes.since(db, before)
    assert (other.is_same, other.people_are_same) == (False, True)
    async with db.transaction():
        await db.execute(RESERVED, "two")
        await db.execute("INSERT INTO tokens (token_hash, scopes) VALUES ('x', '{read}')")
    assert not (await changes.since(db, other.now)).people_are_same


COUNTED = {"likes_count", "boosts_count", "replies_count", "card_id", "poll"}


async def test_a_note_says_of_what_it_is_where_nothing_else_can_be_another_than_before(db: Db) -> None:
    author, other = await a_remote_actor(db), await a_remote_actor(db)
    here = await a_post(db, author)

    async def noted(sql: str, *arguments: object) -> Note | None:
        before = (await changes.since(db, None)).now
        await db.execute(sql, *arguments)
        notes = (await changes.since(db, before)).notes
        assert notes is not None
        return notes[0] if notes else None

    before = (await changes.since(db, None)).now
    named = await a_post(db, author, mention_ids=[other.id])
    (note,) = (await changes.since(db, before)).notes or []
    assert note == Note(wide=False, people=False, made=[named.id], posts=[], counted=[author.id])
    liked = await noted("UPDATE posts SET likes_count = 7 WHERE id = $1", here.id)
    assert liked == Note(wide=False, people=False, made=[], posts=[here.id], counted=[])
    boost = await noted("INSERT INTO reactions (actor_id, post_id, kind) VALUES ($1, $2, 'like')", other.id, here.id)
    assert boost == liked
    for wide in (
        "UPDATE posts SET sensitive = true WHERE id = $1",
        "INSERT INTO mentions (post_id, actor_id) SELECT $1, actor_id FROM mentions LIMIT 1",
        "DELETE FROM posts WHERE id = $1",
    ):
        assert (note := await noted(wide, here.id)) and note.wide, wide
    assert await noted("UPDATE posts SET sensitive = true WHERE id = $1", here.id) is None, "nothing is there"


async def test_whatever_of_a_post_is_not_only_counted_is_noted_as_wide(db: Db) -> None:
    columns = await db.fetch(
        """SELECT attname FROM pg_attribute
            WHERE attrelid = 'posts'::regclass AND attnum > 0 AND NOT attisdropped AND attnum <> ALL (
                  SELECT unnest(tgattr::int2[]) FROM pg_trigger WHERE tgname = 'zz_note_rewritten')"""
    )
    assert {row["attname"] for row in columns} == COUNTED


async def test_what_is_only_counted_or_new_is_looked_at_by_hand(db: Db) -> None:
    narrow = await db.fetch(
        """SELECT tgrelid::regclass || ' ' || tgname AS name FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
            WHERE tgname LIKE 'zz_note%' AND proname NOT IN ('note_change', 'note_change_of_people')"""
    )
    assert {row["name"] for row in narrow} == NARROW


async def test_after_too_many_notes_anything_may_have_changed(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("node.store.changes.CHANGES_READ", 1)
    before = (await changes.since(db, None)).now
    await db.execute(RESERVED, "one")
    assert (await changes.since(db, before)).notes
    await db.execute(RESERVED, "two")
    assert (await changes.since(db, before)).notes is None


async def test_notes_are_dropped_when_nobody_needs_them(db: Db) -> None:
    await db.execute(RESERVED, "one")
    await db.execute("UPDATE changes SET at = now() - interval '1 hour'")
    await db.execute(RESERVED, "two")
    await changes.forget(db, timedelta(minutes=10))
    assert await db.fetchval("SELECT count(*) FROM changes") == 1
