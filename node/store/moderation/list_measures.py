"""Many measures at once, out of the drafts of a list that two people agreed to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from node.store.db import Db
from node.store.moderation.domain_lists import DomainList
from node.store.moderation.drafts import Draft
from node.store.moderation.measures import DOMAINS_IN_FORCE
from schemas.records import Measure


async def insert_many(
    db: Db, known: DomainList, blocked: Sequence[Draft], review_at: datetime, touching: Collection[str]
) -> list[Measure]:
    """Put drafts in force that are not yet: the measures are there, and the drafts accepted, which know them. Those on
    domains of `touching` come back: what they do to actors is not done."""
    rows = await db.fetch(
        f"""
        WITH there AS MATERIALIZED ({DOMAINS_IN_FORCE} ($2)),
        wanted AS MATERIALIZED (
            SELECT nextval('measures_id_seq') AS id, new.*
              FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[])
                AS new (draft_id, domain, kind, public_reason, private_reason)
             WHERE NOT EXISTS (SELECT FROM there WHERE there.domain = new.domain AND there.kind = new.kind)),
        taken AS (
            INSERT INTO measures (id, kind, target_kind, target, detail, public_reason, private_reason, state,
                                  stands_alone, proposed_by, confirmed_by, proposed_at, confirmed_at, executed_at,
                                  review_at, how)
                   OVERRIDING SYSTEM VALUE
            SELECT id, kind, 'domain', domain, json_build_object('list', $6::bigint), public_reason, private_reason,
                   'executed', $8::bigint IS NULL, $7, $8, $9, now(), now(), $10,
                   CASE WHEN $8::bigint IS NULL THEN 'alone' ELSE 'second' END
              FROM wanted
            RETURNING *),
        known AS (
            UPDATE drafts SET measure_id = wanted.id, state = 'accepted', decided_at = now(), decided_by = $7
              FROM wanted
             WHERE drafts.id = wanted.draft_id)
        SELECT * FROM taken WHERE target = ANY ($11)
        """,  # noqa: S608 - text of our own
        [one.id for one in blocked],
        [one.domain for one in blocked],
        [one.kind for one in blocked],
        [one.reason for one in blocked],
        [one.private_reason for one in blocked],
        known.id,
        known.proposed_by,
        known.confirmed_by,
        known.proposed_at,
        review_at,
        list(touching),
    )
    return [msgspec.convert(dict(row), Measure) for row in rows]
