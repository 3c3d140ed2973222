"""What other servers attach and show of themselves becomes media of ours: noted with what names it, fetched later."""

from __future__ import annotations

import msgspec

from federation.addresses import BadAddress, host_of, same_origin
from node.store.db import Db
from node.store.files import media
from schemas.media_types import claimed_kind, wanted
from schemas.objects import RemoteObject
from schemas.records import Actor
from schemas.things import Attachment


async def adopt_attachments(db: Db, thing: RemoteObject) -> list[Attachment]:
    """The attachments of a thing, each with the id of our copy where it is a medium and its origin's media are taken
    (case 81: what is none stays a mere link)."""
    if not thing.attachments:
        return []
    refused = await media.refuses_media(db, host_of(thing.attributed_to))
    own = await _own_address(db)
    theirs = [one for one in thing.attachments if not same_origin(one.url, own)]
    return [msgspec.structs.replace(one, media_id=None if refused else await _copy(db, one)) for one in theirs]


async def adopt_pictures(db: Db, actor: Actor) -> Actor:
    """An actor with the ids of our copies of its avatar and banner, as its record now has them."""
    if not (actor.icon_url or actor.banner_url or actor.icon_id or actor.banner_id):
        return actor
    refused = await media.refuses_media(db, actor.host)
    own = await _own_address(db)
    icon_id, banner_id = [
        None if refused or not url or same_origin(url, own) else await _noted(db, url, "image/*")
        for url in (actor.icon_url, actor.banner_url)
    ]
    shown = await media.set_pictures(db, actor.id, icon_id, banner_id)
    return msgspec.structs.replace(
        actor, icon_id=icon_id, banner_id=banner_id, icon_url=shown.icon_url, banner_url=shown.banner_url
    )


async def _own_address(db: Db) -> str:
    """Where this hub lives: what others attach from there is not theirs, and would be shown as if we had put it there
    (case 81)."""
    return await db.fetchval("SELECT base_url FROM hub") or ""


async def _copy(db: Db, attachment: Attachment) -> int | None:
    return await _noted(db, attachment.url, attachment.media_type) if wanted(attachment.media_type) else None


async def _noted(db: Db, url: str, media_type: str) -> int | None:
    try:
        host = host_of(url)
    except BadAddress:
        return None
    medium_id = await media.note_remote(db, url, media_type, claimed_kind(media_type))
    await media.ask_for(db, medium_id, host)
    return medium_id
