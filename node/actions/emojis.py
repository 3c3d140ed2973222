"""The hub's own emoji: a picture with a short name, which members write as `:name:` and other servers show."""

from __future__ import annotations

import re

from node.actions.hub_settings import require
from node.errors import Conflict, Invalid, NotFound
from node.store.db import Db
from node.store.files import emojis, own_emojis
from node.store.moderation import log
from schemas.limits import NAME_CHARS, OWN_EMOJIS
from schemas.problems import Problem
from schemas.reasons import TOO_LONG, TOO_MANY, msgid
from schemas.records import Medium, Viewer

SHORTCODE = re.compile(r"[a-z0-9_]{2,40}")
BAD_NAME = msgid("Use 2 to 40 small letters, digits and underscores.")
TAKEN = msgid("There is one of this name already.")
NO_PICTURE = msgid("This must be a picture.")


async def check(db: Db, by: Viewer, shortcode: str, category: str) -> None:
    """What can be wrong before the picture is looked at. Raises Forbidden, Invalid."""
    require(by)
    problems = []
    if not SHORTCODE.fullmatch(shortcode):
        problems.append(Problem(field="shortcode", reason=BAD_NAME))
    elif await own_emojis.find(db, shortcode):
        problems.append(Problem(field="shortcode", reason=TAKEN))
    if len(category) > NAME_CHARS:
        problems.append(Problem(field="category", reason=TOO_LONG, values={"max": NAME_CHARS}))
    if len(await own_emojis.list_all(db)) >= OWN_EMOJIS:
        problems.append(Problem(field="", reason=TOO_MANY, values={"max": OWN_EMOJIS}))
    if problems:
        raise Invalid(problems)


async def add(db: Db, by: Viewer, shortcode: str, medium: Medium, category: str) -> None:
    """Make a picture an emoji. Raises Forbidden, Invalid."""
    await check(db, by, shortcode, category)
    if medium.kind != "image":
        raise Invalid([Problem(field="file", reason=NO_PICTURE)])
    await emojis.insert_own(db, shortcode, medium.id, category or None)
    await _write(db, by, "added", shortcode)


async def switch(db: Db, by: Viewer, shortcode: str, *, on: bool) -> None:
    """Use it, or not: then its name stands for itself again. Raises Forbidden, NotFound, Conflict."""
    await _get(db, by, shortcode)
    if not await own_emojis.switch(db, shortcode, on=on):
        raise Conflict("It is so already.")
    await _write(db, by, "switched on" if on else "switched off", shortcode)


async def put_in(db: Db, by: Viewer, shortcode: str, category: str) -> None:
    """Sort it under a category. Raises Forbidden, NotFound, Invalid."""
    await _get(db, by, shortcode)
    if len(category) > NAME_CHARS:
        raise Invalid([Problem(field="category", reason=TOO_LONG, values={"max": NAME_CHARS})])
    await own_emojis.put_in(db, shortcode, category or None)
    await _write(db, by, "sorted", shortcode)


async def _get(db: Db, by: Viewer, shortcode: str) -> None:
    require(by)
    if await own_emojis.find(db, shortcode) is None:
        raise NotFound


async def _write(db: Db, by: Viewer, deed: str, shortcode: str) -> None:
    await log.append(db, "hub.emoji", {"by": by.actor.uri, "deed": deed, "emoji": shortcode})
