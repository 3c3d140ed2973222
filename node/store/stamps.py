"""Whether a post that was read before is still the same: stamps of all rows that its record is made of."""

from __future__ import annotations

from collections.abc import Sequence

from node.store.db import Db

# PostgreSQL writes a changed row to a new place (ctid) under a new transaction (xmin): one of both is another one then.
_PARTS = """concat_ws(' ', {p}.xmin, {p}.ctid, {a}.xmin, {a}.ctid,
               'named', (SELECT string_agg(concat(n.xmin, n.ctid), ' ' ORDER BY n.id)
                           FROM mentions m JOIN actors n ON n.id = m.actor_id
                          WHERE m.post_id = {p}.id AND NOT m.silent),
               'shown', CASE WHEN json_array_length({p}.attachments) > 0 THEN (
                            SELECT string_agg(concat(x.xmin, x.ctid), ' ' ORDER BY x.id)
                              FROM json_array_elements({p}.attachments) AS said
                              JOIN media x ON x.id = (said ->> 'media_id')::bigint) END)"""
_SIMPLE = "{p}.kind = 'post' AND {p}.quote IS NULL"

_STAMPS = f"""
    SELECT p.id, CASE WHEN p.kind = 'boost' THEN p.boost_of_id IS NULL OR {_SIMPLE.format(p="b")}
                      ELSE {_SIMPLE.format(p="p")} END AS is_simple,
           {_PARTS.format(p="p", a="a")} AS stamp,
           CASE WHEN b.id IS NOT NULL THEN {_PARTS.format(p="b", a="c")} END AS boosted
      FROM unnest($1::bigint[]) AS one (id)
      JOIN posts p ON p.id = one.id
      JOIN actors a ON a.id = p.actor_id
      LEFT JOIN posts b ON b.id = p.boost_of_id
      LEFT JOIN actors c ON c.id = b.actor_id
"""  # noqa: S608 - texts of this file

Stamp = tuple[str, str | None]


async def stamps_of(db: Db, ids: Sequence[int]) -> dict[int, Stamp | None]:
    """By id, for each post that is there, the stamp of its record; None for those with a detail of their kind or a
    quote, whose records are made of more. Two reads with the same stamp find the same, deleted or not."""
    rows = await db.fetch(_STAMPS, list(ids))
    return {row["id"]: (row["stamp"], row["boosted"]) if row["is_simple"] else None for row in rows}
