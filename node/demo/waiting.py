"""Waiting for what other processes do, and no longer than makes sense."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from schemas.limits import DEMO_POLL_SECONDS, DEMO_WAIT_SECONDS

T = TypeVar("T")


class DemoFailed(Exception):
    """The demo cannot go on; the message is a plain sentence."""


async def until(look: Callable[[], Awaitable[T | None]], what: str) -> T:
    """Look again and again until there is something, and give it. DemoFailed, with `what`, if it does not come."""
    try:
        async with asyncio.timeout(DEMO_WAIT_SECONDS):
            while (found := await look()) is None:  # noqa: ASYNC110 (another process)
                await asyncio.sleep(DEMO_POLL_SECONDS)
            return found
    except TimeoutError:
        raise DemoFailed(f"{what} did not happen within {DEMO_WAIT_SECONDS:.0f} seconds.") from None


async def together(*work: Coroutine[Any, Any, T]) -> list[T]:
    """Do several things at the same time, and give what they give. The first DemoFailed ends the others."""
    try:
        async with asyncio.TaskGroup() as tasks:
            started = [tasks.create_task(one) for one in work]
    except BaseExceptionGroup as group:
        failed, others = group.split(DemoFailed)
        if failed is not None and others is None:
            raise _first(failed) from None
        raise
    return [one.result() for one in started]


def _first(group: BaseExceptionGroup[DemoFailed]) -> DemoFailed:
    """The error itself, out of however many groups."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, DemoFailed)  # noqa: S101 (split said so)
    return error
