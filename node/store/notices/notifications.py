"""What an account should look at. Notices about the same thing from the same actor stand once; whom the told actor
hushes tells nothing, and whom their policy holds back is kept aside (`notice_fate` in the database)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from node.store.db import Db
from schemas.records import Record

Kind = Literal[
    "mention", "reply", "follow", "follow_request", "follow_accepted", "like", "boost", "status", "poll", "quote",
    "quoted_update", "rsvp", "answer", "answer_decided", "update", "report", "report_closed", "warning",
    "suggested_hub", "co_host", "co_host_answer", "decision", "office_offered", "deputy_asked", "office_taken_over",
    "mandate_ending", "added_to_collection", "collection_update", "call_expiring", "match",
]  # fmt: skip


class Notification(Record, frozen=True, kw_only=True):
    """One notice to an account about one of its actors, with the actor it comes from and the post it is about.
    `filtered`: the policy of clients holds it back."""

    id: int
    account_id: int
    actor_id: int | None
    kind: str
    from_id: int | None
    post_id: int | None
    detail: dict[str, Any]
    created_at: datetime
    seen_at: datetime | None
    filtered: bool


async def insert(
    db: Db,
    account_id: int,
    kind: Kind,
    *,
    from_id: int | None = None,
    post_id: int | None = None,
    detail: dict[str, Any] | None = None,
) -> bool:
    """Notify an account as itself. False where the same notice stands already, or its member does not want it."""
    done: str = await db.execute(
        """
        INSERT INTO notifications (account_id, actor_id, kind, from_id, post_id, detail, filtered)
        SELECT accounts.id, accounts.actor_id, $2, $3, $4, $5, fate = 'filter'
          FROM accounts, notice_fate(accounts.actor_id, $2, $3, $4) AS fate
         WHERE accounts.id = $1 AND fate <> 'drop'
        ON CONFLICT DO NOTHING
        """,
        account_id,
        kind,
        from_id,
        post_id,
        detail or {},
    )
    return done == "INSERT 0 1"


async def tell_actor(
    db: Db,
    actor_id: int,
    kind: Kind,
    *,
    from_id: int | None = None,
    post_id: int | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Notify who stands behind a local actor: the member, or for the hub's actors all who may publish as the hub."""
    await tell_actors(db, kind, [(actor_id, from_id, post_id)], detail)


async def tell_actors(
    db: Db, kind: Kind, told: Sequence[tuple[int, int | None, int | None]], detail: dict[str, Any] | None = None
) -> None:
    """The same for many of (actor told, actor it comes from, post it is about)."""
    await db.execute(
        """
        INSERT INTO notifications (account_id, actor_id, kind, from_id, post_id, detail, filtered)
        SELECT account, one.actor_id, $4, one.from_id, one.post_id, $5, fate = 'filter'
          FROM (SELECT behind.actor_id, array_agg(account) AS accounts
                  FROM (SELECT DISTINCT unnest($1::bigint[]) AS actor_id) AS behind,
                       LATERAL accounts_behind(behind.actor_id) AS account
                 GROUP BY behind.actor_id) AS told
          JOIN unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS one (actor_id, from_id, post_id) USING (actor_id),
               LATERAL notice_fates(one.actor_id, $4, one.from_id, one.post_id) AS fate,
               LATERAL unnest(told.accounts) AS account
         WHERE fate <> 'drop'
        ON CONFLICT DO NOTHING
        """,
        [actor_id for actor_id, _, _ in told],
        [from_id for _, from_id, _ in told],
        [post_id for _, _, post_id in told],
        kind,
        detail or {},
    )


async def tell_named(db: Db, post_id: int, *, answered_id: int | None) -> None:
    """Notify the people here whom a post names or, where others may read it, answers (`answered_id`); of an author who
    is limited only those who follow."""
    await tell_all_named(db, [(post_id, answered_id)])


