"""Which role an account holds, from when, until when and given by whom. No office is for ever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from node.errors import NotFound
from node.store.db import Db
from schemas.limits import LIST_ITEMS
from schemas.records import Record


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One line of what is handed over with an office."""

    text: str
    done: bool = False


class Mandate(Record, frozen=True, kw_only=True):
    """A role held for a term."""

    id: int
    account_id: int
    role: str
    starts_at: datetime
    ends_at: datetime | None
    given_by: int | None
    deputy_id: int | None = None
    deputy_agreed_at: datetime | None = None
    handover: tuple[Item, ...] = ()
    interim: bool = False
    reminded_at: datetime | None = None
    overdue_since: datetime | None = None
    settled_at: datetime | None = None

    @property
    def deputy(self) -> int | None:
        """Who takes over at the end: named, and agreed."""
        return self.deputy_id if self.deputy_agreed_at else None


class Held(Record, frozen=True, kw_only=True):
    """An office with the names of who holds it and of the deputy."""

    mandate: Mandate
    name: str
    display_name: str
    deputy: str | None


class Vacancy(Record, frozen=True, kw_only=True):
    """A role that fewer hold than should. `since`: of one that goes on although its term is over, for want of another,
    else unknown."""

    role: str
    seats: int
    held: int
    since: datetime | None


async def insert(
    db: Db,
    account_id: int,
    role: str,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    given_by: int | None = None,
    interim: bool = False,
    handover: Sequence[Item] = (),
) -> Mandate:
    """Give a role, from now on if not said otherwise. An unknown role raises ForeignKeyViolationError."""
    row = await db.fetchrow(
        """
        INSERT INTO mandates (account_id, role, starts_at, ends_at, given_by, interim, handover)
        VALUES ($1, $2, coalesce($3, now()), $4, $5, $6, $7)
        RETURNING *
        """,
        account_id,
        role,
        starts_at,
        ends_at,
        given_by,
        interim,
        msgspec.to_builtins(list(handover)),
    )
    return _mandate(row)


async def list_of(db: Db, account_id: int) -> list[Mandate]:
    """The mandates in force of an account, the longest held first."""
    rows = await db.fetch(
        """
        SELECT *
          FROM mandates
         WHERE account_id = $1 AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())
         ORDER BY starts_at, id
        """,
        account_id,
    )
    return [_mandate(row) for row in rows]


async def get(db: Db, mandate_id: int) -> Mandate:
    """One mandate, locked until the transaction ends; NotFound if there is none."""
    row = await db.fetchrow("SELECT * FROM mandates WHERE id = $1 FOR UPDATE", mandate_id)
    if row is None:
        raise NotFound
    return _mandate(row)


async def list_held(db: Db, mandate_id: int | None = None) -> list[Held]:
    """The offices of all roles but that of a plain member, in force, whoever ends first first; or one mandate, also one
    that begins on a day to come."""
    rows = await db.fetch(
        """
        SELECT m.*, holder.name AS holder_name, holder.display_name AS holder_shown, deputy.name AS deputy_name
          FROM mandates m
          JOIN accounts a ON a.id = m.account_id
          JOIN actors holder ON holder.id = a.actor_id
          LEFT JOIN accounts d ON d.id = m.deputy_id
          LEFT JOIN actors deputy ON deputy.id = d.actor_id
         WHERE (m.starts_at <= now() OR m.id = $1) AND (m.ends_at IS NULL OR m.ends_at > now())
           AND (m.id = $1 OR $1::bigint IS NULL AND m.role <> 'member')
         ORDER BY m.role, m.ends_at NULLS LAST, m.id
        """,
        mandate_id,
    )
    return [
        Held(
            mandate=_mandate(row),
            name=row["holder_name"],
            display_name=row["holder_shown"] or row["holder_name"],
            deputy=row["deputy_name"],
        )
        for row in rows
    ]


async def list_coming(db: Db) -> list[Held]:
    """Offices that were taken and begin on a day to come, the next first."""
    numbers = await db.fetch(
        """
        SELECT id FROM mandates
         WHERE starts_at > now() AND ends_at > starts_at + interval '1 second' AND role <> 'member'
         ORDER BY starts_at, id LIMIT $1
        """,
        LIST_ITEMS,
    )
    return [held for row in numbers for held in await list_held(db, row["id"])]


async def holds(db: Db, account_id: int, role: str) -> Mandate | None:
    """The mandate by which an account holds a role today, if it does."""
    row = await db.fetchrow(
        """
        SELECT * FROM mandates
         WHERE account_id = $1 AND role = $2 AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())
         ORDER BY ends_at DESC NULLS FIRST LIMIT 1
        """,
        account_id,
        role,
    )
    return _mandate(row) if row else None


async def prolong(db: Db, mandate_id: int, ends_at: datetime | None) -> None:
    """Another end; its holder is reminded anew."""
    await db.execute(
        """
        UPDATE mandates SET ends_at = $2, reminded_at = NULL, overdue_since = NULL, settled_at = NULL, interim = false
         WHERE id = $1
        """,
        mandate_id,
        ends_at,
    )


async def end_at(db: Db, mandate_id: int, at: datetime) -> None:
    """Let it end at that moment, if not before; somebody follows then, and no deputy."""
    await db.execute(
        """
        UPDATE mandates
           SET ends_at = least(coalesce(ends_at, $2), $2), deputy_id = NULL, deputy_agreed_at = NULL,
               overdue_since = NULL, settled_at = NULL
         WHERE id = $1
        """,
        mandate_id,
        at,
    )


