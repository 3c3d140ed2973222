"""`allmende` as people run it: a process of its own, on this test's database."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest

from node.settings import Settings

SECONDS = 60.0  # a hang guard


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


Allmende = Callable[..., Awaitable[Done]]


async def run_allmende(folder: Path, environment: dict[str, str], *words: str, given: str = "") -> Done:
    """Run `allmende` with these words in a folder, `given` on its standard input."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ALLMENDE_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "node", *words),
        cwd=folder,
        env=kept | environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SECONDS):
            out, err = await process.communicate(given.encode())
    finally:
        if process.returncode is None:
            process.kill()
    return Done(status=process.returncode or 0, out=out.decode(), err=err.decode())


@pytest.fixture
def allmende(settings: Settings) -> Allmende:
    """Runs a command on the hub of `settings`."""
    environment = {
        "ALLMENDE_DATABASE_URL": settings.database_url or "",
        "ALLMENDE_DATA": str(settings.data),
        "ALLMENDE_BASE_URL": settings.base_url,
    }

    async def run(*words: str, given: str = "", **changed: str) -> Done:
        return await run_allmende(settings.data, environment | changed, *words, given=given)

    return run
