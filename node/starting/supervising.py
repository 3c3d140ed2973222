"""The parent of several processes that share a port. It holds the database open, so that an embedded one outlives each
child, and starts a child again that ends. It is no node itself, and imports nothing of one: that would be memory."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Literal

import click
import structlog

from node.observability.meters import FIGURES, beats, mark_of
from node.settings import Settings
from node.siblings.meeting import meeting_place
from node.starting.service import known_to_manager
from node.store.hub import hub
from node.store.pool import Database, open_database
from node.store.upkeep.before_upgrade import bring_up_to_date
from schemas.limits import CHILD_RETRY_SECONDS, HANGING_LOOKS, METERS_SECONDS, STOP_SECONDS

Part = Literal["web", "worker"]

_PAUSE = partial(asyncio.sleep, METERS_SECONDS)

_log = structlog.get_logger("node.supervising")


async def run_several(settings: Settings, only: Part | None) -> None:
    """Keep `settings.workers` children running until a signal says stop."""
    stop = stop_signal()
    async with open_database(settings) as database:
        async with database.direct() as db:
            await bring_up_to_date(db, database, settings)
            await hub.prepare(db, settings.base_url)
        with meeting_place(settings.data) as folder:
            children = [asyncio.create_task(_keep_child(settings, only, folder, stop)) for _ in range(settings.workers)]
            if only != "worker":
                await greet(settings, database)
            async with known_to_manager():
                await asyncio.gather(*children)


async def greet(settings: Settings, database: Database) -> None:
    """Where the hub is, and while nobody has set it up, the link with which to do that, once."""
    click.echo(f"Allmende is at {settings.base_url} (listening on {settings.listen})")
    async with database.pool.acquire() as db:
        token = await hub.new_setup_token(db)
    if token is not None:
        click.echo(f"Set up your hub here, once: {settings.base_url}/setup?token={token}")


def stop_signal() -> asyncio.Event:
    """Set by the first SIGINT or SIGTERM; a second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hear() -> None:
        if stop.is_set():
            os._exit(1)
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, hear)
    return stop


async def _keep_child(settings: Settings, only: Part | None, folder: Path, stop: asyncio.Event) -> None:
    command = [sys.executable, "-m", "node", "serve", "--siblings", str(folder), *(("--only", only) if only else ())]
    while not stop.is_set():
        child = await asyncio.create_subprocess_exec(*command)
        watching = asyncio.create_task(end_if_hanging(child, settings.data / FIGURES))
        ended = asyncio.create_task(child.wait())
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        watching.cancel()
        if not stop.is_set():
            _log.error("a process ended", pid=child.pid, status=child.returncode)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), CHILD_RETRY_SECONDS)
            continue
        with suppress(ProcessLookupError):
            child.terminate()
        try:
            await asyncio.wait_for(ended, STOP_SECONDS * 3)
        except TimeoutError:
            child.kill()
            await child.wait()


async def end_if_hanging(
    child: asyncio.subprocess.Process, figures: Path, pause: Callable[[], Awaitable[None]] = _PAUSE
) -> None:
    """Kill a child that gives no sign of life any more: what it leased, and its share of what is asked, would wait for
    it. Looks are counted, a `pause` before each, not seconds: while the whole machine stands still nobody looks."""
    last, looks = None, 0
    while True:
        await pause()
        now = beats(figures).get(mark_of(child.pid))
        looks = looks + 1 if now is not None and now == last else 0
        last = now
        if looks == HANGING_LOOKS:
            _log.error("a process hangs", pid=child.pid, do="Nothing: it is ended, and a new one begins.")
            child.kill()
            return
