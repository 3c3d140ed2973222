"""Tell the service manager that started this process, such as systemd, that it is ready, and then that it lives: one
that is silent for longer than `WatchdogSec` is ended and started again (sd_notify(3), sd_watchdog_enabled(3))."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


@asynccontextmanager
async def known_to_manager() -> AsyncIterator[None]:
    """Ready, and alive for as long as the block lasts. Nothing where no manager listens (`NOTIFY_SOCKET`)."""
    place = os.environ.get("NOTIFY_SOCKET")
    if not place:
        yield
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as line:
        with suppress(OSError):
            line.connect("\0" + place[1:] if place.startswith("@") else place)
        _say(line, "READY=1")
        telling = asyncio.create_task(_tell_regularly(line))
        try:
            yield
        finally:
            telling.cancel()
            _say(line, "STOPPING=1")


async def _tell_regularly(line: socket.socket) -> None:
    """Twice in the time after which silence would be the end. A loop that stands still tells nothing."""
    patience = os.environ.get("WATCHDOG_USEC", "")
    meant = os.environ.get("WATCHDOG_PID", str(os.getpid()))
    if not patience.isdecimal() or not int(patience) or meant != str(os.getpid()):
        return
    while True:
        _say(line, "WATCHDOG=1")
        await asyncio.sleep(int(patience) / 2_000_000)


def _say(line: socket.socket, what: str) -> None:
    with suppress(OSError):  # a manager that does not listen is its own trouble
        line.send(what.encode())
