"""Real nodes as processes of their own, each on its own loopback address with its own embedded database."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from node.actions import setup
from node.actions.accounts import NewAccount
from node.actions.setup import Founding
from node.app import open_node
from node.cli.database import migrated
from node.node import Node
from node.settings import Settings, load
from node.store.people import actors
from schemas.records import Actor
from tests.conftest import fast_place, run
from tests.ports import free_port

PATIENCE = 60.0
"""A hang guard: whatever is waited for comes in a second or two."""

LOG_CHARS = 20_000
"""Shown of each node's log."""

CHECKOUT = Path(__file__).parents[2]


@dataclass
class Hub:
    """One hub: `start`, `kill` (SIGKILL to the node, at any moment), `stop`; `node()` does deeds on its database.
    `prefix` stands before its command, `only` is the part of it that runs."""

    name: str
    address: str
    port: int
    folder: Path
    workers: int = 1
    extra: dict[str, str] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()
    only: str = ""
    process: asyncio.subprocess.Process | None = None
    log: Path = field(init=False)
    beside: AsyncExitStack = field(default_factory=AsyncExitStack)
    opened: Node | None = None

    def __post_init__(self) -> None:
        self.log = self.folder / "node.log"

    @property
    def base_url(self) -> str:
        """Where everybody reaches it."""
        return f"http://{self.address}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Its settings, and nothing of the settings of whoever runs the tests; it keeps what it compiles."""
        inherited = {
            key: value for key, value in os.environ.items() if not key.startswith(("ALLMENDE_", "PYTHONDONTWRITE"))
        }
        return (
            inherited
            | {
                "ALLMENDE_BASE_URL": self.base_url,
                "ALLMENDE_LISTEN": f"{self.address}:{self.port}",
                "ALLMENDE_DATA": str(self.folder / "data"),
                "ALLMENDE_ALLOW_NETWORKS": "127.0.0.0/8",
                "ALLMENDE_WORKERS": str(self.workers),
                "PYTHONPATH": str(CHECKOUT),
            }
            | self.extra
        )

    @property
    def settings(self) -> Settings:
        """The same for a node inside the test process, beside the real one."""
        return load(self.environment, self.folder)

    async def start(self) -> None:
        """Start the node and wait until it answers /health."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.prefix, sys.executable, "-m", "node", "serve", *(("--only", self.only) if self.only else ()),
                cwd=self.folder, env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip
        if self.only != "worker":
            await eventually(self._answers, f"{self.name} answers")

    async def kill(self) -> None:
        """SIGKILL: the node has no moment to put anything in order."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM, as a supervisor does. The exit status."""
        return await self._end(signal.SIGTERM)

    @asynccontextmanager
    async def node(self) -> AsyncIterator[Node]:
        """A node on the same database, to do deeds with; the running one does what follows from them. It stays open
        until that one is ended: it shares its embedded database, which must then end too."""
        if self.opened is None:
            self.opened, _ = await self.beside.enter_async_context(open_node(self.settings))
        yield self.opened

    async def found(self, language: str = "en") -> None:
        """Set it up, as its first steward would in the browser."""
        steward = NewAccount(name="ada", email="ada@hub.example", password="a long enough phrase", role="steward")
        founding = Founding(
            name=self.name, language=language, languages=(language,), zone="Europe/Brussels", steward=steward
        )
        ready = await setup.ready(founding)
        async with self.node() as node, node.database.pool.acquire() as db, db.transaction():
            await setup.found(db, node.urls, founding, ready)

    async def actor(self, name: str = "hub") -> Actor:
        """One of its own actors."""
        async with self.node() as node, node.database.pool.acquire() as db:
            found = await actors.find_local(db, name)
        assert found is not None
        return found

    async def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.returncode is None, f"{self.name} ended:\n{self.log.read_text()}"
        try:
            async with aiohttp.ClientSession() as session, session.get(f"{self.base_url}/health") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def _end(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.opened = None
        await self.beside.aclose()
        if self.process.returncode is None:
            self.process.send_signal(how)
        return await asyncio.wait_for(self.process.wait(), PATIENCE)


async def eventually(check: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait until it is so; what is waited for is an effect in another process, so it can only be looked at."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not await check():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    except TimeoutError:
        pytest.fail(f"waited in vain: {what}")


@pytest.fixture(scope="session")
def new_data() -> Iterator[Path]:
    """A data folder with a migrated database, to be copied: PostgreSQL takes longer to make one than to start it."""
    folder = open_folder()
    run(_migrated(load({"ALLMENDE_DATA": str(folder / "data")}, folder)))
    yield folder / "data"
    shutil.rmtree(folder, ignore_errors=True)


async def _migrated(settings: Settings) -> None:
    async with migrated(settings):
        """That is all."""


@pytest.fixture
async def hubs(new_data: Path) -> AsyncIterator[Callable[..., Awaitable[Hub]]]:
    """`await hubs("Bern", "127.0.0.2")`: a hub that runs and is set up, and ends with the test."""
    async with AsyncExitStack() as stack:

        async def make(name: str, address: str, *, workers: int = 1, founded: bool = True) -> Hub:
            folder = open_folder()
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            stack.callback(tell_end_of, folder / "node.log")
            await asyncio.to_thread(subprocess.run, ["cp", "-a", new_data, folder / "data"], check=True)
            hub = Hub(name=name, address=address, port=free_port(address), folder=folder, workers=workers)
            await hub.start()
            stack.push_async_callback(hub.stop)
            if founded:
                await hub.found()
            return hub

        yield make


def tell_end_of(log: Path) -> None:
    """What a node said last; pytest shows it where a test fails."""
    if log.exists():
        print(f"{log}:\n{log.read_text()[-LOG_CHARS:]}")  # noqa: T201


def open_folder(place: Path | None = None) -> Path:
    """An empty folder that PostgreSQL's user can enter; without a place, where it is fast."""
    folder = Path(tempfile.mkdtemp(prefix="allmende-hub-", dir=place or fast_place()))
    folder.chmod(0o755)
    return folder
