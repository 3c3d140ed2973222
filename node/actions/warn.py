"""Telling whom we warn: a member by a notice, beside the letter that each measure brings, and somebody elsewhere by a
direct message of the hub."""

from __future__ import annotations

from datetime import UTC, datetime

from federation.build import thing as build
from federation.build.activities import create
from federation.build.markup import mention, paragraph, plain
from federation.build.urls import Urls
from node.outbox import new_activity_id, tell
from node.store.db import Db
from node.store.hub import hub
from node.store.moderation import measures
from node.store.people import actors
from node.store.posts import posts
from schemas.records import Actor, Measure
from schemas.things import Version


async def warn(db: Db, measure: Measure, actor: Actor) -> None:
    """Tell who is warned why, in the words for everybody."""
    itself = await hub.get(db)
    if not actor.local:
        await _write_to(db, Urls(itself.base_url), itself.language, actor, measure.public_reason)
        return
    await measures.warn(db, measure)


async def _write_to(db: Db, urls: Urls, language: str, actor: Actor, words: str) -> None:
    number, _ = new_activity_id(urls)
    sender, uri, now = await actors.hub(db), urls.thing("post", number), datetime.now(UTC)
    content = "".join(paragraph(plain(one)) for one in words.split("\n") if one.strip())
    message = await posts.insert(
        db,
        posts.NewPost(
            id=number,
            uri=uri,
            url=uri,
            kind="post",
            type="Note",
            actor_id=sender.id,
            audience="direct",
            recipients=[actor.uri],
            mention_ids=[actor.id],
            language=language,
            versions=[Version(language=language, content=paragraph(mention(actor.url, actor.name)) + content)],
            context=urls.context(number),
            published_at=now,
            updated_at=now,
        ),
    )
    _, said = new_activity_id(urls)
    document = create(said, sender.uri, build.thing(message, urls))
    await tell(db, sender, document, post=message, audience="direct", to=[actor])
