"""The part of the node that works when nobody waits: arrivals, deliveries, jobs and tidying up.

To add a kind of job: a coroutine `(node, **arguments)` and its line in JOBS."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import structlog

from federation.outcomes import FetchFailed
from federation.retry import retry_delay
from node.actions.counts import tell_counts
from node.actions.forgotten import send_reset
from node.actions.leave import delete_account, erase_posts
from node.actions.log_notes import tell_log
from node.actions.match import match_call
from node.actions.renew import tend_calls
from node.actions.rsvp_news import remind_attendees, tell_attendees
from node.actions.series import tell_dates
from node.actions.watching import tell_poll_over
from node.arrivals.arriving import Arriving
from node.deliveries.delivering import Delivering
from node.deliveries.followers_sync import sync_followers
from node.jobs import alarms, back_ups, lists, measures, media
from node.jobs import check_up as check_up_jobs
from node.jobs.backfill import backfill_actor, confirm_gone
from node.jobs.bringing import bring_along
from node.jobs.cards import fetch_card
from node.jobs.chores import run_chores
from node.jobs.links import ask_for_looks, verify_links
from node.jobs.meeting_hosts import meet_host
from node.jobs.meeting_hubs import check_hub, read_hubs
from node.jobs.pushing import push_notice
from node.jobs.quotes import verify_quote
from node.jobs.rechecking import recheck
from node.jobs.taking_held import take_held
from node.mailing.digest import send_digests
from node.mailing.notices import mail_notices
from node.mailing.sending import Sending
from node.mastodon.scheduled import publish_scheduled
from node.node import Node
from node.observability.logs import escape
from node.pages.member.taking import make_export
from node.remote import learn_post
from node.siblings.waking import ARRIVALS, Bell, Waker
from node.store.db import is_away
from node.store.pool import IN_BACKGROUND
from node.store.queues import jobs, leases
from schemas.limits import (
    CHILD_RETRY_SECONDS,
    DATABASE_CONNECT_SECONDS,
    FAILURE_CHARS,
    JOB_ATTEMPTS,
    JOB_HORIZON_SECONDS,
    JOB_SECONDS,
    JOBS_LEASED,
    JOBS_PER_HOST,
    LIFE_SECONDS,
    STOP_SECONDS,
)
from schemas.records import Job

JOBS: Mapping[str, Callable[..., Awaitable[object]]] = {
    "ask_for_looks": ask_for_looks,
    "apply_list": lists.apply_list,
    "back_up": back_ups.back_up,
    "backfill_actor": backfill_actor,
    "bring_along": bring_along,
    "check_hub": check_hub,
    "check_up": check_up_jobs.check_up,
    "confirm_gone": confirm_gone,
    "delete_account": delete_account,
    "erase_posts": erase_posts,
    "fetch_card": fetch_card,
    "fetch_list": lists.fetch_list,
    "fetch_media": media.fetch_media,
    "learn_post": learn_post,
    "make_export": make_export,
    "mark_media": media.mark_media,
    "match_call": match_call,
    "mail_notices": mail_notices,
    "meet_host": meet_host,
    "process_media": media.process_media,
    "publish_scheduled": publish_scheduled,
    "purge_actor": measures.purge_actor,
    "push_notice": push_notice,
    "read_hubs": read_hubs,
    "read_list": lists.read_list,
    "recheck": recheck,
    "remind_attendees": remind_attendees,
    "remove_files": media.remove_files,
    "restore_follows": measures.restore_follows,
    "send_digests": send_digests,
    "send_reset": send_reset,
    "sweep_media": media.sweep_media,
    "sync_followers": sync_followers,
    "take_held": take_held,
    "tell_attendees": tell_attendees,
    "tell_counts": tell_counts,
    "tend_calls": tend_calls,
    "tell_dates": tell_dates,
    "tell_log": tell_log,
    "tell_poll_over": tell_poll_over,
    "tell_suspended": measures.tell_suspended,
    "trim_media": media.trim_media,
    "try_back_up": back_ups.try_back_up,
    "verify_links": verify_links,
    "verify_quote": verify_quote,
    "watch_node": alarms.watch_node,
}

_log = structlog.get_logger("node.worker")


@asynccontextmanager
async def working(node: Node, waker: Waker, siblings: Path | None = None) -> AsyncIterator[Arriving]:
    """Work for as long as the block lasts; at its end what is under way has STOP_SECONDS, then it is cancelled. Gives
    what takes arrivals, for whom receives them in this process. `siblings`: the folder where the processes of this node
    meet, if it has several."""
    worker = leases.new_worker()
    arriving = Arriving(node, worker)
    bells = [waker.bell(ARRIVALS), waker.bell(), waker.bell(), waker.bell()]
    alive = asyncio.Event()
    living = _kept("life", lambda: _live(node, arriving, alive))
    await alive.wait()
    loops = [
        living,
        _kept("arrivals", lambda: arriving.run(bells[0])),
        _kept("deliveries", lambda: Delivering(node, worker).run(bells[1])),
        _kept("jobs", lambda: Working(node, worker).run(bells[2])),
        _kept("mails", lambda: Sending(node, worker).run(bells[3])),
        _kept("chores", lambda: run_chores(node)),
    ]
    try:
        async with arriving.siblings.meeting(siblings):
            yield arriving
    finally:
        for bell in bells:
            bell.stop()
        await asyncio.wait(loops[1:5], timeout=STOP_SECONDS)
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)


async def _live(node: Node, arriving: Arriving, alive: asyncio.Event) -> None:
    """Hold the worker's lock for the life of the process; should the database go away, take it again. When another
    worker holds its lock no longer, what it had leased is free for all."""
    while True:
        try:
            async with node.database.direct() as db:
                await leases.hold(db, arriving.worker)
                alive.set()
                node.wake()
                known = frozenset({arriving.worker})
                while True:
                    await asyncio.sleep(LIFE_SECONDS)
                    async with asyncio.timeout(DATABASE_CONNECT_SECONDS):
                        living = await leases.living(db)
                    if known - living:
                        arriving.look_for_lost()
                        await _take_over(node)
                    known = living
        except Exception as error:
            if not is_away(error):
                raise
            _log.warning("database away", kind=type(error).__name__)
        await asyncio.sleep(CHILD_RETRY_SECONDS)


async def _take_over(node: Node) -> None:
    async with node.database.pool.acquire() as db:  # not that of the lock: it must not wait for anything
        freed = await leases.free_dead(db)
    _log.info("a worker has ended", freed=freed)
    node.wake()
    node.wake_for_arrivals()


class Working:
    """Does jobs: so many at a time, and few of them for one host."""

    def __init__(self, node: Node, worker: int) -> None:
        self._node = node
        self._worker = worker
        self._under_way: dict[int, str] = {}
        self._strays: set[int] = set()
        """Leased, and not worked on: the database was away when they were to be given back."""

    async def run(self, bell: Bell) -> None:
        """Take what is due and do it, until the bell stops or the task is cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                while not bell.stopped:
                    taken = await self._lease()
                    for job in taken:
                        self._under_way[job.id] = job.host
                        tasks.create_task(self._do(job, bell))
                    if not taken:
                        await bell.wait()
        finally:
            await self._give_back()

    async def _lease(self) -> list[Job]:
        hosts = Counter(self._under_way.values())
        busy = [host for host, count in hosts.items() if host and count >= JOBS_PER_HOST]
        strays = tuple(self._strays)
        if strays:
            await asyncio.sleep(CHILD_RETRY_SECONDS)
        try:
            async with self._node.database.pool.acquire() as db:
                if strays:
                    await jobs.release(db, strays)
                    self._strays.difference_update(strays)
                room = JOBS_LEASED - len(self._under_way)
                return await jobs.lease(db, self._worker, room, JOBS_PER_HOST, busy_hosts=busy)
        except Exception as error:
            if not is_away(error):
                raise
            _log.warning("database away", kind=type(error).__name__)
            return []

    async def _do(self, job: Job, bell: Bell) -> None:
        try:
            if job.kind not in JOBS:
                raise LookupError(f"nobody knows how to do {job.kind}")
            async with asyncio.timeout(JOB_SECONDS):
                await JOBS[job.kind](self._node, **job.arguments)
            async with self._node.database.pool.acquire() as db:
                await jobs.finish(db, job.id)
        except Exception as error:  # the edge of the worker: whatever it is, other jobs go on
            await self._put_off(job, error)
        del self._under_way[job.id]
        bell.ring()

    async def _put_off(self, job: Job, error: Exception) -> None:
        kind = type(error).__name__
        self._node.troubles.saw(error)
        if self._node.troubles.is_ours(error):
            self._strays.add(job.id)
            return
        if not isinstance(error, FetchFailed) and not is_away(error):
            _log.error("job failed", job=job.kind, kind=kind, exc_info=error)
        age = (datetime.now(UTC) - job.created_at).total_seconds()
        wished = error.retry_after if isinstance(error, FetchFailed) else None
        delay = retry_delay(job.attempts, age, random.random(), wished)  # noqa: S311 - jitter
        final = isinstance(error, FetchFailed) and not error.temporary
        if final or age > JOB_HORIZON_SECONDS or job.attempts >= JOB_ATTEMPTS:
            delay = None
        try:
            async with self._node.database.pool.acquire() as db:
                await jobs.put_off(db, job.id, delay, escape(f"{kind}: {error}", FAILURE_CHARS))
        except Exception as second:
            if not is_away(second):
                raise
            _log.warning("database away", kind=type(second).__name__)
            self._strays.add(job.id)

    async def _give_back(self) -> None:
        if self._under_way:
            async with self._node.database.pool.acquire() as db:
                await jobs.release(db, tuple(self._under_way))


def _kept(name: str, run: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
    """A loop that is begun again should it fail: a mistake of ours in one thing must not end all work."""

    async def keep() -> None:
        IN_BACKGROUND.set(True)
        while True:
            try:
                return await run()
            except Exception as error:
                _log.critical(
                    "a loop of the worker failed", loop=name, exc_info=error,
                    do="It goes on by itself. Please report this line as a mistake of the program.",
                )  # fmt: skip
            await asyncio.sleep(CHILD_RETRY_SECONDS)

    return asyncio.create_task(keep(), name=name)
