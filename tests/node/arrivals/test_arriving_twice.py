"""What two processes of one node have in work at the same time, because a lease was given back while it was on its way,
has its effect once, and what the same actor said next comes after it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from node.arrivals import receiving
from node.arrivals.arriving import Arriving
from node.inbox import RECEIVERS, Outcome, Taken
from node.node import Node
from node.siblings.waking import Bell
from node.store.db import Db
from node.store.queues import arrivals, jobs
from schemas.objects import RemoteActivity
from schemas.records import Actor
from tests.factories import a_remote_actor
from tests.journeys.conftest import eventually
from tests.node.arrivals.test_arriving import a_like, until_ended

ONE, OTHER = 7, 8


@asynccontextmanager
async def two_that_met(node: Node) -> AsyncIterator[tuple[Arriving, Arriving]]:
    """Two that have a line to each other."""
    one, other = Arriving(node, ONE), Arriving(node, OTHER)
    with tempfile.TemporaryDirectory(prefix="allmende-test-") as folder:
        async with one.siblings.meeting(Path(folder)), other.siblings.meeting(Path(folder)):

            async def met() -> bool:
                return OTHER in one.takers and ONE in other.takers

            await eventually(met, "they have met")
            yield one, other


async def test_a_lease_given_back_on_its_way_has_its_effect_once_and_in_order(
    node: Node, db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = list[str](), asyncio.Event()

    async def effect(_node: Node, db: Db, activity: RemoteActivity, _actor: Actor) -> Outcome:
        begun.append(activity.id or "")
        await go_on.wait()
        await jobs.add(db, "effect", {"of": activity.id})
        return Taken()

    monkeypatch.setattr(receiving, "RECEIVERS", {**RECEIVERS, "Like": effect})
    monkeypatch.delitem(receiving.GATHERERS, "Like", raising=False)  # type: ignore[arg-type]  # a dict in truth
    bo, bell = await a_remote_actor(db), Bell()
    async with two_that_met(node) as (one, other):
        on_its_way = (await arrivals.insert_and_take(db, [a_like(bo.uri, 1)], [OTHER])).taken
        await arrivals.release_lost(db, OTHER, ())  # it looked for what was lost with a third one just then
        running = [asyncio.create_task(one.run(bell))]

        async def is_begun(times: int) -> bool:
            return len(begun) == times

        await eventually(lambda: is_begun(1), "the one has leased it")
        one.share(on_its_way)
        running.append(asyncio.create_task(other.run(bell)))
        await eventually(lambda: is_begun(2), "the other one does it, too")
        for number in (2, 3):
            other.share((await arrivals.insert_and_take(db, [a_like(bo.uri, number)], other.takers)).taken)
        go_on.set()
        assert await until_ended(db, 3) == {"accepted": 3}
        bell.stop()
        await asyncio.wait_for(asyncio.gather(*running), 30)
    done = await db.fetch("SELECT arguments ->> 'of' AS of FROM jobs WHERE kind = 'effect' ORDER BY id")
    assert [row["of"] for row in done] == [f"{bo.uri}/likes/{number}" for number in (1, 2, 3)]
