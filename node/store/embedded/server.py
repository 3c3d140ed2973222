"""One PostgreSQL server process of ours: its command line, its start through the keeper, what it says of itself."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import msgspec

from node.store.embedded import keeper
from node.store.embedded.binaries import Binaries
from node.store.embedded.folders import PORT, Folders, socket_folder
from node.store.embedded.privileges import ENVIRONMENT
from node.store.errors import DatabaseUnavailable
from schemas.limits import (
    DATABASE_LOG_BYTES,
    DATABASE_LOG_SHOWN_BYTES,
    DATABASE_SERVER_CONNECTIONS,
    DATABASE_START_SECONDS,
    DATABASE_STOP_SECONDS,
)

ROLE = "allmende"
DATABASE = "postgres"  # the one initdb makes: no moment at which ours is missing
PAUSE_SECONDS = 0.01  # between two looks at a lock or a file
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": str(DATABASE_SERVER_CONNECTIONS),
    # A small hub's memory: about 60 MiB, most of it shared.
    "shared_buffers": "24MB",
    "wal_buffers": "1MB",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "huge_pages": "off",
    "max_worker_processes": "2",
    "max_parallel_workers_per_gather": "0",
    "max_logical_replication_workers": "0",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "autovacuum_max_workers": "1",
    # Soon after a hub is new, statements are planned for tables that are not empty.
    "autovacuum_naptime": "20s",
    "min_wal_size": "32MB",
    "max_wal_size": "256MB",
    "jit": "off",
    # Accepted means kept.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # No personal data in the log: failing statements are told to the client only.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
OPTIONS_SINCE_18 = {"io_method": "sync"}  # no processes that only wait


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """A server on the data folder `cluster` of `folders`, with `options` beside the usual ones."""

    folders: Folders
    cluster: Path
    options: Mapping[str, str] = {}

    def start(self, binaries: Binaries) -> None:
        """Start the server and wait until it takes connections. The caller holds the door and the users' lock
        and knows that no other server runs. Raises DatabaseUnavailable with the end of the server's log."""
        sockets = socket_folder(self.folders)
        # No server lives, so these are stale, even if their process number is in use again or not yet reaped.
        for stale in (self.cluster / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)
        log = self.folders.owned(_put_aside(self.folders.log))
        told_before = log.stat().st_size
        order = {
            "command": self._command(binaries, sockets),
            "environment": ENVIRONMENT,
            "become": [self.folders.runner.uid, self.folders.runner.gid] if self.folders.runner.drop else [],
            "log_file": str(log),
            "server_lock_file": str(self.folders.owned(self.folders.home / "server.lock")),
            "users_lock_file": str(self.folders.owned(self.folders.home / "users.lock")),
        }
        python = [sys.executable, "-I", "-S", keeper.__file__, json.dumps(order)]
        quiet = subprocess.DEVNULL
        done = subprocess.run(python, stdin=quiet, stdout=quiet, stderr=subprocess.PIPE, check=False, cwd="/")
        if done.returncode not in (0, keeper.ALREADY_RUNNING):
            raise DatabaseUnavailable(f"PostgreSQL could not be started: {done.stderr.decode(errors='replace')}")
        if not self.becomes_ready():
            raise DatabaseUnavailable(f"PostgreSQL did not start. {_last_words(log, told_before)}")

    def becomes_ready(self) -> bool:
        """Wait until the server takes connections (True) or has ended (False)."""
        deadline = time.monotonic() + DATABASE_START_SECONDS
        while is_running(self.folders):
            if self._answers():
                return True
            _pause(deadline, f"PostgreSQL has been starting or stopping for {DATABASE_START_SECONDS:.0f} seconds.")
        return False

    def stop(self) -> None:
        """End the server although it is in use by the caller, and wait for it."""
        os.kill(int(self._postmaster()[0]), signal.SIGINT)
        wait_until_gone(self.folders)

    def _answers(self) -> bool:
        """Whether it says that it is ready, and the main process that wrote so still lives: its children can outlive
        it for a moment."""
        lines = self._postmaster()
        if len(lines) < 8 or lines[7].strip() != "ready":
            return False
        with socket.socket(socket.AF_UNIX) as knocking:
            return knocking.connect_ex(str(Path(lines[4], f".s.PGSQL.{lines[3]}"))) == 0

    def url(self, database: str = DATABASE) -> str:
        """The address of a database on the running server, for asyncpg and for PostgreSQL's own programs."""
        lines = self._postmaster()
        if len(lines) < 5:
            raise DatabaseUnavailable("PostgreSQL has just ended.")
        return f"postgresql://{ROLE}@/{quote(database)}?host={quote(lines[4])}&port={lines[3]}"

    def _postmaster(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _command(self, binaries: Binaries, sockets: Path) -> list[str]:
        options = OPTIONS | (OPTIONS_SINCE_18 if binaries.major >= 18 else {})
        options |= {"unix_socket_directories": str(sockets), "port": str(PORT)}
        options |= self.options
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [binaries.tool("postgres"), "-D", str(self.cluster), *words]


def is_running(folders: Folders) -> bool:
    """Whether any process of a server on these folders lives; certain, since all of them hold the server's lock."""
    descriptor = folders.lock("server")
    try:
        return not try_lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def wait_until_gone(folders: Folders) -> None:
    """Wait until the last process of the server has ended."""
    deadline = time.monotonic() + DATABASE_STOP_SECONDS
    while is_running(folders):
        _pause(deadline, "PostgreSQL is still writing out its data.")


def take(descriptor: int, mode: int, seconds: float, trouble: str) -> None:
    """Take a lock, waiting at most `seconds`; then DatabaseUnavailable with the sentence `trouble`."""
    deadline = time.monotonic() + seconds
    while not try_lock(descriptor, mode):
        _pause(deadline, trouble)


def try_lock(descriptor: int, mode: int) -> bool:
    """Take a lock if that is possible at once; say whether it was."""
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _pause(deadline: float, trouble: str) -> None:
    if time.monotonic() > deadline:
        raise DatabaseUnavailable(trouble)
    time.sleep(PAUSE_SECONDS)


def _put_aside(log: Path) -> Path:
    if log.exists() and log.stat().st_size > DATABASE_LOG_BYTES:
        log.replace(log.with_name("log.1"))
    return log


def _last_words(log: Path, since: int) -> str:
    told = log.read_bytes()[since:]
    return told[-DATABASE_LOG_SHOWN_BYTES:].decode(errors="replace").strip() or "It said nothing."
