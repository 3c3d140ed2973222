"""Deliver what we owe. Each host has a lane of its own with some calls at a time; a host that fails is left alone by
its breaker and gets one probe now and then, and hosts that fail can never fill all lanes."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec
import structlog

from federation import retry
from federation.client import Signer
from federation.deliver import Delivered, Gone, Outcome, Refused, TryLater, deliver
from federation.outcomes import Failure
from federation.retry import Breaker
from federation.signatures.keys import SigningKey, load_private_key
from federation.signing import KeySigner
from node.deliveries.followers_sync import Headers
from node.errors import NotFound
from node.node import Node
from node.siblings.waking import Bell
from node.store.batches import Batches
from node.store.db import Db, is_away
from node.store.people import actors
from node.store.queues import deliveries, queues
from node.store.queues.deliveries import PutOff
from node.store.servers import hosts
from schemas.limits import (
    CHILD_RETRY_SECONDS,
    DELIVERIES_LEASED,
    DELIVERIES_PER_CONNECTION,
    DELIVERIES_PER_HOST,
    DELIVERY_HOSTS,
    DELIVERY_HOSTS_FAILING,
    DELIVERY_HOSTS_TAKEN,
    NAMES_RETRY_SECONDS,
)
from schemas.records import Delivery

_log = structlog.get_logger("node.delivering")


class _Owed(msgspec.Struct, frozen=True, kw_only=True):
    """What was leased of one host, and who signs it (None: the sender has no key any more). `taken` is None where
    nobody has asked the breaker yet."""

    host: str
    taken: Sequence[Delivery] | None = None
    signers: Mapping[int, Signer | None] = {}


class Delivering:
    """One per working process; `run` until cancelled."""

    def __init__(self, node: Node, worker: int) -> None:
        self._node = node
        self._worker = worker
        self._lanes: dict[str, bool] = {}
        self._looks = 0
        self._full = False
        self._strays: set[int] = set()
        """Leased, and not to be sent now: the database was away when they were to be given back."""
        self._delivered = Batches[int](self._finish, DELIVERIES_LEASED * 4)

    async def run(self, bell: Bell) -> None:
        """Open lanes for hosts to which something is due, until the bell stops or the task is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while not bell.stopped:
                found = await self._look()
                for lane in found:
                    tasks.create_task(self._lane(lane, bell))
                if not (found and self._full):
                    await bell.wait()

    async def _look(self) -> list[_Owed]:
        """Hosts to which something is due: what was leased of those that are well; the breaker of the others must be
        asked first."""
        room = DELIVERY_HOSTS - len(self._lanes)
        self._looks += 1
        if room <= 0:
            self._full = True
            return []
        try:
            async with self._node.database.pool.acquire() as db, db.transaction():
                strays = tuple(self._strays)
                if strays:
                    await deliveries.release(db, strays)
                due = await deliveries.due_hosts(db, room, busy=tuple(self._lanes))
                # Where each process takes its share of what is left, all of them end at about the same time.
                ours = due[: max(math.ceil(len(due) / self._node.settings.workers), DELIVERY_HOSTS_TAKEN)]
                found = await self._lease_well(db, [one.host for one in ours if not one.failing])
        except Exception as error:
            if not is_away(error):
                raise
            _log.warning("database away", kind=type(error).__name__)
            return []
        self._strays.difference_update(strays)
        self._full = len(due) == room or len(due) > len(ours)
        self._lanes.update((one.host, False) for one in found)
        for one in ours:
            if one.failing and sum(self._lanes.values()) < DELIVERY_HOSTS_FAILING:
                self._lanes[one.host] = True
                found.append(_Owed(host=one.host))
        return found

    async def _lease_well(self, db: Db, well: Sequence[str]) -> list[_Owed]:
        by_host: dict[str, list[Delivery]] = {}
        for one in await deliveries.lease_of_hosts(db, self._worker, well, DELIVERIES_LEASED) if well else ():
            by_host.setdefault(one.host, []).append(one)
        signers = await _signers(db, [one for taken in by_host.values() for one in taken])
        return [_Owed(host=host, taken=taken, signers=signers) for host, taken in by_host.items()]

    async def _lane(self, owed: _Owed, bell: Bell) -> None:
        """What was leased of one host; then somebody else may have the lane."""
        began, failing = self._looks, owed.taken is None
        try:
            if owed.taken is None:
                owed = await self._lease(owed.host)
            if owed.taken:
                await _Lane(self._node, owed, self._delivered, bell, failing=failing).run()
        except Exception as error:  # the edge of the worker: other lanes go on; leases end by themselves
            if not is_away(error):
                _log.error("lane failed", host=owed.host, kind=type(error).__name__, exc_info=error)
            self._strays.update(one.id for one in owed.taken or ())
        finally:
            del self._lanes[owed.host]
            # Whoever looked meanwhile passed over this host; and other hosts may wait for a lane.
            if failing or self._full or self._looks > began or len(owed.taken or ()) == DELIVERIES_LEASED:
                bell.ring()

    async def _lease(self, host: str) -> _Owed:
        """What the breaker of a host that failed lets go out."""
        async with self._node.database.pool.acquire() as db, db.transaction():
            breaker = msgspec.convert(await hosts.lock_breaker(db, host) or {}, Breaker)
            now = time.time()
            permission = retry.permits(breaker, now)
            if permission == "no":
                return _Owed(host=host, taken=())
            if permission == "probe":
                await _keep(db, host, retry.start_probe(breaker, now), now)
            limit = DELIVERIES_LEASED if permission == "yes" else 1
            taken = await deliveries.lease(db, self._worker, host, limit)
            return _Owed(host=host, taken=taken, signers=await _signers(db, taken))

    async def _finish(self, delivered: Sequence[int]) -> None:
        """Written down whatever happens, lest they go out again."""
        while True:
            try:
                async with self._node.database.pool.acquire() as db:
                    return await deliveries.finish(db, delivered)
            except Exception as error:
                if not is_away(error):
                    raise
                _log.warning("database away", kind=type(error).__name__)
            await asyncio.sleep(CHILD_RETRY_SECONDS)


