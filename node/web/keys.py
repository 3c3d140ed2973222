"""The AppKeys: what handlers find in `request.app`, put there by `app.py` alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp import web

from federation.build.urls import Urls
from federation.client import GuardedClient
from node.errors import NodeError
from node.node import Node
from node.settings import Settings
from node.store.db import Db
from node.store.pool import Database
from node.web.limits import Limiter
from schemas.records import Viewer

ErrorPage: TypeAlias = Callable[[web.Request, NodeError], Awaitable[web.Response]]
"""Shows an error to a reader as a page in the theme; the status is the error's."""

WhoAsks: TypeAlias = Callable[[web.Request, Db], Awaitable[Viewer | None]]
"""Who stands behind a session cookie or a bearer token. Raises Unauthorized for a token that is not valid."""

SETTINGS = web.AppKey("settings", Settings)
DATABASE = web.AppKey("database", Database)
HTTP = web.AppKey("http", GuardedClient)
URLS = web.AppKey("urls", Urls)
LIMITER = web.AppKey("limiter", Limiter)
NODE = web.AppKey("node", Node)
ERROR_PAGE = web.AppKey[ErrorPage]("error_page", Callable)  # type: ignore[arg-type]
WHO_ASKS = web.AppKey[WhoAsks]("who_asks", Callable)  # type: ignore[arg-type]
