"""Several machines in one: network namespaces with addresses of their own on one bridge, each of which can be cut off.
Needs root."""

from __future__ import annotations

import fcntl
import os
import subprocess
import tempfile
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

NUMBERS = range(200)


@dataclass
class Network:
    """`add` machines; `close` takes all of them away. Addresses are `start`.2 to `start`.254; `start`.1 is the test
    itself. Each of several test runs at once has a network of its own."""

    machines: dict[str, str] = field(default_factory=dict)
    held: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        number = _free_number(self.held)
        self.start, self.name = f"10.87.{number}", f"alm{number}"
        self._sweep()
        _ip("netns", "add", self._space("hub"))
        self._in("hub", "link", "add", "bridge", "type", "bridge")
        self._in("hub", "link", "set", "bridge", "up")
        _ip("link", "add", self.name, "type", "veth", "peer", "name", "ours", "netns", self._space("hub"))
        self._in("hub", "link", "set", "ours", "master", "bridge", "up")
        _ip("address", "add", f"{self.start}.1/24", "dev", self.name)
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
        self.held.close()

    def _sweep(self) -> None:
        """Take away what a killed run left of this name."""
        for space in _ip("netns", "list").split():
            if space.startswith(f"{self.name}-"):
                _ip("netns", "delete", space)
        with suppress(subprocess.CalledProcessError):
            _ip("link", "delete", self.name)

    def _space(self, machine: str) -> str:
        return f"{self.name}-{machine}"

    def _in(self, machine: str, *words: str) -> None:
        _ip("-n", self._space(machine), *words)


def _free_number(held: ExitStack) -> int:
    """The first that no other test run has; `held` until closed, or until the process ends."""
    for number in NUMBERS:
        with suppress(OSError), ExitStack() as stack:  # another process has it, or made it as another user
            file = Path(tempfile.gettempdir()) / f"allmende-tests-network-{number}.lock"
            fcntl.flock(stack.enter_context(file.open("a")), fcntl.LOCK_EX | fcntl.LOCK_NB)
            held.push(stack.pop_all())
            return number
    raise AssertionError("too many test runs at once")


def _ip(*words: str) -> str:
    return subprocess.run(["ip", *words], check=True, capture_output=True, text=True).stdout


def may_network() -> bool:
    """Whether machines can be made here."""
    if os.geteuid() != 0:
        return False
    trial = f"almtry{os.getpid()}"  # each process of a run asks while it collects
    try:
        _ip("netns", "add", trial)
        _ip("netns", "delete", trial)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
