"""How our actors present themselves, as they last said it themselves, and what members prefer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from node.errors import NotFound
from node.store.db import Db
from schemas.records import Actor, Record


class Profile(Record, frozen=True, kw_only=True):
    """All that an actor says of itself but its pictures. `summary` is HTML made of `source`; fields have a name, a
    value in HTML, and the source of that."""

    display_name: str
    summary: str
    source: str
    locked: bool
    bot: bool
    discoverable: bool
    indexable: bool
    hide_collections: bool
    attribution_domains: Sequence[str]
    fields: Sequence[Mapping[str, str]]


async def source(db: Db, actor_id: int) -> str | None:
    """What an actor wrote of itself, before it became HTML; None if it never did."""
    found: str | None = await db.fetchval("SELECT summary FROM profile_sources WHERE actor_id = $1", actor_id)
    return found


async def change(db: Db, actor_id: int, to: Profile) -> Actor:
    """Present a local actor so from now on; NotFound for anybody else's. What it is called in single languages goes
    where its name changes."""
    row = await db.fetchrow(
        """
        UPDATE actors
           SET display_names = CASE WHEN display_name = $2 THEN display_names ELSE '{}' END,
               display_name = $2, summary = $3, locked = $4, bot = $5, discoverable = $6, indexable = $7,
               hide_collections = $8, attribution_domains = $9, fields = $10, updated_at = now()
         WHERE id = $1 AND local
        RETURNING *
        """,
        actor_id,
        to.display_name,
        to.summary,
        to.locked,
        to.bot,
        to.discoverable,
        to.indexable,
        to.hide_collections,
        list(to.attribution_domains),
        [dict(one) for one in to.fields],
    )
    if row is None:
        raise NotFound
    await db.execute(
        """
        INSERT INTO profile_sources (actor_id, summary) VALUES ($1, $2)
        ON CONFLICT (actor_id) DO UPDATE SET summary = excluded.summary
        """,
        actor_id,
        to.source,
    )
    return Actor(**row)


def link_in(field: Mapping[str, str]) -> str | None:
    """The web address that a line of a profile is, if it is nothing else."""
    said = field.get("source", "").strip()
    return said if said.startswith(("https://", "http://")) and len(said.split()) == 1 else None


async def show_verified(db: Db, actor_id: int, verified: Mapping[str, datetime | None]) -> None:
    """Show since when the links in an actor's lines are verified, by their addresses; of others nothing is shown."""
    fields = await db.fetchval("SELECT fields FROM actors WHERE id = $1 AND local FOR UPDATE", actor_id)
    shown = [_marked(one, verified.get(link_in(one) or "")) for one in fields or ()]
    if shown != fields:
        await db.execute("UPDATE actors SET fields = $2, updated_at = now() WHERE id = $1", actor_id, shown)


def _marked(field: Mapping[str, str], since: datetime | None) -> dict[str, str]:
    plain = {name: value for name, value in field.items() if name != "verified_at"}
    return plain | ({"verified_at": moment(since)} if since else {})


def moment(instant: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, as clients read it."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def set_icon(db: Db, actor_id: int, medium_id: int | None) -> None:
    """Make a picture that is ready a local actor's avatar, or take the avatar away."""
    await db.execute(
        """
        UPDATE actors
           SET icon_id = $2, updated_at = now(),
               icon_url = (SELECT hub.base_url || '/media/' || m.path FROM media m, hub WHERE m.id = $2)
         WHERE id = $1 AND local
        """,
        actor_id,
        medium_id,
    )


async def set_banner(db: Db, actor_id: int, medium_id: int | None) -> None:
    """The same for the banner."""
    await db.execute(
        """
        UPDATE actors
           SET banner_id = $2, updated_at = now(),
               banner_url = (SELECT hub.base_url || '/media/' || m.path FROM media m, hub WHERE m.id = $2)
         WHERE id = $1 AND local
        """,
        actor_id,
        medium_id,
    )


async def set_preferences(db: Db, account_id: int, preferences: Mapping[str, Any]) -> None:
    """Keep what a member prefers, in place of what was kept."""
    await db.execute("UPDATE accounts SET preferences = $2 WHERE id = $1", account_id, dict(preferences))