class _Lane:
    """What was leased to one host, sent some at a time; it ends early when the breaker opens."""

    def __init__(self, node: Node, owed: _Owed, delivered: Batches[int], bell: Bell, *, failing: bool) -> None:
        self._node = node
        self._host = owed.host
        self._waiting = list(reversed(owed.taken or ()))
        self._signers = owed.signers
        self._failing = failing
        self._delivered = delivered
        self._bell = bell
        self._followers = Headers(node)
        self._open = False

    async def run(self) -> None:
        """Send; give back what was not sent."""
        try:
            # A connection is worth several deliveries: opening it costs more than one of them.
            connections = math.ceil(len(self._waiting) / DELIVERIES_PER_CONNECTION)
            async with asyncio.TaskGroup() as tasks:
                for _ in range(min(DELIVERIES_PER_HOST, connections)):
                    tasks.create_task(self._send())
        finally:
            await self._give_back()

    async def _send(self) -> None:
        while self._waiting and not self._open and not self._bell.stopped:
            one = self._waiting.pop()
            signer = self._signers[one.signer_id]
            if signer is None:
                await self._give_up(one, "the sender has no key any more")
                continue
            try:
                headers = await self._followers.of(one)
                outcome = await deliver(
                    self._node.client, one.inbox, one.document.encode(), signer, self._node.schemes, headers=headers
                )
            except BaseException:
                self._waiting.append(one)
                raise
            await self._settle(one, outcome)

    async def _settle(self, one: Delivery, outcome: Outcome) -> None:
        words = _words(outcome) if isinstance(outcome, TryLater | Refused) else type(outcome).__name__.lower()
        uri, fine = self._node.urls.activity(one.activity_id), isinstance(outcome, Delivered)
        self._node.traces.note("out", self._host, uri, f"{one.inbox}: {words}", fine=fine)
        match outcome:
            case Delivered():
                await self._delivered.put(one.id)
                await self._went_well()
            case TryLater() if outcome.reason is Failure.DNS and self._node.troubles.has("names"):
                await self._wait_for_names(one)
            case TryLater():
                age = (datetime.now(UTC) - one.created_at).total_seconds()
                wait = retry.retry_delay(one.attempts + 1, age, _spread(), outcome.retry_after)
                await self._failed(one, wait, _words(outcome), reached=outcome.reached)
            case Gone():
                await self._give_up(one, "gone")
            case Refused():
                await self._give_up(one, _words(outcome))

    async def _went_well(self) -> None:
        if not self._failing:
            return
        self._failing = False
        async with self._node.database.pool.acquire() as db:
            await hosts.keep_breaker(db, self._host, None, None)

    async def _failed(self, one: Delivery, wait: float | None, words: str, *, reached: bool) -> None:
        self._failing = True
        async with self._node.database.pool.acquire() as db, db.transaction():
            await deliveries.put_off(db, [PutOff(id=one.id, seconds=wait, error=words)])
            before = msgspec.convert(await hosts.lock_breaker(db, self._host) or {}, Breaker)
            now = time.time()
            after = retry.after_failure(before, now, _spread(), reached=reached)
            await _keep(db, self._host, after, now)
            await hosts.note_error(db, self._host, words)
        self._open = after.state != "closed"
        _log.info("delivery waits", inbox=one.inbox, reason=words, seconds=wait, open=self._open)

    async def _wait_for_names(self, one: Delivery) -> None:
        """It is our own name server that fails, so the host is not to blame."""
        self._open = True  # nothing else for this host would get out now
        waiting, self._waiting = [one.id, *(other.id for other in self._waiting)], []
        async with self._node.database.pool.acquire() as db:
            wait = NAMES_RETRY_SECONDS * (1 + _spread())
            await deliveries.wait(db, waiting, wait, queues.NAMES_AWAY)

    async def _give_up(self, one: Delivery, words: str) -> None:
        """The host answered, so it is well: only this inbox will not have it."""
        async with self._node.database.pool.acquire() as db:
            await deliveries.put_off(db, [PutOff(id=one.id, seconds=None, error=words)])
        await self._went_well()
        _log.info("delivery given up", inbox=one.inbox, reason=words)

    async def _give_back(self) -> None:
        if self._waiting:
            async with self._node.database.pool.acquire() as db:
                await deliveries.release(db, [one.id for one in self._waiting])


async def _signers(db: Db, taken: Sequence[Delivery]) -> dict[int, Signer | None]:
    return {signer_id: await _signer(db, signer_id) for signer_id in {one.signer_id for one in taken}}


async def _signer(db: Db, actor_id: int) -> Signer | None:
    try:
        secret = await actors.secret_keys(db, actor_id)
    except NotFound:
        return None
    key = SigningKey(key_id=secret.public_key_id, private_key=load_private_key(secret.private_key))
    return KeySigner(key, lambda: datetime.now(UTC))


async def _keep(db: Db, host: str, breaker: Breaker, now: float) -> None:
    closed = breaker.state == "closed"
    await hosts.keep_breaker(db, host, msgspec.to_builtins(breaker), None if closed else max(breaker.until - now, 0.0))


def _spread() -> float:
    return random.random()  # noqa: S311 - jitter


def _words(outcome: TryLater | Refused) -> str:
    return f"{outcome.reason} {outcome.status}" if outcome.status else str(outcome.reason)
