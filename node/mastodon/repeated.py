"""Answers that are given again: to the same client, for the same address, as long as the database is the same."""

from __future__ import annotations

import msgspec
from aiohttp import web
from multidict import CIMultiDict

from node.caches.remembered import Found
from node.node import Node
from node.store.access.bearers import Bearer
from node.store.db import Db
from node.web.keys import NODE

Key = tuple[str, str, str, int]
"""Address with query, token, language, and the version of our rules about other servers."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What was answered with 200, and who asked (None: a stranger)."""

    bearer: Bearer | None
    headers: CIMultiDict[str]
    body: bytes


class Again:
    """A request that may have been made before. `response` is the answer, if it still holds; `bearer` who asks then, or
    for any answer if that is known; `moment` when it was looked for changes."""

    def __init__(self, node: Node | None, key: Key, found: Found[Answer, Bearer] | None) -> None:
        known = found.value if found else None
        self._node, self._key, self.moment = node, key, found.moment if found else None
        self.bearer = known.bearer if known else found.asker if found else None
        self.response = web.Response(body=known.body, headers=known.headers) if known else None

    def is_by(self, token: str | None, bearer: Bearer | None) -> None:
        """Who asks was found out, after `find` was called."""
        if self._node and self.moment and token and bearer:
            self._node.answers.put_asker(token, self.moment, bearer)

    def kept(self, bearer: Bearer | None, response: web.StreamResponse) -> web.StreamResponse:
        """The response, remembered if it may be. It was made after `find` was called."""
        if self._node and self.moment and isinstance(response, web.Response) and response.status == 200:
            body = response.body
            if isinstance(body, bytes):
                answer = Answer(bearer=bearer, headers=CIMultiDict(response.headers), body=body)
                size = len(body) + sum(map(len, self._key[:3]))
                self._node.answers.put(self._key, self.moment, answer, size)
        return response


NEVER = Again(None, ("", "", "", 0), None)
"""For what is not remembered."""


async def find(request: web.Request, db: Db, token: str | None) -> Again:
    """What is known of a request. All that an answer depends on but the database is in the key: the address with its
    query, the token, the language, and whom we may federate with, which every process reads by itself."""
    if request.method != "GET" or request.body_exists or "resolve" in request.query:  # which asks other servers
        return NEVER
    node, headers = request.app[NODE], request.headers
    key = (
        request.path_qs,
        headers.get("Authorization", ""),
        headers.get("Accept-Language", ""),
        node.policy.version,
    )
    return Again(node, key, await node.answers.find(db, key, token))