async def tell_all_named(db: Db, said: Sequence[tuple[int, int | None]]) -> None:
    """The same for many of (post, whom it answers)."""
    await db.execute(
        """
        INSERT INTO notifications (account_id, actor_id, kind, from_id, post_id, filtered)
        SELECT account, told.id, kind, author.id, p.id, fate = 'filter'
          FROM unnest($1::bigint[], $2::bigint[]) AS one (post_id, answered_id),
               -- LIMIT: looked up one by one in the index, whatever the table's size was when this was planned
               LATERAL (SELECT id, actor_id, audience FROM posts WHERE id = one.post_id LIMIT 1) AS p,
               LATERAL (SELECT id, limited_at IS NOT NULL OR host_limited AS limited
                          FROM actors WHERE id = p.actor_id LIMIT 1) AS author,
               LATERAL (SELECT actor_id FROM mentions WHERE post_id = p.id AND NOT silent
                         UNION
                        SELECT one.answered_id WHERE p.audience IN ('public', 'unlisted')) AS named,
               LATERAL (SELECT id FROM actors WHERE id = named.actor_id AND local LIMIT 1) AS told,
               LATERAL (SELECT CASE WHEN told.id = one.answered_id THEN 'reply' ELSE 'mention' END AS kind) AS how,
               LATERAL notice_fates(told.id, kind, author.id, p.id) AS fate,
               LATERAL accounts_behind(told.id) AS account
         WHERE fate <> 'drop'
           AND (NOT author.limited OR EXISTS (
                    SELECT FROM follows
                     WHERE follower_id = told.id AND followed_id = author.id AND state = 'accepted'))
        ON CONFLICT DO NOTHING
        """,
        [post_id for post_id, _ in said],
        [answered_id for _, answered_id in said],
    )


async def tell_followers(db: Db, author_id: int, post_id: int) -> None:
    """Notify those here who asked to hear of each new post of an author, as far as they may see this one."""
    await db.execute(
        """
        INSERT INTO notifications (account_id, actor_id, kind, from_id, post_id, filtered)
        SELECT account, f.follower_id, 'status', $1, $2, false
          FROM follows f
          JOIN posts p ON p.id = $2 AND may_see(p, f.follower_id),
               accounts_behind(f.follower_id) AS account
         WHERE f.followed_id = $1 AND f.notify AND f.state = 'accepted'
           AND NOT EXISTS (SELECT FROM mentions m WHERE m.post_id = $2 AND m.actor_id = f.follower_id)
           AND notice_fate(f.follower_id, 'status', $1, $2) <> 'drop'
        ON CONFLICT DO NOTHING
        """,
        author_id,
        post_id,
    )


async def tell_boosters(db: Db, author_id: int, post_id: int) -> None:
    """Notify those here who passed a post on that it says something else now; areas pass on without looking."""
    await db.execute(
        """
        INSERT INTO notifications (account_id, actor_id, kind, from_id, post_id)
        SELECT account, booster.id, 'update', $1, $2
          FROM posts boost
          JOIN actors booster ON booster.id = boost.actor_id AND booster.role_here IN ('member', 'hub'),
               accounts_behind(booster.id) AS account
         WHERE boost.boost_of_id = $2 AND boost.deleted_at IS NULL AND booster.id <> $1
           AND notice_fate(booster.id, 'update', $1, $2) <> 'drop'
        """,
        author_id,
        post_id,
    )


async def tell_voters(db: Db, author_id: int, post_id: int) -> None:
    """Notify those here who voted in a poll, and its author if they are from here, that it is over."""
    await db.execute(
        """
        INSERT INTO notifications (account_id, actor_id, kind, from_id, post_id)
        SELECT account, concerned.id, 'poll', $1, $2
          FROM (SELECT $1::bigint UNION SELECT actor_id FROM votes WHERE post_id = $2) AS concerned (id),
               accounts_behind(concerned.id) AS account
         WHERE notice_fate(concerned.id, 'poll', $1, $2) <> 'drop'
        ON CONFLICT DO NOTHING
        """,
        author_id,
        post_id,
    )


async def list_of(db: Db, account_id: int, *, before: int | None, limit: int) -> list[Notification]:
    """An account's notices, newest first, older than `before`."""
    rows = await db.fetch(
        """
        SELECT *
          FROM notifications
         WHERE account_id = $1 AND ($2::bigint IS NULL OR id < $2)
         ORDER BY id DESC
         LIMIT $3
        """,
        account_id,
        before,
        limit,
    )
    return [msgspec.convert(dict(row), Notification) for row in rows]


async def count_unseen(db: Db, account_id: int) -> int:
    """How many notices the account has not seen."""
    count: int = await db.fetchval(
        "SELECT count(*) FROM notifications WHERE account_id = $1 AND seen_at IS NULL", account_id
    )
    return count


async def mark_seen(db: Db, account_id: int, up_to: int, *, actor_id: int | None = None) -> None:
    """Mark all notices up to this id as seen, or those to one of the account's actors."""
    await db.execute(
        """
        UPDATE notifications SET seen_at = now()
         WHERE account_id = $1 AND id <= $2 AND seen_at IS NULL AND ($3::bigint IS NULL OR actor_id = $3)
        """,
        account_id,
        up_to,
        actor_id,
    )
