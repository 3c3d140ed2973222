"""Lists of people, by which an actor reads a part of those it follows. Whoever is no longer followed leaves them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from node.errors import NotFound
from node.store.db import Db
from node.store.people.people import Listed, actors_of
from node.store.posts.reading import Page, rows_of
from schemas.records import Record

RepliesPolicy = Literal["followed", "list", "none"]


class List(Record, frozen=True, kw_only=True):
    """A list. `replies_policy`: which answers stand in it: to anybody followed, to members of it, or none.
    `exclusive`: its members stand in it instead of at home."""

    id: int
    title: str
    replies_policy: RepliesPolicy
    exclusive: bool


async def list_all(db: Db, actor_id: int) -> list[List]:
    """An actor's lists, the oldest first."""
    rows = await db.fetch(
        "SELECT id, title, replies_policy, exclusive FROM lists WHERE actor_id = $1 ORDER BY id", actor_id
    )
    return [List(**row) for row in rows]


async def list_with(db: Db, actor_id: int, member_id: int) -> list[List]:
    """Those of an actor's lists that somebody is in."""
    rows = await db.fetch(
        """
        SELECT id, title, replies_policy, exclusive
          FROM lists
         WHERE actor_id = $1 AND id IN (SELECT list_id FROM list_members WHERE member_id = $2)
         ORDER BY id
        """,
        actor_id,
        member_id,
    )
    return [List(**row) for row in rows]


async def get(db: Db, actor_id: int, list_id: int) -> List:
    """One of an actor's lists; NotFound for anybody else's."""
    row = await db.fetchrow(
        "SELECT id, title, replies_policy, exclusive FROM lists WHERE actor_id = $1 AND id = $2", actor_id, list_id
    )
    if row is None:
        raise NotFound
    return List(**row)


async def insert(db: Db, actor_id: int, title: str, replies_policy: RepliesPolicy, *, exclusive: bool) -> List:
    """A new list with nobody in it."""
    made: int = await db.fetchval(
        "INSERT INTO lists (actor_id, title, replies_policy, exclusive) VALUES ($1, $2, $3, $4) RETURNING id",
        actor_id,
        title,
        replies_policy,
        exclusive,
    )
    return List(id=made, title=title, replies_policy=replies_policy, exclusive=exclusive)


async def update(db: Db, changed: List) -> None:
    """Change a list that the caller knows to be the actor's."""
    await db.execute(
        "UPDATE lists SET title = $2, replies_policy = $3, exclusive = $4 WHERE id = $1",
        changed.id,
        changed.title,
        changed.replies_policy,
        changed.exclusive,
    )


async def delete(db: Db, actor_id: int, list_id: int) -> None:
    """Drop one of an actor's lists; NotFound for anybody else's."""
    if await db.execute("DELETE FROM lists WHERE actor_id = $1 AND id = $2", actor_id, list_id) != "DELETE 1":
        raise NotFound


async def members(db: Db, list_id: int, page: Page) -> list[Listed]:
    """Who is in a list, the last added first, walked by the membership."""
    rows = await rows_of(
        db,
        page,
        """
        SELECT m.id AS cursor, row_to_json(a)::text AS actor
          FROM list_members m
          JOIN public_actors a ON a.id = m.member_id
         WHERE m.id > $1 AND m.id < $2 AND m.list_id = $4 AND a.deleted_at IS NULL
         ORDER BY cursor DESC
         LIMIT $3
        """,
        list_id,
    )
    return [Listed(cursor=row["cursor"], actor=one) for row, one in zip(rows, actors_of(rows), strict=True)]


async def all_members(db: Db, list_id: int, most: int) -> list[Listed]:
    """Everybody in a list, the last added first; never more than `most`."""
    rows = await db.fetch(
        """
        SELECT m.id AS cursor, row_to_json(a)::text AS actor
          FROM list_members m
          JOIN public_actors a ON a.id = m.member_id
         WHERE m.list_id = $1 AND a.deleted_at IS NULL
         ORDER BY m.id DESC
         LIMIT $2
        """,
        list_id,
        most,
    )
    return [Listed(cursor=row["cursor"], actor=one) for row, one in zip(rows, actors_of(rows), strict=True)]


async def member_ids(db: Db, list_id: int) -> set[int]:
    """Who is in a list, by id."""
    rows = await db.fetch("SELECT member_id FROM list_members WHERE list_id = $1", list_id)
    return {row["member_id"] for row in rows}


async def may_be_members(db: Db, actor_id: int, member_ids: Sequence[int]) -> set[int]:
    """Who of these may be in a list of the actor's: whom it follows or asked to, and itself."""
    rows = await db.fetch(
        """
        SELECT followed_id AS id FROM follows WHERE follower_id = $1 AND followed_id = ANY ($2)
         UNION
        SELECT $1::bigint WHERE $1 = ANY ($2)
        """,
        actor_id,
        list(member_ids),
    )
    return {row["id"] for row in rows}


async def add_members(db: Db, list_id: int, member_ids: Sequence[int]) -> None:
    """Put people into a list; once is enough."""
    await db.execute(
        """
        INSERT INTO list_members (list_id, member_id) SELECT $1, unnest($2::bigint[]) ON CONFLICT DO NOTHING
        """,
        list_id,
        list(member_ids),
    )


async def remove_members(db: Db, list_id: int, member_ids: Sequence[int]) -> None:
    """Take people out of a list; those who are not in it change nothing."""
    await db.execute("DELETE FROM list_members WHERE list_id = $1 AND member_id = ANY ($2)", list_id, list(member_ids))
