"""Where the embedded database lies: in the data folder, or where PostgreSQL's user can reach it if it cannot
reach that one. Also the short folder for the socket, and a copy of the programs where those are out of reach."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import msgspec

from node.store.embedded.binaries import Binaries
from node.store.embedded.privileges import Runner, runner_for
from node.store.errors import DatabaseUnavailable

STATE = Path("/var/lib/allmende")  # for root's data out of PostgreSQL's reach
POINTER = "postgres.path"  # in the data folder: the home of its database, where that is elsewhere
PORT = 5432  # part of the socket's name; there is no port
SOCKET_PATH_BYTES = 107  # what Linux allows


class Folders(msgspec.Struct, frozen=True, kw_only=True):
    """The places of one embedded database; `runner` is the user as whom its server runs."""

    home: Path
    runner: Runner

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data folder; its file PG_VERSION records the major version that wrote it."""
        return self.home / "cluster"

    @property
    def fresh(self) -> Path:
        """A cluster in the making; it becomes `cluster` by renaming, whole or not at all."""
        return self.home / "cluster.new"

    @property
    def log(self) -> Path:
        """What the server has to say."""
        return self.home / "log"

    def lock(self, name: str) -> int:
        """Open the lock file `name` of this database and return its descriptor; nothing is locked yet."""
        return os.open(self.owned(self.home / f"{name}.lock"), os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)

    def owned(self, path: Path) -> Path:
        """Make sure that the file exists and belongs to the owner of the home, whoever of the two runs first."""
        try:
            fresh = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
        except FileExistsError:
            return path
        owner = self.home.stat()
        if os.geteuid() == 0:
            os.fchown(fresh, owner.st_uid, owner.st_gid)
        os.close(fresh)
        return path

    def major(self) -> int | None:
        """The major version that wrote the data, or None where there is no database yet."""
        try:
            return int((self.cluster / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None


def find(data: Path) -> Folders:
    """The folders of the database of `data`, made where they are missing. Raises DatabaseUnavailable."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        with _alone(data):
            home = _known_home(data)
            runner = runner_for(home / "cluster", data)
            if home == data / "postgres" and runner.drop and not runner.can_enter(data):
                home = _far_home(data, runner)
            _make_home(home, runner, data)
        return Folders(home=home, runner=runner)
    except PermissionError as error:
        raise DatabaseUnavailable(
            f"{error.filename} belongs to another user. Run this command as the user who runs the node."
        ) from error


def exists(data: Path) -> bool:
    """Whether a database was made for this data folder before; changes nothing."""
    return (_known_home(data) / "cluster" / "PG_VERSION").exists()


def socket_folder(folders: Folders) -> Path:
    """A folder of mode 700 for the socket whose path is short enough: in the home, else below /run or /tmp under a
    name that follows from the home. PostgreSQL touches its socket now and then, so /tmp may be tidied."""
    name = "allmende-" + sha256(os.fsencode(folders.home)).hexdigest()[:16]
    near = folders.home / "socket"
    places = [near] if len(os.fsencode(near / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_BYTES else []
    for place in (*places, Path("/run") / name, Path("/tmp") / name):  # noqa: S108 (mode and owner are checked)
        if _private(place, folders.runner):
            return place
    raise DatabaseUnavailable(f"There is no safe folder for the database's socket: {near} is too long a path.")


def reachable(binaries: Binaries, runner: Runner) -> Binaries:
    """`binaries` if the runner can execute them, else a copy of them under /var/lib/allmende."""
    if runner.can_run(binaries.tool("postgres")):
        return binaries
    if not runner.drop:
        raise DatabaseUnavailable(f"{binaries.tool('postgres')} cannot be executed by {runner.name}.")
    package = binaries.folder.parent.parent
    target = _open_folder(STATE) / f"postgresql-{binaries.version}"
    if not target.exists():
        _copy(package, target)
    copied = Binaries(folder=target / package.name / "pginstall" / "bin", version=binaries.version)
    if not runner.can_run(copied.tool("postgres")):
        raise DatabaseUnavailable(f"{copied.tool('postgres')} cannot be executed by {runner.name}.")
    return copied


def settle(path: Path) -> None:
    """Make a rename or a new name in the folder `path` survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Two who look for the same new database at once must not make two."""
    descriptor = os.open(data, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _known_home(data: Path) -> Path:
    try:
        return Path((data / POINTER).read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return data / "postgres"


def _far_home(data: Path, runner: Runner) -> Path:
    """A home with a name of its own, so that a data folder made anew does not find the database of an older one."""
    if (data / "postgres" / "cluster").exists():
        raise DatabaseUnavailable(
            f"The user {runner.name}, as whom the database of {data} runs, can no longer enter that folder. "
            "Give it and the folders above it back the permission to pass (chmod a+x)."
        )
    home = _open_folder(STATE) / secrets.token_hex(8)
    partial = data / f"{POINTER}.partial"
    partial.write_text(f"{home}\n", encoding="utf-8")
    partial.rename(data / POINTER)
    settle(data)
    return home


def _make_home(home: Path, runner: Runner, data: Path) -> None:
    """Root's home belongs to root and lets the service user only pass: it can plant nothing beside its cluster."""
    if not home.exists():
        home.mkdir(mode=0o700)
        if data.stat().st_uid == runner.uid:
            runner.give(home)
        elif runner.drop:
            home.chmod(0o711)
    if home.parent == STATE:
        _refuse_copies(home, data)


def _refuse_copies(home: Path, data: Path) -> None:
    """A copied data folder still points to the database of the first; two nodes on it would be one hub twice."""
    record = home / "data-folder"
    first = Path(record.read_text(encoding="utf-8")) if record.exists() else data
    if first.exists() and not first.samefile(data) and _known_home(first) == home:
        raise DatabaseUnavailable(
            f"{data} is a copy of {first}, and both mean the database in {home}. Use `allmende backup` and "
            f"`allmende restore` to copy a hub; remove {data / POINTER} to start an empty one."
        )
    record.write_text(str(data), encoding="utf-8")


def _private(place: Path, runner: Runner) -> bool:
    """Whether `place` is, or now becomes, a folder that only the runner (and root) can enter."""
    try:
        place.mkdir(mode=0o700)
        runner.give(place)
    except FileExistsError:
        pass
    except OSError:
        return False
    found = place.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == runner.uid and not found.st_mode & 0o077


def _open_folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o755)
    return path


def _copy(package: Path, target: Path) -> None:
    """Copy the programs and the libraries beside them, readable to all, whole or not at all."""
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.copytree(
        package / "pginstall",
        partial / package.name / "pginstall",
        symlinks=True,
        ignore=shutil.ignore_patterns("include", "*.a"),
    )
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, partial / libraries.name, symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX,go-w", str(partial)], check=True)
    try:
        partial.rename(target)
    except OSError:  # somebody else was quicker; theirs is the same
        shutil.rmtree(partial)
