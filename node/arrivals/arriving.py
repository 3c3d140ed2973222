"""Work on what arrived: one actor's activities in their order, different actors at the same time.

What this process took in and may begin at once it does not read again from the database, and what another process of
this node has to do is passed on to it; the rest is leased."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import structlog

from federation.outcomes import FetchFailed
from federation.retry import retry_delay
from node.arrivals.lanes import Lanes
from node.arrivals.receiving import Ended, Failed, Heard, NotGathered, Receiving, Round
from node.node import Node
from node.observability.logs import escape
from node.siblings.passing import Siblings
from node.siblings.waking import Bell
from node.store.db import is_away
from node.store.queues import arrivals
from schemas.limits import (
    ARRIVAL_ATTEMPTS,
    ARRIVAL_HORIZON_SECONDS,
    ARRIVALS_EARLY_SECONDS,
    ARRIVALS_FEW,
    ARRIVALS_GATHER_BUSY_SECONDS,
    ARRIVALS_GATHER_SECONDS,
    ARRIVALS_LEASE_SECONDS,
    ARRIVALS_LEASED,
    ARRIVALS_LEASED_CHARS,
    ARRIVALS_PASSED_ON,
    ARRIVALS_PAUSE_SECONDS,
    ARRIVALS_READY,
    ARRIVALS_ROUNDS,
    ARRIVALS_TOGETHER,
    ARRIVALS_TOGETHER_TRIES,
    CHILD_RETRY_SECONDS,
    FAILURE_CHARS,
)
from schemas.records import Arrival

_log = structlog.get_logger("node.arriving")

BYTES_OF_CHAR = 4  # at most, in UTF-8


class Arriving:
    """One per working process; `run` until cancelled."""

    def __init__(self, node: Node, worker: int) -> None:
        self.worker = worker
        self.siblings = Siblings(worker, self._take_passed_on)
        self._node = node
        self._receiving = Receiving(node)
        self._lanes = Lanes()
        self._strays: set[int] = set()
        """Leased, and not worked on: they are to be given back."""
        self._breaks = node.troubles.breaks
        self._lost = False
        self._something = asyncio.Event()
        self._more_ready = asyncio.Event()
        self._more = False
        self._open = False

    @property
    def room(self) -> int:
        """How many more it takes now."""
        return max(ARRIVALS_LEASED - len(self._lanes), 0) if self._open and self._chars_left > 0 else 0

    @property
    def takers(self) -> tuple[int, ...]:
        """This worker, and those to whom it can pass on what is theirs."""
        return (self.worker, *self.siblings.workers)

    def share(self, leased: Mapping[int, Sequence[Arrival]]) -> None:
        """Work on what is leased to this worker, and pass on the rest."""
        for worker, theirs in leased.items():
            if worker == self.worker:
                self.take(theirs)
            elif not self.siblings.pass_on(worker, theirs):
                self._strays.update(one.id for one in theirs)

    def take(self, taken: Sequence[Arrival]) -> None:
        """Work on what is leased to this worker."""
        self._lanes.put(taken)
        self._notice()

    def look_for_lost(self) -> None:
        """A worker has ended, perhaps before it passed on what is leased to this one."""
        self._lost = True

    def _take_passed_on(self, taken: Sequence[Arrival]) -> None:
        few = len(self._lanes) + len(taken) <= ARRIVALS_LEASED + ARRIVALS_PASSED_ON
        if self._open and few and self._lanes.chars + _chars(taken) <= 2 * ARRIVALS_LEASED_CHARS:
            self.take(taken)
        else:
            self._strays.update(one.id for one in taken)

    @property
    def _chars_left(self) -> int:
        return ARRIVALS_LEASED_CHARS - self._lanes.chars

    async def run(self, bell: Bell) -> None:
        """Take what is due and work on it until the bell stops or the task is cancelled; then give back the rest."""
        self._lanes = Lanes()
        self._open = True
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._work_off(tasks, bell))
                while not bell.stopped:
                    taken = await self._lease()
                    if not self._more or not taken:
                        await bell.wait()
                    if taken > ARRIVALS_FEW and not bell.stopped:
                        await asyncio.sleep(ARRIVALS_LEASE_SECONDS)
                self._open = False
                self._notice()
        finally:
            self._open = False
            await self._give_back()

    async def _lease(self) -> int:
        """Take what is due of actors with whom nobody else is busy. How many."""
        if overdue := self._lanes.overdue(ARRIVALS_EARLY_SECONDS):
            self._strays.update(overdue)
            self._lost = True
        room, chars = self.room, self._chars_left
        if room < ARRIVALS_LEASED // 2:
            self._more = True
            return 0
        strays = tuple(self._strays)
        if strays:
            await asyncio.sleep(CHILD_RETRY_SECONDS)
        try:
            async with self._node.database.pool.acquire() as db:
                breaks = self._node.troubles.breaks
                if breaks != self._breaks or self._lost:
                    await arrivals.release_lost(db, self.worker, self._lanes.ids)
                    self._breaks, self._lost = breaks, False
                if strays:
                    await arrivals.release(db, strays)
                    self._strays.difference_update(strays)
                taken = await arrivals.lease(db, self.worker, room, chars)
        except Exception as error:
            if not is_away(error):
                raise
            _log.warning("database away", kind=type(error).__name__)
            return 0
        self._more = len(taken) == room or BYTES_OF_CHAR * _chars(taken) >= chars
        self.take(taken)
        return len(taken)

    async def _work_off(self, tasks: asyncio.TaskGroup, bell: Bell) -> None:
        """One round after the other of what may be begun. While much arrives, rounds are let grow for a moment."""
        patience = ARRIVALS_GATHER_SECONDS
        while not bell.stopped:
            if not self._lanes.ready:
                self._something.clear()
                await self._something.wait()
            await self._fill(patience)
            rounds = self._pick()
            patience = ARRIVALS_GATHER_BUSY_SECONDS if len(rounds[0]) > ARRIVALS_FEW else ARRIVALS_GATHER_SECONDS
            if rounds[0]:
                await self._node.precedence.give_way()
                async with asyncio.TaskGroup() as together:
                    for picked in rounds:
                        together.create_task(self._round(picked, tasks, bell))
                if self._more and self.room >= ARRIVALS_LEASED // 2:
                    bell.ring()

    def _pick(self) -> list[list[Arrival]]:
        """For one round, or as many as can be full: while PostgreSQL is at one, the other is read and judged."""
        rounds = min(self._lanes.ready // ARRIVALS_TOGETHER, ARRIVALS_ROUNDS) or 1
        return [self._lanes.pick(ARRIVALS_TOGETHER, rounds - number) for number in range(rounds)]

    async def _fill(self, seconds: float) -> None:
        """Until nothing comes any more or there is enough for a while, and no longer than that."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._open and self._lanes.ready < ARRIVALS_READY:
                    self._more_ready.clear()
                    async with asyncio.timeout(ARRIVALS_PAUSE_SECONDS):
                        await self._more_ready.wait()

    async def _round(self, picked: Sequence[Arrival], tasks: asyncio.TaskGroup, bell: Bell) -> None:
        heard = [one for arrival in picked if (one := await self._understood(arrival)) is not None]
        done = await self._together(heard)
        for ended in done.ended:
            self._lanes.done(ended.arrival)
        self._lanes.put_back(done.later)
        lanes: dict[str, list[Heard]] = {}
        for one in done.apart:
            lanes.setdefault(one.arrival.actor_uri, []).append(one)
        for actor_uri in {one.actor_uri for one in picked} - lanes.keys():
            self._lanes.free(actor_uri)
        for actor_uri, lane in lanes.items():
            tasks.create_task(self._work_through(actor_uri, lane, bell))

    async def _understood(self, arrival: Arrival) -> Heard | None:
        try:
            return self._receiving.understand(arrival)
        except Exception as error:  # a mistake of ours is no trouble for the others
            await self._put_off(arrival, error)
            self._lanes.done(arrival)
            return None

    async def _together(self, heard: Sequence[Heard]) -> Round:
        """All in one transaction; without those that fail there, and if that does not help, each apart."""
        failed: list[Heard] = []
        later: list[Arrival] = []
        gather = True
        for _ in range(ARRIVALS_TOGETHER_TRIES):
            if len(heard) < 2:
                break
            try:
                done = await self._receiving.together(heard, gather=gather)
            except NotGathered as error:
                _log.warning("not gathered", kind=type(error.__cause__).__name__)
                gather = False
            except Failed as failure:
                position = next(number for number, one in enumerate(heard) if one is failure.one)
                behind = [one for one in heard[position:] if one.arrival.actor_uri == failure.one.arrival.actor_uri]
                heard = [one for one in heard if one not in behind]
                failed.append(failure.one)
                later += [one.arrival for one in behind[1:]]
            except Exception as error:  # the database is away, or somebody else has done one of them
                if not is_away(error):
                    _log.warning("not together", kind=type(error).__name__)
                break
            else:
                return Round(ended=done.ended, apart=[*done.apart, *failed], later=[*done.later, *later])
        return Round(ended=(), apart=[*heard, *failed], later=later)

    async def _work_through(self, actor_uri: str, lane: Sequence[Heard], bell: Bell) -> None:
        for one in lane:
            if bell.stopped:
                return
            await self._apart(one)
            self._lanes.done(one.arrival)
        self._lanes.free(actor_uri)
        self._notice()

    def _notice(self) -> None:
        self._something.set()
        self._more_ready.set()

    async def _apart(self, one: Heard) -> None:
        try:
            if isinstance(one, Ended):
                await self._receiving.end(one)
            else:
                await self._receiving.apart(one)
        except Exception as error:  # the edge of the worker: whatever it is, the others go on
            await self._put_off(one.arrival, error)

    async def _put_off(self, arrival: Arrival, error: Exception) -> None:
        """Temporary trouble is waited for; a mistake of ours is logged and tried again too, but not for ever."""
        kind = type(error).__name__
        self._node.troubles.saw(error)
        if self._node.troubles.is_ours(error):
            self._strays.add(arrival.id)
            return
        if isinstance(error, FetchFailed):
            _log.info("arrival waits", uri=arrival.uri, reason=str(error))
        elif not is_away(error):
            _log.error("arrival failed", uri=arrival.uri, kind=kind, exc_info=error)
        age = (datetime.now(UTC) - arrival.received_at).total_seconds()
        delay = retry_delay(arrival.attempts, age, random.random(), _asked_wait(error))  # noqa: S311 - jitter
        given_up = delay is None or age > ARRIVAL_HORIZON_SECONDS or arrival.attempts >= ARRIVAL_ATTEMPTS
        try:
            async with self._node.database.pool.acquire() as db:
                if given_up:
                    await arrivals.finish(db, arrival.id, "dead", escape(f"{kind}: {error}", FAILURE_CHARS))
                else:
                    await arrivals.put_off(db, arrival.id, delay or 0.0, escape(f"{kind}: {error}", FAILURE_CHARS))
        except Exception as second:
            if not is_away(second):
                raise
            _log.warning("database away", kind=type(second).__name__)
            self._strays.add(arrival.id)

    async def _give_back(self) -> None:
        held = {*self._lanes.ids, *self._strays}
        if held:
            async with self._node.database.pool.acquire() as db:
                await arrivals.release(db, list(held))
            self._strays -= held


def _chars(arrivals: Sequence[Arrival]) -> int:
    return sum(len(one.body) for one in arrivals)


def _asked_wait(error: Exception) -> float | None:
    return error.retry_after if isinstance(error, FetchFailed) else None
