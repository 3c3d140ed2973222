"""Many small writes become few transactions, and a bad one harms only itself."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from node.store.batches import Batches


async def test_what_comes_while_one_batch_is_written_is_the_next_batch() -> None:
    written: list[list[int]] = []
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def write(items: Sequence[int]) -> None:
        begun.set()
        await go_on.wait()
        written.append(list(items))

    batches = Batches(write, 3)
    first = asyncio.create_task(batches.put(0))
    await begun.wait()
    others = [asyncio.create_task(batches.put(n)) for n in range(1, 6)]
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(first, *others)
    assert written == [[0], [1, 2, 3], [4, 5]]


async def test_a_bad_item_fails_alone() -> None:
    async def write(items: Sequence[int]) -> None:
        if 13 in items:
            raise ValueError(13)

    batches = Batches(write, 10)
    results = await asyncio.gather(*(batches.put(n) for n in (1, 13, 2)), return_exceptions=True)
    assert results[0] is None
    assert isinstance(results[1], ValueError)
    assert results[2] is None


async def test_a_caller_that_went_away_takes_nothing_with_it() -> None:
    written: list[int] = []
    go_on = asyncio.Event()

    async def write(items: Sequence[int]) -> None:
        await go_on.wait()
        written.extend(items)

    batches = Batches(write, 10)
    gone, stays = asyncio.create_task(batches.put(1)), asyncio.create_task(batches.put(2))
    await asyncio.sleep(0)
    gone.cancel()
    go_on.set()
    await stays
    await batches.close()
    assert sorted(written) == [1, 2]
    with pytest.raises(asyncio.CancelledError):
        await gone
