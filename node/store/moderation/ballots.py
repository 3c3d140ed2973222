"""Votes on measures: a roll that is frozen when the vote opens, and what each on it said so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from node.store.db import Db
from schemas.records import Record

Choice = Literal["yes", "no", "abstain"]


class Ballot(Record, frozen=True, kw_only=True):
    """One person on the roll; without a choice they have not voted."""

    account_id: int
    name: str
    choice: Choice | None
    reason: str
    cast_at: datetime | None


class Count(Record, frozen=True, kw_only=True):
    """How a vote stands."""

    roll: int
    yes: int
    no: int
    abstain: int

    @property
    def cast(self) -> int:
        """How many took part."""
        return self.yes + self.no + self.abstain

    def passes(self, quorum: int) -> bool:
        """Whether enough took part (`quorum`: percent of the roll) and more are for it than against it."""
        return self.cast * 100 >= quorum * self.roll and self.yes > self.no


async def open_roll(db: Db, measure_id: int, accounts: Sequence[int]) -> None:
    """Freeze who may vote."""
    await db.execute(
        "INSERT INTO ballots (measure_id, account_id) SELECT $1, unnest($2::bigint[])", measure_id, list(accounts)
    )


async def cast(db: Db, measure_id: int, account_id: int, choice: Choice, reason: str) -> bool:
    """Vote, or vote otherwise than before. False for who is not on the roll."""
    done: str = await db.execute(
        "UPDATE ballots SET choice = $3, reason = $4, cast_at = now() WHERE measure_id = $1 AND account_id = $2",
        measure_id,
        account_id,
        choice,
        reason,
    )
    return done == "UPDATE 1"


async def count(db: Db, measure_id: int) -> Count:
    """How the vote stands now."""
    row = await db.fetchrow(
        """
        SELECT count(*) AS roll, count(*) FILTER (WHERE choice = 'yes') AS yes,
               count(*) FILTER (WHERE choice = 'no') AS no, count(*) FILTER (WHERE choice = 'abstain') AS abstain
          FROM ballots WHERE measure_id = $1
        """,
        measure_id,
    )
    return Count(**row)


async def list_of(db: Db, measure_id: int) -> list[Ballot]:
    """The whole roll by name."""
    rows = await db.fetch(
        """
        SELECT b.account_id, coalesce(nullif(a.display_name, ''), a.name) AS name, b.choice, b.reason, b.cast_at
          FROM ballots b JOIN accounts ON accounts.id = b.account_id JOIN actors a ON a.id = accounts.actor_id
         WHERE b.measure_id = $1
         ORDER BY lower(a.name)
        """,
        measure_id,
    )
    return [Ballot(**row) for row in rows]


async def is_on_roll(db: Db, measure_id: int, account_id: int) -> bool:
    """Whether somebody may vote on a measure."""
    on: bool = await db.fetchval(
        "SELECT EXISTS (SELECT FROM ballots WHERE measure_id = $1 AND account_id = $2)", measure_id, account_id
    )
    return on


async def awaited(db: Db, account_id: int, measure_ids: Sequence[int]) -> set[int]:
    """On which of these measures somebody may vote and has not."""
    rows = await db.fetch(
        "SELECT measure_id FROM ballots WHERE account_id = $1 AND measure_id = ANY ($2) AND choice IS NULL",
        account_id,
        list(measure_ids),
    )
    return {row["measure_id"] for row in rows}
