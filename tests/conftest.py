"""A real PostgreSQL for the tests that ask for one: the node's own embedded server, without waiting for the disk,
once per test process; and for each test a database of its own (`databases.py`)."""

from __future__ import annotations

import asyncio
import fcntl
import gc
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, quote, urlsplit

import asyncpg
import hypothesis
import pytest
from aiohttp import web
from xdist.remote import Producer

from federation.signatures.keys import KeyPair, make_rsa_pair
from node.routes import add_routes
from node.settings import Settings
from node.store.db import Db
from node.store.embedded.cluster import Cluster
from node.store.embedded.server import try_lock
from node.store.pool import Database, Pool, open_database
from tests.connections import Connections
from tests.databases import Databases
from tests.ports import free_port
from tests.sharing import Sharing

FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off",
        "plan_cache_mode": "force_generic_plan"}  # fmt: skip
"""Without waiting for a disk; and what a connection has planned once it plans no more: in tables so small that is what
takes longest."""
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
HBA = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
EXTENSIONS = "CREATE EXTENSION cube; CREATE EXTENSION earthdistance"  # earthdistance is made by superusers only
OUTSIDE_PASSWORD = "p@ss/w%rd"
MEMORY = Path("/dev/shm")
PREFIX = "allmende-tests-"
ROOM_BYTES = 2**30
RSA_KEYS = 6

TESTS = Path(__file__).parent
FULL = "ALLMENDE_TEST_FULL"  # set by `make test-full`; taken out, since a node refuses settings it does not know
if os.environ.pop(FULL, ""):
    os.environ["FULL"] = "1"

# A loaded machine is no finding, and the short run asks each property some questions only.
hypothesis.settings.register_profile(
    "allmende",
    max_examples=400 if os.environ.get("FULL") else 40,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("allmende")

LONGEST = tuple(
    TESTS / name for name in ("journeys/test_long_life.py", "pages/test_every_page.py", "pages", "journeys", "clients")
)
"""What takes longest, or waits most."""

Answer = TypeVar("Answer")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is made while tests are collected stays: nobody need look for garbage in it, now or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked `full` run in `make test-full`, and where they are asked for by `-m` or by name. What takes longest
    comes first, so that two processes end together."""
    items.sort(
        key=lambda item: next((n for n, one in enumerate(LONGEST) if item.path.is_relative_to(one)), len(LONGEST))
    )
    if os.environ.get("FULL") or config.option.markexpr or any("::" in name for name in config.args):
        return
    left = [item for item in items if item.get_closest_marker("full")]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Sharing | None:
    """How several processes share the files."""
    return Sharing(config, log) if config.option.dist == "loadfile" else None


@pytest.fixture(scope="session")
def _session_scoped_runner() -> Iterator[asyncio.Runner]:
    """The event loop of this process, in which connections and the browser outlive a test."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def _module_scoped_runner(_session_scoped_runner: asyncio.Runner) -> asyncio.Runner:
    """What the tests of a module share lives in that loop too."""
    return _session_scoped_runner


@pytest.fixture(autouse=True)
def nothing_goes_on(request: pytest.FixtureRequest, _session_scoped_runner: asyncio.Runner) -> Iterator[None]:
    """What a test has begun ends with it, unless it shares a hub with others."""
    loop = _session_scoped_runner.get_loop()
    before = asyncio.all_tasks(loop)
    yield
    marker = request.node.get_closest_marker("asyncio")
    if marker and marker.kwargs.get("loop_scope") in ("module", "session"):
        return
    if left := asyncio.all_tasks(loop) - before:
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.wait(left))


@pytest.fixture(scope="session", autouse=True)
def few_rsa_keys() -> Iterator[None]:
    """Actors made in this process have RSA keys out of a small pool, each another than the one before: making one
    takes longer than most tests do. `tests/federation/signatures/test_keys.py` looks at how they are made."""
    pool: list[KeyPair] = []
    numbers = itertools.count()

    def next_pair() -> KeyPair:
        if len(pool) < RSA_KEYS:
            pool.append(make_rsa_pair())
            return pool[-1]
        return pool[next(numbers) % RSA_KEYS]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("node.store.people.actors.make_rsa_pair", next_pair)
        yield


@pytest.fixture(scope="session", autouse=True)
def routes_made_once() -> Iterator[None]:
    """The routes are the same in all applications of this process: a thousand objects, which nothing changes."""
    first = web.Application()
    add_routes(first)

    def same(app: web.Application) -> None:
        app.router._resources += first.router._resources
        app.router._resource_index.update({part: [*these] for part, these in first.router._resource_index.items()})

    assert not (first.router._named_resources or first.router._matched_sub_app_resources)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("node.app.add_routes", same)
        yield


