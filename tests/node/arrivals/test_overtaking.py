"""What an actor said later never overtakes what was accepted before it, by whichever lines the two come to the process
that has the actor in work."""

from __future__ import annotations

import asyncio

import pytest

from node.arrivals import receiving
from node.inbox import RECEIVERS, Outcome, Taken
from node.node import Node
from node.siblings.waking import Bell
from node.store.db import Db
from node.store.queues import arrivals
from schemas.objects import RemoteActivity
from schemas.records import Actor
from tests.factories import a_remote_actor
from tests.journeys.conftest import eventually
from tests.node.arrivals.test_arriving import a_like, until_ended
from tests.node.arrivals.test_arriving_twice import ONE, two_that_met


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the likes that were begun, in order."""
    seen: list[int] = []

    async def effect(_node: Node, _db: Db, activity: RemoteActivity, _actor: Actor) -> Outcome:
        seen.append(int((activity.id or "").rpartition("/")[2]))
        return Taken()

    monkeypatch.setattr(receiving, "RECEIVERS", {**RECEIVERS, "Like": effect})
    monkeypatch.delitem(receiving.GATHERERS, "Like")  # type: ignore[arg-type]  # a dict in truth
    return seen


@pytest.mark.parametrize("lost", [False, True], ids=["late", "lost"])
async def test_what_comes_by_a_full_line_is_waited_for(
    node: Node, db: Db, begun: list[int], monkeypatch: pytest.MonkeyPatch, lost: bool
) -> None:
    monkeypatch.setattr("node.arrivals.arriving.ARRIVALS_EARLY_SECONDS", 0.2 if lost else 60.0)
    bo, bell = await a_remote_actor(db), Bell()
    async with two_that_met(node) as (one, other):
        by_a_full_line = (await arrivals.insert_and_take(db, [a_like(bo.uri, 1)], [ONE])).taken
        running = asyncio.create_task(one.run(bell))
        await asyncio.sleep(0)
        for number in (2, 3):
            later = (await arrivals.insert_and_take(db, [a_like(bo.uri, number)], other.takers)).taken
            assert list(later) == [ONE]
            other.share(later)

        async def is_there() -> bool:
            return bool(begun) or len(one._lanes) == 2

        await eventually(is_there, "the later ones have come")
        if not lost:
            await asyncio.sleep(0.1)  # long enough to begin
            assert begun == []
            other.share(by_a_full_line)
        bell.ring()
        assert await until_ended(db, 3) == {"accepted": 3}
        bell.stop()
        await asyncio.wait_for(running, 30)
    assert begun == [1, 2, 3]
