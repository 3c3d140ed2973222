"""The guarded client as tests ask with it, and a resolver that knows what it is told."""

import socket
from collections.abc import Mapping

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from federation.client import GuardedClient, MayFederate, Outgoing, Redirects
from federation.outcomes import Failure, FetchFailed, FetchRefused, Refusal
from tests.federation.conftest import LOOPBACK


class Names(AbstractResolver):
    """A resolver that knows what it is told: for each name a list of answers, given one after the other."""

    def __init__(self, answers: Mapping[str, list[list[str]]]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if host not in self._answers:
            raise OSError(None, "no such name")
        answers = self._answers[host]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(hostname=host, host=ip, port=port, family=socket.AF_INET, proto=0, flags=0) for ip in found
        ]

    async def close(self) -> None:
        pass


async def read(client: GuardedClient, url: str, *, redirects: Redirects = "any", seconds: float = 20.0) -> bytes:
    async with client.send(Outgoing(url=url, redirects=redirects, seconds=seconds)) as incoming:
        return await incoming.read()


async def refusal(client: GuardedClient, url: str, *, redirects: Redirects = "any") -> Refusal:
    with pytest.raises(FetchRefused) as caught:
        await read(client, url, redirects=redirects)
    return caught.value.reason


async def failure(client: GuardedClient, url: str, *, seconds: float = 20.0) -> Failure:
    with pytest.raises(FetchFailed) as caught:
        await read(client, url, seconds=seconds)
    return caught.value.failure


def guarded(
    *, may_federate: MayFederate = lambda host: True, plain_http: bool = False, allowed: bool = False, **more: object
) -> GuardedClient:
    return GuardedClient(
        user_agent="Allmende/test",
        may_federate=may_federate,
        plain_http=plain_http,
        allowed_networks=LOOPBACK if allowed else (),
        **more,  # type: ignore[arg-type]
    )
