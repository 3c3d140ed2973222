"""What is wrong with this node now, each with a sentence that says what to do: one line of the log when it begins and
one when it is over, at /health and in /metrics. Who asks for things while the database is away is told so at once."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Literal

import msgspec
import structlog

from node.store.db import is_away, is_cut, is_full

Kind = Literal["clock", "database", "disk", "names", "standby"]


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """`says` what is wrong, `do` what to do about it. `serious`: the node cannot take what is sent to it."""

    says: str
    do: str
    serious: bool = False


ADVICE: Mapping[Kind, Advice] = {
    "clock": Advice(
        says="The clock of this machine was set by minutes or more.",
        do="See that NTP keeps it (timedatectl); for a while nothing is thrown away because of its age.",
    ),
    "database": Advice(
        says="The database does not answer.",
        do="Start it, or make room on its disk; see its log. The node goes on by itself when it is back.",
        serious=True,
    ),
    "disk": Advice(
        says="The disk is full.",
        do="Make room, or move to a larger disk. The node takes things again by itself when there is room.",
        serious=True,
    ),
    "names": Advice(
        says="Names of other servers cannot be looked up.",
        do="See that the name server in /etc/resolv.conf answers. What is owed to others waits and goes out then.",
    ),
    "standby": Advice(
        says="The database is a standby, which takes nothing new.",
        do="Promote it, or name all hosts in ALLMENDE_DATABASE_URL, with target_session_attrs=read-write.",
        serious=True,
    ),
}

_log = structlog.get_logger("node.troubles")


class Troubles:
    """One per process; every process finds out for itself."""

    def __init__(self) -> None:
        self._since: dict[Kind, float] = {}
        self.breaks = 0
        """How often the connection to the database was lost and made anew: it may have crashed meanwhile."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What is wrong now."""
        return tuple(self._since)

    @property
    def serious(self) -> tuple[Kind, ...]:
        """What of it keeps the node from taking anything."""
        if not self._since:  # nearly always, and asked with each request
            return ()
        return tuple(kind for kind in self._since if ADVICE[kind].serious)

    def has(self, kind: Kind) -> bool:
        """Whether this is wrong now."""
        return kind in self._since

    def begin(self, kind: Kind, **facts: object) -> None:
        """It is wrong from now on; told once."""
        if kind not in self._since:
            self._since[kind] = time.monotonic()
            _log.error("trouble", trouble=kind, says=ADVICE[kind].says, do=ADVICE[kind].do, **facts)

    def saw(self, error: BaseException) -> None:
        """An error that somebody met may say what is wrong."""
        if is_full(error):
            self.begin("disk", error=str(error))

    def is_ours(self, error: BaseException) -> bool:
        """Whether something failed because of what is wrong here, so that it does not count as an attempt."""
        return is_cut(error) or (bool(self.serious) and is_away(error))

    def end(self, kind: Kind) -> None:
        """It is well again."""
        since = self._since.pop(kind, None)
        if since is not None:
            _log.warning("trouble over", trouble=kind, seconds=round(time.monotonic() - since, 1))
