"""Waiting, and its end."""

from __future__ import annotations

import asyncio

import pytest

from node.demo import waiting
from node.demo.waiting import DemoFailed, together, until


async def test_what_comes_late_is_given() -> None:
    looks = iter([None, None, "here"])

    async def look() -> str | None:
        return next(looks)

    assert await until(look, "It") == "here"


async def test_what_does_not_come_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "DEMO_WAIT_SECONDS", 0.05)

    async def never() -> None:
        return None

    with pytest.raises(DemoFailed, match="The answer did not happen within 0 seconds"):
        await until(never, "The answer")


async def test_the_first_failure_ends_the_others() -> None:
    ended = asyncio.Event()

    async def fails() -> None:
        raise DemoFailed("No")

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    with pytest.raises(DemoFailed, match="No"):
        await together(waits(), together(fails()))
    assert ended.is_set()


async def test_other_errors_are_not_hidden() -> None:
    async def breaks() -> None:
        raise ZeroDivisionError

    with pytest.raises(BaseExceptionGroup):
        await together(breaks())


async def test_results_come_in_order() -> None:
    async def give(number: int) -> int:
        return number

    assert await together(*(give(number) for number in range(3))) == [0, 1, 2]
