"""Addresses of other servers, asked of the system's resolver; and whether it is the resolver itself that fails."""

from __future__ import annotations

import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from node.health.troubles import Troubles
from schemas.limits import NAMES_FAILING


class Names(AbstractResolver):
    """A name server of somebody else that fails takes one name with it; ours takes all. So it is trouble when several
    different names fail for the moment (EAI_AGAIN) and none can be looked up in between."""

    def __init__(self, troubles: Troubles) -> None:
        self._troubles = troubles
        self._system = ThreadedResolver()
        self._failed: dict[str, None] = {}
        self._back = False

    def are_back(self) -> bool:
        """Whether names can be looked up again; said once."""
        back, self._back = self._back, False
        return back

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a host. Raises OSError."""
        try:
            found = await self._system.resolve(host, port, family)
        except socket.gaierror as error:
            if error.errno == socket.EAI_AGAIN:
                self._note(host)
            elif error.errno == socket.EAI_NONAME:
                self._well()
            raise
        self._well()
        return found

    async def look_again(self) -> None:
        """While names cannot be looked up: try one of them, so that the end is noticed though nobody asks."""
        for name in list(self._failed)[:1] if self._troubles.has("names") else ():
            try:
                await self.resolve(name)
            except OSError:
                self._failed[name] = self._failed.pop(name, None)  # the next time another one

    async def close(self) -> None:
        """Nothing is open."""

    def _note(self, host: str) -> None:
        if len(self._failed) < NAMES_FAILING:
            self._failed[host] = None
        if len(self._failed) >= NAMES_FAILING:
            self._troubles.begin("names", name=host)

    def _well(self) -> None:
        self._failed.clear()
        self._back = self._back or self._troubles.has("names")
        self._troubles.end("names")
