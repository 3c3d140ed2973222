"""The entrance to the embedded PostgreSQL: join it, which starts it if need be, and leave it, which stops it if
nobody else uses it. Every call blocks for as long as starting or stopping takes: call from a thread."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from node.store.embedded import binaries as programs
from node.store.embedded import create, upgrade
from node.store.embedded.binaries import Binaries
from node.store.embedded.folders import Folders, find, reachable
from node.store.embedded.server import DATABASE, Server, take, try_lock, wait_until_gone
from node.store.errors import DatabaseUnavailable
from schemas.limits import DATABASE_START_SECONDS, DATABASE_STOP_SECONDS


class Cluster:
    """The database of the data folder `data`, as one user of it. Any number of processes may each have one, and join
    and leave in any order. `options`: PostgreSQL settings beside the usual ones (for tests)."""

    def __init__(self, data: Path, *, options: Mapping[str, str] | None = None) -> None:
        self._data = data
        self._options = dict(options or {})
        self._folders: Folders | None = None
        self._users_lock = -1
        self._server: Server | None = None

    def join(self, *, alone: bool = False) -> None:
        """Use the database from now on; make, upgrade or start it first if need be. `alone`: refuse if anybody else
        uses it, and keep everybody out until `leave`. Raises DatabaseUnavailable."""
        self._folders = find(self._data)
        try:
            with self._door() as door:
                self._users_lock = self._folders.lock("users")
                _enter(self._users_lock, alone=alone)
                self._start(door)
        except BaseException as error:
            self._let_go()
            if isinstance(error, PermissionError):
                raise DatabaseUnavailable(f"The database belongs to another user: {error}.") from error
            raise

    def ensure(self) -> None:
        """Start the server again if it has ended although we are using it."""
        with self._door() as door:
            self._start(door)

    def leave(self) -> None:
        """Use it no more. The last one to leave waits until the server has written everything and ended."""
        if self._users_lock < 0 or self._folders is None:
            return
        with self._door():
            self._let_go()
            if _is_unused(self._folders):
                wait_until_gone(self._folders)

    def url(self, database: str = DATABASE) -> str:
        """The address to connect to, for asyncpg and for PostgreSQL's own programs."""
        if self._server is None:
            raise DatabaseUnavailable("The embedded database was not joined.")
        return self._server.url(database)

    @contextmanager
    def _door(self) -> Iterator[int]:
        """Whoever holds the door decides alone whether the server is started or has to end."""
        assert self._folders is not None  # noqa: S101 (join comes first)
        descriptor = self._folders.lock("door")
        try:
            trouble = "Another process has been starting, upgrading or stopping the database for a long time."
            take(descriptor, fcntl.LOCK_EX, DATABASE_START_SECONDS, trouble)
            yield descriptor
        finally:
            os.close(descriptor)

    def _start(self, door: int) -> None:
        """Start the server unless one is taking connections; one that is just ending is waited for."""
        assert self._folders is not None  # noqa: S101 (join comes first)
        folders = self._folders
        server = Server(folders=folders, cluster=folders.cluster, options=self._options)
        if not server.becomes_ready():
            server.start(self._prepare(folders, door))
        self._server = server

    def _prepare(self, folders: Folders, door: int) -> Binaries:
        """Make the cluster, or upgrade it, so that the programs returned can run it."""
        upgrade.finish_interrupted(folders)
        major = folders.major()
        found = programs.for_cluster(major)
        binaries = reachable(found, folders.runner)
        if major is None:
            sync = self._options.get("fsync") != "off"
            create.make_fresh(folders, binaries, door=door, sync=sync)
            create.put_in_place(folders)
        elif major != binaries.major:
            upgrade.upgrade(folders, binaries, door=door)
        return binaries

    def _let_go(self) -> None:
        if self._users_lock >= 0:
            os.close(self._users_lock)
        self._users_lock = -1


def _enter(users_lock: int, *, alone: bool) -> None:
    """Become a user. A keeper that is stopping its server has the lock alone: wait until it is done. (No lock is
    ever changed from shared to exclusive: the kernel lets others in between.)"""
    trouble = "The database is still being stopped, or is kept by a restore. Try again later."
    if alone and try_lock(users_lock, fcntl.LOCK_EX):
        return
    take(users_lock, fcntl.LOCK_SH, DATABASE_STOP_SECONDS, trouble)
    if alone:
        fcntl.flock(users_lock, fcntl.LOCK_UN)
        if not try_lock(users_lock, fcntl.LOCK_EX):
            raise DatabaseUnavailable("The node or another command is using the database. Stop it first.")


def _is_unused(folders: Folders) -> bool:
    """Whether nobody is left, so that the keeper stops the server, or is stopping it already."""
    descriptor = folders.lock("users")
    try:
        return try_lock(descriptor, fcntl.LOCK_EX) or not try_lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)
