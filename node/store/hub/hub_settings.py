"""What stewards set about the hub itself: its card, its rules, and what is kept for how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from node.ids import first_id
from node.store.db import Db
from schemas.retention import Retention


async def set_card(
    db: Db, *, name: str, descriptions: Mapping[str, str], contact: str, languages: Sequence[str], zone: str
) -> None:
    """Who the hub is. Of `languages` the first is its main one."""
    await db.execute(
        """
        UPDATE hub
           SET name = $1, description = $2, descriptions = $3, contact = $4, language = $5, languages = $6, zone = $7
        """,
        name,
        descriptions.get(languages[0]) or next(iter(descriptions.values()), ""),
        dict(descriptions),
        contact,
        languages[0],
        list(languages),
        zone,
    )


async def show_card(db: Db, actor_id: int, name: str, place_id: int | None) -> None:
    """The hub's actor is called so, and is there."""
    await db.execute(
        "UPDATE actors SET display_name = $2, place_id = $3, updated_at = now() WHERE id = $1", actor_id, name, place_id
    )


async def set_rules(db: Db, rules: Sequence[Mapping[str, Any]]) -> None:
    """The rules of the house, in this order."""
    await db.execute("UPDATE hub SET rules = $1", [dict(one) for one in rules])


async def retention(db: Db) -> Retention:
    """What is kept for how long."""
    return msgspec.convert(await db.fetchval("SELECT retention FROM hub") or {}, Retention)


async def set_retention(db: Db, kept: Retention) -> None:
    """Keep it so long from now on."""
    await db.execute("UPDATE hub SET retention = $1", msgspec.to_builtins(kept))


async def forget_remote(db: Db, age: timedelta, most: int) -> int:
    """Forget short posts from elsewhere, older than `age`, that nobody here had to do with: no reaction, bookmark,
    answer, quote, vote, notification or report of somebody here, nobody here follows or is named. How many.

    It looks at `most` posts and goes on behind them the next time, however many there are. Needs a transaction.
    """
    rows = await db.fetch(
        """
        SELECT id FROM posts
         WHERE id > coalesce((SELECT after FROM walks WHERE name = 'forget_remote'), 0) AND id < $1
         ORDER BY id LIMIT $2
        """,
        first_id(datetime.now(UTC) - age),
        most,
    )
    looked_at = [row["id"] for row in rows]
    await db.execute(
        """
        INSERT INTO walks (name, after) VALUES ('forget_remote', $1)
        ON CONFLICT (name) DO UPDATE SET after = excluded.after
        """,
        looked_at[-1] if len(looked_at) == most else 0,
    )
    done: str = await db.execute(_FORGET_REMOTE, looked_at)
    return int(done.rpartition(" ")[2])


_FORGET_REMOTE = """
    DELETE FROM posts p
     WHERE p.id = ANY($1) AND NOT p.local AND p.kind = 'post' AND p.rsvp_for_id IS NULL
       AND NOT EXISTS (SELECT FROM reactions r JOIN actors a ON a.id = r.actor_id
                        WHERE r.post_id = p.id AND a.local)
       AND NOT EXISTS (SELECT FROM bookmarks b WHERE b.post_id = p.id)
       AND NOT EXISTS (SELECT FROM posts c WHERE c.local AND c.in_reply_to_id = p.id)
       AND NOT EXISTS (SELECT FROM posts c WHERE c.local AND c.boost_of_id = p.id)
       AND NOT EXISTS (SELECT FROM quotes q WHERE q.quoted_id = p.id OR q.post_id = p.id)
       AND NOT EXISTS (SELECT FROM mentions m JOIN actors a ON a.id = m.actor_id
                        WHERE m.post_id = p.id AND a.local)
       AND NOT EXISTS (SELECT FROM notifications n WHERE n.post_id = p.id)
       AND NOT EXISTS (SELECT FROM votes v WHERE v.post_id = p.id)
       AND NOT EXISTS (SELECT FROM answers w WHERE w.reply_id = p.id)
       AND NOT EXISTS (SELECT FROM answer_messages w WHERE w.post_id = p.id)
       AND NOT EXISTS (SELECT FROM posts up WHERE up.id = p.in_reply_to_id AND up.local)
       AND NOT EXISTS (SELECT FROM reports t WHERE p.uri = ANY (t.post_uris))
    """
