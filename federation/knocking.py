"""Knocking twice: peers understand one of two ways to sign, so ask in one, then the other, and remember which.

The draft first, on 400 or 401 once more with RFC 9421."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from federation.signatures.pending import Scheme
from schemas.limits import REMEMBERED_HOSTS

NOT_UNDERSTOOD = frozenset({400, 401})


class SchemeMemory(Protocol):
    """Which scheme a host understood last; None for a host not heard of. Forgetting is harmless."""

    async def get(self, host: str) -> Scheme | None:
        """The scheme to begin with."""
        ...

    async def set(self, host: str, scheme: Scheme) -> None:
        """Remember that this scheme worked."""
        ...


class RecentSchemes:
    """A SchemeMemory for one process: the hosts used last, and no more than REMEMBERED_HOSTS of them (case 64)."""

    def __init__(self, hosts: int = REMEMBERED_HOSTS) -> None:
        self._hosts = hosts
        self._schemes: OrderedDict[str, Scheme] = OrderedDict()

    async def get(self, host: str) -> Scheme | None:
        """The scheme that worked with this host, if it is among those used last."""
        if host in self._schemes:
            self._schemes.move_to_end(host)
        return self._schemes.get(host)

    async def set(self, host: str, scheme: Scheme) -> None:
        """Remember, and forget the host unused for longest."""
        self._schemes[host] = scheme
        self._schemes.move_to_end(host)
        while len(self._schemes) > self._hosts:
            self._schemes.popitem(last=False)


class Answered(Protocol):
    """What the door said: anything with an HTTP status."""

    @property
    def status(self) -> int:
        """The HTTP status."""
        ...


A = TypeVar("A", bound=Answered)


async def knock(host: str, memory: SchemeMemory, ask: Callable[[Scheme], Awaitable[A]]) -> A:
    """Ask with the remembered scheme, or the draft; if that is not understood ask once more with the other.

    Returns the answer that was understood, or else the first one.
    """
    known = await memory.get(host)
    first = known or Scheme.DRAFT
    answer = await ask(first)
    if answer.status in NOT_UNDERSTOOD:
        other = Scheme.RFC9421 if first is Scheme.DRAFT else Scheme.DRAFT
        second = await ask(other)
        if second.status not in NOT_UNDERSTOOD:
            answer, first = second, other
    if answer.status < 300 and first != known:
        await memory.set(host, first)
    return answer
