"""A service manager hears that the node is ready, that it lives, and that it ends; without one nothing happens."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from node.starting.service import known_to_manager


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "20000")
        yield listening


def heard(manager: socket.socket) -> list[bytes]:
    said = []
    try:
        while True:
            said.append(manager.recv(100))
    except BlockingIOError:
        return said


async def test_it_is_ready_lives_and_ends(manager: socket.socket) -> None:
    async with known_to_manager():
        said = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(manager, 100), 5)
        assert said == b"READY=1"
        for _ in range(3):
            assert await asyncio.wait_for(asyncio.get_running_loop().sock_recv(manager, 100), 5) == b"WATCHDOG=1"
    assert heard(manager)[-1] == b"STOPPING=1"


async def test_life_is_told_only_where_it_is_asked_of_this_process(
    manager: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_PID", str(os.getppid()))
    async with known_to_manager():
        await asyncio.sleep(0.05)
    assert heard(manager) == [b"READY=1", b"STOPPING=1"]


async def test_without_a_manager_or_with_one_that_is_gone_the_node_goes_on(
    manager: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager.close()
    async with known_to_manager():
        await asyncio.sleep(0)
    monkeypatch.delenv("NOTIFY_SOCKET")
    async with known_to_manager():
        await asyncio.sleep(0)
