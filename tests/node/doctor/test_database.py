"""The database: whether it keeps what it confirms, and whose it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from node.doctor.clock import judge_clock
from node.doctor.database import check_database, check_owner, find_hub, judge_safety
from node.settings import Settings
from node.store.db import Db
from node.store.hub import hub
from node.store.upkeep.condition import Condition

SAFE = Condition(
    version="18.6",
    now=datetime.now(UTC),
    bytes=1,
    fsync=True,
    full_page_writes=True,
    synchronous_commit="on",
    standby=False,
)


async def test_the_test_database_is_found_unsafe(db: Db, settings: Settings) -> None:
    # It is: the tests' server waits for no disk.
    remarks = await check_database(db, settings)
    assert [remark.level for remark in remarks] == ["ok", "wrong", "ok"]
    assert "off is fsync, full_page_writes, synchronous_commit." in remarks[1].says


@pytest.mark.parametrize(
    ("change", "levels"),
    [
        ({}, []),
        ({"synchronous_commit": "remote_apply"}, []),
        ({"synchronous_commit": "off"}, ["wrong"]),
        ({"fsync": False}, ["wrong"]),
        ({"standby": True}, ["wrong"]),
        ({"standby": True, "full_page_writes": False}, ["wrong", "wrong"]),
    ],
)
def test_what_may_lose_data_is_said(change: dict[str, object], levels: list[str]) -> None:
    assert [remark.level for remark in judge_safety(msgspec.structs.replace(SAFE, **change))] == levels


@pytest.mark.parametrize(("seconds", "level"), [(29, "ok"), (-31, "warn"), (299, "warn"), (-301, "wrong")])
def test_a_clock_that_is_off_is_said(seconds: int, level: str) -> None:
    now = datetime.now(UTC)
    remark = judge_clock("database", now + timedelta(seconds=seconds), now)
    assert remark.level == level
    if level != "ok":
        assert ("ahead of" if seconds > 0 else "behind") in remark.says


async def test_a_database_without_a_hub_is_said(db: Db, settings: Settings) -> None:
    remarks = check_owner(await find_hub(db), settings)
    assert [remark.says for remark in remarks] == ["No node has started on this database yet."]


async def test_a_hub_that_is_not_set_up_is_said_until_it_is(db: Db, settings: Settings) -> None:
    await hub.prepare(db, settings.base_url)
    assert "not set up yet" in check_owner(await find_hub(db), settings)[0].says
    await hub.set_up(db, name="Bern", language="de", languages=["de"], zone="Europe/Zurich", description="")
    assert [remark.level for remark in check_owner(await find_hub(db), settings)] == ["ok"]


async def test_a_hub_of_another_address_is_said(db: Db, settings: Settings) -> None:
    await hub.prepare(db, "https://old.example")
    remark = check_owner(await find_hub(db), settings)[0]
    assert remark.level == "wrong"
    assert remark.do.startswith("Set ALLMENDE_BASE_URL=https://old.example")
