"""Home and lists: what comes from whom an actor follows, and by which tags, put together when it is asked for.

A timeline is walked: the newest candidates come from indexes alone, as many from each source as a page could need; of
these, those that stand in the timeline (`comes_home` in SQL) make the page. So a page costs the same however much there
is, and one on which nothing was left still says how far it got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from node.store.db import Db
from node.store.posts.reading import Page, posts_of
from schemas.limits import EMPTY_WALKS, WALKED_MORE
from schemas.records import Post, Record

WEEK_OF_IDS = 7 * 86_400_000 << 20
"""As far are the ids of posts apart that were published a week apart (node/ids.py)."""


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """The ids of a page of posts, newest first, and those by which the list goes on: with fewer than were asked for it
    ends. `turns_at`: when a mute of the viewer ends by itself, which homes and lists say."""

    ids: list[int]
    cursors: list[int]
    turns_at: datetime | None = None


class Newcomer(Record, frozen=True, kw_only=True):
    """A new post: whether it passes another one on, and whether it stands in a home."""

    id: int
    passes_on: bool
    stands: bool


OUT = """out AS MATERIALIZED (
        SELECT ARRAY(
               SELECT muted_id FROM mutes WHERE mutes.actor_id = $4 AND (ends_at IS NULL OR ends_at > now())
                UNION ALL
               SELECT blocked_id FROM blocks WHERE blocker_id = $4
                UNION ALL
               SELECT blocker_id FROM blocks WHERE blocked_id = $4) AS ids,
               NOT EXISTS (SELECT FROM blocked_domains WHERE blocked_domains.actor_id = $4)
               AND NOT EXISTS (SELECT FROM lists WHERE lists.actor_id = $4 AND exclusive) AS is_simple,
               EXISTS (SELECT FROM followed_tags WHERE followed_tags.actor_id = $4) AS has_tags
    )"""
HOME = f"""
    WITH sources AS MATERIALIZED (
        SELECT $4::bigint AS actor_id
         UNION
        SELECT f.followed_id
          FROM follows f
         WHERE f.follower_id = $4 AND f.state = 'accepted'
           AND NOT EXISTS (SELECT FROM lists l JOIN list_members m ON m.list_id = l.id
                            WHERE l.actor_id = $4 AND l.exclusive AND m.member_id = f.followed_id)
           AND NOT EXISTS (SELECT FROM mutes
                            WHERE mutes.actor_id = $4 AND muted_id = f.followed_id
                              AND (ends_at IS NULL OR ends_at > now()))
    ), tagged AS MATERIALIZED (
        SELECT more.post_id AS id
          FROM followed_tags t
         CROSS JOIN LATERAL (
               SELECT post_id FROM post_tags
                WHERE tag = t.tag AND post_id > $1 AND post_id < $2
                ORDER BY post_id DESC LIMIT $5) more
         WHERE t.actor_id = $4 AND $6::bigint IS NULL
    ), {OUT}, """  # noqa: S608 - texts of this file

# Put together below are texts of this file, nothing that anybody sent.
#
# Of what is most of a home, `comes_home` need not be asked, which has a reader with lists, blocked domains and the like
# in mind and takes half a millisecond. Each condition is one of its own. `{p}` is the post.
_SHOWN_BY = """
                 {p}.deleted_at IS NULL AND {p}.audience IN ('public', 'unlisted') AND {p}.rsvp_for_id IS NULL
                 AND {p}.actor_id <> $4 AND {p}.actor_id <> ALL ((SELECT ids FROM out)::bigint[])
                 AND (SELECT true FROM actors a
                       WHERE a.id = {p}.actor_id AND a.suspended_at IS NULL AND a.deleted_at IS NULL
                         AND NOT a.host_suspended LIMIT 1) IS NOT NULL
                 AND (SELECT true FROM mentions m
                       WHERE m.post_id = {p}.id AND m.actor_id = ANY ((SELECT ids FROM out)::bigint[])
                       LIMIT 1) IS NULL"""
_FOLLOWED = """
                 (SELECT true FROM follows f
                   WHERE f.follower_id = $4 AND f.followed_id = {p}.actor_id AND f.state = 'accepted'
                     AND f.languages IS NULL LIMIT 1) IS NOT NULL"""
# Public posts, no answers and no boosts, by somebody who is followed in all languages, when nobody who is kept out has
# to do with them.
_PLAIN = f"{{p}}.boost_of_id IS NULL AND {{p}}.in_reply_to IS NULL AND {_SHOWN_BY} AND {_FOLLOWED}"
# The same post was brought by somebody else within the week, or came by itself.
_BROUGHT = f"""
                 EXISTS (SELECT FROM posts e
                          WHERE e.boost_of_id = p.boost_of_id AND e.id < p.id AND e.id > p.id - {WEEK_OF_IDS}
                            AND e.deleted_at IS NULL AND e.actor_id <> ALL ((SELECT ids FROM out)::bigint[])
                            AND (e.actor_id = $4 OR EXISTS (
                                    SELECT FROM follows f
                                     WHERE f.follower_id = $4 AND f.followed_id = e.actor_id AND f.state = 'accepted'
                                       AND f.boosts)))
                 OR EXISTS (SELECT FROM posts o
                             WHERE o.id = p.boost_of_id AND o.id BETWEEN p.id - {WEEK_OF_IDS} AND p.id
                               AND {_PLAIN.format(p="o")})"""  # noqa: S608
# Boosts by somebody who is followed, of posts that come by no other way: nobody follows their author or their tags.
_PASSED_ON = f"""
                 {_SHOWN_BY.format(p="p")}
                 AND EXISTS (SELECT FROM follows f
                              WHERE f.follower_id = $4 AND f.followed_id = p.actor_id AND f.state = 'accepted'
                                AND f.boosts AND f.languages IS NULL)
                 AND EXISTS (SELECT FROM posts o
                              WHERE o.id = p.boost_of_id AND {_SHOWN_BY.format(p="o")}
                                AND (o.tags = '{{}}' OR NOT (SELECT has_tags FROM out))
                                AND NOT EXISTS (SELECT FROM follows f
                                                 WHERE f.follower_id = $4 AND f.followed_id = o.actor_id))"""  # noqa: S608
STANDS = f"""
               CASE WHEN NOT (SELECT is_simple FROM out) THEN comes_home(p, $4, $6)
                    WHEN {_PLAIN.format(p="p")} THEN true
                    WHEN p.boost_of_id IS NULL THEN comes_home(p, $4, $6)
                    WHEN {_BROUGHT} THEN false
                    WHEN {_PASSED_ON} THEN true
                    ELSE comes_home(p, $4, $6) END"""  # noqa: S608

_LIST = """
    WITH sources AS MATERIALIZED (
        SELECT member_id AS actor_id FROM list_members WHERE list_id = $6
    ), tagged AS (
        SELECT NULL::bigint AS id WHERE false
    ), """

_WALK = """
    heads AS MATERIALIZED (
        -- The newest of each source, more of each where there are few sources. Whose posts are all older than the
        -- number that is read has nothing on this page, and of the others nothing older than these is on it.
        SELECT s.actor_id, head.id
          FROM sources s
         CROSS JOIN LATERAL (
               SELECT p.id FROM posts p
                WHERE p.actor_id = s.actor_id AND p.deleted_at IS NULL AND p.id > $1 AND p.id < $2
                ORDER BY p.id DESC LIMIT (SELECT 1 + 2 * $5 / count(*) FROM sources)) head
         ORDER BY head.id DESC
         LIMIT $5
    ), bound AS MATERIALIZED (
        SELECT CASE WHEN count(*) = $5 THEN min(id) ELSE $1 END AS id FROM heads
    ), candidates AS MATERIALIZED (
        SELECT more.id
          FROM (SELECT DISTINCT actor_id FROM heads) AS heads
         CROSS JOIN LATERAL (
               SELECT p.id FROM posts p
                WHERE p.actor_id = heads.actor_id AND p.deleted_at IS NULL
                  AND p.id > $1 AND p.id < $2 AND p.id >= (SELECT id FROM bound)
                ORDER BY p.id DESC LIMIT $5) more
        UNION
        SELECT id FROM tagged
         ORDER BY id DESC
         LIMIT $5
    )
    SELECT shown, CASE WHEN cardinality(shown) < greatest($3, 1) THEN ARRAY(
           SELECT id FROM candidates ORDER BY id DESC) END AS read,
           (SELECT min(ends_at) FROM mutes WHERE mutes.actor_id = $4 AND ends_at > now()) AS turns_at
      FROM (SELECT ARRAY(SELECT c.id
                           FROM (SELECT id FROM candidates ORDER BY id DESC OFFSET 0) c
                          WHERE (SELECT /* stands */ FROM posts p WHERE p.id = c.id)
                          LIMIT $3) AS shown OFFSET 0) AS page
