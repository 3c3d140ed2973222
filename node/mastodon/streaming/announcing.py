"""What the hub tells all its members, as events of the stream `user`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from node.mastodon.entities.announcement import Announcement, render_announcements
from node.mastodon.eyes import Eyes
from node.mastodon.streaming.listener import Event
from node.store.happenings import Happening
from node.store.hub import announcements
from schemas.limits import ANNOUNCEMENTS_SHOWN

KINDS = ("announcement.new", "announcement.deleted", "announcement.reaction")


class Reacted(msgspec.Struct, frozen=True, kw_only=True):
    """How often an emoji stands below an announcement now."""

    name: str
    count: int
    announcement_id: str


async def announced(eyes: Eyes, batch: Sequence[Happening]) -> Mapping[int, tuple[Event, str]]:
    """For each happening about an announcement, by its id, the event and what it brings this reader."""
    found: dict[int, tuple[Event, str]] = {}
    mine = [one for one in batch if one.kind in KINDS]
    if not mine or eyes.who is None:
        return found
    told = await announcements.list_current(eyes.db, eyes.who.account.id, ANNOUNCEMENTS_SHOWN)
    shown = {one.id: one for one in await render_announcements(eyes, told)}
    for one in mine:
        entity = shown.get(str(one.subject_id))
        if one.kind == "announcement.deleted":
            found[one.id] = ("announcement.delete", str(one.subject_id))
        elif entity is not None and one.kind == "announcement.new":
            found[one.id] = ("announcement", msgspec.json.encode(entity).decode())
        elif entity is not None:
            reacted = _reacted(entity, str(one.detail.get("name", "")))
            found[one.id] = ("announcement.reaction", msgspec.json.encode(reacted).decode())
    return found


def _reacted(entity: Announcement, name: str) -> Reacted:
    counts = {reaction.name: reaction.count for reaction in entity.reactions}
    return Reacted(name=name, count=counts.get(name, 0), announcement_id=entity.id)
