"""Members who leave: until when they may take it back, what goes with them, who elsewhere must hear of it, and what the
hub forgets about them."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from node.store.db import Db
from node.store.members import taking_along
from schemas.limits import REGISTER_KEPT_DAYS
from schemas.records import Actor, Record

_ACTOR = msgspec.json.Decoder(Actor)

_OF_ACTOR = {
    "actor_id": (
        "bookmarks", "mutes", "blocked_domains", "lists", "followed_tags", "filters", "featured", "featured_tags",
        "endorsements", "actor_notes", "muted_threads", "collections", "collection_items", "group_members",
        "notification_permissions", "notification_policies", "profile_sources", "profile_links", "kept_lines",
        "dismissed_suggestions", "conversation_reads", "co_hosts",
    ),
    "blocker_id": ("blocks",),
}  # fmt: skip
_OF_ACCOUNT = (
    "announcement_reactions", "calendar_keys", "digests", "imports", "known_devices", "leavings",
    "mail_choices", "mail_keys", "matches", "matching_profiles", "notice_mails", "offers", "pending_sign_ins",
)  # fmt: skip


class Going(Record, frozen=True, kw_only=True):
    """What goes when a member leaves, and what stays, in numbers: `shared` is what they published as the hub."""

    posts: int
    media: int
    following: int
    followers: int
    bookmarks: int
    coming: int
    shared: int


async def begin(db: Db, account_id: int, leaves_at: datetime) -> datetime:
    """Note that a member leaves, and when; who has said so before keeps the earlier day."""
    day: datetime = await db.fetchval(
        """
        INSERT INTO leavings (account_id, leaves_at) VALUES ($1, $2)
        ON CONFLICT (account_id) DO UPDATE SET leaves_at = leavings.leaves_at
        RETURNING leaves_at
        """,
        account_id,
        leaves_at,
    )
    return day


async def take_back(db: Db, account_id: int) -> bool:
    """They stay. False if they had not wanted to leave."""
    done: str = await db.execute("DELETE FROM leavings WHERE account_id = $1", account_id)
    return done == "DELETE 1"


async def day_of(db: Db, account_id: int, *, lock: bool = False) -> datetime | None:
    """When a member leaves, if they do; with `lock` nobody takes it back before the transaction ends."""
    sql = "SELECT leaves_at FROM leavings WHERE account_id = $1"
    day: datetime | None = await db.fetchval(f"{sql} FOR UPDATE" if lock else sql, account_id)
    return day


async def list_due(db: Db, limit: int) -> list[int]:
    """The accounts whose day has come."""
    rows = await db.fetch("SELECT account_id FROM leavings WHERE leaves_at <= now() ORDER BY leaves_at LIMIT $1", limit)
    return [row["account_id"] for row in rows]


async def somebody_stays(db: Db, permission: str, but: int) -> bool:
    """Whether somebody other than this account holds a permission, can use it and does not leave."""
    held: bool = await db.fetchval(
        """
        SELECT EXISTS (
            SELECT FROM mandates m
              JOIN roles r ON r.name = m.role
              JOIN accounts a ON a.id = m.account_id
              JOIN actors ON actors.id = a.actor_id
             WHERE a.id <> $2 AND $1 = ANY (r.permissions) AND a.disabled_at IS NULL
               AND actors.suspended_at IS NULL AND actors.deleted_at IS NULL
               AND m.starts_at <= now() AND (m.ends_at IS NULL OR m.ends_at > now())
               AND NOT EXISTS (SELECT FROM leavings l WHERE l.account_id = a.id))
        """,
        permission,
        but,
    )
    return held


async def count(db: Db, account_id: int, actor_id: int) -> Going:
    """What would go and what would stay."""
    row = await db.fetchrow(
        """
        SELECT (SELECT count(*) FROM posts WHERE actor_id = $2 AND deleted_at IS NULL) AS posts,
               (SELECT count(*) FROM media WHERE owner_id = $2) AS media,
               (SELECT count(*) FROM follows WHERE follower_id = $2 AND state = 'accepted') AS following,
               (SELECT count(*) FROM follows WHERE followed_id = $2 AND state = 'accepted') AS followers,
               (SELECT count(*) FROM bookmarks WHERE actor_id = $2) AS bookmarks,
               (SELECT count(*) FROM rsvps r JOIN events e ON e.post_id = r.event_id
                 WHERE r.actor_id = $2 AND r.state <> 'declined' AND over_at(e) > now()) AS coming,
               (SELECT count(*) FROM posts
                 WHERE written_by = $1 AND actor_id <> $2 AND deleted_at IS NULL) AS shared
        """,
        account_id,
        actor_id,
    )
    return Going(**row)


async def concerned(db: Db, actor_id: int, limit: int) -> list[Actor]:
    """Who elsewhere has something of an actor or knows them: whom they follow or named, answered, liked and passed on,
    who did so with what they wrote, and who holds the meetings and calls they answered."""
    rows = await db.fetch(
        """
        WITH mine AS (SELECT id, in_reply_to_id, boost_of_id FROM posts WHERE actor_id = $1),
        known AS (
            SELECT followed_id AS id FROM follows WHERE follower_id = $1
             UNION SELECT follower_id FROM follows WHERE followed_id = $1
             UNION SELECT blocked_id FROM blocks WHERE blocker_id = $1
             UNION SELECT m.actor_id FROM mentions m JOIN mine ON mine.id = m.post_id
             UNION SELECT p.actor_id FROM mine JOIN posts p ON p.id IN (mine.in_reply_to_id, mine.boost_of_id)
             UNION SELECT p.actor_id FROM mine JOIN posts p ON p.in_reply_to_id = mine.id
             UNION SELECT p.actor_id FROM mine JOIN posts p ON p.boost_of_id = mine.id
             UNION SELECT r.actor_id FROM mine JOIN reactions r ON r.post_id = mine.id
             UNION SELECT p.actor_id FROM reactions r JOIN posts p ON p.id = r.post_id WHERE r.actor_id = $1
             UNION SELECT p.actor_id FROM rsvps r JOIN posts p ON p.id = r.event_id WHERE r.actor_id = $1
             UNION SELECT p.actor_id FROM answers n JOIN posts p ON p.id = n.call_id WHERE n.actor_id = $1)
        SELECT row_to_json(a)::text AS actor
          FROM known
          JOIN public_actors a USING (id)
         WHERE NOT a.local AND a.deleted_at IS NULL
         ORDER BY a.id
         LIMIT $2
        """,
        actor_id,
        limit,
    )
    return [_ACTOR.decode(row["actor"]) for row in rows]


async def forget(db: Db, account_id: int, actor_id: int, name: str) -> None:
    """Delete what was kept for and about a member, and keep their name from use for ever."""
    await db.execute(
        """
        WITH gone AS (DELETE FROM reactions WHERE actor_id = $1 AND kind = 'like' RETURNING post_id)
        UPDATE posts SET likes_count = greatest(0, likes_count - 1) FROM gone WHERE posts.id = gone.post_id
        """,
        actor_id,
    )
    await taking_along.drop_of(db, account_id)
    for column, tables in _OF_ACTOR.items():
        for table in tables:
            await db.execute(f"DELETE FROM {table} WHERE {column} = $1", actor_id)  # noqa: S608 - names of this file
    for table in _OF_ACCOUNT:
        await db.execute(f"DELETE FROM {table} WHERE account_id = $1", account_id)  # noqa: S608 - names of this file
    await _leave_register(db, account_id)
    await db.execute("UPDATE rsvps SET note = '', answers = '{}' WHERE actor_id = $1", actor_id)
    await db.execute(
        "UPDATE mandates SET ends_at = greatest(now(), starts_at + interval '1 second')"
        " WHERE account_id = $1 AND (ends_at IS NULL OR ends_at > now())",
        account_id,
    )
    await db.execute(
        "INSERT INTO reserved_names (name, reason) VALUES ($1, 'a former member') ON CONFLICT DO NOTHING", name
    )


async def _leave_register(db: Db, account_id: int) -> None:
    """An entry stays only where something is owed (shares to pay back, dues) or a day was set until which it is kept:
    the law may want to know who was a member. Notes and consents go; the address stays while something is owed."""
    await db.execute(
        """
        DELETE FROM members
         WHERE account_id = $1 AND shares = 0 AND dues <> 'due' AND coalesce(keep_until, '-infinity') < current_date
        """,
        account_id,
    )
    await db.execute(
        """
        UPDATE members
           SET account_id = NULL, notes = '', consents = '{}', until = coalesce(until, current_date),
               keep_until = coalesce(keep_until, current_date + $2::interval), updated_at = now(),
               email = CASE WHEN shares > 0 OR dues = 'due' THEN email END,
               address = CASE WHEN shares > 0 OR dues = 'due' THEN address ELSE '' END
         WHERE account_id = $1
        """,
        account_id,
        timedelta(days=REGISTER_KEPT_DAYS),
    )
