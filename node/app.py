"""The one place where the parts meet: settings in, one running node or one aiohttp application out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from aiohttp import web

from federation.build.urls import Urls
from federation.client import GuardedClient
from federation.signatures.keys import SigningKey, load_private_key
from federation.signing import KeySigner
from node import policy
from node.actions.setup import prepare
from node.activitypub.inbox import ARRIVING, keep_arrivals
from node.activitypub.signed import KEYS, Keys
from node.caches.kept import Kept
from node.caches.lists import Lists
from node.caches.remembered import Remembered
from node.caches.watch import Watch
from node.health.names import Names
from node.health.troubles import Troubles
from node.health.vitals import Clock, Disk, keep_looking, memory_held
from node.mastodon import cors
from node.mastodon.streaming.keys import STREAMS
from node.mastodon.streaming.streams import streaming
from node.node import Node
from node.observability import journal
from node.observability.counting import Tallies
from node.observability.meters import FIGURES, Meters
from node.policy import Policy
from node.routes import add_routes
from node.schemes import HostSchemes
from node.settings import Settings
from node.siblings.waking import Waker
from node.store.db import Db
from node.store.listen import Listener, Pulse
from node.store.people import actors
from node.store.pool import Database, open_database
from node.store.queues import queues
from node.store.upkeep.before_upgrade import bring_up_to_date
from node.theming import frame, theme
from node.web import bodies, middleware, modules, overload, sessions, uploads
from node.web.keys import DATABASE, ERROR_PAGE, HTTP, LIMITER, NODE, SETTINGS, URLS, WHO_ASKS
from node.web.limits import Limiter
from node.worker import working
from schemas.limits import REQUEST_BYTES
from schemas.records import Actor

VERSION = version("allmende")


def build_app(settings: Settings, *, work: bool = True, siblings: Path | None = None) -> web.Application:
    """The whole node. Without `work` it only answers requests: other processes do the jobs and deliveries."""
    app = web.Application(
        middlewares=[
            overload.gate,
            uploads.room,
            middleware.access,
            middleware.errors,
            overload.well,
            middleware.limits,
            bodies.whole,
            cors.cross_origin,
        ],
        client_max_size=REQUEST_BYTES,
    )
    app[SETTINGS] = settings
    app[URLS] = Urls(settings.base_url)
    app[LIMITER] = Limiter()
    app[WHO_ASKS] = sessions.who_asks
    app[ERROR_PAGE] = frame.error_page
    sessions.set_up(app)
    app.middlewares.append(modules.modules)  # inside the sessions: its answer is a page for who asks
    theme.set_up(app)
    overload.set_up(app)
    bodies.set_up(app)
    app.on_response_prepare.append(middleware.security_headers)
    app.on_response_prepare.append(cors.allow_origin)
    app.cleanup_ctx.append(lambda app: _run(app, settings, work=work, siblings=siblings))
    app.on_shutdown.append(_end_streams)
    add_routes(app)
    return app


async def _end_streams(app: web.Application) -> None:
    """Before the server waits for its connections: these would never end by themselves."""
    app[STREAMS].close()


async def _run(app: web.Application, settings: Settings, *, work: bool, siblings: Path | None) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        node, waker = await stack.enter_async_context(open_node(settings))
        app[NODE], app[DATABASE], app[HTTP] = node, node.database, node.client
        node.meters.watch("inbox_turned_away", lambda: app[overload.GATE].refused)
        node.meters.watch("inbox_open", lambda: app[overload.GATE].under_way)
        app[KEYS] = Keys(node)
        worker = await stack.enter_async_context(working(node, waker, siblings)) if work else None
        app[STREAMS] = await stack.enter_async_context(streaming(node, waker))
        app[ARRIVING] = await stack.enter_async_context(keep_arrivals(node, worker))
        yield


@asynccontextmanager
async def open_node(settings: Settings) -> AsyncIterator[tuple[Node, Waker]]:
    """A node on its database, migrated and prepared, with its client and ears open, and what wakes its workers."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings))
        urls = Urls(settings.base_url)
        instance = await _prepare(database, settings, urls)
        rules, troubles = Policy(), Troubles()
        names = Names(troubles)
        listener = Listener(database, lambda pulse: _feel(database, troubles, pulse))
        waker = Waker(database, listener)
        await _follow_rules(database, rules, listener, stack)
        client = GuardedClient(
            user_agent=f"Allmende/{VERSION} (+{settings.base_url})",
            may_federate=rules.may_federate,
            allowed_networks=settings.allow_networks,
            plain_http=settings.allow_http,
            resolver=names,
        )
        stack.push_async_callback(waker.flush)
        tallies = Tallies(database)
        stack.push_async_callback(tallies.flush)
        watch = Watch(lambda: troubles.breaks)
        node = Node(
            settings=settings,
            database=database,
            client=await stack.enter_async_context(client),
            urls=urls,
            policy=rules,
            instance=instance,
            signer=_signer(instance),
            schemes=HostSchemes(database),
            tallies=tallies,
            wake=waker.wake,
            wake_for_news=waker.wake_for_news,
            wake_for_arrivals=waker.wake_for_arrivals,
            troubles=troubles,
            kept=Kept(lambda: troubles.breaks, watch),
            lists=Lists(watch),
            answers=Remembered(watch),
            meters=stack.enter_context(closing(Meters(settings.data / FIGURES))),
        )
        _watch(node)
        stack.push_async_callback(node.traces.flush, database)
        stack.push_async_callback(journal.flush, database)
        await stack.enter_async_context(listener.running())
        regular = (tallies.flush_regularly(), node.traces.flush_regularly(database), journal.flush_regularly(database))
        for task in (waker.run(), _look_after(node, names), node.meters.note_regularly(), *regular):
            _keep_running(stack, asyncio.create_task(task))
        yield node, waker


