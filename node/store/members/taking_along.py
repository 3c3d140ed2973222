"""Exports: how far they are, and what belongs into one, as rows and documents."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any, Literal

from node.store.db import Db
from node.store.queues import jobs
from schemas.limits import EXPORT_AT_ONCE, EXPORT_ROWS
from schemas.records import Record

Kind = Literal[
    "following", "blocked", "muted", "domains", "bookmarks", "lists", "meetings", "calls", "roles", "register", "media"
]

_ROWS: dict[Kind, str] = {
    "following": """
        SELECT a.name || '@' || a.host, f.boosts, f.notify, array_to_string(f.languages, ', ')
          FROM follows f JOIN actors a ON a.id = f.followed_id WHERE f.follower_id = $1 AND a.deleted_at IS NULL
         ORDER BY f.id LIMIT $2""",
    "blocked": """
        SELECT a.name || '@' || a.host FROM blocks b JOIN actors a ON a.id = b.blocked_id WHERE b.blocker_id = $1
         ORDER BY b.id LIMIT $2""",
    "muted": """
        SELECT a.name || '@' || a.host, m.notifications FROM mutes m JOIN actors a ON a.id = m.muted_id
         WHERE m.actor_id = $1
         ORDER BY m.id LIMIT $2""",
    "domains": "SELECT domain FROM blocked_domains WHERE actor_id = $1 ORDER BY domain LIMIT $2",
    "bookmarks": """
        SELECT p.uri FROM bookmarks b JOIN posts p ON p.id = b.post_id
         WHERE b.actor_id = $1 AND may_see(p, $1) ORDER BY b.id LIMIT $2""",
    "lists": """
        SELECT l.title, a.name || '@' || a.host
          FROM lists l JOIN list_members m ON m.list_id = l.id JOIN actors a ON a.id = m.member_id
         WHERE l.actor_id = $1 ORDER BY l.id, a.id LIMIT $2""",
    "meetings": """
        SELECT p.uri, p.versions -> 0 ->> 'name', e.starts_at, r.state, r.companions, r.note, r.answers::text,
               r.answered_at
          FROM rsvps r JOIN posts p ON p.id = r.event_id JOIN events e ON e.post_id = p.id
         WHERE r.actor_id = $1 ORDER BY r.id LIMIT $2""",
    "calls": """
        SELECT p.uri, p.versions -> 0 ->> 'name', n.state, n.content, n.quantity, n.hours, n.answered_at
          FROM answers n JOIN posts p ON p.id = n.call_id WHERE n.actor_id = $1 ORDER BY n.id LIMIT $2""",
    "roles": """
        SELECT m.role, m.starts_at, m.ends_at FROM mandates m JOIN accounts a ON a.id = m.account_id
         WHERE a.actor_id = $1 ORDER BY m.id LIMIT $2""",
    "register": """
        SELECT (to_jsonb(m) - 'notes' - 'account_id')::text
          FROM members m JOIN accounts a ON a.id = m.account_id WHERE a.actor_id = $1 LIMIT $2""",
    "media": """
        SELECT path, file_name, alt, media_type FROM media
         WHERE owner_id = $1 AND path IS NOT NULL AND state = 'ready' ORDER BY id LIMIT $2""",
}


class Export(Record, frozen=True, kw_only=True):
    """One export: `step` of its parts are made; `name` is where its file is kept; `left_out` media were too much."""

    id: int
    account_id: int
    state: Literal["waiting", "ready", "failed", "gone"]
    step: int
    name: str | None
    bytes: int | None
    left_out: int
    created_at: datetime
    ready_at: datetime | None


async def begin(db: Db, account_id: int, pause: timedelta) -> int | None:
    """A new export of an account; None where another one was begun less than `pause` ago. Two at once make one."""
    await db.execute("SELECT FROM accounts WHERE id = $1 FOR UPDATE", account_id)
    made: int | None = await db.fetchval(
        """
        INSERT INTO exports (account_id)
        SELECT $1
         WHERE NOT EXISTS (SELECT FROM exports WHERE account_id = $1 AND state <> 'failed'
                              AND created_at > now() - $2::interval)
        RETURNING id
        """,
        account_id,
        pause,
    )
    return made


async def find(db: Db, account_id: int, export_id: int) -> Export | None:
    """One of an account's exports."""
    row = await db.fetchrow("SELECT * FROM exports WHERE id = $1 AND account_id = $2", export_id, account_id)
    return Export(**row) if row else None


async def owner_of(db: Db, export_id: int) -> int | None:
    """Whose export waits to be made; None where it does not."""
    owner: int | None = await db.fetchval(
        "SELECT account_id FROM exports WHERE id = $1 AND state = 'waiting'", export_id
    )
    return owner


async def latest(db: Db, account_id: int) -> Export | None:
    """The last export of an account."""
    row = await db.fetchrow("SELECT * FROM exports WHERE account_id = $1 ORDER BY id DESC LIMIT 1", account_id)
    return Export(**row) if row else None


async def proceed(db: Db, export_id: int) -> None:
    """One more part of it is made."""
    await db.execute("UPDATE exports SET step = step + 1 WHERE id = $1", export_id)


async def finish(db: Db, export_id: int, name: str, size: int, left_out: int) -> bool:
    """It can be fetched. False if it is not wanted any more."""
    done: str = await db.execute(
        """
        UPDATE exports SET state = 'ready', name = $2, bytes = $3, left_out = $4, ready_at = now()
         WHERE id = $1 AND state = 'waiting'
        """,
        export_id,
        name,
        size,
        left_out,
    )
    return done == "UPDATE 1"


async def fail(db: Db, export_id: int) -> None:
    """It could not be made."""
    await db.execute("UPDATE exports SET state = 'failed' WHERE id = $1 AND state = 'waiting'", export_id)


async def drop_old(db: Db, age: timedelta) -> None:
    """Let exports go that are older than `age`; their files follow."""
    rows = await db.fetch(
        "UPDATE exports SET state = 'gone' WHERE state <> 'gone' AND created_at < now() - $1::interval RETURNING name",
        age,
    )
    if names := [row["name"] for row in rows if row["name"]]:
        await jobs.add(db, "remove_files", {"names": names})


async def drop_of(db: Db, account_id: int) -> None:
    """Let all exports of an account go; their files follow."""
    rows = await db.fetch("DELETE FROM exports WHERE account_id = $1 RETURNING name", account_id)
    if names := [row["name"] for row in rows if row["name"]]:
        await jobs.add(db, "remove_files", {"names": names})


async def rows_of(db: Db, kind: Kind, actor_id: int) -> list[tuple[Any, ...]]:
    """What belongs to an actor, one tuple each, EXPORT_ROWS at most."""
    return [tuple(row.values()) for row in await db.fetch(_ROWS[kind], actor_id, EXPORT_ROWS)]


async def said_by(db: Db, actor_id: int) -> AsyncIterator[list[str]]:
    """The activities of an actor as JSON texts, the earliest first, in lots."""
    after = 0
    while True:
        rows = await db.fetch(
            """
            SELECT id, document::text AS document FROM activities WHERE actor_id = $1 AND id > $2
             ORDER BY id LIMIT $3
            """,
            actor_id,
            after,
            EXPORT_AT_ONCE,
        )
        if not rows:
            return
        after = rows[-1]["id"]
        yield [row["document"] for row in rows]
