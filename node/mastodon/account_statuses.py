"""What an account published: all that the viewer may see of it, or what it pinned."""

from __future__ import annotations

from aiohttp import web

from node.errors import NotFound
from node.mastodon.answers import Asked, as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, get
from node.mastodon.entities.account import is_away
from node.mastodon.walks import STATUSES, STATUSES_MOST, answer, statuses_of
from node.store.people import actors
from node.store.timelines import feeds
from node.store.timelines.feeds import OfActor
from schemas.tags import is_tag, normal


class Published(Asked, frozen=True, kw_only=True):
    """Which of its statuses are asked for."""

    pinned: bool = False
    exclude_replies: bool = False
    exclude_reblogs: bool = False
    exclude_direct: bool = False
    only_media: bool = False
    tagged: str | None = None


async def statuses(ask: Ask) -> web.Response:
    """GET /api/v1/accounts/:id/statuses. Of whoever is suspended there is nothing."""
    number, asked = ask.id(), ask.take(Published)
    actor = await ask.node.lists.settled(
        ("actor", number), ask.moment, lambda: actors.get(ask.db, number), of_people=True
    )
    if actor.deleted_at is not None:
        raise NotFound
    if is_away(actor) or (asked.tagged and not is_tag(asked.tagged)):
        return as_json([])
    page = asked.page(STATUSES, STATUSES_MOST)
    if asked.pinned:
        pinned = await feeds.list_pinned(ask.db, ask.me, actor.id, page.limit)
        return as_json(await statuses_of(ask.eyes, pinned, "account"))
    wanted = OfActor(
        actor_id=actor.id,
        replies=not asked.exclude_replies,
        boosts=not (asked.exclude_reblogs or asked.only_media or asked.tagged),
        direct=not asked.exclude_direct,
        media=asked.only_media,
        tag=normal(asked.tagged) if asked.tagged else None,
    )
    return await answer(ask, await ask.node.lists.of_actor(ask.db, ask.me, wanted, page, ask.moment), page, "account")


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/accounts/{id}/statuses", statuses, "read:statuses", asker="anyone", remembered=True),
)
