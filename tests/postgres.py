"""PostgreSQL servers as operators run them, for tests of what happens when one is away: they can be stopped, frozen,
put on a small disk, copied as a standby and promoted. They listen on TCP and know one superuser without a password."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from node.store.embedded.binaries import Binaries, preferred
from node.store.embedded.privileges import ENVIRONMENT, Runner, runner_for

ROLE = "allmende"
HBA = "local all all trust\nhost all all all trust\nhost replication all all trust\n"
OPTIONS = {
    "shared_buffers": "32MB",
    "max_connections": "100",
    "max_wal_senders": "4",
    "wal_level": "replica",
    "min_wal_size": "32MB",
    "max_wal_size": "128MB",
    "jit": "off",
    "wal_sender_timeout": "5s",
    "wal_receiver_timeout": "5s",
    "wal_receiver_status_interval": "1s",
}
PATIENCE = 60.0


@dataclass
class Server:
    """One server: data in `folder`/data, its log beside it. `prefix` stands before its command (`ip netns exec …`),
    `environment` is added to its surroundings."""

    folder: Path
    port: int
    address: str = "127.0.0.1"
    options: Mapping[str, str] = field(default_factory=dict)
    prefix: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.binaries: Binaries = preferred()
        self.runner: Runner = runner_for(self.folder / "data")
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"

    @property
    def url(self) -> str:
        """For asyncpg and for ALLMENDE_DATABASE_URL."""
        return f"postgresql://{ROLE}@{self.address}:{self.port}/postgres"

    def make(self) -> None:
        """A new, empty cluster."""
        self._folder()
        self._run("initdb", "-D", self.data, f"--username={ROLE}", "--auth=trust", "--encoding=UTF8", "--locale=C",
                  "--lc-ctype=C.UTF-8", "--no-sync")  # fmt: skip
        (self.data / "pg_hba.conf").write_text(HBA)

    def copy(self, primary: Server, name: str) -> None:
        """Become a standby of a running primary, which knows it by `name`."""
        self._folder()
        source = f"host={primary.address} port={primary.port} user={ROLE} application_name={name}"
        self._run("pg_basebackup", "-D", self.data, "-d", source, "-R", "-X", "stream", "--no-sync", "-c", "fast")

    def start(self) -> None:
        """Start it, and wait until it takes connections or has ended."""
        options = {**OPTIONS, "listen_addresses": self.address, "port": str(self.port),
                   "unix_socket_directories": str(self.folder), **self.options}  # fmt: skip
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        become = [] if not self.runner.drop else [
            "setpriv", f"--reuid={self.runner.uid}", f"--regid={self.runner.gid}", "--clear-groups"]  # fmt: skip
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, *become, "env", *(f"{key}={value}" for key, value in self.environment.items()),
                 self.binaries.tool("postgres"), "-D", str(self.data), *words],
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
            )  # fmt: skip
        self._wait_until_ready()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT as an operator does; SIGQUIT at once, as a crash would."""
        if self.process is not None and self.process.poll() is None:
            self.thaw()
            self.process.send_signal(how)
            self.process.wait(PATIENCE)

    def freeze(self) -> None:
        """It neither answers nor ends, as on a machine that hangs."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        self._signal_all(signal.SIGCONT)

    def promote(self) -> None:
        """Let the standby be the primary."""
        self._run("pg_ctl", "promote", "-D", self.data, "-w")

    async def execute(self, statement: str) -> None:
        """As the administrator."""
        db = await asyncpg.connect(self.url)
        try:
            await db.execute(statement)
        finally:
            await db.close()

    def _folder(self) -> None:
        self.folder.chmod(0o755)
        if self.runner.drop:
            os.chown(self.folder, self.runner.uid, self.runner.gid)

    def _run(self, tool: str, *words: object) -> None:
        done = self.runner.run([self.binaries.tool(tool), *map(str, words)])
        assert done.returncode == 0, done.stderr

    def _signal_all(self, what: signal.Signals) -> None:
        """Its processes have sessions of their own, so each is told."""
        assert self.process is not None
        for pid in [self.process.pid, *children(self.process.pid)]:
            try:
                os.kill(pid, what)
            except ProcessLookupError:
                continue

    def _wait_until_ready(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < deadline:
            lines = self._postmaster()
            if len(lines) >= 8 and lines[7].strip() in ("ready", "standby"):
                return
            time.sleep(0.02)
        raise AssertionError(f"PostgreSQL did not start:\n{self.log.read_text()[-2000:]}")

    def _postmaster(self) -> list[str]:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []
        assert self.process is not None
        return lines if lines and int(lines[0]) in (self.process.pid, *children(self.process.pid)) else []


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def may_mount() -> bool:
    """Whether this process may make small disks and networks of its own: as root on a machine that lets it."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode == 0


async def gone(server: Server) -> None:
    """Wait until it has ended by itself."""
    assert server.process is not None
    await asyncio.wait_for(asyncio.to_thread(server.process.wait), PATIENCE)
