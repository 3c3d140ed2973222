"""Holding an event together: nobody is shown as holding it who has not agreed.

Whoever publishes as an actor has agreed for it. Others here are asked by a notice. Those of other servers are named on
the page, not as organisers: no message that asks for this is understood elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from node.actions.permissions import may_act_as
from node.actions.spread import tell_changed
from node.errors import Forbidden, NotFound
from node.node import Node
from node.store.db import Db
from node.store.events import co_hosts
from node.store.notices import notifications
from node.store.people import actors
from node.store.posts import posts
from schemas.records import Actor, Post, Viewer
from schemas.times import changed_at


async def ask(db: Db, post: Post, named: Sequence[Actor], *, quietly: bool = False) -> None:
    """Ask those who are named in an event of ours and have not agreed. `quietly`: for a further date of a series, since
    one notice and one answer are for all dates."""
    if post.event is None:
        return
    agreed = {post.actor.uri, *post.event.organisers}
    for actor_id in await co_hosts.keep(db, post.id, [one.id for one in named if one.uri not in agreed]):
        if not quietly:
            await notifications.tell_actor(db, actor_id, "co_host", from_id=post.actor.id, post_id=post.id)


async def answer(node: Node, db: Db, viewer: Viewer, event_id: int, name: str, *, agrees: bool) -> Post:
    """Agree to hold an event, or decline, as the actor of this name: oneself, or for editors the hub, a group or an
    area. It holds for all dates of the series. Raises NotFound (nobody was asked), Forbidden (not for oneself)."""
    event, actor = await posts.get(db, event_id, viewer.acting.id), await actors.find_local(db, name)
    if event.event is None or actor is None or actor.id not in await co_hosts.list_of(db, event.id):
        raise NotFound
    if not may_act_as(viewer, actor):
        raise Forbidden
    for one in await co_hosts.answer(db, event.id, actor.id, agrees=agrees):
        if agrees:
            await _agree(node, db, one, actor)
    detail = {"state": "accepted" if agrees else "rejected"}
    await notifications.tell_actor(
        db, event.actor.id, "co_host_answer", from_id=actor.id, post_id=event.id, detail=detail
    )
    return await posts.get(db, event.id, viewer.acting.id)


async def _agree(node: Node, db: Db, event_id: int, actor: Actor) -> None:
    post = await posts.lock(db, event_id)
    if post is None or post.event is None:
        return
    held_by = tuple(dict.fromkeys((*(post.event.organisers or (post.actor.uri,)), actor.uri)))
    event = msgspec.structs.replace(post.event, organisers=held_by)
    moment = changed_at(datetime.now(UTC), post.updated_at)
    content = posts.content_of(msgspec.structs.replace(post, event=event), updated_at=moment)
    after = await posts.update(db, post.id, content)
    await tell_changed(node, db, after, frozenset(one.id for one in post.mentions))
