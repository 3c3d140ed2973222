"""One slow host cannot take the places of the others."""

from __future__ import annotations

import asyncio

from node.arrivals.slots import Slots


async def test_a_slow_host_fills_its_own_places_only() -> None:
    slots = Slots(total=3, per_host=2)
    release = asyncio.Event()

    async def hold(host: str) -> str:
        async with slots.taken(host):
            await release.wait()
        return host

    slow = [asyncio.create_task(hold("slow.example")) for _ in range(10)]
    await asyncio.sleep(0)
    async with asyncio.timeout(5), slots.taken("well.example"):
        pass
    release.set()
    assert await asyncio.gather(*slow) == ["slow.example"] * 10


async def test_case_64_a_host_that_nobody_waits_for_is_forgotten() -> None:
    slots = Slots(total=3, per_host=2)
    for number in range(100):
        async with slots.taken(f"{number}.example"):
            pass
    assert slots._hosts == {}
