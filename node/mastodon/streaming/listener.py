"""One client that listens: who it is, to what, and the frames that wait for it."""

from __future__ import annotations

import asyncio
from typing import Literal

import msgspec

from node.mastodon.errors import Refused
from node.mastodon.streaming.channels import Channel
from node.store.access.bearers import Bearer
from node.wording.language import choose
from schemas.limits import STREAM_QUEUE, STREAM_SUBSCRIPTIONS
from schemas.records import Viewer

Event = Literal[
    "update", "status.update", "delete", "notification", "notifications_merged", "filters_changed", "conversation",
    "announcement", "announcement.reaction", "announcement.delete",
]  # fmt: skip
End = Literal["left", "token", "slow", "rude", "stop"]
"""Why a stream ends: its client left, its token is no longer good, it takes frames too slowly or sends what it must
not, the node stops."""


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """One event on one stream. `payload`: a JSON document as text, or an id."""

    channel: Channel
    event: Event
    payload: str | None = None


class Listener:
    """`put` never waits: whoever lets too many frames wait is sent away, so that nobody else waits for them."""

    def __init__(self, bearer: Bearer, who: Viewer, address: str) -> None:
        self.token_id = bearer.id
        self.scopes = bearer.scopes
        self.who = who
        self.address = address
        self.channels: dict[Channel, None] = {}
        self.end: End | None = None
        self._frames: asyncio.Queue[Frame] = asyncio.Queue(STREAM_QUEUE)
        self._ended = asyncio.Event()

    @property
    def me(self) -> int:
        """The actor with whose eyes it reads."""
        return self.who.acting.id

    @property
    def reader(self) -> tuple[int, int]:
        """All listeners with the same reader are shown the same."""
        return self.who.account.id, self.who.acting.id

    @property
    def language(self) -> str:
        """In which language it reads."""
        return choose((self.who.account.language,), "", "en")

    def listen(self, channel: Channel) -> None:
        """To one stream more; Refused where there are too many."""
        if channel not in self.channels and len(self.channels) >= STREAM_SUBSCRIPTIONS:
            raise Refused(429, "Too many subscriptions")
        self.channels[channel] = None

    def put(self, frame: Frame) -> None:
        """Send a frame as soon as the client takes it."""
        try:
            self._frames.put_nowait(frame)
        except asyncio.QueueFull:
            self.leave("slow")

    async def next(self) -> Frame:
        """The next frame to send."""
        return await self._frames.get()

    def leave(self, why: End) -> None:
        """End the stream; the first reason counts."""
        self.end = self.end or why
        self._ended.set()

    async def left(self) -> None:
        """Return when the stream ends."""
        await self._ended.wait()
