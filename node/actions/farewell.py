"""When an actor is gone, here or elsewhere: what it published goes, and what it was here for ends."""

from __future__ import annotations

from node.actions import answer, attend
from node.errors import Conflict, NotFound
from node.node import Node
from node.store.calls import answers
from node.store.db import Db
from node.store.events import rsvps
from node.store.people import actors, follows
from node.store.posts import posts
from schemas.records import Actor


async def erase(node: Node, db: Db, actor: Actor) -> None:
    """Erase an actor (`end`) and its posts."""
    await end(node, db, actor)
    await posts.tombstone_all(db, actor.id)


async def end(node: Node, db: Db, actor: Actor) -> None:
    """Erase an actor: its seats go to those who wait, its open answers to calls are taken back. Its posts stay, but
    nobody sees them any more."""
    for given in await rsvps.list_to_come(db, actor.id):
        try:
            await attend.attend(node, db, actor, given.event_id, "declined", "panel")
        except (Conflict, NotFound):
            continue
    for offered in await answers.list_open(db, actor.id):
        await answer.taken_back(node, db, offered)
    await follows.delete_all(db, actor.id)
    await actors.mark_deleted(db, actor.id)
