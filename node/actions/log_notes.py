"""The log's own actor, which anybody can follow: it publishes each entry that is for everybody as a short note. And
taking an entry out: what it said goes, there and here; number, time, hash and a reason stay, and the chain holds."""

from __future__ import annotations

from datetime import UTC, datetime

from federation.build import activities as say
from federation.build import thing as build
from federation.build.markup import link, paragraph, plain
from node.actions.spread import tell_deleted
from node.errors import Conflict, Forbidden, Invalid
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store.db import Db
from node.store.hub import hub
from node.store.moderation import log
from node.store.people import actors
from node.store.posts import posts
from node.wording.language import LANGUAGES
from node.wording.log_sentences import sentence
from node.wording.log_words import name_of
from schemas.limits import REASON_CHARS
from schemas.log_entry import LogEntry
from schemas.problems import Problem
from schemas.reasons import EMPTY, TOO_LONG
from schemas.records import Hub, Viewer
from schemas.things import Version

ACTOR = "log"
RIGHT = "manage_roles"


async def tell_log(node: Node, entry: int) -> None:
    """Publish an entry, once: not one that is only for the staff, or was taken out meanwhile."""
    async with node.database.pool.acquire() as db, db.transaction():
        found = await log.find(db, entry)
        if found is not None and found.public and await log.note_of(db, node.urls.log_entry(entry)) is None:
            await _publish(node, db, found)
    node.wake()


async def redact(node: Node, db: Db, by: Viewer, entry: int, why: str) -> None:
    """Take out what an entry said, for everybody and for the staff; another entry says that it was done. Raises
    Forbidden, Invalid (no reason), Conflict (no such entry, or it is out already)."""
    if not by.may(RIGHT):
        raise Forbidden
    if not why.strip():
        raise Invalid([Problem(field="why", reason=EMPTY)])
    if len(why) > REASON_CHARS:
        raise Invalid([Problem(field="why", reason=TOO_LONG, values={"max": REASON_CHARS})])
    if not await log.redact(db, entry, why.strip()):
        raise Conflict("There is no such entry, or it was taken out before.")
    content = {"entry": entry, "by": by.actor.uri}
    await log.append(db, "log.redacted", content, public=f"{entry}: {why.strip()}")
    told = await log.note_of(db, node.urls.log_entry(entry))
    note = await posts.lock(db, told) if told else None
    if note is not None:
        await tell_deleted(node, db, note)


async def _publish(node: Node, db: Db, entry: LogEntry) -> None:
    itself, author = await hub.get(db), await actors.find_local(db, ACTOR)
    if author is None or author.role_here != "log":
        return
    address, now = node.urls.log_entry(entry.id), datetime.now(UTC)
    number, _ = new_activity_id(node.urls)
    note = await posts.insert(
        db,
        posts.NewPost(
            id=number,
            uri=node.urls.thing("post", number),
            url=address,
            kind="post",
            type="Note",
            actor_id=author.id,
            audience="public",
            language=itself.language,
            versions=[_version(one, entry, address) for one in _tongues(itself)],
            context=node.urls.context(number),
            published_at=now,
            updated_at=now,
        ),
    )
    _, said = new_activity_id(node.urls)
    document = say.create(said, author.uri, build.thing(note, node.urls))
    await tell(db, author, document, post=note, audience="public", followers=True)


def _tongues(itself: Hub) -> list[str]:
    """The hub's own language first, then the others it speaks and in which the log can be said."""
    return list(dict.fromkeys([itself.language, *(one for one in itself.languages if one in LANGUAGES)]))


def _version(language: str, entry: LogEntry, address: str) -> Version:
    words = f"{name_of(language, entry.kind)}: {sentence(language, entry)}"
    return Version(language=language, content=paragraph(plain(words)) + paragraph(link(address)))
