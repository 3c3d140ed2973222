"""Make a new, empty cluster: whole under its final name, or not there at all."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from node.store.embedded.binaries import Binaries
from node.store.embedded.folders import Folders, settle
from node.store.embedded.server import ROLE
from node.store.errors import DatabaseUnavailable


def make_fresh(folders: Folders, binaries: Binaries, *, door: int, sync: bool = True) -> None:
    """Run initdb into `folders.fresh`, over whatever an interrupted attempt left there. initdb holds on to the
    lock behind the descriptor `door`, so that nobody begins anew while one whose caller was killed still writes."""
    shutil.rmtree(folders.fresh, ignore_errors=True)
    folders.fresh.mkdir(mode=0o700)
    folders.runner.give(folders.fresh)
    command = [binaries.tool("initdb"), "-D", str(folders.fresh), *_choices(binaries.major)]
    if not sync:
        command.append("--no-sync")
    done = folders.runner.run(command, keep=[door])
    if done.returncode != 0:
        raise DatabaseUnavailable(f"PostgreSQL could not make its data folder: {done.stderr.strip()}")


def put_in_place(folders: Folders) -> None:
    """Give the finished fresh cluster its final name."""
    folders.fresh.rename(folders.cluster)
    settle(folders.home)


def _choices(major: int) -> Sequence[str]:
    """Order by bytes and case by PostgreSQL's own tables where it has them (17): an update of the system's C library
    must not corrupt text indexes. LC_CTYPE besides: the full-text parser asks it what a letter is."""
    since_17 = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--sync-method=syncfs"]
    return [
        f"--username={ROLE}",
        "--auth=trust",  # only the owner of the socket's folder, and root, can knock at all
        "--encoding=UTF8",
        "--locale=C",
        "--lc-ctype=C.UTF-8",
        "--data-checksums",
        *(since_17 if major >= 17 else []),
    ]
