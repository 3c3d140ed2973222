"""Where the processes of one node meet: a folder of sockets, which the next start clears away if this one is killed."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MEETING = "siblings"
"""The folder of these folders, in that of the data."""

_LONGEST = str(2**31)
"""As long as the name of any worker's socket."""


@contextmanager
def meeting_place(data: Path) -> Iterator[Path]:
    """A folder of one parent's own, gone afterwards. Where the data folder takes no sockets (its path is too long, or
    its file system has none), it is among the temporary files."""
    try:
        place, held = _place_in(data / MEETING)
    except OSError:
        place, held = Path(tempfile.mkdtemp(prefix="allmende-")), None
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        if held is not None:
            os.close(held)


def _place_in(folder: Path) -> tuple[Path, int]:
    """A new folder there, and what holds it for as long as it is open; those that nobody holds go. Raises OSError where
    no socket can be made."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    alone = _held(folder, wait=True)
    try:
        for left in folder.iterdir():
            _sweep(left)
        place = Path(tempfile.mkdtemp(dir=folder, prefix=""))
        try:
            _try_socket(place / _LONGEST)
            return place, _held(place, wait=True)
        except OSError:
            shutil.rmtree(place, ignore_errors=True)
            raise
    finally:
        os.close(alone)


def _sweep(place: Path) -> None:
    with suppress(BlockingIOError, FileNotFoundError):
        held = _held(place, wait=False)
        shutil.rmtree(place, ignore_errors=True)
        os.close(held)


def _try_socket(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as trial:
        trial.bind(str(place))
    place.unlink()


def _held(place: Path, *, wait: bool) -> int:
    """A descriptor that holds it. Raises BlockingIOError where another does, unless `wait`."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
