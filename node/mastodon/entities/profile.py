"""A profile as its owner edits it (Mastodon 4.6)."""

from __future__ import annotations

import msgspec

from node.actions.profile import source_of
from node.mastodon.entities.account import AVATAR, HEADER, Field, picture_of
from node.mastodon.entities.credentials import raw_fields
from node.mastodon.eyes import Eyes
from node.store.files import media
from node.store.people import presence
from schemas.preferences import preferences_of
from schemas.records import Actor


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Texts as they were written; pictures are null where there are none."""

    id: str
    display_name: str
    note: str
    fields: list[Field]
    avatar: str | None
    avatar_static: str | None
    avatar_description: str
    header: str | None
    header_static: str | None
    header_description: str
    locked: bool
    bot: bool
    hide_collections: bool
    discoverable: bool
    indexable: bool
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    attribution_domains: list[str]


async def render_profile(eyes: Eyes, actor: Actor) -> Profile:
    """The profile of the actor who acts."""
    shows = preferences_of((await presence.of(eyes.db, [actor.id]))[actor.id].shows)
    avatar = picture_of(eyes, actor.icon_url, AVATAR) if actor.icon_url else None
    header = picture_of(eyes, actor.banner_url, HEADER) if actor.banner_url else None
    return Profile(
        id=str(actor.id),
        display_name=actor.display_name,
        note=await source_of(eyes.db, actor),
        fields=raw_fields(actor),
        avatar=avatar,
        avatar_static=avatar,
        avatar_description=await _alt(eyes, actor.icon_id),
        header=header,
        header_static=header,
        header_description=await _alt(eyes, actor.banner_id),
        locked=actor.locked,
        bot=actor.bot,
        hide_collections=actor.hide_collections,
        discoverable=actor.discoverable,
        indexable=actor.indexable,
        show_media=shows.show_media,
        show_media_replies=shows.show_media_replies,
        show_featured=shows.show_featured,
        attribution_domains=list(actor.attribution_domains),
    )


async def _alt(eyes: Eyes, medium_id: int | None) -> str:

    medium = await media.find(eyes.db, medium_id) if medium_id else None
    return medium.alt if medium else ""
