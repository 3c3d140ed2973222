"""What its owner does with an upload before anything shows it: describe it, give it another preview, take it back."""

from __future__ import annotations

from federation import sanitise
from node.errors import Conflict, Invalid
from node.store.db import Db
from node.store.files import media, uploads
from schemas.limits import ALT_CHARS
from schemas.problems import Problem
from schemas.reasons import TOO_LONG
from schemas.records import Actor, Medium


async def describe(
    db: Db,
    owner: Actor,
    medium_id: int,
    *,
    alt: str | None = None,
    focus: tuple[float, float] | None = None,
    thumbnail: Medium | None = None,
) -> Medium:
    """Change what is not None. NotFound for anybody else's; Conflict for what is shown already: that is changed with
    what shows it."""
    medium = await media.get_own(db, medium_id, (owner.id,))
    if alt is not None and len(alt) > ALT_CHARS:
        raise Invalid([Problem(field="description", reason=TOO_LONG, values={"max": ALT_CHARS})])
    if await uploads.is_shown(db, medium.id):
        raise Conflict("This is published already. Edit the post that shows it.")
    changed = await uploads.describe(db, medium.id, None if alt is None else sanitise.plain(alt), focus)
    return await uploads.use_as_preview(db, medium.id, thumbnail) if thumbnail else changed


async def remove(db: Db, owner: Actor, medium_id: int) -> None:
    """Take an upload back. NotFound for anybody else's; Conflict for what is shown."""
    medium = await media.get_own(db, medium_id, (owner.id,))
    if await uploads.is_shown(db, medium.id):
        raise Conflict("This is published already. Edit the post that shows it.")
    await uploads.delete(db, medium.id)
