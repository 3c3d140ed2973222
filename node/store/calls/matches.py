"""What members look for and the calls that fit: each member's own and never told to
other hubs; who else here may read what they can do, they say themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from node.store.db import Db
from node.store.posts.reading import posts_of
from schemas.limits import MATCH_MEMBERS, MATCHES_SHOWN
from schemas.matching import Reasons, Wishes
from schemas.records import Post, Record
from schemas.telling import Circle

EVER = datetime(2000, 1, 1, tzinfo=UTC)
"""Before there was anything."""


class Member(Record, frozen=True, kw_only=True):
    """A member who wants to be told of calls."""

    account_id: int
    actor_id: int
    wishes: Wishes


class Match(Record, frozen=True, kw_only=True):
    """A call that fits a member, and why."""

    call: Post
    reasons: Reasons
    found_at: datetime


_WISHES = "m.skills, m.areas, m.languages, m.place, m.latitude, m.longitude, m.radius_km"


async def wishes_of(db: Db, account_id: int) -> Wishes:
    """What a member looks for; nothing if they never said."""
    row = await db.fetchrow(
        f"SELECT {_WISHES} FROM matching_profiles m WHERE account_id = $1",  # noqa: S608 - names of our own
        account_id,
    )
    return _wishes(row) if row else Wishes()


async def keep_wishes(db: Db, account_id: int, wishes: Wishes, shown: Mapping[str, Circle] | None = None) -> None:
    """Write them down anew, and who else may read them (nobody, if that is not said); without skills and areas no call
    fits any more."""
    if not wishes.skills and not wishes.areas:
        await db.execute("DELETE FROM matches WHERE account_id = $1 AND dismissed_at IS NULL", account_id)
    if wishes == Wishes():
        await db.execute("DELETE FROM matching_profiles WHERE account_id = $1", account_id)
        return
    await db.execute(
        """
        INSERT INTO matching_profiles
               (account_id, skills, areas, languages, place, latitude, longitude, radius_km, shown)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (account_id) DO UPDATE SET
            skills = excluded.skills, areas = excluded.areas, languages = excluded.languages, place = excluded.place,
            latitude = excluded.latitude, longitude = excluded.longitude, radius_km = excluded.radius_km,
            shown = excluded.shown, updated_at = now()
        """,
        account_id,
        wishes.skills,
        wishes.areas,
        wishes.languages,
        wishes.place,
        wishes.latitude,
        wishes.longitude,
        wishes.radius_km,
        dict(shown or {}),
    )


async def members_for(db: Db, call_id: int) -> list[Member]:
    """Members who want to be told of calls and find this one in their lists, less its author and those who were told
    of it."""
    rows = await db.fetch(
        f"""
        SELECT m.account_id, a.actor_id, {_WISHES}
          FROM matching_profiles m
          JOIN accounts a ON a.id = m.account_id AND a.disabled_at IS NULL
          JOIN posts p ON p.id = $1 AND p.actor_id <> a.actor_id
         WHERE in_lists(p, a.actor_id)
           AND (p.written_by IS NULL OR p.written_by <> m.account_id)
           AND NOT EXISTS (SELECT FROM matches t WHERE t.account_id = m.account_id AND t.call_id = $1)
         ORDER BY m.account_id
         LIMIT $2
        """,  # noqa: S608 - names of our own
        call_id,
        MATCH_MEMBERS,
    )
    return [Member(account_id=row["account_id"], actor_id=row["actor_id"], wishes=_wishes(row)) for row in rows]


async def open_calls_for(db: Db, account_id: int, limit: int) -> list[Post]:
    """The latest open calls that a member finds in lists, did not make and was not told of yet."""
    rows = await db.fetch(
        """
        SELECT record
          FROM calls c
          JOIN posts p ON p.id = c.post_id
          JOIN accounts a ON a.id = $1
          JOIN post_records r ON r.id = p.id
         WHERE c.state = 'open' AND (c.deadline IS NULL OR c.deadline > now())
           AND p.actor_id <> a.actor_id AND p.written_by IS DISTINCT FROM a.id AND in_lists(p, a.actor_id)
           AND NOT EXISTS (SELECT FROM matches t WHERE t.account_id = $1 AND t.call_id = p.id)
         ORDER BY p.id DESC
         LIMIT $2
        """,
        account_id,
        limit,
    )
    return posts_of(rows)


async def add(db: Db, account_id: int, call_id: int, reasons: Reasons) -> bool:
    """Note that a call fits a member. False if that was noted before, also if the member said that it does not."""
    done: str = await db.execute(
        "INSERT INTO matches (account_id, call_id, reasons) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        account_id,
        call_id,
        msgspec.to_builtins(reasons),
    )
    return done == "INSERT 0 1"


async def find(db: Db, account_id: int, call_id: int) -> Reasons | None:
    """Why a call fits a member, unless they said that it does not."""
    row = await db.fetchrow(
        "SELECT reasons FROM matches WHERE account_id = $1 AND call_id = $2 AND dismissed_at IS NULL",
        account_id,
        call_id,
    )
    return msgspec.convert(row["reasons"], Reasons) if row else None


async def dismiss(db: Db, account_id: int, call_id: int) -> None:
    """The member says that a call is not for them: it is not offered again."""
    await db.execute(
        """
        UPDATE matches SET dismissed_at = coalesce(dismissed_at, now()) WHERE account_id = $1 AND call_id = $2
        """,
        account_id,
        call_id,
    )
    await db.execute(
        "DELETE FROM notifications WHERE account_id = $1 AND post_id = $2 AND kind = 'match'", account_id, call_id
    )


async def matches_since(db: Db, account_id: int, since: datetime, limit: int = MATCHES_SHOWN) -> list[Match]:
    """The open calls found to fit a member since then, the newest first, less those they put aside: for the desk and
    for weekly letters."""
    rows: Sequence[Any] = await db.fetch(
        """
        SELECT record, m.reasons, m.found_at
          FROM matches m
          JOIN accounts a ON a.id = m.account_id
          JOIN calls c ON c.post_id = m.call_id AND c.state = 'open' AND (c.deadline IS NULL OR c.deadline > now())
          JOIN posts p ON p.id = m.call_id
          JOIN post_records r ON r.id = p.id
         WHERE m.account_id = $1 AND m.found_at >= $2 AND m.dismissed_at IS NULL AND in_lists(p, a.actor_id)
         ORDER BY m.found_at DESC, m.call_id DESC
         LIMIT $3
        """,
        account_id,
        since,
        limit,
    )
    told = zip(rows, posts_of(rows), strict=True)
    return [
        Match(call=call, reasons=msgspec.convert(row["reasons"], Reasons), found_at=row["found_at"])
        for row, call in told
    ]


def _wishes(row: Any) -> Wishes:
    return msgspec.convert({name: row[name] for name in Wishes.__struct_fields__}, Wishes)