def run(coroutine: Coroutine[Any, Any, Answer]) -> Answer:
    """Run to the end in a thread with a loop of its own, whatever loop pytest has here."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder that every user may enter. pytest's own are root's alone, out of PostgreSQL's reach."""
    path = Path(tempfile.mkdtemp(prefix="allmende-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The server of this test process. It does not fsync, and lies in memory where there is room: only tests may."""
    place = fast_place()
    _sweep(place)
    path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    path.chmod(0o755)
    cluster = Cluster(path, options=FAST | {"listen_addresses": "127.0.0.1", "port": str(free_port())})
    cluster.join()
    (path / "postgres/cluster/pg_hba.conf").write_text(HBA)
    yield cluster
    cluster.leave()
    shutil.rmtree(path)


@pytest.fixture(scope="session")
async def connections() -> AsyncIterator[Connections]:
    """Connections of the node in this process are kept for the tests that follow."""
    connections = Connections(asyncio.get_running_loop())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "_connect", connections.through(Database._connect))
        yield connections


@pytest.fixture(scope="session")
def databases(cluster: Cluster, connections: Connections) -> Iterator[Databases]:
    """Its databases."""
    databases = Databases(cluster, connections)
    run(_execute(cluster.url(), f"CREATE ROLE outside LOGIN PASSWORD '{OUTSIDE_PASSWORD}'; SELECT pg_reload_conf()"))
    yield databases
    databases.close()


@pytest.fixture
def empty_db_url(databases: Databases) -> Iterator[str]:
    """The address of a database of this test's own in which there is nothing yet."""
    url = databases.take(empty=True)
    yield url
    databases.give(url, _name(url))


@pytest.fixture
def db_url(databases: Databases) -> Iterator[str]:
    """The address of a migrated database of this test's own."""
    with database_of(databases) as url:
        yield url


@pytest.fixture
def external_url(empty_db_url: str) -> str:
    """The address of an empty database as an operator has one elsewhere: over TCP, with a password, as an ordinary
    user who owns nothing but this database; its administrator has made the extensions."""
    run(_execute(empty_db_url, f"ALTER DATABASE {_name(empty_db_url)} OWNER TO outside; {EXTENSIONS}"))
    port = parse_qs(urlsplit(empty_db_url).query)["port"][0]
    return f"postgresql://outside:{quote(OUTSIDE_PASSWORD, safe='')}@127.0.0.1:{port}/{_name(empty_db_url)}"


@pytest.fixture
def settings(db_url: str, folder: Path) -> Settings:
    """Settings of a hub on that database; loopback is allowed, since all peers of a test are there."""
    return Settings(data=folder, database_url=db_url, allow_networks=LOOPBACK)


@pytest.fixture(scope="module")
def module_settings(databases: Databases) -> Iterator[Settings]:
    """The same for one hub that serves all tests of a module."""
    path = Path(tempfile.mkdtemp(prefix="allmende-test-"))
    path.chmod(0o755)
    with database_of(databases) as url:
        yield Settings(data=path, database_url=url, allow_networks=LOOPBACK)
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """That database, open."""
    async with open_database(settings) as database:
        yield database


@pytest.fixture
def pool(database: Database) -> Pool:
    """Its pool."""
    return database.pool


@pytest.fixture
async def db(pool: Pool) -> AsyncIterator[Db]:
    """One connection to it, outside a transaction."""
    async with pool.acquire() as connection:
        yield connection


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def _sweep(place: Path) -> None:
    """Remove what killed test runs left an hour ago or more: their servers have ended with them."""
    for above, pattern in ((1, f"{PREFIX}*/postgres/users.lock"), (2, "allmende-hub-*/data/postgres/users.lock")):
        for lock in place.glob(pattern):
            with lock.open() as file:
                if lock.stat().st_mtime < time.time() - 3600 and try_lock(file.fileno(), fcntl.LOCK_EX):
                    shutil.rmtree(lock.parents[above], ignore_errors=True)


def fast_place() -> Path:
    """Where databases lie: in memory where there is room, so that nobody waits for a disk."""
    roomy = MEMORY.exists() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    return MEMORY if roomy else Path(tempfile.gettempdir())


@contextmanager
def database_of(databases: Databases) -> Iterator[str]:
    """A database of one's own, for fixtures that outlive a test."""
    url = databases.take()
    try:
        yield url
    finally:
        databases.give(url, _name(url))


async def _execute(url: str, statement: str) -> None:
    db = await asyncpg.connect(url)
    try:
        await db.execute(statement)
    finally:
        await db.close()
