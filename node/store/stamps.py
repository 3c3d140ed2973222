"""Whether a post that was read before is still the same: stamps of all rows that its record is made of."""

from __future__ import annotations

from collections.abc import Sequence

from node.store.db import Db

# PostgreSQL writes a changed row to a new place (ctid) under a new transaction (xmin): one of both is another one then.
# `{p}` is the post, `{a}` its author.
PARTS = """concat_ws(' ', {p}.xmin, {p}.ctid, {a}.xmin, {a}.ctid,
               'named', (SELECT string_agg(concat(n.xmin, n.ctid), ' ' ORDER BY n.id)
                           FROM mentions m JOIN actors n ON n.id = m.actor_id
                          WHERE m.post_id = {p}.id AND NOT m.silent),
               'shown', CASE WHEN json_array_length({p}.attachments) > 0 THEN (
                            SELECT string_agg(concat(x.xmin, x.ctid), ' ' ORDER BY x.id)
                              FROM json_array_elements({p}.attachments) AS said
                              JOIN media x ON x.id = (said ->> 'media_id')::bigint) END,
               'quotes', CASE WHEN {p}.quote IS NOT NULL THEN (
                             SELECT concat(q.xmin, q.ctid) FROM quotes q WHERE q.post_id = {p}.id) END,
               'tells', CASE {p}.kind
                        WHEN 'event' THEN (SELECT concat_ws(' ', e.xmin, e.ctid, l.xmin, l.ctid)
                                             FROM events e LEFT JOIN places l ON l.id = e.place_id
                                            WHERE e.post_id = {p}.id)
                        WHEN 'finding' THEN (SELECT concat(f.xmin, f.ctid) FROM findings f WHERE f.post_id = {p}.id)
                        WHEN 'call' THEN (SELECT concat_ws(' ', o.xmin, o.ctid, l.xmin, l.ctid)
                                            FROM calls o LEFT JOIN places l ON l.id = o.place_id
                                           WHERE o.post_id = {p}.id) END,
               'from', CASE WHEN {p}.kind <> 'post' THEN (
                           SELECT concat(o.xmin, o.ctid) FROM origins o WHERE o.post_id = {p}.id) END)"""

_STAMPS = f"""
    SELECT p.id, {PARTS.format(p="p", a="a")} AS stamp,
           CASE WHEN b.id IS NOT NULL THEN {PARTS.format(p="b", a="c")} END AS boosted
      FROM unnest((SELECT $1::bigint[])) AS one (id)
      JOIN posts p ON p.id = one.id
      JOIN actors a ON a.id = p.actor_id
      LEFT JOIN posts b ON b.id = p.boost_of_id
      LEFT JOIN actors c ON c.id = b.actor_id
"""  # noqa: S608 - texts of this file

Stamp = tuple[str, str | None]


async def stamps_of(db: Db, ids: Sequence[int]) -> dict[int, Stamp]:
    """By id, for each post that is there, deleted or not, the stamp of its record as `records_of` gives it: that of a
    boost holds what it passes on, too. Two reads with the same stamp find the same."""
    rows = await db.fetch(_STAMPS, list(ids))
    return {row["id"]: (row["stamp"], row["boosted"]) for row in rows}
