"""Tell all members something, and how members answer to it: they have read it, or react with an emoji."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime

from federation import markdown
from federation.build.urls import Urls
from node.actions.hub_settings import require
from node.errors import Invalid, NotFound
from node.store import happenings
from node.store.db import Db
from node.store.files import emojis
from node.store.hub import announcements, announcing
from node.store.moderation import log
from schemas.languages import canonical
from schemas.limits import ANNOUNCEMENT_CHARS, ANNOUNCEMENT_REACTIONS, EMOJI_CHARS
from schemas.problems import Problem
from schemas.reasons import ENDS_BEFORE_START, IN_THE_PAST, REQUIRED, TOO_LONG, TOO_MANY, msgid
from schemas.records import Viewer
from schemas.things import Version

NO_LANGUAGE = msgid("This is not a language.")
NO_EMOJI = msgid("This is not an emoji.")
_SHORTCODE = re.compile(r"[A-Za-z0-9_]{2,64}")
_KEYCAP = "\u20e3"


async def announce(
    db: Db,
    urls: Urls,
    texts: Mapping[str, str],
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    all_day: bool = False,
    at: datetime | None = None,
) -> int:
    """Tell all members, in one or more languages (primary first, Markdown), now or at a later moment (`at`), until it
    is withdrawn or over. Invalid says what is wrong."""
    problems = []
    if not texts:
        problems.append(Problem(field="text", reason=REQUIRED))
    for language, text in texts.items():
        if canonical(language) is None:
            problems.append(Problem(field="language", reason=NO_LANGUAGE))
        if not text.strip():
            problems.append(Problem(field="text", reason=REQUIRED))
        elif len(text) > ANNOUNCEMENT_CHARS:
            problems.append(Problem(field="text", reason=TOO_LONG, values={"max": ANNOUNCEMENT_CHARS}))
    if at is not None and at <= datetime.now(UTC):
        problems.append(Problem(field="at", reason=IN_THE_PAST))
    if ends_at is not None and ends_at <= (at or starts_at or datetime.now(UTC)):
        problems.append(Problem(field="ends_at", reason=ENDS_BEFORE_START))
    if problems:
        raise Invalid(problems)
    versions = [
        Version(
            language=canonical(language) or language,
            source=text.strip(),
            content=markdown.render(text.strip(), mention=lambda _: None, tag=urls.tag),
        )
        for language, text in texts.items()
    ]
    made = await announcements.insert(
        db, versions, starts_at=starts_at, ends_at=ends_at, all_day=all_day, published_at=at
    )
    if at is None:
        await happenings.add(db, "announcement.new", made)
    return made


async def tell_due(db: Db) -> int:
    """Announce what was written for this moment. How many there were."""
    due = await announcing.take_due(db)
    for one in due:
        await happenings.add(db, "announcement.new", one)
    return len(due)


async def compose(
    db: Db,
    urls: Urls,
    by: Viewer,
    texts: Mapping[str, str],
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    at: datetime | None = None,
) -> int:
    """`announce`, by a steward, and into the log. Raises Forbidden, Invalid."""
    require(by)
    made = await announce(db, urls, texts, starts_at=starts_at, ends_at=ends_at, at=at)
    await log.append(db, "hub.announcement", {"by": by.actor.uri, "announcement": made, "texts": dict(texts)})
    return made


async def take_back(db: Db, by: Viewer, announcement_id: int) -> None:
    """`withdraw_announcement`, by a steward, and into the log. Raises Forbidden, NotFound."""
    require(by)
    await withdraw_announcement(db, announcement_id)
    await log.append(db, "hub.announcement", {"by": by.actor.uri, "taken back": announcement_id})


async def withdraw_announcement(db: Db, announcement_id: int) -> None:
    """Tell it no more; NotFound if there is no such announcement."""
    if not await announcements.withdraw(db, announcement_id):
        raise NotFound("There is no announcement of this number.")
    await happenings.add(db, "announcement.deleted", announcement_id)


async def dismiss(db: Db, viewer: Viewer, announcement_id: int) -> None:
    """The viewer has read it. NotFound for what is not told."""
    await _require(db, announcement_id)
    await announcements.mark_read(db, announcement_id, viewer.account.id)


async def react(db: Db, viewer: Viewer, announcement_id: int, name: str) -> None:
    """React with an emoji or with the shortcode of one of ours. Invalid for anything else, and beyond
    ANNOUNCEMENT_REACTIONS different ones."""
    await _require(db, announcement_id)
    if not (_is_emoji(name) or await _is_ours(db, name)):
        raise Invalid([Problem(field="name", reason=NO_EMOJI)])
    there = await announcements.reactions_on(db, announcement_id)
    if name not in there and len(there) >= ANNOUNCEMENT_REACTIONS:
        raise Invalid([Problem(field="name", reason=TOO_MANY, values={"max": ANNOUNCEMENT_REACTIONS})])
    await announcements.react(db, announcement_id, viewer.account.id, name)
    await happenings.add(db, "announcement.reaction", announcement_id, {"name": name})


async def unreact(db: Db, viewer: Viewer, announcement_id: int, name: str) -> None:
    """Take a reaction back."""
    await _require(db, announcement_id)
    await announcements.unreact(db, announcement_id, viewer.account.id, name)
    await happenings.add(db, "announcement.reaction", announcement_id, {"name": name})


async def _require(db: Db, announcement_id: int) -> None:
    if not await announcements.exists(db, announcement_id):
        raise NotFound("There is no announcement of this number.")


async def _is_ours(db: Db, name: str) -> bool:
    return bool(_SHORTCODE.fullmatch(name)) and bool(await emojis.find_many(db, {(name, "")}))


def _is_emoji(name: str) -> bool:
    """One picture sign, however it is put together: symbols, joiners and modifiers, no letters, no blanks."""
    if not name or len(name) > EMOJI_CHARS // 2:
        return False
    kinds = [unicodedata.category(sign) for sign in name]
    if _KEYCAP in name:
        return all(kind in ("Nd", "Po", "Mn", "Me") for kind in kinds)
    return (
        kinds[0] in ("So", "Sm", "Po")
        and ord(name[0]) > 0xA8
        and all(kind in ("So", "Sk", "Mn", "Me", "Cf", "Sm") for kind in kinds[1:])
    )
