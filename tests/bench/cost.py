"""What work costs: CPU time of a process and all below it, from /proc, with the database apart."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """CPU seconds (user and system) of the node's processes and of PostgreSQL's, ended children included."""

    node: float
    database: float

    def __sub__(self, before: Cost) -> Cost:
        return Cost(self.node - before.node, self.database - before.database)


def cost_of(root: int, folder: Path) -> Cost:
    """The cost so far of a process and its descendants, and of the PostgreSQL whose data lie below `folder`."""
    node = database = 0.0
    for pid in {*_tree(root), *_database(folder)}:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
        except OSError:
            continue
        spent = sum(int(ticks) for ticks in fields[2].split()[11:15]) / TICKS
        if "postgres" in fields[0]:
            database += spent
        else:
            node += spent
    return Cost(node, database)


def memory_of(root: int, folder: Path) -> tuple[float, float]:
    """MiB: resident of the node's processes, private of PostgreSQL's."""
    node = database = 0.0
    for pid in {*_tree(root), *_database(folder)}:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            name = Path(f"/proc/{pid}/comm").read_text()
        except OSError:
            continue
        kib = {line.split(":")[0]: int(line.split()[1]) for line in rollup.splitlines()[1:]}
        if "postgres" in name:
            database += kib["Private_Clean"] + kib["Private_Dirty"]
        else:
            node += kib["Rss"]
    return node / 1024, database / 1024


def open_files(pid: int) -> int:
    """How many files and sockets a process has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def _database(folder: Path) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "cwd").readlink().is_relative_to(folder):
                found.append(int(entry.name))
        except OSError:
            continue
    return [pid for pid in found if "postgres" in Path(f"/proc/{pid}/comm").read_text()]


def _tree(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, queue = [], [root]
    while queue:
        pid = queue.pop()
        found.append(pid)
        queue += children.get(pid, [])
    return found
