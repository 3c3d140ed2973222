"""If one of these fails after aiohttp was upgraded, read its message: it names what changed, and who leans on it."""

from __future__ import annotations

import functools
import inspect
import tomllib
from pathlib import Path

import aiohttp
import pytest
from aiohttp.client_proto import ResponseHandler

from federation import undocumented
from federation.connections import Connections
from federation.one_answer import OneAnswer, hear_one_answer
from federation.undocumented import KNOWN, PARTS, AiohttpChanged, Part, changes, check, check_factory

ROOT = Path(__file__).parents[2]


def test_all_that_is_leaned_on_is_there_and_called_as_it_was() -> None:
    assert changes(PARTS) == [], f"aiohttp {aiohttp.__version__} has changed what federation/undocumented.py lists"
    check()


def test_coroutines_are_such() -> None:
    assert inspect.iscoroutinefunction(aiohttp.BaseConnector.connect)
    assert inspect.iscoroutinefunction(ResponseHandler.read)


def test_only_the_releases_that_were_tried_are_installed() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert f"aiohttp{KNOWN}" in asked, "try a new release of aiohttp first, then widen both ranges"


class Other:
    """What another release might have."""

    def renamed(self, one: int, *, more: int) -> None:
        """Needs more than it did."""


def test_a_change_is_told_in_words() -> None:
    gone = Part(Other, "named", "posting")
    otherwise = Part(Other, "renamed", "one_answer", ((None, 1), {}))
    fine = Part(Other, "renamed", "one_answer", ((None, 1), {"more": 1}))
    assert changes((gone, otherwise, fine)) == [
        "Other.named is gone (federation: posting)",
        "Other.renamed is called otherwise: missing a required argument: 'more' (federation: one_answer)",
    ]
    assert len({(part.owner, part.name) for part in PARTS}) == len(PARTS)


async def test_a_connector_that_asks_nobody_what_to_open_is_refused() -> None:
    async with aiohttp.TCPConnector() as connector:
        check_factory(connector)
        hear_one_answer(connector)
        assert isinstance(connector._factory(), OneAnswer)
        for other in (None, functools.partial(object)):
            connector._factory = other  # type: ignore[assignment]  # as in another release
            with pytest.raises(AiohttpChanged, match=r"aiohttp .*_factory makes no ResponseHandler"):
                hear_one_answer(connector)


def test_what_changed_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undocumented, "PARTS", (*PARTS, Part(Other, "named", "posting")))
    undocumented.check.cache_clear()
    with pytest.raises(AiohttpChanged, match=r"aiohttp .* is not what .*: Other\.named is gone"):
        Connections(())
    undocumented.check.cache_clear()
