"""Several machines in one: network namespaces with addresses of their own on one bridge, each of which can be cut off.
Needs root."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field

NETWORK = "10.87.0"
OURS = f"{NETWORK}.1"
"""The address of the test itself."""


@dataclass
class Network:
    """`add` machines; `close` takes all of them away."""

    machines: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.name = f"alm{os.getpid() % 100_000}"
        _ip("netns", "add", self._space("hub"))
        self._in("hub", "link", "add", "bridge", "type", "bridge")
        self._in("hub", "link", "set", "bridge", "up")
        _ip("link", "add", self.name, "type", "veth", "peer", "name", "ours", "netns", self._space("hub"))
        self._in("hub", "link", "set", "ours", "master", "bridge", "up")
        _ip("address", "add", f"{OURS}/24", "dev", self.name)
        _ip("link", "set", self.name, "up")

    def add(self, machine: str, address: str) -> tuple[str, ...]:
        """A machine; what stands before the commands that are to run there."""
        self.machines[machine] = address
        _ip("netns", "add", self._space(machine))
        self._in(machine, "link", "add", "eth0", "type", "veth", "peer", "name", machine, "netns", self._space("hub"))
        self._in("hub", "link", "set", "dev", machine, "master", "bridge", "up")
        self._in(machine, "address", "add", f"{address}/24", "dev", "eth0")
        self._in(machine, "link", "set", "eth0", "up")
        self._in(machine, "link", "set", "lo", "up")
        return ("ip", "netns", "exec", self._space(machine))

    def answer_at(self, address: str) -> None:
        """One more address of the test itself."""
        _ip("address", "add", f"{address}/24", "dev", self.name)

    def cut(self, machine: str) -> None:
        """From now on nothing comes from it, and nothing reaches it."""
        self._in("hub", "link", "set", "dev", machine, "down")

    def mend(self, machine: str) -> None:
        """It is there again."""
        self._in("hub", "link", "set", "dev", machine, "up")

    def close(self) -> None:
        """Take everything away."""
        for machine in (*self.machines, "hub"):
            with suppress(subprocess.CalledProcessError):
                _ip("netns", "delete", self._space(machine))
        with suppress(subprocess.CalledProcessError):
            _ip("link", "delete", self.name)

    def _space(self, machine: str) -> str:
        return f"{self.name}-{machine}"

    def _in(self, machine: str, *words: str) -> None:
        _ip("-n", self._space(machine), *words)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def may_network() -> bool:
    """Whether machines can be made here."""
    if os.geteuid() != 0:
        return False
    try:
        _ip("netns", "add", "almtry")
        _ip("netns", "delete", "almtry")
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
