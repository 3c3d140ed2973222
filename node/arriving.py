"""Work on what arrived: one actor's activities in their order, different actors at the same time.

An activity's effects and its end commit together. What it needs to know first is fetched outside any transaction."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Literal

import msgspec
import structlog

from federation import bounded_json, normalise, read, trust, vocabulary
from federation.addresses import BadAddress, host_of
from federation.bounded_json import BadJson
from federation.outcomes import FetchFailed
from federation.read.errors import BadDocument, Unwanted
from federation.retry import retry_delay
from node.errors import NodeError
from node.inbox import RECEIVERS, Ignored, Needs, Outcome, Refused, Taken
from node.inbox.outcome import Want, WantKind
from node.logs import escape
from node.node import Node
from node.remote import learn_actor, learn_post, look_at_origin
from node.slots import Slots
from node.store import actors, arrivals, gone
from node.store.db import Db, is_away
from node.waking import Bell
from schemas.limits import (
    ARRIVAL_ATTEMPTS,
    ARRIVAL_HORIZON_SECONDS,
    ARRIVAL_NEEDS,
    ARRIVALS_LANES,
    ARRIVALS_LEASED,
    LEARNING,
    LEARNING_PER_HOST,
    REASON_CHARS,
)
from schemas.objects import RemoteActivity
from schemas.records import Arrival

LEARN: Mapping[WantKind, Callable[[Node, str], Awaitable[object]]] = {
    "fresh": partial(learn_actor, refresh=True),
    "actor": learn_actor,
    "post": learn_post,
}

_log = structlog.get_logger("node.arriving")


class _Undo(Exception):
    """Rolls the transaction back: it needs to know something first, or somebody else has done it."""

    def __init__(self, needs: Needs | None) -> None:
        super().__init__()
        self.needs = needs


class Arriving:
    """One per working process; `run` until cancelled."""

    def __init__(self, node: Node, worker: int) -> None:
        self._node = node
        self._worker = worker
        self._lanes = asyncio.Semaphore(ARRIVALS_LANES)
        self._slots = Slots(LEARNING, LEARNING_PER_HOST)
        self._leased: set[int] = set()
        self._more = False

    async def run(self, bell: Bell) -> None:
        """Take what is due and work on it until the bell stops or the task is cancelled; then give back the rest."""
        try:
            async with asyncio.TaskGroup() as tasks:
                while not bell.stopped:
                    taken = await self._lease()
                    for lane in _by_actor(taken):
                        tasks.create_task(self._work_through(lane, bell))
                    if not taken:
                        await bell.wait()
        finally:
            await self._give_back()

    async def _lease(self) -> list[Arrival]:
        """What is due of actors with whom nobody is busy."""
        room = ARRIVALS_LEASED - len(self._leased)
        if room < ARRIVALS_LEASED // 2:
            self._more = True
            return []
        taken = await self._take(partial(arrivals.lease, worker=self._worker, limit=room))
        self._more = len(taken) == room
        return taken

    async def _lease_of(self, actor_uri: str) -> list[Arrival]:
        """What came of an actor while this process was busy with it: nobody else takes that before the next poll."""
        room = ARRIVALS_LEASED - len(self._leased)
        if room < 1:
            self._more = True
            return []
        return await self._take(partial(arrivals.lease_of, worker=self._worker, actor_uri=actor_uri, limit=room))

    async def _take(self, lease: Callable[[Db], Awaitable[list[Arrival]]]) -> list[Arrival]:
        try:
            async with self._node.database.pool.acquire() as db, db.transaction():
                taken = await lease(db)
        except Exception as error:
            if not is_away(error):
                raise
            _log.warning("database away", kind=type(error).__name__)
            return []
        self._leased.update(one.id for one in taken)
        return taken

    async def _work_through(self, lane: Sequence[Arrival], bell: Bell) -> None:
        while lane:
            for arrival in lane:
                if bell.stopped:
                    return
                try:
                    await self._work(arrival)
                except Exception as error:  # the edge of the worker: whatever it is, the others go on
                    await self._put_off(arrival, error)
                self._leased.discard(arrival.id)
            lane = await self._lease_of(lane[0].actor_uri)
        if self._more:
            bell.ring()

    async def _work(self, arrival: Arrival) -> None:
        try:
            document = normalise.document(bounded_json.decode_object(arrival.body.encode()))
            vocabulary.check(document)
            activity = msgspec.structs.replace(read.activity(document), raw=arrival.body)
            outcome = await self._outcome(arrival, activity)
        except (BadDocument, BadJson) as error:
            await self._end(arrival, Refused(escape(str(error), REASON_CHARS)), "bad document")
        except Unwanted as error:
            await self._end(arrival, Ignored(escape(str(error), REASON_CHARS)), "unwanted")
        except NodeError as error:
            await self._end(arrival, Refused(error.message), error.message)
        else:
            if outcome is not None:
                await self._end(arrival, outcome, outcome.reason)

    async def _end(self, arrival: Arrival, outcome: Ignored | Refused, counted: str) -> None:
        """Nothing was done. `counted` is a text of ours: strangers' words would fill the tallies."""
        self._node.tallies.count(arrival.host, arrival.type, counted)
        async with self._node.database.pool.acquire() as db:
            await arrivals.finish(db, arrival.id, *_word(outcome))

    async def _outcome(self, arrival: Arrival, activity: RemoteActivity) -> Ignored | Refused | None:
        """Why nothing was done; None when a receiver has decided, and that is committed already."""
        refused = self._refusal(arrival, activity)
        if refused is not None:
            return refused
        verdict = trust.may_say(arrival.actor_uri, activity)
        if verdict.decision == "refuse":
            return Refused(verdict.reason)
        if verdict.decision == "refetch":
            activity = msgspec.structs.replace(activity, object=None)
        asked: set[Want] = set()
        for _ in range(ARRIVAL_NEEDS):
            needs = await self._attempt(arrival, activity, frozenset(asked))
            if needs is None:
                return None
            if needs.origin is not None:
                activity = await self._look(activity, needs.origin)
            for want in needs.wanted:
                await self._learn(want, asked)
        return Ignored("needs too much")

    def _refusal(self, arrival: Arrival, activity: RemoteActivity) -> Ignored | Refused | None:
        if activity.type not in RECEIVERS:
            return Ignored("unknown type")
        unnamed = activity.id is None and arrival.uri.startswith(arrival.actor_uri + arrivals.UNNAMED)
        if activity.actor != arrival.actor_uri or not (unnamed or activity.id == arrival.uri):
            return Refused("read in two ways")
        if not self._node.policy.may_federate(arrival.host):
            return Refused("not federated with")
        return None

    async def _attempt(self, arrival: Arrival, activity: RemoteActivity, asked: frozenset[Want]) -> Needs | None:
        """Run the receiver in a transaction with the end of the arrival; what it needs first, or None when done."""
        try:
            async with self._lanes, self._node.database.pool.acquire() as db, db.transaction():
                outcome = await self._receive(db, activity)
                while isinstance(outcome, Needs) and outcome.origin is None and asked.issuperset(outcome.wanted):
                    outcome = outcome.otherwise
                if isinstance(outcome, Needs):
                    raise _Undo(outcome)
                if not await arrivals.finish(db, arrival.id, *_word(outcome)):
                    raise _Undo(None)
        except _Undo as undo:
            return undo.needs
        if isinstance(outcome, Ignored | Refused):
            self._node.tallies.count(arrival.host, arrival.type, outcome.reason)
        self._node.wake()
        return None

    async def _receive(self, db: Db, activity: RemoteActivity) -> Outcome:
        actor = await actors.find(db, activity.actor)
        if actor is None:
            return Needs(actors=(activity.actor,))
        if actor.local or actor.suspended_at or actor.host_suspended:
            return Refused("suspended")
        if activity.id is not None and await gone.holds(db, activity.id, actor.uri):
            return Ignored("undone before it came")
        return await RECEIVERS[activity.type](self._node, db, activity, actor)

    async def _look(self, activity: RemoteActivity, uri: str) -> RemoteActivity:
        """The activity with its object as the object's own server shows it now."""
        async with self._slots.taken(host_of(uri)):
            found = await look_at_origin(self._node, uri)
        return msgspec.structs.replace(activity, object=found.document, at_origin=found.state)

    async def _learn(self, want: Want, asked: set[Want]) -> None:
        if want in asked:
            return
        asked.add(want)
        kind, uri = want
        with suppress(BadAddress):
            async with self._slots.taken(host_of(uri)):
                await LEARN[kind](self._node, uri)

    async def _put_off(self, arrival: Arrival, error: Exception) -> None:
        """Temporary trouble is waited for; a mistake of ours is logged and tried again too, but not for ever."""
        kind = type(error).__name__
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
                    await arrivals.finish(db, arrival.id, "dead", escape(f"{kind}: {error}", REASON_CHARS))
                else:
                    await arrivals.put_off(db, arrival.id, delay or 0.0, escape(f"{kind}: {error}", REASON_CHARS))
        except Exception as second:
            if not is_away(second):
                raise
            _log.warning("database away", kind=type(second).__name__)  # the lease ends by itself

    async def _give_back(self) -> None:
        if not self._leased:
            return
        async with self._node.database.pool.acquire() as db:
            await arrivals.release(db, tuple(self._leased))


def _by_actor(taken: Sequence[Arrival]) -> list[list[Arrival]]:
    lanes: dict[str, list[Arrival]] = {}
    for arrival in taken:
        lanes.setdefault(arrival.actor_uri, []).append(arrival)
    return list(lanes.values())


def _word(outcome: Taken | Ignored | Refused) -> tuple[Literal["accepted", "ignored", "refused"], str | None]:
    match outcome:
        case Taken():
            return "accepted", None
        case Ignored(reason):
            return "ignored", reason
        case Refused(reason):
            return "refused", reason


def _asked_wait(error: Exception) -> float | None:
    return error.retry_after if isinstance(error, FetchFailed) else None
