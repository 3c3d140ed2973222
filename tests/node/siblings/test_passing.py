"""Processes of one node find each other in a folder and pass on what arrived."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from node.siblings.passing import Siblings
from schemas.records import Arrival
from tests.journeys.conftest import eventually


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: those of sockets may have 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="allmende-test-") as made:
        yield Path(made)


def said(number: int) -> Arrival:
    return Arrival(
        id=number, uri=f"https://a.example/{number}", type="Like", actor_uri="https://a.example/u", host="a.example",
        body='{"ü": 1}', attempts=1, received_at=datetime.now(UTC), document={"ü": 1, "x": ["y", {"z": None}]},
    )  # fmt: skip


async def until_known(one: Siblings, *others: int) -> None:
    async def known() -> bool:
        return set(one.workers) == set(others)

    await eventually(known, f"{others} are known")


async def test_what_is_passed_on_comes_as_it_was_and_in_its_order(folder: Path) -> None:
    came: list[Arrival] = []
    first, second = Siblings(1, lambda taken: None), Siblings(2, came.extend)
    async with first.meeting(folder), second.meeting(folder):
        await until_known(first, 2)
        sent = [said(number) for number in range(200)]
        assert all(first.pass_on(2, [one]) for one in sent)

        async def all_there() -> bool:
            return len(came) == 200

        await eventually(all_there, "all are there")
    assert came == sent


async def test_both_ways_and_among_three(folder: Path) -> None:
    came: dict[int, int] = {}

    def count(worker: int) -> Siblings:
        def take(taken: Sequence[Arrival]) -> None:
            came[worker] = came.get(worker, 0) + len(taken)

        return Siblings(worker, take)

    three = [count(worker) for worker in (1, 2, 3)]
    async with three[0].meeting(folder), three[1].meeting(folder), three[2].meeting(folder):
        for number, one in enumerate(three, 1):
            await until_known(one, *{1, 2, 3} - {number})
            for other in {1, 2, 3} - {number}:
                assert one.pass_on(other, [said(1), said(2)])

        async def all_there() -> bool:
            return came == {1: 4, 2: 4, 3: 4}

        await eventually(all_there, "each has what the others gave")


async def test_who_has_left_gets_nothing(folder: Path) -> None:
    first, second = Siblings(1, lambda taken: None), Siblings(2, lambda taken: None)
    async with first.meeting(folder):
        async with second.meeting(folder):
            await until_known(first, 2)
        await until_known(first)
        assert not first.pass_on(2, [said(1)])
        async with Siblings(3, lambda taken: None).meeting(folder):
            await until_known(first, 3)


async def test_who_does_not_read_is_passed_by(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("node.siblings.passing.PASSED_ON_BYTES", 0)
    first = Siblings(1, lambda taken: None)
    async with first.meeting(folder), Siblings(2, lambda taken: None).meeting(folder):

        async def met() -> bool:
            return first.pass_on(2, [said(1)])

        await eventually(met, "they have met")
        assert first.workers == ()


async def test_one_alone_needs_no_folder() -> None:
    alone = Siblings(1, lambda taken: None)
    async with alone.meeting(None):
        assert alone.workers == ()


@pytest.mark.parametrize("missing", ["gone", "x" * 110])
async def test_who_can_make_no_socket_stays_alone_and_works_on(folder: Path, missing: str) -> None:
    one = Siblings(1, lambda taken: None)
    async with one.meeting(folder / missing):
        assert one.workers == ()
