"""`allmende` on this test's database: as people run it, as a process of its own, or here."""

from __future__ import annotations

import asyncio
import io
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import chdir
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from structlog.testing import capture_logs

from node.cli import main
from node.settings import Settings
from tests.factories import keys

SECONDS = 60.0  # a hang guard


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


class Given(io.BytesIO):
    """Standard input, which has a name."""

    name = "<stdin>"


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
def environment(settings: Settings) -> dict[str, str]:
    """What leads a command to the hub of `settings`."""
    return {
        "ALLMENDE_DATABASE_URL": settings.database_url or "",
        "ALLMENDE_DATA": str(settings.data),
        "ALLMENDE_BASE_URL": settings.base_url,
    }


@pytest.fixture
def allmende(settings: Settings, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Allmende:
    """Runs a command on that hub: in a thread of this process, since most of what a process of its own takes is its
    start. `test_commands.py` and `test_backup.py` start real ones."""
    monkeypatch.setattr("node.cli.database.logs.configure", lambda level: None)  # of this process, not the command's
    made = keys()
    monkeypatch.setattr("node.store.people.actors.make_keys", lambda: made)
    inherited = {name: None for name in os.environ if name.startswith("ALLMENDE_")}

    def invoke(words: tuple[str, ...], given: str, changed: dict[str, str]) -> Done:
        with chdir(settings.data), capture_logs():
            done = CliRunner().invoke(main, words, input=Given(given.encode()), env=inherited | environment | changed)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Done(status=done.exit_code, out=done.stdout, err=done.stderr)

    async def run(*words: str, given: str = "", **changed: str) -> Done:
        return await asyncio.to_thread(invoke, words, given, changed)

    return run
