"""What it costs to ask whether a host may be federated with, when few domains are suspended and when very many are."""

from __future__ import annotations

import time

import msgspec

from node.policy import Policy
from node.store.hosts import Permission

FEW, MANY = 50, 50_000
TIMES = 20_000


class Checks(msgspec.Struct, frozen=True, kw_only=True):
    """CPU microseconds of one check with FEW and with MANY domains suspended, and seconds to take MANY in at once."""

    few_us: float
    many_us: float
    taken_seconds: float


def measured_checks() -> Checks:
    """Ask about hosts that are suspended, below suspended ones, and neither."""
    few, many = Policy(), Policy()
    few.take(_suspended(FEW))
    start = time.process_time()
    many.take(_suspended(MANY))
    return Checks(taken_seconds=time.process_time() - start, few_us=_each(few), many_us=_each(many))


def _suspended(number: int) -> Permission:
    names = tuple(f"n{one}.evil.example" for one in range(number))
    return Permission(suspended=names, approved=(), dropped=(), mode="open")


def _each(policy: Policy) -> float:
    asked = ("n7.evil.example", "a.b.n49.evil.example", "fine.example", "social.fine.example:8443")
    start = time.process_time()
    for _ in range(TIMES // len(asked)):
        for host in asked:
            policy.may_federate(host)
    return (time.process_time() - start) / TIMES * 1e6
