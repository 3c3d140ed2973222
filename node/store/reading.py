"""How a row becomes a Post: the view `post_records` gives a post with its author, detail, place, mentions and media as
one JSON text, so that a list is one query, and what comes out is a record at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from node.store.db import Db
from schemas.limits import PAGE_ITEMS, PAGE_ITEMS_MOST
from schemas.records import Post
from schemas.tags import normal

_POST = msgspec.json.Decoder(Post)
_NEWEST = "ORDER BY p.id DESC"
_OLDEST = "ORDER BY p.id ASC"
_LAST_ID = 2**63 - 1


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a list that stands newest first. `max_id`: older than that. `since_id`: newer than that, the newest
    of them. `min_id`: newer than that, those which follow it at once. A page never holds the ids it is asked with."""

    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None
    limit: int = PAGE_ITEMS

    @property
    def bounds(self) -> tuple[int, int, int]:
        """What every paged query takes as $1, $2, $3: after this id, before that one, at most so many."""
        after = max(self.since_id or 0, self.min_id or 0)
        before = _LAST_ID if self.max_id is None else self.max_id
        return after, before, max(0, min(self.limit, PAGE_ITEMS_MOST))


FIRST_PAGE = Page()


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is narrowed to. `language`: there is a version in it. `followed_by`: the author is followed by this
    actor (the hub's own id gives "our network"). `words`: full text. `open`: calls that still take answers. None means:
    all the same."""

    area: str | None = None
    language: str | None = None
    tag: str | None = None
    actor_id: int | None = None
    followed_by: int | None = None
    local: bool | None = None
    words: str | None = None
    open: bool | None = None

    @property
    def values(self) -> tuple[str | int | bool | None, ...]:
        """In the order in which the lists' statements take them."""
        tag = normal(self.tag) if self.tag else None
        return self.area, self.language, tag, self.actor_id, self.followed_by, self.local, self.words, self.open


EVERYTHING = Wanted()


def post_of(row: Mapping[str, Any] | None) -> Post | None:
    """The record of a row that has the column `record`; None for no row."""
    return _POST.decode(row["record"]) if row else None


def posts_of(rows: Iterable[Mapping[str, Any]]) -> list[Post]:
    """The records of rows that have the column `record`, in their order."""
    return [_POST.decode(row["record"]) for row in rows]


async def paged(db: Db, page: Page, sql: str, *arguments: object) -> list[Post]:
    """Run a query that takes `page.bounds` first and ends in ORDER BY p.id DESC LIMIT $3; newest first, always.

    A page that follows `min_id` is counted from its old end: the one place where a statement is changed before it runs.
    """
    if page.min_id is None:
        return posts_of(await db.fetch(sql, *page.bounds, *arguments))
    before, newest, after = sql.rpartition(_NEWEST)
    assert newest, "a paged query orders by p.id DESC"  # noqa: S101 - a slip of the programmer, not of a caller
    return posts_of(await db.fetch(f"{before}{_OLDEST}{after}", *page.bounds, *arguments))[::-1]


Ends = Literal["newer", "older"]


def neighbours(posts: list[Post], page: Page) -> dict[Ends, int]:
    """Where the list goes on: the `min_id` of newer and the `max_id` of older posts. A page that is not full has
    nothing older, except when it was counted from its old end."""
    if not posts:
        return {}
    full = len(posts) >= page.bounds[2] or page.min_id is not None
    return {"newer": posts[0].id, "older": posts[-1].id} if full else {"newer": posts[0].id}
