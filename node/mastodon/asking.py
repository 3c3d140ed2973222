"""One request of a client: who asks, what was sent, and the connection it is answered with."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, TypeVar

from aiohttp import web

from federation.build.urls import Urls
from node.caches.watch import Moment
from node.errors import NotFound, Unauthorized
from node.mastodon.eyes import Eyes
from node.mastodon.parameters import shaped
from node.node import Node
from node.store.access.bearers import Bearer
from node.store.db import Db
from node.web.keys import NODE, URLS
from node.wording.language import choose
from schemas.limits import ID_MOST
from schemas.records import Viewer

_T = TypeVar("_T")


class Ask:
    """What a handler gets. `db` is a connection to read with, or inside the one transaction of a deed that is committed
    when the handler returns; handlers that open their own (see `Work`) must not touch it. `moment`: when changes were
    looked for, before anything was read."""

    def __init__(
        self,
        request: web.Request,
        bearer: Bearer | None,
        parameters: dict[str, Any],
        db: Db,
        moment: Moment | None = None,
    ) -> None:
        self.request = request
        self.bearer = bearer
        self.parameters = parameters
        self.db = db
        self.moment = moment
        self.node: Node = request.app[NODE]
        self.urls: Urls = request.app[URLS]

    @property
    def viewer(self) -> Viewer | None:
        """The member who asks; None for strangers and for an app on its own behalf."""
        return self.bearer.viewer if self.bearer else None

    @property
    def who(self) -> Viewer:
        """The member who asks; Unauthorized for anybody else."""
        if self.viewer is None:
            raise Unauthorized
        return self.viewer

    @property
    def me(self) -> int | None:
        """The actor with whose eyes is read, and who acts: the member, or the hub where the token acts as the hub."""
        return self.viewer.acting.id if self.viewer else None

    @cached_property
    def language(self) -> str:
        """In which language texts are shown: the member's, else what the client accepts."""
        own = self.viewer.account.language if self.viewer else None
        return choose((own,), self.request.headers.get("Accept-Language", ""), "en")

    @cached_property
    def eyes(self) -> Eyes:
        """What entities are rendered with."""
        return Eyes(node=self.node, db=self.db, who=self.viewer, language=self.language, moment=self.moment)

    def take(self, shape: type[_T]) -> _T:
        """The parameters as a struct; 422 for what makes no sense."""
        return shaped(self.parameters, shape)

    def id(self, name: str = "id") -> int:
        """An id in the path; NotFound for what cannot be one."""
        return parsed_id(self.request.match_info[name])


def parsed_id(written: str) -> int:
    """An id as clients write it (a decimal string); NotFound for what cannot be one."""
    if not (written.isascii() and written.isdecimal()) or len(written) > len(str(ID_MOST)) or int(written) > ID_MOST:
        raise NotFound
    return int(written)


def parsed_ids(written: Iterable[str]) -> list[int]:
    """Those of the written ids that can be some, each once."""
    found: dict[int, None] = {}
    for one in written:
        try:
            found[parsed_id(one)] = None
        except NotFound:
            continue
    return list(found)
