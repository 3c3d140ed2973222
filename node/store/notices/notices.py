"""Notices as clients read them: by actor and by type, one by one or in groups, and what the policy holds back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from node.store.db import Db
from node.store.posts.reading import Page
from schemas.limits import NOTICES_GROUPED, NOTICES_SAMPLED
from schemas.records import Record, Viewer

_NEWEST = "ORDER BY id DESC"
_OLDEST = "ORDER BY id ASC"


class Notice(Record, frozen=True, kw_only=True):
    """One notice with the name that clients have for it. `from_id`: the actor it comes from."""

    id: int
    account_id: int
    actor_id: int
    kind: str
    type: str
    group_key: str
    from_id: int
    post_id: int | None
    detail: dict[str, Any]
    created_at: datetime
    filtered: bool


_FIELDS = ", ".join(Notice.__struct_fields__)
"""Not `*`: whether it is `shown` would be found out twice, which is most of the work."""


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """Which notices: of these types, from that actor, with those held back or without, of one group."""

    types: Sequence[str]
    from_id: int | None = None
    filtered: bool = False
    group_key: str | None = None


class Group(Record, frozen=True, kw_only=True):
    """Notices that are shown as one, as far as a page goes: its newest one, and those they come from, newest first."""

    key: str
    count: int
    newest: int
    oldest: int
    from_ids: list[int]


class Held(Record, frozen=True, kw_only=True):
    """What is held back of one actor. Its id is the actor's."""

    from_id: int
    count: int
    first_at: datetime
    last_at: datetime
    post_id: int | None


async def list_of(db: Db, who: Viewer, sought: Sought, page: Page) -> list[Notice]:
    """Those that the acting actor of a viewer may see, newest first."""
    sql = _turned(
        f"""
        SELECT {_FIELDS}
          FROM notices
         WHERE id > $1 AND id < $2 AND account_id = $4 AND actor_id = $5
           AND type = ANY ($6) AND ($7::bigint IS NULL OR from_id = $7) AND ($8 OR NOT filtered)
           AND ($9::text IS NULL OR group_key = $9) AND shown
         ORDER BY id DESC
         LIMIT $3
        """,  # noqa: S608 - texts of this file
        page,
    )
    found = _notices(await db.fetch(sql, *page.bounds, *_asked(who, sought)))
    return found[::-1] if page.min_id is not None else found


async def groups_of(db: Db, who: Viewer, sought: Sought, grouped: Sequence[str], page: Page) -> list[Group]:
    """The same in groups, by their newest notice; only types in `grouped` are put together. Of each group is told what
    lies within the page's bounds, as far as NOTICES_GROUPED notices go: most of these are only counted past."""
    more = (grouped, NOTICES_GROUPED, NOTICES_SAMPLED, page.min_id is not None)
    rows = await db.fetch(
        "SELECT * FROM notice_groups($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        *page.bounds,
        *_asked(who, sought),
        *more,
    )
    found = [Group(**{**row, "from_ids": list(dict.fromkeys(row["from_ids"]))}) for row in rows]
    return sorted(found, key=lambda one: -one.newest)


async def get_many(db: Db, notice_ids: Sequence[int]) -> list[Notice]:
    """Those of the notices that whom they are for may see."""
    return _notices(
        await db.fetch(
            f"SELECT {_FIELDS} FROM notices"  # noqa: S608 - texts of this file
            " WHERE id = ANY ((SELECT $1::bigint[])::bigint[]) AND shown ORDER BY id",
            notice_ids,
        )
    )


async def find(db: Db, who: Viewer, notice_id: int) -> Notice | None:
    """One notice of the viewer's acting actor."""
    rows = await db.fetch(
        f"SELECT {_FIELDS} FROM notices"  # noqa: S608 - texts of this file
        " WHERE id = $1 AND account_id = $2 AND actor_id = $3 AND shown",
        notice_id,
        who.account.id,
        who.acting.id,
    )
    return _notices(rows)[0] if rows else None


async def count_unread(db: Db, who: Viewer, sought: Sought, grouped: Sequence[str], most: int) -> int:
    """How many, or how many groups of them, came after the place up to which the viewer has read; `most` at most."""
    count: int = await db.fetchval(
        """
        SELECT count(DISTINCT key)
          FROM (SELECT CASE WHEN type = ANY ($6) THEN group_key ELSE 'ungrouped-' || id END AS key
                  FROM notices
                 WHERE account_id = $1 AND actor_id = $2 AND type = ANY ($3)
                   AND ($4::bigint IS NULL OR from_id = $4) AND ($5 OR NOT filtered) AND shown
                   AND id > coalesce((SELECT last_read_id FROM markers
                                       WHERE account_id = $1 AND actor_id = $2 AND timeline = 'notifications'), 0)
                 ORDER BY id DESC
                 LIMIT $7) AS unread
        """,
        who.account.id,
        who.acting.id,
        sought.types,
        sought.from_id,
        sought.filtered,
        grouped,
        most,
    )
    return count


