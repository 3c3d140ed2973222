"""Follows that a suspension cuts: kept aside, so that they come back when it ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from node.store.db import Db
from schemas.records import Record


class Severed(Record, frozen=True, kw_only=True):
    """A follow kept aside, with the follower's lists in which the followed stood; `uri` is the id of its Follow
    activity."""

    follower_id: int
    followed_id: int
    uri: str
    accepted: bool
    boosts: bool
    notify: bool
    languages: list[str] | None
    lists: list[int]


_CUT = """
    WITH cut AS (
        DELETE FROM follows f
         USING actors follower, actors followed
         WHERE follower.id = f.follower_id AND followed.id = f.followed_id AND follower.local <> followed.local
           AND (CASE WHEN follower.local THEN {theirs_followed} ELSE {theirs_follower} END)
        RETURNING f.*)
    INSERT INTO severed (measure_id, follower_id, followed_id, uri, accepted, boosts, notify, languages, lists)
    SELECT $1, follower_id, followed_id, uri, state = 'accepted', boosts, notify, languages,
           ARRAY(SELECT m.list_id FROM list_members m JOIN lists l ON l.id = m.list_id
                  WHERE l.actor_id = cut.follower_id AND m.member_id = cut.followed_id)
      FROM cut
    ON CONFLICT DO NOTHING
"""
_OF_ACTOR = _CUT.format(theirs_followed="followed.id = $2", theirs_follower="follower.id = $2")
_OF_DOMAIN = _CUT.format(
    theirs_followed="host_within(followed.host, $2)", theirs_follower="host_within(follower.host, $2)"
)


async def cut_actor(db: Db, measure_id: int, actor_id: int) -> int:
    """Keep aside what binds us to a remote actor, in both directions. How many follows."""
    return _counted(await db.execute(_OF_ACTOR, measure_id, actor_id))


async def cut_domain(db: Db, measure_id: int, domain: str) -> int:
    """Keep aside what binds us to a domain and all below it. How many follows."""
    return _counted(await db.execute(_OF_DOMAIN, measure_id, domain))


async def list_of(db: Db, measure_id: int) -> list[Severed]:
    """What a measure cut and is still kept aside."""
    rows = await db.fetch("SELECT * FROM severed WHERE measure_id = $1", measure_id)
    return [_severed(row) for row in rows]


async def count(db: Db, measure_id: int) -> int:
    """How many follows a measure keeps aside."""
    number: int = await db.fetchval("SELECT count(*) FROM severed WHERE measure_id = $1", measure_id)
    return number


async def restore_theirs(db: Db) -> int:
    """Let people elsewhere follow us again whom no suspension cuts any more. How many: their servers were never told,
    since nothing is said to a suspended one."""
    return _counted(await db.execute(_FREE + _AGAIN, None))


async def take_ours(db: Db, limit: int) -> list[Severed]:
    """Follows of ours that no suspension cuts any more, taken out to be asked for anew; `limit` at a time."""
    return [_severed(row) for row in await db.fetch(_FREE + "SELECT * FROM free", limit)]  # noqa: S608 - ours


# Rows whose measures have ended and whose people are there: of people elsewhere, or $1 of ours.
_FREE = """
    WITH free AS (
        DELETE FROM severed s
         USING (SELECT k.measure_id, k.follower_id, k.followed_id
                  FROM severed k
                  JOIN measures m ON m.id = k.measure_id
                  JOIN actors one ON one.id = k.follower_id
                  JOIN actors other ON other.id = k.followed_id
                 WHERE m.state = 'ended' AND one.local = ($1::bigint IS NOT NULL)
                   AND NOT (one.host_suspended OR other.host_suspended)
                   AND one.suspended_at IS NULL AND other.suspended_at IS NULL
                   AND one.deleted_at IS NULL AND other.deleted_at IS NULL
                   AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id IN (one.id, other.id)
                                      AND b.blocked_id IN (one.id, other.id))
                 ORDER BY k.measure_id, k.follower_id, k.followed_id
                 LIMIT $1 FOR UPDATE OF k SKIP LOCKED) AS k
         WHERE s.measure_id = k.measure_id AND s.follower_id = k.follower_id AND s.followed_id = k.followed_id
        RETURNING s.*)
    """

_AGAIN = """
    INSERT INTO follows (follower_id, followed_id, uri, state, accepted_at, boosts, notify, languages)
    SELECT follower_id, followed_id, uri, CASE WHEN accepted THEN 'accepted' ELSE 'pending' END,
           CASE WHEN accepted THEN now() END, boosts, notify, languages
      FROM free
    ON CONFLICT DO NOTHING
"""


async def into_lists(db: Db, one: Severed) -> None:
    """Put the followed into the lists again in which they stood, as far as these are there."""
    await db.execute(
        """
        INSERT INTO list_members (list_id, member_id)
        SELECT id, $3 FROM lists WHERE id = ANY ($1) AND actor_id = $2
        ON CONFLICT DO NOTHING
        """,
        one.lists,
        one.follower_id,
        one.followed_id,
    )


async def forget_theirs(db: Db, measure_id: int) -> None:
    """People elsewhere were told that they follow us no more: that does not come back."""
    await db.execute(
        """
        DELETE FROM severed USING actors
         WHERE measure_id = $1 AND actors.id = follower_id AND NOT actors.local
        """,
        measure_id,
    )


def _counted(done: str) -> int:
    return int(done.rpartition(" ")[2])


def _severed(row: Mapping[str, Any]) -> Severed:
    return Severed(**{name: row[name] for name in Severed.__struct_fields__})
