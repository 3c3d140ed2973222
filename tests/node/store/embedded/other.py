"""Another process that uses the same data folder, and what can be seen of the server from outside."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from node.store.embedded import folders
from node.store.embedded.server import is_running

ROOT = Path(__file__).parents[4]
HANG_GUARD_SECONDS = 60.0
QUICK = {"fsync": "off"}  # for making a cluster; what is tested about durability starts it anew with fsync

OTHER = textwrap.dedent(
    """
    import asyncio, sys
    from pathlib import Path
    from node.settings import Settings
    from node.store.errors import StoreError
    from node.store.pool import open_database

    async def main():
        try:
            async with open_database(Settings(data=Path(sys.argv[1]))) as database:
                print("open", flush=True)
                while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
                    print(await database.pool.fetchval(line), flush=True)
        except StoreError as error:
            print(f"refused: {error}".replace("\\n", " | "), flush=True)

    asyncio.run(main())
    """
)


class User(msgspec.Struct, frozen=True, kw_only=True):
    """An ordinary user, and where that user finds an interpreter and the packages this test run has."""

    uid: int
    python: Path
    environment: dict[str, str]


class Other:
    """A process that opens the database of `data` and then obeys statements line by line, seen from here."""

    def __init__(self, data: Path, user: User | None = None) -> None:
        python = user.python if user else sys.executable
        self.process = subprocess.Popen(
            [python, "-c", OTHER, str(data)],
            cwd="/" if user else ROOT,
            env=user.environment if user else None,
            user=user.uid if user else None,
            group=user.uid if user else None,
            extra_groups=[] if user else None,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def answer(self) -> str:
        return self._pipe(self.process.stdout).readline().strip()

    def ask(self, statement: str) -> str:
        self._pipe(self.process.stdin).write(f"{statement}\n")
        return self.answer()

    def end(self) -> None:
        """Let it leave in good order."""
        self._pipe(self.process.stdin).close()
        assert self.process.wait(HANG_GUARD_SECONDS) == 0

    def kill(self) -> None:
        """Kill it if it still lives; nothing of it is left in this process."""
        self.process.kill()
        self.process.wait(HANG_GUARD_SECONDS)
        self._pipe(self.process.stdin).close()
        self._pipe(self.process.stdout).close()

    @staticmethod
    def _pipe(pipe: IO[str] | None) -> IO[str]:
        assert pipe
        return pipe


@contextmanager
def another(data: Path, user: User | None = None) -> Iterator[Other]:
    """Another process that has opened the database of `data`."""
    other = Other(data, user)
    try:
        answer = other.answer()
        assert answer == "open", answer
        yield other
    finally:
        other.kill()


def wait_for_end(data: Path) -> None:
    """The server of a killed user ends by itself."""
    deadline = time.monotonic() + HANG_GUARD_SECONDS
    while is_running(folders.find(data)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def postmaster(data: Path) -> int:
    return int((folders.find(data).cluster / "postmaster.pid").read_text().split()[0])


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
