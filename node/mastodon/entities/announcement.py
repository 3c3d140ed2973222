"""What the hub tells its members, as clients show it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from federation import markdown
from node.mastodon.answers import moment
from node.mastodon.entities.emoji import CustomEmoji, emojis_in, from_emoji
from node.mastodon.eyes import Eyes
from node.store.files import emojis
from node.store.hub.announcements import Announcement as Told


class Reaction(msgspec.Struct, frozen=True, kw_only=True):
    """An emoji and how many reacted with it; `url` is there for pictures of ours."""

    name: str
    count: int
    me: bool
    url: str | msgspec.UnsetType = msgspec.UNSET
    static_url: str | msgspec.UnsetType = msgspec.UNSET


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """`mentions` and `statuses` are always empty: announcements name nobody."""

    id: str
    content: str
    starts_at: str | None
    ends_at: str | None
    all_day: bool
    published_at: str
    updated_at: str
    read: bool
    mentions: list[str] = []
    statuses: list[str] = []
    tags: list[dict[str, str]] = []
    emojis: list[CustomEmoji] = []
    reactions: list[Reaction] = []


async def render_announcements(eyes: Eyes, told: Sequence[Told]) -> list[Announcement]:
    """One per announcement, in their order, in two queries however many they are."""
    spoken = {one.id: ("", [one.version(eyes.language).content]) for one in told}
    named = await emojis_in(eyes.db, eyes.node.urls, spoken)
    names = {(reaction.name, "") for one in told for reaction in one.reactions if reaction.name.isascii()}
    ours = await emojis.find_many(eyes.db, names) if names else {}
    pictures = {code: from_emoji(emoji, eyes.node.urls) for (code, _), emoji in ours.items()}
    return [_rendered(eyes, one, named[one.id], pictures) for one in told]


def _rendered(eyes: Eyes, one: Told, named: list[CustomEmoji], pictures: dict[str, CustomEmoji]) -> Announcement:
    version = one.version(eyes.language)
    return Announcement(
        id=str(one.id),
        content=version.content,
        starts_at=moment(one.starts_at) if one.starts_at else None,
        ends_at=moment(one.ends_at) if one.ends_at else None,
        all_day=one.all_day,
        published_at=moment(one.published_at),
        updated_at=moment(one.updated_at),
        read=one.read,
        tags=[{"name": tag.lower(), "url": eyes.node.urls.tag(tag)} for tag in markdown.names(version.source).tags],
        emojis=named,
        reactions=[
            Reaction(name=each.name, count=each.count, me=each.me, **_picture(pictures.get(each.name)))
            for each in one.reactions
        ],
    )


def _picture(emoji: CustomEmoji | None) -> dict[str, str]:
    return {"url": emoji.url, "static_url": emoji.static_url} if emoji else {}
