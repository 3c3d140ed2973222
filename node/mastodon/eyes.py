"""With whose eyes something is shown to a client: in a request, in a stream, or in a push message."""

from __future__ import annotations

import msgspec

from node.caches.watch import Moment
from node.node import Node
from node.store.db import Db
from schemas.records import Viewer


class Eyes(msgspec.Struct, frozen=True, kw_only=True):
    """Who looks (None: a stranger), in which language they read, and the connection to look things up with. `moment`:
    since when the watch has looked for changes in this request; without it everything is looked at."""

    node: Node
    db: Db
    who: Viewer | None
    language: str
    moment: Moment | None = None

    @property
    def me(self) -> int | None:
        """The id of the actor who looks: whom `may_see` is asked for."""
        return self.who.acting.id if self.who else None
