"""The one place where the parts meet: settings in, one running node or one aiohttp application out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web

from federation.build.urls import Urls
from federation.client import GuardedClient
from node import AGENT, middleware
from node.actions.setup import prepare
from node.keys import DATABASE, HTTP, LIMITER, NODE, SETTINGS, URLS
from node.limits import Limiter
from node.node import Node
from node.policy import Policy
from node.routes import add_routes
from node.settings import Settings
from node.store.pool import open_database
from node.worker import working
from schemas.limits import REQUEST_BYTES


def build_app(settings: Settings, *, work: bool = True) -> web.Application:
    """The whole node. Without `work` it only answers requests: other processes do the jobs and deliveries."""
    app = web.Application(
        middlewares=[middleware.access, middleware.errors, middleware.limits], client_max_size=REQUEST_BYTES
    )
    app[SETTINGS] = settings
    app[URLS] = Urls(settings.base_url)
    app[LIMITER] = Limiter()
    app.on_response_prepare.append(middleware.security_headers)

    async def run(app: web.Application) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            node = await stack.enter_async_context(open_node(settings))
            app[NODE], app[DATABASE], app[HTTP] = node, node.database, node.client
            if work:
                await stack.enter_async_context(working(node))
            yield

    app.cleanup_ctx.append(run)
    add_routes(app)
    return app
