"""One hub on six machines: whichever of them is killed, cut off or fenced, nothing that was accepted is lost, it has
its effect once, and who streams hears on. Needs root, for network namespaces."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.journeys.conftest import eventually
from tests.journeys.machines import FANS, HOSTS, Hubs, six_machines
from tests.network import may_network

pytestmark = [
    pytest.mark.full,
    pytest.mark.timeout(600),
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(not may_network(), reason="needs root: machines of their own are network namespaces"),
]

A_WHILE = 5.0
"""Seconds in which those who talk get something said."""
IN_FLIGHT = 8 * FANS
"""Deliveries that may repeat at each kill: those sent and not yet written down as such (design, section 6)."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hubs() -> AsyncIterator[Hubs]:
    async with six_machines() as hubs:
        talking = [
            asyncio.create_task(task) for task in (hubs.talk(), hubs.keep_saying(), hubs.listen(0), hubs.listen(1))
        ]
        await all_is_said(hubs)
        yield hubs
        for task in talking:
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)


async def all_is_said(hubs: Hubs) -> None:
    """What was accepted until now is there, once, and was delivered; and more is accepted."""
    taken, said = set(hubs.taken), set(hubs.said)

    async def goes_on() -> bool:
        return len(hubs.taken) > len(taken) + 5 and len(hubs.said) > len(said) + 1

    await eventually(goes_on, "it takes what is sent")

    async def kept() -> bool:
        rows = await hubs.ask("SELECT uri FROM posts WHERE NOT local")
        return taken <= {row["uri"] for row in rows}

    await eventually(kept, "everything accepted is there")

    async def delivered() -> bool:
        return all(hubs.reached(uri) == FANS for uri in said)

    await eventually(delivered, "everybody has what the member said")


async def both_hear(hubs: Hubs) -> None:
    """Who streams at either web hears of something new."""
    before = set(hubs.said)

    async def heard() -> bool:
        new = hubs.said - before
        return all(new & hubs.heard[web] for web in hubs.heard)

    await eventually(heard, "those who stream hear of it")


async def test_a_worker_and_a_web_are_killed_and_started_again(hubs: Hubs) -> None:
    await hubs.workers[0].kill()
    await hubs.webs[1].kill()
    await asyncio.sleep(A_WHILE)
    await hubs.workers[0].start()
    await hubs.webs[1].start()
    await hubs.all_well()
    await all_is_said(hubs)
    await both_hear(hubs)


async def test_a_worker_is_cut_off_and_comes_back(hubs: Hubs) -> None:
    hubs.network.cut("worker31")
    await asyncio.sleep(A_WHILE)
    await hubs.workers[0].kill()  # nobody else works meanwhile but the one that is cut off
    await hubs.workers[0].start()
    await all_is_said(hubs)
    hubs.network.mend("worker31")
    await all_is_said(hubs)
    await both_hear(hubs)


async def test_the_primary_is_lost_and_the_standby_promoted(hubs: Hubs) -> None:
    assert hubs.primary.process is not None
    hubs.network.cut("first")
    hubs.primary.stop(signal.SIGQUIT)
    await asyncio.sleep(A_WHILE)
    await asyncio.to_thread(hubs.standby.promote)
    await hubs.all_well()
    await all_is_said(hubs)
    await both_hear(hubs)


async def test_everything_had_its_effect_once(hubs: Hubs) -> None:
    taken = len(hubs.taken)
    await all_is_said(hubs)
    (row,) = await hubs.ask(
        """
        SELECT (SELECT count(*) FROM notifications WHERE kind = 'mention') AS notices,
               (SELECT count(*) FROM posts WHERE NOT local) AS posts,
               (SELECT count(DISTINCT uri) FROM posts WHERE NOT local) AS different
        """
    )
    assert row["posts"] == row["different"] == row["notices"]
    assert row["posts"] >= taken > HOSTS
    assert hubs.repeated() <= 3 * IN_FLIGHT
