"""Whether a post that was read before is still the same: stamps of all rows that its record is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from node.store.db import Db

Stamp = tuple[object, ...]

# Each table is asked once for all posts of a page: most have nothing there.
SHOWN = """
    asked AS MATERIALIZED (
        SELECT p.id, p.boost_of_id FROM unnest((SELECT $1::bigint[])) AS one (id) JOIN posts p ON p.id = one.id
    ), shown AS MATERIALIZED (
        SELECT p.id, p.boost_of_id, p.actor_id, p.kind, p.local, p.context, p.in_reply_to_id, p.rsvp_for_id, p.card_id,
               p.app_id, p.written_by, concat_ws(' ', p.xmin, p.ctid) AS stamp,
               CASE WHEN json_array_length(p.attachments) > 0 THEN p.attachments END AS attachments
          FROM (SELECT id FROM asked UNION SELECT boost_of_id FROM asked WHERE boost_of_id IS NOT NULL) AS one
          JOIN posts p ON p.id = one.id
    ), which AS MATERIALIZED (
        SELECT array_agg(id) AS posts, array_agg(id) FILTER (WHERE kind <> 'post') AS things,
               array_agg(actor_id) || $2::bigint[] AS people
          FROM shown
    )"""
"""Posts of these ids ($1), with what they pass on, and the ids of their authors and of others ($2)."""

POSTS = "ANY ((SELECT posts FROM which)::bigint[])"
PEOPLE = "ANY ((SELECT people FROM which)::bigint[])"
THINGS = "ANY ((SELECT things FROM which)::bigint[])"

# PostgreSQL writes a changed row to a new place (ctid) under a new transaction (xmin): one of both is another one then.
STAMPED = f"""
    SELECT 'post' AS part, id, stamp AS beside, actor_id, boost_of_id FROM shown
     UNION ALL
    SELECT 'actor', a.id, concat_ws(' ', a.xmin, a.ctid), NULL, NULL FROM actors a WHERE a.id = {PEOPLE}
     UNION ALL
    SELECT 'named', m.post_id, concat_ws(' ', n.xmin, n.ctid), NULL, NULL
      FROM mentions m JOIN actors n ON n.id = m.actor_id WHERE m.post_id = {POSTS} AND NOT m.silent
     UNION ALL
    SELECT 'medium', shown.id, concat_ws(' ', x.xmin, x.ctid), NULL, NULL
      FROM shown, json_array_elements(shown.attachments) AS said JOIN media x ON x.id = (said ->> 'media_id')::bigint
     WHERE shown.attachments IS NOT NULL
     UNION ALL
    SELECT 'quotes', q.post_id, concat_ws(' ', q.xmin, q.ctid), NULL, NULL FROM quotes q WHERE q.post_id = {POSTS}
     UNION ALL
    SELECT 'tells', e.post_id, concat_ws(' ', e.xmin, e.ctid, l.xmin, l.ctid), NULL, NULL
      FROM events e LEFT JOIN places l ON l.id = e.place_id WHERE e.post_id = {THINGS}
     UNION ALL
    SELECT 'tells', f.post_id, concat_ws(' ', f.xmin, f.ctid), NULL, NULL FROM findings f WHERE f.post_id = {THINGS}
     UNION ALL
    SELECT 'tells', c.post_id, concat_ws(' ', c.xmin, c.ctid, l.xmin, l.ctid), NULL, NULL
      FROM calls c LEFT JOIN places l ON l.id = c.place_id WHERE c.post_id = {THINGS}
     UNION ALL
    SELECT 'from', o.post_id, concat_ws(' ', o.xmin, o.ctid), NULL, NULL FROM origins o WHERE o.post_id = {THINGS}
"""  # noqa: S608 - texts of this file
PARTS = frozenset({"post", "actor", "named", "medium", "quotes", "tells", "from"})

_STAMPS = f"WITH {SHOWN} {STAMPED}"


async def stamps_of(db: Db, ids: Sequence[int]) -> dict[int, Stamp]:
    """By id, for each post that is there, deleted or not, the stamp of its record as `records_of` gives it: that of a
    boost holds what it passes on, too. Two reads with the same stamp find the same."""
    return stamps_in(await db.fetch(_STAMPS, list(ids), []))


def stamps_in(rows: Sequence[Any]) -> dict[int, Stamp]:
    """The stamps that rows of STAMPED tell, also among others."""
    parts, posts = defaultdict[int, list[tuple[str, str]]](list), dict[int, tuple[int, int | None]]()
    actors = dict[int, str]()
    for part, number, beside, actor_id, passed_on in rows:
        if part == "actor":
            actors[number] = beside
        elif part in PARTS:
            parts[number].append((part, beside))
            if part == "post":
                posts[number] = actor_id, passed_on
    own = {number: (actors[by], *parts[number]) for number, (by, _) in posts.items()}
    return {number: _with(own, number, passed_on) for number, (_, passed_on) in posts.items()}


def _with(own: Mapping[int, Stamp], number: int, passed_on: int | None) -> Stamp:
    return own[number] if passed_on is None else (own[number], own[passed_on])