"""
_HOME_WALK = HOME + _WALK.replace("/* stands */", STANDS)
_NEWCOMERS = f"""
    WITH {OUT}
    SELECT p.id, p.boost_of_id IS NOT NULL AS passes_on, {STANDS} AS stands
      FROM posts p WHERE p.id = ANY ((SELECT $1::bigint[])::bigint[])
""".replace("$4", "$2").replace("$6", "NULL::bigint")  # noqa: S608 - texts of this file
_LIST_WALK = _LIST + _WALK.replace("/* stands */", "comes_home(p, $4, $6)")

# The same list, counted from its old end.
_TURNED = {
    "DESC": "ASC",
    "min(id) ELSE $1": "max(id) ELSE $2",
    "p.id >= (SELECT id FROM bound)": "p.id <= (SELECT id FROM bound)",
}


async def list_home(db: Db, viewer: int, page: Page) -> Walk:
    """The home of an actor: what it publishes, what those publish and pass on whom it follows, and its tags. Filters
    that hide are not asked: they stand with the door that shows the page."""
    return await walked(db, page, _HOME_WALK, viewer, _read_at_most(page), None)


async def newcomers(db: Db, viewer: int, ids: Sequence[int]) -> list[Newcomer]:
    """Whether posts stand in the home of an actor: those of them that are there."""
    return [Newcomer(**row) for row in await db.fetch(_NEWCOMERS, list(ids), viewer)]


async def list_of_members(db: Db, viewer: int, list_id: int, page: Page) -> Walk:
    """What comes into one of the viewer's lists."""
    return await walked(db, page, _LIST_WALK, viewer, _read_at_most(page), list_id)


