"""A direct message of one of our actors to somebody of another server: what they would hear as a notice if they had an
account here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from federation.build import thing as build
from federation.build.activities import create
from federation.build.markup import mention, paragraph, plain
from node.node import Node
from node.outbox import new_activity_id, tell
from node.store.db import Db
from node.store.posts import posts
from schemas.records import Actor
from schemas.things import Version


async def send(node: Node, db: Db, author: Actor, reader: Actor, words: Sequence[str], language: str) -> None:
    """Say these paragraphs (plain text) to an actor elsewhere, and to nobody else."""
    number, _ = new_activity_id(node.urls)
    uri, now = node.urls.thing("post", number), datetime.now(UTC)
    first, *rest = words
    content = paragraph(mention(reader.url, reader.name), " ", plain(first)) + "".join(
        paragraph(plain(one)) for one in rest
    )
    message = await posts.insert(
        db,
        posts.NewPost(
            id=number,
            uri=uri,
            url=uri,
            kind="post",
            type="Note",
            actor_id=author.id,
            audience="direct",
            recipients=[reader.uri],
            mention_ids=[reader.id],
            language=language,
            versions=[Version(language=language, content=content)],
            context=node.urls.context(number),
            published_at=now,
            updated_at=now,
        ),
    )
    _, said = new_activity_id(node.urls)
    document = create(said, author.uri, build.thing(message, node.urls))
    await tell(db, author, document, post=message, audience="direct", to=[reader])