async def name_deputy(db: Db, mandate_id: int, account_id: int) -> None:
    """Say who is to take over at the end; that takes their consent."""
    await db.execute(
        "UPDATE mandates SET deputy_id = $2, deputy_agreed_at = NULL WHERE id = $1", mandate_id, account_id
    )


async def answer_as_deputy(db: Db, mandate_id: int, account_id: int, *, agrees: bool) -> bool:
    """Be the deputy, or not. False for who was not named."""
    done: str = await db.execute(
        """
        UPDATE mandates
           SET deputy_agreed_at = CASE WHEN $3 THEN now() END, deputy_id = CASE WHEN $3 THEN deputy_id END
         WHERE id = $1 AND deputy_id = $2 AND (ends_at IS NULL OR ends_at > now())
        """,
        mandate_id,
        account_id,
        agrees,
    )
    return done == "UPDATE 1"


async def list_deputising(db: Db, account_id: int) -> list[Held]:
    """Offices of others whose deputy an account is, or is asked to be."""
    return [one for one in await list_held(db) if one.mandate.deputy_id == account_id]


async def set_handover(db: Db, mandate_id: int, items: Sequence[Item]) -> None:
    """Another list of what is handed over."""
    await db.execute("UPDATE mandates SET handover = $2 WHERE id = $1", mandate_id, msgspec.to_builtins(list(items)))


async def list_to_remind(db: Db, days: int) -> list[Mandate]:
    """Offices that end within so many days and whose holders were not told; locked, and told from now on."""
    rows = await db.fetch(
        """
        UPDATE mandates SET reminded_at = now()
         WHERE id IN (SELECT id FROM mandates
                       WHERE role <> 'member' AND reminded_at IS NULL AND starts_at <= now()
                         AND ends_at > now() AND ends_at <= now() + $1::interval
                       ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED)
        RETURNING *
        """,
        timedelta(days=days),
    )
    return [_mandate(row) for row in rows]


async def list_to_settle(db: Db, ahead: float) -> list[Mandate]:
    """Offices that are over, or will be in `ahead` seconds, and to whose end nobody has seen; locked."""
    rows = await db.fetch(
        """
        SELECT * FROM mandates
         WHERE settled_at IS NULL AND ends_at <= now() + $1::interval
         ORDER BY ends_at LIMIT 500 FOR UPDATE SKIP LOCKED
        """,
        timedelta(seconds=ahead),
    )
    return [_mandate(row) for row in rows]


async def set_settled(db: Db, mandate_id: int) -> None:
    """Its end has been seen to."""
    await db.execute("UPDATE mandates SET settled_at = now() WHERE id = $1", mandate_id)


async def go_on(db: Db, mandate_id: int) -> None:
    """Let an office go on beyond its term: without it nobody would hold these powers."""
    await db.execute(
        "UPDATE mandates SET overdue_since = ends_at, ends_at = NULL, settled_at = NULL WHERE id = $1", mandate_id
    )


async def others_hold(db: Db, permission: str, but: int, at: datetime | None = None) -> bool:
    """Whether somebody holds a permission at a time (now) by another mandate than `but`, and can use it."""
    held: bool = await db.fetchval(
        """
        SELECT EXISTS (
            SELECT FROM mandates m
              JOIN roles r ON r.name = m.role
              JOIN accounts a ON a.id = m.account_id
              JOIN actors ON actors.id = a.actor_id
             WHERE m.id <> $2 AND $1 = ANY (r.permissions) AND a.disabled_at IS NULL
               AND actors.suspended_at IS NULL AND actors.deleted_at IS NULL
               AND m.starts_at <= coalesce($3, now()) AND (m.ends_at IS NULL OR m.ends_at > coalesce($3, now())))
        """,
        permission,
        but,
        at,
    )
    return held


async def vacancies(db: Db) -> list[Vacancy]:
    """Roles that fewer people hold than should, for everybody to see. Who goes on beyond the term, or stands in, leaves
    the seat vacant."""
    rows = await db.fetch(
        """
        SELECT r.name AS role, r.seats, held.fully::int AS held, held.since
          FROM roles r, LATERAL (
               SELECT count(*) FILTER (WHERE m.overdue_since IS NULL AND NOT m.interim) AS fully,
                      min(m.overdue_since) AS since
                 FROM mandates m JOIN accounts a ON a.id = m.account_id JOIN actors ON actors.id = a.actor_id
                WHERE m.role = r.name AND a.disabled_at IS NULL AND actors.suspended_at IS NULL
                  AND m.starts_at <= now() AND (m.ends_at IS NULL OR m.ends_at > now())) AS held
         WHERE held.fully < r.seats
         ORDER BY r.name
        """
    )
    return [Vacancy(**row) for row in rows]


def _mandate(row: Any) -> Mandate:
    return msgspec.convert({name: row[name] for name in Mandate.__struct_fields__}, Mandate)


async def end(db: Db, mandate_id: int) -> bool:
    """End a mandate now, for good. False if it had ended before."""
    done: str = await db.execute(
        """
        UPDATE mandates SET ends_at = greatest(now(), starts_at + interval '1 microsecond'), settled_at = now()
         WHERE id = $1 AND (ends_at IS NULL OR ends_at > now())
        """,
        mandate_id,
    )
    return done == "UPDATE 1"


async def roles(db: Db) -> list[str]:
    """The names of all roles that can be given."""
    rows = await db.fetch("SELECT name FROM roles ORDER BY name")
    return [row["name"] for row in rows]
