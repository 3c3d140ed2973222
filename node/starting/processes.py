"""The node as a process: one that does everything, or a part of it, or one of several children that share a port."""

from __future__ import annotations

import ctypes
import os
import signal
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import structlog
from aiohttp import web
from aiohttp.http import HttpProcessingError

from node.app import build_app, open_node
from node.observability import logs
from node.settings import Settings
from node.starting.service import known_to_manager
from node.starting.supervising import Part, greet, stop_signal
from node.web.keys import DATABASE
from node.worker import working
from schemas.limits import (
    HTTP_HEADER_BYTES,
    HTTP_HEADERS,
    REQUEST_BUFFER_BYTES,
    REQUEST_KEEPALIVE_SECONDS,
    STOP_SECONDS,
)

PR_SET_PDEATHSIG = 1

_log = structlog.get_logger("node.processes")


async def run_one(settings: Settings, only: Part | None, siblings: Path | None = None) -> None:
    """Serve, work, or both, until a signal says stop; then end what is under way. `siblings`: the folder where several
    processes meet, if this is one of them."""
    stop = stop_signal()
    if siblings:
        _end_with_parent()
    async with AsyncExitStack() as stack:
        if only == "worker":
            node, waker = await stack.enter_async_context(open_node(settings))
            await stack.enter_async_context(working(node, waker, siblings))
        else:
            runner = await _listening(settings, siblings, work=only is None)
            stack.push_async_callback(runner.cleanup)
            if not siblings:
                await greet(settings, runner.app[DATABASE])
        if not siblings:
            await stack.enter_async_context(known_to_manager())
        await stop.wait()
        _log.info("stopping")


async def _listening(settings: Settings, siblings: Path | None, *, work: bool) -> web.AppRunner:
    logs.leave_out("aiohttp.server", HttpProcessingError)  # what is no HTTP was answered 400
    runner = web.AppRunner(
        build_app(settings, work=work, siblings=siblings),
        access_log=None,
        auto_decompress=False,
        keepalive_timeout=REQUEST_KEEPALIVE_SECONDS,
        max_line_size=HTTP_HEADER_BYTES,
        max_field_size=HTTP_HEADER_BYTES,
        max_headers=HTTP_HEADERS,
        read_bufsize=REQUEST_BUFFER_BYTES,
        shutdown_timeout=STOP_SECONDS,
    )
    await runner.setup()
    try:
        host = settings.listen_host or None
        await web.TCPSite(runner, host, settings.listen_port, reuse_port=bool(siblings) or None).start()
    except BaseException:
        await runner.cleanup()
        raise
    return runner


def _end_with_parent() -> None:
    """If the parent is killed, the kernel ends this process as Ctrl-C would."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == 1:
        os.kill(os.getpid(), signal.SIGTERM)
