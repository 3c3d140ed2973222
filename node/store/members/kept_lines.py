"""What members tell only some: the lines of their profiles that are not for everybody, and what they can do.

Lines for everybody are in `actors.fields`, which every door shows; nothing from here ever leaves the hub."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from node.store.db import Db
from schemas.records import Actor
from schemas.telling import FACTS, Circle, ToldFact, ToldLine


async def put(db: Db, actor_id: int, lines: Mapping[int, ToldLine]) -> None:
    """These, by their places among all lines of the profile, instead of those that were kept."""
    await db.execute("DELETE FROM kept_lines WHERE actor_id = $1", actor_id)
    await db.executemany(
        "INSERT INTO kept_lines (actor_id, position, audience, name, value, source) VALUES ($1, $2, $3, $4, $5, $6)",
        [(actor_id, place, one.audience, one.name, one.value, one.source) for place, one in lines.items()],
    )


async def lines_of(db: Db, actor: Actor, viewer: int | None) -> list[ToldLine]:
    """The lines of a profile that the viewer may read, those for everybody among them, in their order."""
    told = [msgspec.convert(dict(one), ToldLine) for one in actor.fields]
    if not actor.local or viewer is None:
        return told
    rows = await db.fetch(
        """
        SELECT position, audience, name, value, source FROM kept_lines
         WHERE actor_id = $1 AND may_read(audience, actor_id, $2) ORDER BY position
        """,
        actor.id,
        viewer,
    )
    for row in rows:
        line = ToldLine(name=row["name"], value=row["value"], source=row["source"], audience=row["audience"])
        told.insert(row["position"], line)
    return told


async def shown_of(db: Db, account_id: int) -> dict[str, Circle]:
    """Who may read what a member can do: theirs alone where nothing is said."""
    kept = await db.fetchval("SELECT shown FROM matching_profiles WHERE account_id = $1", account_id)
    return _shown(kept or {})


async def facts_of(db: Db, actor_ids: Sequence[int], viewer: int | None) -> dict[int, list[ToldFact]]:
    """What members can do, by their actors, as far as the viewer may read it."""
    rows = await db.fetch(
        """
        SELECT t.actor_id, t.name, t.words, t.audience
          FROM told_facts t
         WHERE t.actor_id = ANY ($1) AND may_read(t.audience, t.actor_id, $2)
        """,
        list(actor_ids),
        viewer,
    )
    found: dict[int, list[ToldFact]] = {}
    for row in sorted(rows, key=lambda one: FACTS.index(one["name"])):
        fact = ToldFact(name=row["name"], values=tuple(row["words"]), audience=row["audience"])
        found.setdefault(row["actor_id"], []).append(fact)
    return found


def _shown(kept: Mapping[str, Circle]) -> dict[str, Circle]:
    return {name: kept.get(name, "self") for name in FACTS}
