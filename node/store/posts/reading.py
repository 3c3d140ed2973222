"""How a row becomes a Post: the view `post_records` gives a post with its author, detail, place, mentions and media as
one JSON text, so that a list is one query, and what comes out is a record at once.

Here, and nowhere else, statements are put together: a list is narrowed by the conditions that were asked for, so that
each combination is planned for itself and finds its index, and a page may be counted from its other end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from node.store.db import Db
from schemas.limits import PAGE_ITEMS, PAGE_ITEMS_MOST
from schemas.records import Post
from schemas.tags import normal
from schemas.things import Kind

_POST = msgspec.json.Decoder(Post)
_NEWEST = "ORDER BY p.id DESC"
_OLDEST = "ORDER BY p.id ASC"
_CURSOR_DOWN = "ORDER BY cursor DESC"
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

MARK = "-- narrowed, "
"""Where a statement takes the conditions; the post is called p there. What stands behind it is asked last."""

_LOOKED_UP = ("kind", "tag", "actor_id", "followed_by", "local", "words")
"""Conditions for which there are indexes. The others are asked of one post after the other."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """`language`: there is a version in it. `followed_by`: the author is followed by this actor (the hub's own id gives
    "our network"). `words`: full text, which leaves out posts of who does not want to be found. `open`: calls that
    still take answers. `network`: ours, or what the hub itself heard of. `online`: events one can join from anywhere;
    `step_free`: where there are no steps to the room.
    `near`: latitude, longitude and how many metres around an event may be; `place_id`: where it is. None means: all the
    same."""

    kind: Kind | None = None
    area: str | None = None
    language: str | None = None
    tag: str | None = None
    actor_id: int | None = None
    followed_by: int | None = None
    local: bool | None = None
    words: str | None = None
    open: bool | None = None
    network: bool | None = None
    online: bool | None = None
    step_free: bool | None = None
    near: tuple[float, float, float] | None = None
    place_id: int | None = None


EVERYTHING = Wanted()

_CONDITIONS = {
    "kind": "p.kind = {}",
    "area": "p.area = {}",
    "language": "EXISTS (SELECT FROM json_array_elements(p.versions) AS one WHERE one ->> 'language' = {})",
    "tag": "p.tags @> ARRAY[{}::text]",
    "actor_id": "p.actor_id = {}",
    "followed_by": "p.actor_id IN (SELECT followed_id FROM follows WHERE follower_id = {} AND state = 'accepted')",
    "local": "p.local = {}",
    "words": """p.search @@ (SELECT search_question({})) AND (
                   p.local OR p.kind <> 'post'
                   OR EXISTS (SELECT FROM actors author WHERE author.id = p.actor_id AND author.indexable))""",
    "open": """{} = EXISTS (
                   SELECT FROM calls c
                    WHERE c.post_id = p.id AND c.state = 'open' AND (c.deadline IS NULL OR c.deadline > now()))""",
    "network": """{} = (
                   p.local
                   OR p.actor_id IN (SELECT id FROM tellers)
                   OR p.actor_id IN (SELECT author.id
                                       FROM known_hubs k
                                       JOIN actors hub ON hub.id = k.actor_id
                                       JOIN actors author ON author.host = hub.host
                                      WHERE k.state = 'approved')
                   OR EXISTS (SELECT FROM posts b
                               WHERE b.boost_of_id = p.id AND b.deleted_at IS NULL
                                 AND b.actor_id IN (SELECT id FROM tellers)))""",
    "online": "{} = EXISTS (SELECT FROM events o WHERE o.post_id = p.id AND o.online_url IS NOT NULL)",
    "step_free": """{} = EXISTS (
                   SELECT FROM events f JOIN places ON places.id = f.place_id
                    WHERE f.post_id = p.id AND 'step_free' = ANY (places.access))""",
    "place_id": "EXISTS (SELECT FROM events h WHERE h.post_id = p.id AND h.place_id = {})",
    "near": """EXISTS (
                   SELECT FROM events n
                     JOIN places l ON l.id = n.place_id
                    WHERE n.post_id = p.id AND l.latitude IS NOT NULL
                      AND earth_distance(ll_to_earth(({0}::float8[])[1], ({0}::float8[])[2]),
                                         ll_to_earth(l.latitude, l.longitude)) <= ({0}::float8[])[3])""",
}


def post_of(row: Mapping[str, Any] | None) -> Post | None:
    """The record of a row that has the column `record`; None for no row."""
    return _POST.decode(row["record"]) if row else None


def posts_of(rows: Iterable[Mapping[str, Any]]) -> list[Post]:
    """The records of rows that have the column `record`, in their order."""
    return [_POST.decode(row["record"]) for row in rows]


def records_in(texts: Iterable[str]) -> list[Post]:
    """Of records as texts those of posts that are not deleted."""
    return [post for post in map(_POST.decode, texts) if post.deleted_at is None]


def narrowed(sql: str, wanted: Wanted, *arguments: object) -> tuple[str, tuple[object, ...]]:
    """The statement with the wanted conditions in place of its mark, and all its arguments. The right to see a post in
    lists is asked last: its function takes longer than all the rest, which the planner does not know."""
    asked: dict[str, Any] = {name: value for name in _CONDITIONS if (value := getattr(wanted, name)) is not None}
    if "tag" in asked:
        asked["tag"] = normal(asked["tag"])
    first = len(arguments) + 1
    lines = {name: _CONDITIONS[name].format(f"${first + number}") for number, name in enumerate(asked)}
    before, mark, rest = sql.partition(MARK)
    assert mark, "a narrowed query has a mark"  # noqa: S101 - a slip of the programmer, not of a caller
    last, _, after = rest.partition("\n")
    if tried := [f"({line})" for name, line in lines.items() if name not in _LOOKED_UP]:
        last = f"CASE WHEN {' AND '.join(tried)} THEN {last} ELSE false END"
    found = [f"AND {line}" for name, line in lines.items() if name in _LOOKED_UP]
    return before + "\n           ".join((*found, f"AND {last}\n")) + after, (*arguments, *asked.values())


async def paged(db: Db, page: Page, sql: str, *arguments: object) -> list[Post]:
    """Run a query that takes `page.bounds` first and ends in ORDER BY p.id DESC LIMIT $3; newest first, always.

    A page that follows `min_id` is counted from its old end: then the order is turned round before and after.
    """
    if page.min_id is None:
        return posts_of(await db.fetch(sql, *page.bounds, *arguments))
    before, newest, after = sql.rpartition(_NEWEST)
    assert newest, "a paged query orders by p.id DESC"  # noqa: S101 - a slip of the programmer, not of a caller
    return posts_of(await db.fetch(f"{before}{_OLDEST}{after}", *page.bounds, *arguments))[::-1]


async def rows_of(db: Db, page: Page, sql: str, *arguments: object) -> list[Mapping[str, Any]]:
    """Like `paged`, for a list of anything else: the query has a column `cursor` and ends in ORDER BY cursor DESC LIMIT
    $3."""
    if page.min_id is None:
        return list(await db.fetch(sql, *page.bounds, *arguments))
    before, newest, after = sql.rpartition(_CURSOR_DOWN)
    assert newest, "a paged query orders by its cursor"  # noqa: S101 - a slip of the programmer, not of a caller
    return list(await db.fetch(f"{before}ORDER BY cursor ASC{after}", *page.bounds, *arguments))[::-1]


Ends = Literal["newer", "older"]


def neighbours(posts: list[Post], page: Page) -> dict[Ends, int]:
    """Where the list goes on: the `min_id` of newer and the `max_id` of older posts. A page that is not full has
    nothing older, except when it was counted from its old end."""
    if not posts:
        return {}
    full = len(posts) >= page.bounds[2] or page.min_id is not None
    return {"newer": posts[0].id, "older": posts[-1].id} if full else {"newer": posts[0].id}
