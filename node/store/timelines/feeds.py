"""Timelines that need no follow: what is public here and elsewhere, by tag or link, and what one actor published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from node.ids import first_id
from node.store.db import Db
from node.store.posts.reading import Page
from node.store.timelines.timelines import Walk, walked
from schemas.limits import LINK_DAYS, LINK_POSTS, WALKED_MORE


class Narrowed(msgspec.Struct, frozen=True, kw_only=True):
    """Only what was published here (`local`) or elsewhere (`remote`); only what has pictures, sound or film."""

    local: bool = False
    remote: bool = False
    media: bool = False


class Tags(msgspec.Struct, frozen=True, kw_only=True):
    """Posts with one of `any`, with `all`, and with none of `none`; all in their stored form."""

    any: Sequence[str]
    all: Sequence[str] = ()
    none: Sequence[str] = ()


class OfActor(msgspec.Struct, frozen=True, kw_only=True):
    """Whose posts, and which: `tag` in its stored form."""

    actor_id: int
    replies: bool = True
    boosts: bool = True
    direct: bool = True
    media: bool = False
    tag: str | None = None


_SHOWN = """
    SELECT shown, CASE WHEN cardinality(shown) < greatest($3, 1) THEN ARRAY(
           SELECT id FROM candidates ORDER BY id DESC) END AS read,
           (SELECT min(ends_at) FROM mutes WHERE mutes.actor_id = $4 AND ends_at > now()) AS turns_at
      FROM (SELECT ARRAY(SELECT c.id
                           FROM (SELECT id FROM candidates ORDER BY id DESC OFFSET 0) c
                          WHERE (SELECT {stands} FROM posts p WHERE p.id = c.id)
                          LIMIT $3) AS shown OFFSET 0) AS page
