"""What became of an arriving activity: a closed set of words. Ignored and refused carry the reason that is counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal, TypeAlias

import msgspec

from node.node import Node
from node.store.db import Db
from schemas.objects import RemoteActivity
from schemas.records import Actor

WantKind = Literal["fresh", "actor", "post"]
Want = tuple[WantKind, str]


class Taken(msgspec.Struct, frozen=True):
    """It took effect, or had done so before."""


class Ignored(msgspec.Struct, frozen=True):
    """Not for us, or nobody here wants it."""

    reason: str


class Refused(msgspec.Struct, frozen=True):
    """The sender may not do that, or said it wrongly."""

    reason: str


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing was done yet: first learn these actors and posts (ids) from the network, then ask again.

    `fresh` actors are fetched even if they are known. `origin`: see what the object's own server shows at this id; the
    next time the activity says what came of it (`at_origin`). `otherwise`: how it ends, or goes on, when all was tried.
    """

    actors: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    origin: str | None = None
    otherwise: Outcome = Ignored("what it needs is not to be had")

    @property
    def wanted(self) -> list[Want]:
        """What is to be learnt, in the order in which it is."""
        by_kind: tuple[tuple[WantKind, tuple[str, ...]], ...] = (
            ("fresh", self.fresh),
            ("actor", self.actors),
            ("post", self.posts),
        )
        return [(kind, uri) for kind, uris in by_kind for uri in uris]


Outcome: TypeAlias = Taken | Ignored | Refused | Needs
Receiver: TypeAlias = Callable[[Node, Db, RemoteActivity, Actor], Awaitable[Outcome]]
"""(node, db inside one transaction, the activity, the actor whose signature or proof was verified) → outcome."""
