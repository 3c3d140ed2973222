"""Where the application keeps its streams."""

from __future__ import annotations

from aiohttp import web

from node.mastodon.streaming.streams import Streams

STREAMS = web.AppKey("streams", Streams)