"""
# For most posts this asks all that `in_lists` and `keeps_out` do, without the cost of calling them.
LISTED = """
                        CASE WHEN p.audience = 'public' AND p.kind IN ('post', 'event') AND p.deleted_at IS NULL
                              AND p.rsvp_for_id IS NULL AND p.boost_of_id IS NULL
                              AND EXISTS (SELECT FROM actors a
                                           WHERE a.id = p.actor_id AND a.suspended_at IS NULL AND a.deleted_at IS NULL
                                             AND NOT a.host_suspended AND a.limited_at IS NULL AND NOT a.host_limited)
                              AND NOT EXISTS (SELECT FROM blocks WHERE blocker_id = p.actor_id AND blocked_id = $4)
                              AND NOT EXISTS (SELECT FROM blocks WHERE blocker_id = $4 AND blocked_id = p.actor_id)
                              AND NOT EXISTS (SELECT FROM mutes WHERE mutes.actor_id = $4 AND muted_id = p.actor_id)
                              AND NOT EXISTS (SELECT FROM blocked_domains d WHERE d.actor_id = $4)
                             THEN true
                             ELSE in_lists(p, $4) AND NOT keeps_out($4, p.actor_id) END"""

_PUBLIC = """
    WITH candidates AS MATERIALIZED (
        SELECT p.id
          FROM posts p
         WHERE p.id > $1 AND p.id < $2 AND p.deleted_at IS NULL AND p.kind <> 'boost' AND p.rsvp_for_id IS NULL
           AND {where}
           AND (p.in_reply_to IS NULL OR p.kind <> 'post' OR EXISTS (
                   SELECT FROM posts parent WHERE parent.id = p.in_reply_to_id AND parent.actor_id = p.actor_id))
         ORDER BY p.id DESC
         LIMIT $5
    )"""

_TAGGED = """
    WITH candidates AS MATERIALIZED (
        SELECT DISTINCT one.id
          FROM unnest($6::text[]) AS tag
         CROSS JOIN LATERAL (
               SELECT p.id
                 FROM post_tags t
                 JOIN posts p ON p.id = t.post_id
                WHERE t.tag = tag.tag AND t.post_id > $1 AND t.post_id < $2
                  AND p.deleted_at IS NULL AND p.tags @> $7::text[] AND NOT p.tags && $8::text[] AND {where}
                ORDER BY t.post_id DESC
                LIMIT $5) AS one
         ORDER BY one.id DESC
         LIMIT $5
    )"""

_LINKING = """
    WITH candidates AS MATERIALIZED (
        SELECT p.id
          FROM (SELECT id, versions, kind, rsvp_for_id
                  FROM posts
                 WHERE id > greatest($1::bigint, $7::bigint) AND id < $2 AND deleted_at IS NULL AND audience = 'public'
                 ORDER BY id DESC
                 LIMIT $8) p
         WHERE p.kind <> 'boost' AND p.rsvp_for_id IS NULL AND strpos(p.versions::text, $6) > 0
         ORDER BY p.id DESC
         LIMIT $5
    )"""

_OF_ACTOR = """
    WITH candidates AS MATERIALIZED (
        SELECT p.id
          FROM posts p
         WHERE p.id > $1 AND p.id < $2 AND p.actor_id = $6 AND p.deleted_at IS NULL AND p.rsvp_for_id IS NULL
           AND {where}
           AND ($7 OR p.in_reply_to IS NULL OR p.kind <> 'post' OR EXISTS (
                   SELECT FROM posts parent WHERE parent.id = p.in_reply_to_id AND parent.actor_id = p.actor_id))
           AND ($8 OR p.kind <> 'boost')
           AND ($9 OR p.audience <> 'direct')
           AND (NOT $10 OR json_array_length(p.attachments) > 0)
           AND ($11::text IS NULL OR p.tags @> ARRAY[$11::text])
         ORDER BY p.id DESC
         LIMIT $5
    )"""
# Of most posts it is known without a call of `may_see` that everybody may see them whom the author does not block.
_OF_ACTOR_STANDS = """CASE WHEN p.audience IN ('public', 'unlisted') AND p.boost_of_id IS NULL AND p.deleted_at IS NULL
                              AND EXISTS (SELECT FROM actors a
                                           WHERE a.id = p.actor_id AND a.suspended_at IS NULL AND a.deleted_at IS NULL
                                             AND NOT a.host_suspended)
                              AND NOT EXISTS (SELECT FROM blocks WHERE blocker_id = p.actor_id AND blocked_id = $4)
                             THEN true
                             ELSE may_see(p, $4) END AND (p.boost_of_id IS NULL OR NOT EXISTS (
                        SELECT FROM posts b WHERE b.id = p.boost_of_id AND keeps_out($4, b.actor_id)))"""

_DIRECT = """
    WITH candidates AS MATERIALIZED (
        (SELECT p.id FROM posts p
          WHERE p.actor_id = $4 AND p.audience = 'direct' AND p.deleted_at IS NULL AND p.id > $1 AND p.id < $2
          ORDER BY p.id DESC LIMIT $5)
         UNION
        (SELECT p.id FROM mentions m JOIN posts p ON p.id = m.post_id
          WHERE m.actor_id = $4 AND NOT m.silent AND p.audience = 'direct' AND p.deleted_at IS NULL
            AND m.post_id > $1 AND m.post_id < $2
          ORDER BY m.post_id DESC LIMIT $5)
         ORDER BY id DESC
         LIMIT $5
    )"""


async def list_public(
    db: Db, viewer: int | None, narrowed: Narrowed, page: Page, among: Sequence[int] | None = None
) -> Walk:
    """What everybody published, no boosts, and no answers but to oneself. Of what was published here, members also see
    what is for the hub alone. `among`: of these posts only."""
    where = "TRUE" if _only_here(narrowed) else "p.audience = 'public'"
    return await _walked(db, _PUBLIC, LISTED, where, narrowed, page, viewer, among=among)


async def list_tagged(db: Db, viewer: int | None, tags: Tags, narrowed: Narrowed, page: Page) -> Walk:
    """Public posts by their tags, answers too."""
    more = (list(tags.any), list(tags.all), list(tags.none))
    return await _walked(db, _TAGGED, LISTED, "TRUE", narrowed, page, viewer, *more)


async def list_linking(db: Db, viewer: int | None, written: str, page: Page) -> Walk:
    """Public posts of the last LINK_DAYS, the newest LINK_POSTS of them, in whose HTML this address (as HTML writes it)
    is a link."""
    oldest = first_id(datetime.now(UTC) - timedelta(days=LINK_DAYS))
    quoted = rf"href=\"{written}\""
    return await _walked(db, _LINKING, LISTED, "TRUE", Narrowed(), page, viewer, quoted, oldest, LINK_POSTS)


async def list_of_actor(
    db: Db, viewer: int | None, asked: OfActor, page: Page, among: Sequence[int] | None = None
) -> Walk:
    """What an actor published, as far as the viewer may see it: with boosts of whom the viewer wants to see. `among`:
    of these posts only."""
    return await _walked(
        db,
        _OF_ACTOR,
        _OF_ACTOR_STANDS,
        "TRUE",
        Narrowed(),
        page,
        viewer,
        asked.actor_id,
        asked.replies,
        asked.boosts,
        asked.direct,
        asked.media,
        asked.tag,
        among=among,
    )


async def list_direct(db: Db, viewer: int, page: Page) -> Walk:
    """What was written to few people, by the viewer or to them."""
    return await _walked(db, _DIRECT, "may_see(p, $4)", "TRUE", Narrowed(), page, viewer)


async def list_pinned(db: Db, viewer: int | None, actor_id: int, limit: int) -> list[int]:
    """The ids of what an actor pinned to its profile and the viewer may see, the newest pin first."""
    rows = await db.fetch(
        """
        SELECT p.id
          FROM featured f
          JOIN posts p ON p.id = f.post_id
         WHERE f.actor_id = $1 AND may_see(p, $2)
         ORDER BY f.added_at DESC, p.id DESC
         LIMIT $3
        """,
        actor_id,
        viewer,
        limit,
    )
    return [row["id"] for row in rows]


async def _walked(
    db: Db,
    source: str,
    stands: str,
    where: str,
    narrowed: Narrowed,
    page: Page,
    viewer: int | None,
    *more: object,
    among: Sequence[int] | None = None,
) -> Walk:
    """`where` is one of the texts of this file, never what somebody sent."""
    if among is not None:
        more = *more, list(among)
        where += f" AND p.id = ANY ((SELECT ${5 + len(more)}::bigint[])::bigint[])"
    if _only_here(narrowed):
        where += " AND p.local AND p.audience IN ('public', 'hub')"
    elif narrowed.remote and not narrowed.local:
        where += " AND NOT p.local"
    if narrowed.media:
        where += " AND json_array_length(p.attachments) > 0"
    sql = source.replace("{where}", where) + _SHOWN.replace("{stands}", stands)
    return await walked(db, page, sql, viewer, page.bounds[2] + WALKED_MORE, *more)


def _only_here(narrowed: Narrowed) -> bool:
    return narrowed.local and not narrowed.remote
