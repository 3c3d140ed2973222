"""A clock that was set and a disk that is full are noticed, and that all is well again."""

from __future__ import annotations

from pathlib import Path

import pytest

from node.health import vitals
from node.health.troubles import Troubles
from node.health.vitals import Clock, Disk
from node.settings import Settings
from node.store.db import Db
from node.store.pool import Database
from node.store.queues import queues
from schemas.limits import CLOCK_CALM_SECONDS, CLOCK_WARN_SECONDS, DISK_STOP_BYTES


def test_a_clock_that_jumped_is_told_until_the_new_time_is_the_usual_one() -> None:
    troubles, day, steady = Troubles(), [1000.0], [0.0]
    clock = Clock(troubles, lambda: day[0], lambda: steady[0])
    day[0] += CLOCK_WARN_SECONDS - 1
    assert not clock.look()
    day[0] -= CLOCK_WARN_SECONDS + 1
    assert clock.look()
    assert troubles.has("clock")
    assert not troubles.serious
    steady[0] += CLOCK_CALM_SECONDS
    day[0] += CLOCK_CALM_SECONDS
    assert not clock.look()
    assert not troubles.kinds


async def test_with_little_room_nothing_is_taken_until_there_is_more(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles, free = Troubles(), [DISK_STOP_BYTES - 1]
    disk = Disk(troubles, settings, database)

    def room_at(_: Path) -> int:
        return free[0]

    monkeypatch.setattr(vitals, "room_at", room_at)
    await disk.look()
    assert troubles.serious == ("disk",)
    free[0] = DISK_STOP_BYTES
    await disk.look()
    assert not troubles.kinds


async def test_what_waits_for_a_time_that_is_yet_to_come_waits_no_longer_than_it_would_have(db: Db) -> None:
    await db.execute(
        """
        INSERT INTO jobs (kind, arguments, created_at, next_at, attempts) VALUES
            ('ahead', '{}', now() + interval '2 hours', now() + interval '2 hours 1 minute', 0),
            ('failed', '{}', now() - interval '1 minute', now() + interval '2 hours', 1),
            ('planned', '{}', now() - interval '1 minute', now() + interval '3 hours', 0)
        """
    )
    await queues.pull_in(db)
    await queues.pull_in(db)
    waits = await db.fetch("SELECT kind, round(extract(epoch FROM next_at - now()) / 60) AS minutes FROM jobs")
    assert {row["kind"]: int(row["minutes"]) for row in waits} == {"ahead": 1, "failed": 1, "planned": 180}