def _look_after(node: Node, names: Names) -> Coroutine[None, None, None]:
    return keep_looking(
        Clock(node.troubles), Disk(node.troubles, node.settings, node.database), names,
        jumped=lambda: _hurry(node, queues.pull_in), named=lambda: _hurry(node, queues.hurry_named),
    )  # fmt: skip


def _watch(node: Node) -> None:
    database, noted = node.database, node.traces.noted
    node.meters.watch("deliveries_made", lambda: noted["out", True])
    node.meters.watch("deliveries_failed", lambda: noted["out", False])
    node.meters.watch("database_wait_seconds", lambda: database.waited)
    node.meters.watch("database_connections", lambda: database.pool.get_size() - database.pool.get_idle_size())
    node.meters.watch("memory_bytes", memory_held)


def _feel(database: Database, troubles: Troubles, pulse: Pulse | None) -> None:
    """What the database's pulse says. After a break, or from a standby, connections are made anew: to whichever host
    takes what is new now."""
    if pulse is None:
        database.cut()
        return troubles.begin("database")
    if pulse.first or pulse.standby:
        troubles.breaks += 1
        database.renew()
    troubles.end("database")
    if pulse.standby:
        return troubles.begin("standby")
    return troubles.end("standby")


async def _hurry(node: Node, what: Callable[[Db], Awaitable[None]]) -> None:
    async with node.database.pool.acquire() as db:
        await what(db)
    node.wake()
    node.wake_for_arrivals()


async def _prepare(database: Database, settings: Settings, urls: Urls) -> Actor:
    async with database.direct() as db:
        await bring_up_to_date(db, database, settings)
        instance = await prepare(db, urls)
        return await actors.get(db, instance.id)


async def _follow_rules(database: Database, rules: Policy, listener: Listener, stack: AsyncExitStack) -> None:
    """Read who may be federated with now, whenever somebody changes it, and now and then because measures end."""
    changed = asyncio.Event()

    async def read() -> None:
        async with database.pool.acquire() as db:
            await rules.refresh(db)

    await read()
    listener.subscribe(policy.CHANNEL, lambda _: changed.set())
    _keep_running(stack, asyncio.create_task(policy.keep_fresh(read, changed)))


def _keep_running(stack: AsyncExitStack, task: asyncio.Task[None]) -> None:
    async def end() -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stack.push_async_callback(end)


def _signer(instance: Actor) -> KeySigner:
    if instance.public_key_id is None or instance.private_key is None:
        raise ValueError("the instance actor has no key")
    key = SigningKey(key_id=instance.public_key_id, private_key=load_private_key(instance.private_key))
    return KeySigner(key, lambda: datetime.now(UTC))
