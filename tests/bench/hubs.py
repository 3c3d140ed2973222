"""The hubs that are measured: new ones, in folders on a disk as hubs are."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench import loads
from tests.bench.hosts import Hosts, hosts
from tests.journeys.conftest import Hub, open_folder
from tests.ports import free_port

HOSTS = 100


@asynccontextmanager
async def running(workers: int, peers: int = HOSTS) -> AsyncIterator[tuple[Hub, Hosts, str]]:
    """A new hub that runs and is set up, other servers, and a token of its member."""
    async with a_hub(workers) as hub, hosts(peers) as others:
        await hub.start()
        await hub.found()
        yield hub, others, await loads.a_token(hub)
        await hub.stop()


@asynccontextmanager
async def a_hub(workers: int) -> AsyncIterator[Hub]:
    """A hub in a new folder, not started yet, that is gone afterwards."""
    folder = open_folder(Path(tempfile.gettempdir()))
    hub = Hub(name="bench", address="127.0.0.2", port=free_port("127.0.0.2"), folder=folder, workers=workers)
    hub.extra = {"ALLMENDE_RATE_LIMITS": "off"}
    try:
        yield hub
    finally:
        if hub.process is not None and hub.process.returncode is None:
            await hub.kill()
        shutil.rmtree(folder, ignore_errors=True)
