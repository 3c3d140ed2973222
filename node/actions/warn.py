"""Telling whom a measure is on: a member by a letter, with the way to appeal; a warned one by a notice, too, and
somebody elsewhere by a direct message of the hub."""

from __future__ import annotations

from datetime import UTC, datetime

from federation.build import thing as build
from federation.build.activities import create
from federation.build.markup import mention, paragraph, plain
from federation.build.urls import Urls
from node.outbox import new_activity_id, tell
from node.store import accounts, actors, hub, mails, measures, posts
from node.store.db import Db
from schemas.records import Actor, Measure
from schemas.things import Version


async def warn(db: Db, measure: Measure, actor: Actor) -> None:
    """Tell who is warned why, in the words for everybody."""
    itself = await hub.get(db)
    if not actor.local:
        await _write_to(db, Urls(itself.base_url), itself.language, actor, measure.public_reason)
        return
    await measures.warn(db, measure)
    await write(db, measure, actor)


async def write(db: Db, measure: Measure, actor: Actor) -> None:
    """Write to a member, who may not be able to sign in any more, what was done and how to appeal."""
    account = await accounts.find_by_actor(db, actor.id)
    if account is None or not account.email:
        return
    facts = {
        "measure": measure.kind,
        "reason": measure.public_reason,
        "until": measure.ends_at.date().isoformat() if measure.ends_at else "",
        "link": f"{(await hub.get(db)).base_url.rstrip('/')}/appeal",
    }
    await mails.put(db, mails.MailDraft(kind="measure", to=account.email, language=account.language, facts=facts))


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
