"""Ports that nobody else is given: each test process has a block of its own, below the ports that the system hands out
by itself, and takes each of them once. A port from `bind(…, 0)` that was closed again may be anybody's a moment later.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from functools import cache

FIRST, LAST = 12_000, 32_000
BLOCK = 500


def free_port(address: str = "127.0.0.1") -> int:
    """A port on which nothing listens at this address; nothing will, unless whoever asked for it does."""
    for port in _ports():
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            try:
                probe.bind((address, port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")


@cache
def _ports() -> Iterator[int]:
    """The ports of this process, in a circle: a test that ended long ago has left its own."""
    return itertools.cycle(_block())


def _block() -> range:
    """The first block that no other process of any test run holds; the lock ends with the process."""
    for first in range(FIRST, LAST, BLOCK):
        with suppress(OSError), ExitStack() as stack:  # held by another process, or made by another user
            lock = os.open(f"{tempfile.gettempdir()}/allmende-tests-ports-{first}.lock", os.O_RDWR | os.O_CREAT, 0o644)
            stack.callback(os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            stack.pop_all()  # open until the process ends
            return range(first, first + BLOCK)
    raise AssertionError("too many test runs at once")
