"""What a process counts of its work, kept where all processes of the machine that share the data folder can read it:
whichever of them is asked how the node fares answers for all. A process that ended leaves its counts to the next."""

from __future__ import annotations

import asyncio
import fcntl
import mmap
import os
import platform
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cache
from math import isfinite
from pathlib import Path
from stat import S_ISREG
from typing import Literal
from zlib import crc32

import msgspec
import structlog

from schemas.limits import METERS_SECONDS, REQUEST_SECONDS_STEPS, WORKERS

Door = Literal["website", "client_api", "activitypub", "other"]
Counter = Literal[
    "inbox_turned_away", "signatures_refused", "deliveries_made", "deliveries_failed", "database_wait_seconds"
]
Gauge = Literal["processes", "process", "beats", "inbox_open", "database_connections", "memory_bytes"]

DOORS: tuple[Door, ...] = ("website", "client_api", "activitypub", "other")
COUNTERS: tuple[Counter, ...] = (
    "inbox_turned_away", "signatures_refused", "deliveries_made", "deliveries_failed", "database_wait_seconds",
)  # fmt: skip
GAUGES: tuple[Gauge, ...] = (
    "processes", "process", "beats", "inbox_open", "database_connections", "memory_bytes",
)  # fmt: skip
CLASSES = (2, 3, 4, 5)
FIGURES = "figures"
"""The folder of the boards, in that of the data."""

_WIDTH = len(REQUEST_SECONDS_STEPS) + 2
"""Of one door and class of status: requests up to each step, slower ones, and the seconds of all."""
_STARTS = {(door, one): _WIDTH * n for n, (door, one) in enumerate((door, one) for door in DOORS for one in CLASSES)}
_PLACES = {name: _WIDTH * len(_STARTS) + n for n, name in enumerate((*COUNTERS, *GAUGES))}
_SLOTS = _WIDTH * len(_STARTS) + len(_PLACES)
_BYTES = 8 * _SLOTS
_LAYOUT = f"{crc32(repr((_STARTS, _PLACES, REQUEST_SECONDS_STEPS)).encode()):08x}"
_SIGNATURES = _PLACES["signatures_refused"]

_log = structlog.get_logger("node.meters")


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Of all processes. `requests`: by door and class of status, how many took up to each step (and longer, last), and
    their seconds together."""

    requests: dict[tuple[Door, int], tuple[list[float], float]]
    values: dict[str, float]


class Meters:
    """The counts of this process: a board of numbers in a file in `folder` that it keeps locked while it lives. Where
    there is no folder, or it cannot be written, they are for this process alone."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._descriptor = -1
        self._watched: list[tuple[int, float, Callable[[], float]]] = []
        self._board = memoryview(bytearray(_BYTES)).cast("d")
        if folder is not None:
            try:
                self._descriptor = _take(folder)
                self._board = memoryview(mmap.mmap(self._descriptor, _BYTES)).cast("d")
            except OSError as error:
                _log.warning("figures are of one process", error=str(error), do=f"Let the node write to {folder}.")
        for name in GAUGES:
            self._board[_PLACES[name]] = 0.0
        self._board[_PLACES["processes"]] = 1.0

    def answered(self, door: Door, status: int, seconds: float) -> None:
        """Count one request."""
        start = _STARTS.get((door, status // 100))
        if start is None:
            return
        board = self._board
        board[start + bisect_left(REQUEST_SECONDS_STEPS, seconds)] += 1.0
        board[start + _WIDTH - 1] += seconds
        if status == 401 and door == "activitypub":
            board[_SIGNATURES] += 1.0

    def watch(self, name: Counter | Gauge, read: Callable[[], float]) -> None:
        """Let a figure be read now and then; what counts goes on from what earlier processes left."""
        place = _PLACES[name]
        self._watched.append((place, self._board[place] if name in COUNTERS else 0.0, read))

    def note(self) -> None:
        """Read what is watched."""
        for place, before, read in self._watched:
            self._board[place] = before + read()

    async def note_regularly(self) -> None:
        """For the life of the process: as long as it does, whoever watches it sees that it lives (`beats`)."""
        self._board[_PLACES["process"]] = mark_of(os.getpid())
        try:
            while True:
                self._board[_PLACES["beats"]] += 1.0
                self.note()
                await asyncio.sleep(METERS_SECONDS)
        finally:
            self._board[_PLACES["process"]] = 0.0

    def totals(self) -> Totals:
        """Of all processes that share the folder, this one as of now; what is so at a moment, of those that live."""
        self.note()
        sums = _numbers(self._board)
        gauges = range(_PLACES[GAUGES[0]], _SLOTS)
        for board, lives in self._others():
            for slot, value in enumerate(board):
                if lives or slot not in gauges:
                    sums[slot] += value
        steps = _WIDTH - 1
        return Totals(
            requests={key: (sums[start : start + steps], sums[start + steps]) for key, start in _STARTS.items()},
            values={name: sums[place] for name, place in _PLACES.items()},
        )

    def close(self) -> None:
        """Leave the counts to the next process."""
        if self._descriptor >= 0:
            self.note()
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            os.close(self._descriptor)
            self._descriptor = -1
        self._watched.clear()

    def _others(self) -> Iterator[tuple[list[float], bool]]:
        if self._folder is None or self._descriptor < 0:
            return
        mine = os.fstat(self._descriptor).st_ino
        for inode, board, lives in _boards(self._folder):
            if inode != mine:
                yield board, lives


def mark_of(pid: int) -> int:
    """What a process of this machine and container is known by: others may share the folder and have the same number.
    Never 0."""
    return crc32(f"{_whereabouts()}/{pid}".encode()) or 1


@cache
def _whereabouts() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip() + str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return platform.node()


def beats(folder: Path) -> dict[int, float]:
    """How often each process that keeps its counts in this folder has noted them so far, by its mark: what does not
    grow belongs to one that hangs."""
    place, counted = _PLACES["process"], _PLACES["beats"]
    return {int(board[place]): board[counted] for _, board, lives in _boards(folder) if lives and board[place]}


def _boards(folder: Path) -> Iterator[tuple[int, list[float], bool]]:
    """The number of each file, what is in it, and whether somebody keeps it."""
    for path in folder.glob(f"{_LAYOUT}-*"):
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError:  # gone, or of a command that another user gave
            continue
        try:
            held = os.pread(descriptor, _BYTES, 0) if S_ISREG(os.fstat(descriptor).st_mode) else b""
            numbers = _numbers(memoryview(held).cast("d")) if len(held) == _BYTES else []
            if numbers and all(map(isfinite, numbers)):  # else it is broken
                yield os.fstat(descriptor).st_ino, numbers, not _locked(descriptor, fcntl.LOCK_SH)
        finally:
            os.close(descriptor)


def _take(folder: Path) -> int:
    """The first board that nobody keeps, opened and locked; made if there is none. Boards of another layout, which an
    upgrade left, go."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if not path.name.startswith(f"{_LAYOUT}-"):
            path.unlink(missing_ok=True)
    for number in range(2 * WORKERS):
        try:
            descriptor = os.open(folder / f"{_LAYOUT}-{number}", os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError:  # of a command that another user gave
            continue
        if _locked(descriptor, fcntl.LOCK_EX):
            if os.fstat(descriptor).st_size != _BYTES:
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, bytes(_BYTES), 0)  # all of it on the disk: a hole could find no room later
            return descriptor
        os.close(descriptor)
    raise OSError("all places are taken")


def _numbers(board: memoryview[float]) -> list[float]:
    return [float(one) for one in board]


def _locked(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
