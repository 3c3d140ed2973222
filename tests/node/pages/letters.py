"""The outbox of a hub as its readers see it: what was put there, rendered, and the links in it."""

from __future__ import annotations

import re

import msgspec

from node.mailing.rendering import Letter, write
from node.store.hub import hub as hubs
from node.store.notices import mails
from node.store.notices.mails import Mail
from node.worker import JOBS
from tests.node.pages.conftest import Hub

LINK = re.compile(r"https?://\S+")


class Sent(msgspec.Struct, frozen=True):
    """A letter in the outbox, and what its reader sees."""

    mail: Mail
    letter: Letter

    def link(self, part: str) -> str:
        """The path of the first link with this part."""
        found = next(one for one in LINK.findall(self.letter.text) if part in one)
        return "/" + found.split("/", 3)[3]


async def outbox(hub: Hub, kind: str | None = None) -> list[Sent]:
    """What is in the outbox (of a kind), the oldest first; jobs that were asked for are done before."""
    for row in await hub.db.fetch("DELETE FROM jobs WHERE kind = 'send_reset' RETURNING kind, arguments"):
        await JOBS[row["kind"]](hub.node, **row["arguments"])
    itself = await hubs.get(hub.db)
    found = [one for one in await mails.list_latest(hub.db, None, 50) if kind in (None, one.kind)]
    return [Sent(one, write(one, itself, hub.node.settings)) for one in reversed(found)]


async def last(hub: Hub, kind: str) -> Sent:
    """The latest letter of a kind."""
    return (await outbox(hub, kind))[-1]
