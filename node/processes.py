"""The node as processes: one that does everything, or a parent with several children that share a port.

The parent holds the database open, so that an embedded one outlives each child, and starts a child again that ends."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from contextlib import AsyncExitStack, suppress
from typing import Literal

import click
import structlog
from aiohttp import web

from node.app import build_app, open_node
from node.keys import DATABASE
from node.settings import Settings
from node.store import hub
from node.store.pool import Database
from node.worker import working
from schemas.limits import (
    CHILD_RETRY_SECONDS,
    HTTP_HEADER_BYTES,
    HTTP_HEADERS,
    REQUEST_KEEPALIVE_SECONDS,
    STOP_SECONDS,
)

Part = Literal["web", "worker"]

PR_SET_PDEATHSIG = 1

_log = structlog.get_logger("node.processes")


async def run_one(settings: Settings, only: Part | None, *, child: bool = False) -> None:
    """Serve, work, or both, until a signal says stop; then end what is under way."""
    stop = _stop_signal()
    if child:
        _end_with_parent()
    async with AsyncExitStack() as stack:
        if only == "worker":
            node, waker = await stack.enter_async_context(open_node(settings))
            await stack.enter_async_context(working(node, waker))
        else:
            runner = await _listening(settings, work=only is None, share_port=child)
            stack.push_async_callback(runner.cleanup)
            if not child:
                await _greet(settings, runner.app[DATABASE])
        await stop.wait()
        _log.info("stopping")


async def run_several(settings: Settings, only: Part | None) -> None:
    """Keep `settings.workers` children running until a signal says stop."""
    stop = _stop_signal()
    async with open_node(settings) as (node, _):
        children = [asyncio.create_task(_keep_child(only, stop)) for _ in range(settings.workers)]
        if only != "worker":
            await _greet(settings, node.database)
        await asyncio.gather(*children)


async def _listening(settings: Settings, *, work: bool, share_port: bool) -> web.AppRunner:
    runner = web.AppRunner(
        build_app(settings, work=work),
        access_log=None,
        auto_decompress=False,
        keepalive_timeout=REQUEST_KEEPALIVE_SECONDS,
        max_line_size=HTTP_HEADER_BYTES,
        max_field_size=HTTP_HEADER_BYTES,
        max_headers=HTTP_HEADERS,
        shutdown_timeout=STOP_SECONDS,
    )
    await runner.setup()
    try:
        host = settings.listen_host or None
        await web.TCPSite(runner, host, settings.listen_port, reuse_port=share_port or None).start()
    except BaseException:
        await runner.cleanup()
        raise
    return runner


async def _greet(settings: Settings, database: Database) -> None:
    """Where the hub is, and while nobody has set it up, the link with which to do that, once."""
    click.echo(f"Allmende is at {settings.base_url} (listening on {settings.listen})")
    async with database.pool.acquire() as db:
        token = await hub.new_setup_token(db)
    if token is not None:
        click.echo(f"Set up your hub here, once: {settings.base_url}/setup?token={token}")


async def _keep_child(only: Part | None, stop: asyncio.Event) -> None:
    command = [sys.executable, "-m", "node", "serve", "--one-of-several", *(("--only", only) if only else ())]
    while not stop.is_set():
        child = await asyncio.create_subprocess_exec(*command)
        ended = asyncio.create_task(child.wait())
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
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


def _stop_signal() -> asyncio.Event:
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


def _end_with_parent() -> None:
    """If the parent is killed, the kernel ends this process as Ctrl-C would."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == 1:
        os.kill(os.getpid(), signal.SIGTERM)
