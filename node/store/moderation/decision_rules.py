"""How each kind of measure is decided at this hub: alone, with a second person, or by a vote of the stewards."""

from __future__ import annotations

from typing import Literal

from node.store.db import Db
from schemas.records import Record

How = Literal["alone", "second", "vote"]


class Rule(Record, frozen=True, kw_only=True):
    """`quorum`: percent of the roll that must take part in a vote; `days`: until a proposal is over."""

    kind: str
    how: How
    quorum: int
    days: int


def kind_of(kind: str, target_kind: str) -> str:
    """The name of the rule for a kind of measure: servers have their own."""
    return f"server_{kind}" if target_kind == "domain" else kind


async def get(db: Db, kind: str) -> Rule:
    """The rule of one kind, by the name that `kind_of` gives."""
    return Rule(**await db.fetchrow("SELECT * FROM decision_rules WHERE kind = $1", kind))


async def list_all(db: Db) -> dict[str, Rule]:
    """All rules by kind."""
    return {row["kind"]: Rule(**row) for row in await db.fetch("SELECT * FROM decision_rules ORDER BY kind")}


async def put(db: Db, rule: Rule) -> None:
    """Decide a kind of measure in another way from now on; what is proposed already keeps the rule it began with."""
    await db.execute(
        "UPDATE decision_rules SET how = $2, quorum = $3, days = $4 WHERE kind = $1",
        rule.kind,
        rule.how,
        rule.quorum,
        rule.days,
    )
