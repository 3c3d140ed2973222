"""Longer texts of the hub that everybody may read: about it, imprint, privacy, accessibility, terms."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal

from node.store.db import Db
from schemas.records import Record

Name = Literal["about", "imprint", "privacy", "accessibility", "terms"]


class HubText(Record, frozen=True, kw_only=True):
    """A text in its language versions, as Markdown, primary first. `effective_on`: from which day terms hold."""

    versions: dict[str, str]
    updated_at: datetime
    effective_on: date | None = None

    def in_language(self, language: str) -> str:
        """The version for a reader, else the primary one."""
        return self.versions.get(language) or next(iter(self.versions.values()), "")


async def find(db: Db, name: Name) -> HubText | None:
    """One of the texts, if the hub has said anything there."""
    row = await db.fetchrow(
        """
        SELECT texts -> $1 ->> 'updated_at' AS updated_at, texts -> $1 ->> 'effective_on' AS effective_on,
               texts -> $1 -> 'versions' AS versions
          FROM hub
         WHERE texts -> $1 IS NOT NULL
        """,
        name,
    )
    if row is None or not row["versions"]:
        return None
    effective = row["effective_on"]
    return HubText(
        versions=row["versions"],
        updated_at=datetime.fromisoformat(row["updated_at"]),
        effective_on=date.fromisoformat(effective) if effective else None,
    )


async def put(db: Db, name: Name, versions: dict[str, str], effective_on: date | None = None) -> None:
    """Say it so from now on."""
    told = {
        "versions": versions,
        "updated_at": datetime.now(UTC).isoformat(),
        "effective_on": effective_on.isoformat() if effective_on else None,
    }
    texts = await db.fetchval("SELECT texts FROM hub FOR UPDATE")
    await db.execute("UPDATE hub SET texts = $1", {**texts, name: told})
