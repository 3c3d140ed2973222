"""What an actor does not want to read: filters by words and by single posts, for some or all of its timelines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from node.errors import NotFound
from node.store import happenings
from node.store.db import Db

Action = Literal["warn", "hide", "blur"]
Where = Literal["home", "notifications", "public", "thread", "account"]


class Keyword(msgspec.Struct, frozen=True, kw_only=True):
    """Words that a filter looks for, in any case of letters."""

    id: int
    keyword: str
    whole_word: bool


class FilteredPost(msgspec.Struct, frozen=True, kw_only=True):
    """One post that a filter is about."""

    id: int
    post_id: int


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """A filter with all that it looks for. `ends_at`: None for never."""

    id: int
    title: str
    contexts: list[Where]
    action: Action
    ends_at: datetime | None
    keywords: list[Keyword] = []
    posts: list[FilteredPost] = []


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody decides about a filter."""

    title: str
    contexts: Sequence[Where]
    action: Action
    ends_at: datetime | None


_FILTERS = """
    SELECT f.id, f.title, f.contexts, f.action, f.ends_at,
           (SELECT coalesce(json_agg(json_build_object('id', k.id, 'keyword', keyword, 'whole_word', whole_word)
                                     ORDER BY k.id), '[]')
              FROM filter_keywords k WHERE k.filter_id = f.id) AS keywords,
           (SELECT coalesce(json_agg(json_build_object('id', p.id, 'post_id', post_id) ORDER BY p.id), '[]')
              FROM filter_posts p WHERE p.filter_id = f.id) AS posts
      FROM filters f
     WHERE f.actor_id = $1
    """


async def list_all(db: Db, actor_id: int) -> list[Filter]:
    """An actor's filters, also those that are over."""
    return [_filter(row) for row in await db.fetch(f"{_FILTERS} ORDER BY f.id", actor_id)]


async def list_active(db: Db, actor_id: int) -> list[Filter]:
    """Those in force now."""
    sql = f"{_FILTERS} AND (f.ends_at IS NULL OR f.ends_at > now()) ORDER BY f.id"
    return [_filter(row) for row in await db.fetch(sql, actor_id)]


async def get(db: Db, actor_id: int, filter_id: int) -> Filter:
    """One of an actor's filters; NotFound for anybody else's."""
    row = await db.fetchrow(f"{_FILTERS} AND f.id = $2", actor_id, filter_id)
    if row is None:
        raise NotFound
    return _filter(row)


async def with_keyword(db: Db, actor_id: int, keyword_id: int) -> tuple[Filter, Keyword]:
    """One of an actor's keywords and the filter it belongs to; NotFound for anybody else's."""
    owner = await db.fetchval("SELECT filter_id FROM filter_keywords WHERE id = $1", keyword_id)
    found = await get(db, actor_id, owner or 0)
    return found, next(one for one in found.keywords if one.id == keyword_id)


async def with_post(db: Db, actor_id: int, entry_id: int) -> tuple[Filter, FilteredPost]:
    """One of an actor's filtered posts and the filter it belongs to; NotFound for anybody else's."""
    owner = await db.fetchval("SELECT filter_id FROM filter_posts WHERE id = $1", entry_id)
    found = await get(db, actor_id, owner or 0)
    return found, next(one for one in found.posts if one.id == entry_id)


async def insert(db: Db, actor_id: int, said: Said) -> int:
    """A new filter, which looks for nothing yet; its id."""
    made: int = await db.fetchval(
        """
        INSERT INTO filters (actor_id, title, contexts, action, ends_at) VALUES ($1, $2, $3, $4, $5) RETURNING id
        """,
        actor_id,
        said.title,
        list(said.contexts),
        said.action,
        said.ends_at,
    )
    await happenings.add(db, "filters.changed", actor_id)
    return made


async def update(db: Db, actor_id: int, filter_id: int, said: Said) -> None:
    """Change one of an actor's filters."""
    await db.execute(
        "UPDATE filters SET title = $3, contexts = $4, action = $5, ends_at = $6 WHERE actor_id = $1 AND id = $2",
        actor_id,
        filter_id,
        said.title,
        list(said.contexts),
        said.action,
        said.ends_at,
    )
    await happenings.add(db, "filters.changed", actor_id)


async def delete(db: Db, actor_id: int, filter_id: int) -> bool:
    """Drop one of an actor's filters. False if there is none."""
    done: str = await db.execute("DELETE FROM filters WHERE actor_id = $1 AND id = $2", actor_id, filter_id)
    await happenings.add(db, "filters.changed", actor_id)
    return done == "DELETE 1"


async def insert_keyword(db: Db, actor_id: int, filter_id: int, keyword: str, *, whole_word: bool) -> Keyword:
    """Let a filter, which the caller knows to be the actor's, look for words."""
    made: int = await db.fetchval(
        "INSERT INTO filter_keywords (filter_id, keyword, whole_word) VALUES ($1, $2, $3) RETURNING id",
        filter_id,
        keyword,
        whole_word,
    )
    await happenings.add(db, "filters.changed", actor_id)
    return Keyword(id=made, keyword=keyword, whole_word=whole_word)


async def update_keyword(db: Db, actor_id: int, keyword: Keyword) -> None:
    """Change words that the caller knows to be the actor's."""
    await db.execute(
        "UPDATE filter_keywords SET keyword = $2, whole_word = $3 WHERE id = $1",
        keyword.id,
        keyword.keyword,
        keyword.whole_word,
    )
    await happenings.add(db, "filters.changed", actor_id)


async def delete_keyword(db: Db, actor_id: int, keyword_id: int) -> None:
    """Drop words that the caller knows to be the actor's."""
    await db.execute("DELETE FROM filter_keywords WHERE id = $1", keyword_id)
    await happenings.add(db, "filters.changed", actor_id)


async def insert_post(db: Db, actor_id: int, filter_id: int, post_id: int) -> FilteredPost:
    """Let a filter, which the caller knows to be the actor's, be about a post too; once is enough."""
    made: int = await db.fetchval(
        """
        INSERT INTO filter_posts (filter_id, post_id) VALUES ($1, $2)
        ON CONFLICT (filter_id, post_id) DO UPDATE SET post_id = excluded.post_id
        RETURNING id
        """,
        filter_id,
        post_id,
    )
    await happenings.add(db, "filters.changed", actor_id)
    return FilteredPost(id=made, post_id=post_id)


async def delete_post(db: Db, actor_id: int, entry_id: int) -> None:
    """Drop a filtered post that the caller knows to be the actor's."""
    await db.execute("DELETE FROM filter_posts WHERE id = $1", entry_id)
    await happenings.add(db, "filters.changed", actor_id)


def _filter(row: object) -> Filter:
    return msgspec.convert(dict(row), Filter)  # type: ignore[call-overload]