async def dismiss(db: Db, who: Viewer, *, notice_id: int | None = None, group_key: str | None = None) -> int:
    """Forget one notice, a group, or with neither all of the viewer's acting actor. How many went."""
    done: str = await db.execute(
        """
        DELETE FROM notifications
         WHERE account_id = $1 AND actor_id = $2 AND ($3::bigint IS NULL OR id = $3)
           AND ($4::text IS NULL OR id IN (
               SELECT id FROM notices WHERE account_id = $1 AND actor_id = $2 AND group_key = $4))
        """,
        who.account.id,
        who.acting.id,
        notice_id,
        group_key,
    )
    return int(done.rpartition(" ")[2])


async def held(db: Db, who: Viewer, page: Page, *, only: int | None = None) -> list[Held]:
    """Whose notices are held back, the latest known actor first; or of one actor `only`."""
    sql = _turned(
        """
        SELECT from_id, count(*) AS count, min(created_at) AS first_at, max(created_at) AS last_at,
               (array_agg(post_id ORDER BY id DESC) FILTER (WHERE post_id IS NOT NULL))[1] AS post_id
          FROM notices
         WHERE from_id > $1 AND from_id < $2 AND account_id = $4 AND actor_id = $5 AND filtered AND shown
           AND ($6::bigint IS NULL OR from_id = $6)
         GROUP BY from_id
         ORDER BY from_id DESC
         LIMIT $3
        """,
        page,
        "from_",
    )
    rows = await db.fetch(sql, *page.bounds, who.account.id, who.acting.id, only)
    found = [Held(**row) for row in rows]
    return found[::-1] if page.min_id is not None else found


async def count_held(db: Db, who: Viewer) -> tuple[int, int]:
    """From how many actors notices are held back, and how many notices."""
    row = await db.fetchrow(
        """
        SELECT count(DISTINCT from_id) AS actors, count(*) AS notices
          FROM notices WHERE account_id = $1 AND actor_id = $2 AND filtered AND shown
        """,
        who.account.id,
        who.acting.id,
    )
    return (row["actors"], row["notices"]) if row else (0, 0)


async def let_in(db: Db, who: Viewer, from_ids: Sequence[int]) -> None:
    """Show what was held back of these actors, and hold nothing of them back from now on."""
    await db.execute(
        """
        INSERT INTO notification_permissions (actor_id, from_id)
        SELECT $1, id FROM actors WHERE id = ANY ($2)
        ON CONFLICT DO NOTHING
        """,
        who.acting.id,
        from_ids,
    )
    await db.execute(
        "UPDATE notifications SET filtered = false WHERE actor_id = $1 AND from_id = ANY ($2) AND filtered",
        who.acting.id,
        from_ids,
    )


async def turn_away(db: Db, who: Viewer, from_ids: Sequence[int]) -> None:
    """Forget what was held back of these actors; what comes next is held back again."""
    await db.execute(
        "DELETE FROM notifications WHERE actor_id = $1 AND from_id = ANY ($2) AND filtered", who.acting.id, from_ids
    )


async def policy(db: Db, actor_id: int) -> dict[str, str]:
    """What an actor decided about whose notices come through: `for_…` → accept, filter or drop."""
    row = await db.fetchrow("SELECT rules FROM notification_policies WHERE actor_id = $1", actor_id)
    return dict(row["rules"]) if row else {}


async def keep_policy(db: Db, actor_id: int, rules: dict[str, str]) -> None:
    """Decide it anew; what has come already stays as it is."""
    await db.execute(
        """
        INSERT INTO notification_policies (actor_id, rules) VALUES ($1, $2)
        ON CONFLICT (actor_id) DO UPDATE SET rules = excluded.rules
        """,
        actor_id,
        rules,
    )


def _turned(sql: str, page: Page, prefix: str = "") -> str:
    """A page that follows `min_id` is counted from its old end."""
    if page.min_id is None:
        return sql
    return sql.replace(_NEWEST.replace("id", f"{prefix}id"), _OLDEST.replace("id", f"{prefix}id"), 1)


def _asked(who: Viewer, sought: Sought) -> tuple[object, ...]:
    return who.account.id, who.acting.id, sought.types, sought.from_id, sought.filtered, sought.group_key


def _notices(rows: Sequence[Any]) -> list[Notice]:
    return [Notice(**row) for row in rows]
