"""A node behind a proxy that a test can spoil, and the doctor's view of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_network

import aiohttp
import msgspec
from aiohttp import web
from multidict import CIMultiDict

from node.app import build_app
from node.doctor.patient import Patient, admitted
from node.node import Node
from node.settings import Settings
from node.store.db import Db
from node.web.keys import NODE
from tests.factories import URLS, a_local_actor
from tests.ports import free_port

ADDRESS, PROXY = "127.0.0.1", "127.0.0.9"
KEPT_BY_PROXIES = ("Content-Type", "Location", "Vary", "Date")


class Passing(msgspec.Struct, kw_only=True):
    """A request on its way through the proxy, which may change it; `answer` ends it there."""

    path: str
    headers: CIMultiDict[str]
    body: bytes
    answer: web.Response | None = None


Change = Callable[[Passing], None]


def forwards(passing: Passing) -> None:
    """What a well-behaved proxy does."""
    known = passing.headers.get("X-Forwarded-For")
    passing.headers["X-Forwarded-For"] = f"{known}, 198.51.100.4" if known else "198.51.100.4"
    passing.headers["X-Forwarded-Proto"] = "http"


@asynccontextmanager
async def behind_proxy(
    settings: Settings, change: Change = forwards, *, trusted: bool = True
) -> AsyncIterator[tuple[Patient, Node]]:
    """A node whose public address is a proxy's, and the patient that it is to the doctor."""
    port, own_port = free_port(PROXY), free_port(ADDRESS)
    settings = msgspec.structs.replace(
        settings,
        base_url=f"http://{PROXY}:{port}",
        listen=f"{ADDRESS}:{own_port}",
        trusted_proxies=(ip_network("127.0.0.0/8"),) if trusted else (),
    )
    app = build_app(settings, work=False)
    async with aiohttp.ClientSession() as session, running(app, ADDRESS, own_port):
        proxy = web.Application()
        proxy.router.add_route("*", "/{path:.*}", _passer(session, f"http://{ADDRESS}:{own_port}", change))
        async with running(proxy, PROXY, port):
            node = app[NODE]
            async with admitted(settings, (PROXY,), node.instance) as patient:
                yield patient, node


@asynccontextmanager
async def running(app: web.Application, address: str, port: int) -> AsyncIterator[None]:
    """An application on a port."""
    runner = web.AppRunner(app, access_log=None, auto_decompress=False, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, address, port).start()
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def patient_at(db: Db, settings: Settings, base_url: str) -> AsyncIterator[Patient]:
    """The patient that a hub with this public address would be, whoever answers there."""
    instance = await a_local_actor(db, "instance", role="instance", urls=URLS)
    settings = msgspec.structs.replace(settings, base_url=base_url)
    async with admitted(settings, (settings.host,), instance) as patient:
        yield patient


def _passer(
    session: aiohttp.ClientSession, node: str, change: Change
) -> Callable[[web.Request], aiohttp.typedefs.Awaitable[web.StreamResponse]]:
    async def pass_on(request: web.Request) -> web.StreamResponse:
        passing = Passing(path=request.raw_path, headers=CIMultiDict(request.headers), body=await request.read())
        change(passing)
        if passing.answer is not None:
            return passing.answer
        passing.headers.pop("Content-Length", None)
        async with session.request(
            request.method, node + passing.path, headers=passing.headers, data=passing.body, allow_redirects=False
        ) as answer:
            kept = {name: answer.headers[name] for name in KEPT_BY_PROXIES if name in answer.headers}
            return web.Response(status=answer.status, body=await answer.read(), headers=kept)

    return pass_on
