"""As whom PostgreSQL runs. It refuses to be root, so under root it gets an existing unprivileged user;
no system user is made and no folder of the operator is opened."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from node.store.errors import DatabaseUnavailable

USERS = ("postgres", "nobody")
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}  # no PG… names of the operator's shell


class Runner(msgspec.Struct, frozen=True, kw_only=True):
    """The user as whom PostgreSQL runs; `drop` says that we are root and have to become that user first."""

    uid: int
    gid: int
    drop: bool

    @property
    def name(self) -> str:
        """The user's name, or its number where it has none."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return str(self.uid)

    def run(self, command: Sequence[str], *, keep: Sequence[int] = (), **more: Any) -> subprocess.CompletedProcess[str]:
        """Run a program as that user to its end, its output as text. `keep`: open files it holds on to, so that a
        lock lives as long as the program even if this process is killed meanwhile."""
        dropped: dict[str, Any] = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.drop else {}
        return subprocess.run(
            command,
            cwd="/",
            env=ENVIRONMENT,
            pass_fds=keep,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **dropped,
            **more,
        )

    def can_run(self, program: str) -> bool:
        """Whether that user can reach and execute `program`; tried, not computed, so that every rule counts."""
        try:
            return self.run([program, "--version"]).returncode == 0
        except OSError:
            return False

    def can_enter(self, folder: Path) -> bool:
        """Whether that user can pass through `folder` to what lies in it."""
        return self.run(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]).returncode == 0

    def give(self, path: Path) -> None:
        """Make that user the owner of `path`."""
        if self.drop:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def runner_for(*folders: Path) -> Runner:
    """The user for folders of the database, the nearest first: ourselves; as root the ordinary owner of the first
    that exists and has one, else `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return Runner(uid=os.geteuid(), gid=os.getegid(), drop=False)
    for folder in folders:
        owner = folder.stat() if folder.exists() else None
        if owner and owner.st_uid != 0 and _exists(owner.st_uid):
            return Runner(uid=owner.st_uid, gid=owner.st_gid, drop=True)
    for name in USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Runner(uid=entry.pw_uid, gid=entry.pw_gid, drop=True)
    raise DatabaseUnavailable("PostgreSQL does not run as root, and there is neither a user postgres nor nobody here.")


def _exists(uid: int) -> bool:
    try:
        return bool(pwd.getpwuid(uid))
    except KeyError:
        return False
