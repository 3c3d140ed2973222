"""May this node talk to that host? Asked before every fetch, key look-up, delivery and rendering of remote content.

The answer comes from memory, refreshed from the database when a measure changes: it is asked in the hottest places."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog

from federation.addresses import BadAddress, canonical_domain, domain_chain
from node.store.db import Db, is_away
from node.store.servers import hosts
from node.store.servers.hosts import Permission
from schemas.limits import POLICY_SECONDS

CHANNEL = "allmende_policy"
"""Whoever changes a measure, an approval or the federation mode sends a NOTIFY here, in the same transaction."""


_log = structlog.get_logger("node.policy")


class Policy:
    """Rules cover a domain, all below it and every spelling (case 118). Before the first `refresh` none is let in."""

    def __init__(self) -> None:
        self.version = 0
        """Another one after each reading of the rules."""
        self._suspended: frozenset[str] = frozenset()
        self._approved: frozenset[str] | None = frozenset()
        self._dropped: frozenset[str] | None = None
        self._written: tuple[str, ...] = ()

    async def refresh(self, db: Db) -> None:
        """Read the rules in force."""
        self.take(await hosts.permission(db))

    def take(self, found: Permission) -> None:
        """Hold to these rules. What stood there before is not spelt out again: it may be fifty thousand domains."""
        self.version += 1
        if found.suspended != self._written:
            self._suspended = _canonical(found.suspended)
            self._written = found.suspended
        self._approved = None if found.mode == "open" else _canonical(found.approved)
        self._dropped = _canonical(found.dropped) if found.mode == "ask" else None

    def may_federate(self, host: str) -> bool:
        """Whether a host, with or without port, may be called, heard and shown. False for what is no host at all."""
        try:
            chain = domain_chain(canonical_domain(host))
        except BadAddress:
            return False
        if not self._suspended.isdisjoint(chain):
            return False
        return self._approved is None or not self._approved.isdisjoint(chain)

    def suspends(self, host: str) -> bool:
        """Whether a measure says that nothing of a host is shown, whatever the mode."""
        try:
            return not self._suspended.isdisjoint(domain_chain(canonical_domain(host)))
        except BadAddress:
            return True

    def waits(self, host: str) -> bool:
        """Whether somebody has to look at a host first: nothing is known against it, and the hub asks."""
        if self._dropped is None or self._approved is None:
            return False
        try:
            chain = domain_chain(canonical_domain(host))
        except BadAddress:
            return False
        return all(rules.isdisjoint(chain) for rules in (self._suspended, self._approved, self._dropped))


async def keep_fresh(read: Callable[[], Awaitable[None]], changed: asyncio.Event) -> None:
    """Read the rules again whenever they changed, and after POLICY_SECONDS in any case: measures run out."""
    while True:
        try:
            async with asyncio.timeout(POLICY_SECONDS):
                await changed.wait()
        except TimeoutError:
            pass
        changed.clear()
        try:
            await read()
        except Exception as error:
            if not is_away(error):
                raise
            _log.warning("rules are as they were", kind=type(error).__name__)


def _canonical(domains: Iterable[str]) -> frozenset[str]:
    found = set()
    for domain in domains:
        try:
            found.add(canonical_domain(domain))
        except BadAddress:
            continue
    return frozenset(found)
