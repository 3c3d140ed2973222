"""A crowd of senders in a process of its own, so that it does not slow down who measures: each of many connections
sends the next message as soon as it is answered, for so many seconds. Prints how often it got which status, as JSON."""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import msgspec
import uvloop

from tests.bench.wire import Caller

SENDERS = 1200
LOCAL_ADDRESSES = 100
PAUSE_SECONDS = 0.25


async def crowd(url: str, batch: Sequence[bytes], seconds: float) -> Counter[int]:
    """Send; 0 stands for connections that failed."""
    end = time.monotonic() + seconds
    answers = Counter[int]()
    await asyncio.gather(*(_sender(url, batch[number::SENDERS] or batch, end, answers, number)
                           for number in range(SENDERS)))  # fmt: skip
    return answers


async def _sender(url: str, batch: Sequence[bytes], end: float, answers: Counter[int], number: int) -> None:
    with closing(Caller(url, f"127.2.0.{number % LOCAL_ADDRESSES + 1}")) as caller:
        for request in itertools.cycle(batch):
            if time.monotonic() > end:
                return
            try:
                status, _ = await caller.post(request)
                answers[status] += 1
            except OSError:
                answers[0] += 1
                await asyncio.sleep(PAUSE_SECONDS)


def main(url: str, file: str, seconds: str) -> None:
    """Other servers have machines of their own, so this one takes only what the hub leaves."""
    os.nice(10)
    batch = msgspec.msgpack.decode(Path(file).read_bytes(), type=list[bytes])
    answers = uvloop.run(crowd(url, batch, float(seconds)))
    print(msgspec.json.encode({str(status): count for status, count in answers.items()}).decode())  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
