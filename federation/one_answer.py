"""What is heard on a connection to another server: one answer to each request. aiohttp keeps whatever else comes,
without bound, and takes it for the answer to the next request."""

import asyncio
import functools
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import HttpProcessingError, RawResponseMessage
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader

from federation.undocumented import check_factory
from schemas.limits import HTTP_HINTS


class OneAnswer(ResponseHandler):
    """A connection that ends as soon as something comes after an answer that was not asked for."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._answer: StreamReader | None = None
        """The body of the answer to the last request."""
        self._hints = 0

    def set_response_params(self, **params: Any) -> None:
        """Part of aiohttp: a request goes out, and an answer may come."""
        self._answer, self._hints = None, 0
        super().set_response_params(**params)

    def data_received(self, data: bytes) -> None:
        """Part of asyncio.Protocol."""
        if data and self._answer is not None and self._answer.is_eof():
            self._end()
        else:
            super().data_received(data)

    def feed_data(self, data: tuple[RawResponseMessage, StreamReader], size: int = 0) -> None:
        """Part of aiohttp: the head of an answer was read."""
        message, body = data
        if self._answer is not None:
            return self._end()
        if not 100 <= message.code < 200 or message.code == 101:
            self._answer = body
        else:
            self._hints += 1
            if self._hints > HTTP_HINTS:
                self.set_exception(HttpProcessingError(message="no end of hints"))
                return self._end()
        return super().feed_data(data, size)

    def _end(self) -> None:
        self._answer = EMPTY_PAYLOAD
        self.force_close()
        if self.transport is not None:
            self.transport.abort()


def hear_one_answer(connector: aiohttp.BaseConnector) -> None:
    """Let all connections that it opens be such. Of aiohttp's own, there is no other place to say so. AiohttpChanged
    where that place is another."""
    check_factory(connector)
    connector._factory = functools.partial(_opened, asyncio.get_running_loop())


def _opened(loop: asyncio.AbstractEventLoop) -> ResponseHandler:
    return OneAnswer(loop)
