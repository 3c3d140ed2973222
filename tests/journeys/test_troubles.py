"""What a node needs goes away for some seconds: it says so in the log and at /health, members get a page that says when
to come again, and when it is back everything goes on by itself, with nothing lost that was accepted."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.journeys.conftest import eventually
from tests.journeys.machine import Machine, a_machine, clock_can_be_set, disk_full, names_away, set_clock
from tests.postgres import may_mount

pytestmark = pytest.mark.asyncio(loop_scope="module")

AS_ROOT = pytest.mark.skipif(not may_mount(), reason="needs root, to have a small disk and name server of its own")
GONE_SECONDS = 30.0 if os.environ.get("FULL") else 1.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def machine() -> AsyncIterator[Machine]:
    async with a_machine() as machine:
        yield machine


async def test_a_database_that_hangs_is_told_and_waited_for(machine: Machine) -> None:
    taken = await machine.send(20, "before")
    machine.server.freeze()
    await machine.troubled("database")
    status, body, again = await machine.get("/", Accept="text/html")
    assert (status, again) == (503, "30")
    assert "One moment, please" in body
    assert (await machine.get("/api/v1/timelines/public"))[0] == 503
    assert await machine.send(3, "meanwhile") == 0
    assert "Start it" in str(machine.told("database")["do"])
    await asyncio.sleep(GONE_SECONDS)
    machine.server.thaw()
    await machine.well()
    await machine.holds("before", taken)
    assert (await machine.get("/"))[0] == 200


async def test_a_database_that_is_gone_comes_back_and_nothing_was_lost(machine: Machine) -> None:
    taken = await machine.send(20, "crash")
    machine.server.stop(signal.SIGQUIT)
    await machine.troubled("database")
    assert (await machine.health())[0] == 503
    assert (await machine.get("/", Accept="text/html"))[::2] == (503, "30")
    await asyncio.sleep(GONE_SECONDS)
    machine.server.start()
    await machine.well()
    await machine.holds("crash", taken)
    assert await machine.send(3, "after") == 3
    await machine.holds("after", 3)


@AS_ROOT
async def test_with_a_full_disk_nothing_is_taken_that_cannot_be_kept(machine: Machine) -> None:
    taken = await machine.send(10, "room")
    with disk_full(machine):
        await machine.troubled("disk")
        assert await machine.send(3, "full") == 0
        assert await machine.say("There is no room for this") == 503
        assert (await machine.get("/"))[0] in (200, 503)
        assert "Make room" in str(machine.told("disk")["do"])
    if machine.server.process is not None and machine.server.process.poll() is not None:
        machine.server.start()  # it may have stopped, as PostgreSQL does when its journal finds no room
    await machine.well()
    await machine.holds("room", taken)
    assert await machine.say("There is room again") == 200


@pytest.mark.skipif(not clock_can_be_set(), reason="needs libfaketime, to set the clock of some processes only")
async def test_a_clock_that_jumps_forth_and_back_loses_nothing(machine: Machine) -> None:
    set_clock(machine, 1800)
    await machine.troubled("clock")
    assert await machine.send(10, "ahead") == 10
    assert await machine.say("Half an hour ahead") == 200
    set_clock(machine, 0)
    assert await machine.send(10, "back") == 10
    await machine.holds("ahead", 10)
    await machine.holds("back", 10)
    assert "NTP" in str(machine.told("clock")["do"])
    assert (await machine.health())[0] == 200


@AS_ROOT
async def test_without_names_what_is_owed_waits_and_nobody_is_blamed(machine: Machine) -> None:
    async with machine.named_peers() as peers:
        with names_away(machine):
            assert await machine.say("Hello, everybody") == 200
            await machine.troubled("names")
            assert (await machine.health())[0] == 200
            assert not any(peer.requests("/inbox") for peer in peers)
            assert "/etc/resolv.conf" in str(machine.told("names")["do"])
        await machine.well("clock")
        for peer in peers:
            await peer.wait_for("/inbox")
    assert await machine.count("hosts WHERE open_until > now()") == 0


async def test_peers_that_answer_rubbish_harm_nobody_but_themselves(machine: Machine) -> None:
    before = machine.hub.log.stat().st_size
    async with machine.rubbish() as (urls, healthy):
        assert await machine.say("Hello again, everybody") == 200
        await healthy.wait_for("/inbox")
        for url in urls:
            assert await machine.told_by(url) in (401, 503)

        async def owed() -> bool:
            return await machine.count("deliveries WHERE last_error IS NOT NULL") > 0

        await eventually(owed, "deliveries to them are put off")
    await machine.well("clock")
    assert b"Traceback" not in machine.hub.log.read_bytes()[before:]
