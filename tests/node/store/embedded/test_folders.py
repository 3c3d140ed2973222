"""Where the embedded database lies when the data folder is out of PostgreSQL's reach, copied, moved or long-named."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest

from node.settings import Settings
from node.store.embedded import binaries, folders, privileges
from node.store.embedded.binaries import Binaries
from node.store.embedded.cluster import Cluster
from node.store.errors import DatabaseUnavailable
from node.store.pool import open_database
from tests.node.store.embedded.other import QUICK

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL as somebody else")


def test_a_data_folder_with_a_long_name_gets_a_short_socket(folder: Path) -> None:
    data = folder / ("long-" * 20) / ("longer-" * 20)
    cluster = Cluster(data, options=QUICK)
    cluster.join()
    try:
        assert asyncio.run(one(cluster.url())) == 1
        socket = folders.socket_folder(folders.find(data))
        assert folders.socket_folder(folders.find(data)) == socket
        assert not socket.is_relative_to(data)
        assert mode(socket) == 0o700
    finally:
        cluster.leave()
        shutil.rmtree(socket)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def one(url: str) -> int:
    db = await asyncpg.connect(url)
    try:
        number: int = await db.fetchval("SELECT 1")
        return number
    finally:
        await db.close()


def test_several_who_look_for_a_new_database_at_once_find_one(folder: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        for number in range(20):
            together = threading.Barrier(8)

            def find(data: Path = folder / str(number), together: threading.Barrier = together) -> Path:
                together.wait()
                return folders.find(data).home

            assert len({one.result() for one in [threads.submit(find) for _ in range(8)]}) == 1


def test_a_socket_folder_that_others_could_enter_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = folder / ("long-" * 30)
    home.mkdir()
    here = folders.Folders(home=home, runner=privileges.runner_for(home))
    first = folders.socket_folder(here)
    first.chmod(0o755)
    second = folders.socket_folder(here)
    try:
        assert second != first
        second.chmod(0o777)
        with pytest.raises(DatabaseUnavailable, match="no safe folder"):
            folders.socket_folder(here)
    finally:
        first.rmdir()
        second.rmdir()


@pytest.fixture
def state(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Instead of /var/lib/allmende."""
    monkeypatch.setattr(folders, "STATE", folder / "state")
    return folder / "state"


@pytest.fixture
def hidden(folder: Path) -> Path:
    """A folder of root's alone."""
    path = folder / "hidden"
    path.mkdir(mode=0o700)
    return path


@as_root
async def test_data_out_of_reach_lie_under_var_lib(hidden: Path, state: Path) -> None:
    settings = Settings(data=hidden / "data")
    for number in (1, 2):
        async with open_database(settings) as database:
            await database.pool.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
            await database.pool.execute("INSERT INTO kept VALUES ($1)", number)
            assert await database.pool.fetchval("SELECT count(*) FROM kept") == number
    assert not (settings.data / "postgres").exists()
    assert folders.find(settings.data).home.parent == state
    assert mode(hidden) == 0o700


@as_root
def test_a_data_folder_made_anew_gets_a_new_database(hidden: Path, state: Path) -> None:
    first = folders.find(hidden / "data").home
    shutil.rmtree(hidden / "data")
    assert folders.find(hidden / "data").home != first


@as_root
def test_a_moved_data_folder_keeps_its_database_and_a_copied_one_is_refused(hidden: Path, state: Path) -> None:
    home = folders.find(hidden / "data").home
    (hidden / "data").rename(hidden / "moved")
    assert folders.find(hidden / "moved").home == home
    shutil.copytree(hidden / "moved", hidden / "copied")
    with pytest.raises(DatabaseUnavailable, match="is a copy of"):
        folders.find(hidden / "copied")
    assert folders.find(hidden / "moved").home == home


@as_root
def test_a_database_that_has_fallen_out_of_reach_is_not_replaced_by_an_empty_one(folder: Path, state: Path) -> None:
    outer = folder / "outer"
    outer.mkdir()
    cluster = Cluster(outer / "data", options=QUICK)
    cluster.join()
    cluster.leave()
    outer.chmod(0o700)
    with pytest.raises(DatabaseUnavailable, match="can no longer enter"):
        folders.find(outer / "data")


@as_root
def test_programs_out_of_reach_are_copied_once(hidden: Path, state: Path) -> None:
    package = binaries.preferred().folder.parents[1]
    folders._copy(package, hidden / "packages")
    unreachable = Binaries(
        folder=hidden / "packages" / package.name / "pginstall" / "bin", version=binaries.preferred().version
    )
    runner = privileges.runner_for()
    assert not runner.can_run(unreachable.tool("postgres"))
    copied = folders.reachable(unreachable, runner)
    assert copied.folder.is_relative_to(state)
    made = copied.folder.stat().st_ctime_ns
    assert folders.reachable(unreachable, runner) == copied
    assert copied.folder.stat().st_ctime_ns == made
    assert sorted(path.name for path in state.iterdir()) == [f"postgresql-{copied.version}"]
