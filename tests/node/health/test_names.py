"""A name server of our own that fails is told apart from one of somebody else's."""

from __future__ import annotations

import socket

import pytest
from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver

from node.health.names import Names
from node.health.troubles import Troubles
from schemas.limits import NAMES_FAILING

LATER = {f"later{number}.test" for number in range(NAMES_FAILING)}


@pytest.fixture(autouse=True)
def resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system's would say: there is no other way to have it fail in a test that is not root."""

    async def resolve(_: object, host: str, *_rest: object) -> list[ResolveResult]:
        if host in LATER:
            raise socket.gaierror(socket.EAI_AGAIN, "later")
        if host == "nobody.test":
            raise socket.gaierror(socket.EAI_NONAME, "nobody")
        return []

    monkeypatch.setattr(ThreadedResolver, "resolve", resolve)


async def asked(names: Names, *hosts: str) -> None:
    for host in hosts:
        try:
            await names.resolve(host)
        except OSError:
            continue


async def test_several_names_that_fail_in_a_row_are_our_own_trouble() -> None:
    troubles = Troubles()
    names = Names(troubles)
    await asked(names, *["later0.test"] * 9)
    assert not troubles.kinds
    await asked(names, "fine.test", *sorted(LATER)[1:])
    assert not troubles.kinds
    await asked(names, *LATER)
    assert troubles.kinds == ("names",)
    assert not names.are_back()
    await asked(names, "nobody.test")  # somebody has answered
    assert not troubles.kinds
    assert names.are_back()
    assert not names.are_back()