async def walked(db: Db, page: Page, sql: str, *arguments: object) -> Walk:
    """Run a query that takes `page.bounds` first and the number of candidates as $5, and gives one row of ids: of
    candidates those `shown`, and if they fill no page all that were `read`, newest first. One query, unless nothing is
    left of what was read: then it goes on a few times, since most clients take an empty page for the end."""
    forward = page.min_id is not None
    if forward:
        for newest, oldest in _TURNED.items():
            sql = sql.replace(newest, oldest)
    row = await db.fetchrow(sql, *page.bounds, *arguments)
    for _ in range(EMPTY_WALKS):
        if row["shown"] or len(row["read"]) < arguments[1]:  # type: ignore[operator]
            break
        page = _behind(page, row["read"])
        row = await db.fetchrow(sql, *page.bounds, *arguments)
    shown: list[int] = row["shown"]
    cursors = _cursors(row, page, most=arguments[1])
    return Walk(ids=shown[::-1] if forward else shown, cursors=cursors, turns_at=row.get("turns_at"))


async def records_of(db: Db, ids: Sequence[int]) -> list[Post]:
    """The posts with these ids, less those deleted meanwhile, in no order. Nobody's right to see them is asked."""
    if not ids:
        return []
    rows = await db.fetch("SELECT record FROM records_of($1)", list(ids))
    return [post for post in posts_of(rows) if post.deleted_at is None]


def _behind(page: Page, read: Sequence[int]) -> Page:
    """The page that follows what was read."""
    if page.min_id is not None:
        return msgspec.structs.replace(page, min_id=max(read))
    return msgspec.structs.replace(page, max_id=min(read))


def _read_at_most(page: Page) -> int:
    return page.bounds[2] + WALKED_MORE


def _cursors(row: Mapping[str, Any], page: Page, *, most: object) -> list[int]:
    """Where to go on: behind what is shown if the page is full, behind all that was read if it is not and there may be
    more. At the end there are fewer cursors than were asked for."""
    shown: list[int] = row["shown"]
    if len(shown) >= page.bounds[2]:
        return shown
    read: list[int] = row["read"]
    if len(read) == most:
        return read
    return shown or read[:1]
