"""Findings: the row with claim, reasons and sources, and what came of an event or a call."""

from __future__ import annotations

from node.store.db import Db
from node.store.posts.reading import posts_of
from schemas.limits import PAGE_ITEMS_MOST
from schemas.records import Post
from schemas.things import FindingDetail


async def list_born_of(db: Db, post_id: int, *, viewer: int | None = None) -> list[Post]:
    """What was learnt from an event or a call, as far as the viewer may see it, the newest first."""
    rows = await db.fetch(
        """
        SELECT record
          FROM posts source
          JOIN origins o ON o.uri = source.uri
          JOIN posts p ON p.id = o.post_id AND p.kind = 'finding'
          JOIN post_records r ON r.id = p.id
         WHERE source.id = $1 AND in_lists(p, $2)
         ORDER BY p.id DESC
         LIMIT $3
        """,
        post_id,
        viewer,
        PAGE_ITEMS_MOST,
    )
    return posts_of(rows)


async def write(db: Db, post_id: int, finding: FindingDetail) -> None:
    """Write, or write again, a finding's row."""
    await db.execute(
        """
        INSERT INTO findings (
            post_id, finding_kind, claim, reasons, scope, born_of, born_of_id, sources, contributors, license, state,
            corrections, retraction, retracted_at)
        VALUES ($1, $2, $3, $4, $5, $6, (SELECT id FROM posts WHERE uri = $6), $7, $8, $9, $10, $11, $12, $13)
        ON CONFLICT (post_id) DO UPDATE SET
            finding_kind = excluded.finding_kind, claim = excluded.claim, reasons = excluded.reasons,
            scope = excluded.scope, born_of = excluded.born_of, born_of_id = excluded.born_of_id,
            sources = excluded.sources, contributors = excluded.contributors, license = excluded.license,
            state = excluded.state, corrections = excluded.corrections, retraction = excluded.retraction,
            retracted_at = excluded.retracted_at
        """,
        post_id,
        finding.finding_kind,
        finding.claim,
        finding.reasons,
        finding.scope,
        finding.born_of,
        finding.sources,
        finding.contributors,
        finding.license,
        finding.state,
        finding.corrections,
        finding.retraction,
        finding.retracted_at,
    )
