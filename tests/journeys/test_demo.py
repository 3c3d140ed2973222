"""The demo from its first line to Ctrl-C, and once more."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from node.demo.coops import NAMES, read_coop
from node.demo.notebook import FILE, Kept
from tests.journeys.conftest import CHECKOUT, open_folder

SECONDS = 300.0  # a hang guard for a story of some twenty


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that PostgreSQL's user can enter."""
    folder = open_folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


async def start(data: Path, *words: str) -> asyncio.subprocess.Process:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ALLMENDE_")}
    environment = kept | {"ALLMENDE_DATA": str(data), "PYTHONPATH": str(CHECKOUT)}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "node", "demo", *words),
        cwd=data,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def read_until(process: asyncio.subprocess.Process, words: str) -> str:
    assert process.stdout is not None
    told = ""
    while words not in told and (line := await process.stdout.readline()):
        told += line.decode()
    return told


def addresses(data: Path) -> list[tuple[str, int]]:
    kept = msgspec.json.decode((data / "demo" / FILE).read_bytes(), type=dict[str, Kept])
    return [(read_coop(slug).address, kept[slug].port) for slug in NAMES]


def answers(address: tuple[str, int]) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(address) == 0


@pytest.mark.timeout(2 * SECONDS)
async def test_three_hubs_meet_and_a_second_run_finds_what_the_first_one_did(data: Path) -> None:
    async with asyncio.timeout(SECONDS):
        told, _ = await (first := await start(data, "--once")).communicate()
    text = told.decode()
    assert first.returncode == 0, text
    assert "✗" not in text
    for seen in (
        "Le Grenier commun finds @hub@127.0.0.1",
        "Carraway Car Co-op is followed by both others",
        "Le Grenier commun has read what the others published before",
        "publishes “Offene Baustelle: Wir bauen die Gemeinschaftsküche”",
        "the event is at Carraway Car Co-op",
        "the finding is at Wohngenossenschaft Mühlwiese",
        "the call is at Wohngenossenschaft Mühlwiese",
        "the seat is confirmed at Carraway Car Co-op",
        "Le Grenier commun accepts, and Wohngenossenschaft Mühlwiese knows",
        "asks about the finding at Carraway Car Co-op",
        "niamh@carraway.example",
    ):
        assert seen in text
    assert not any(answers(address) for address in addresses(data))

    second = await start(data)
    try:
        async with asyncio.timeout(SECONDS):
            told_again = await read_until(second, "until you press Ctrl-C")
        assert " publishes “" not in told_again
        assert told_again.count(" still shows “") == text.count(" publishes “")
        assert all(answers(address) for address in addresses(data))
        second.send_signal(signal.SIGINT)
        async with asyncio.timeout(SECONDS):
            assert "The hubs have stopped." in await read_until(second, "The hubs have stopped.")
            assert await second.wait() == 0
    finally:
        if second.returncode is None:
            second.kill()
    assert not any(answers(address) for address in addresses(data))


@pytest.mark.timeout(2 * SECONDS)
async def test_a_demo_that_is_stopped_early_leaves_nothing_running(data: Path) -> None:
    process = await start(data)
    async with asyncio.timeout(SECONDS):
        while not (data / "demo" / FILE).exists() or not any(answers(one) for one in addresses(data)):
            assert process.returncode is None
            await asyncio.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        told, _ = await process.communicate()
    assert process.returncode == 1
    assert "Stopped before the end of the story" in told.decode()
    assert not any(answers(address) for address in addresses(data))
