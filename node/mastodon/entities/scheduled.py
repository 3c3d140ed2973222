"""Statuses that are planned."""

from __future__ import annotations

from typing import Any

import msgspec

from federation.build.urls import Urls
from node.mastodon.answers import moment
from node.mastodon.entities.medium import MediaAttachment, from_medium
from node.store.db import Db
from node.store.posts import attachments
from node.store.posts.scheduled import Scheduled


class ScheduledStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A planned status; `params` are what it will be published with."""

    id: str
    scheduled_at: str
    params: dict[str, Any]
    media_attachments: list[MediaAttachment]


async def render_scheduled(db: Db, urls: Urls, planned: list[Scheduled]) -> list[ScheduledStatus]:
    """One per planned post, in their order; one query."""
    wanted = [number for one in planned for number in one.media_ids]
    owners = {owner for one in planned for owner in (one.actor_id, one.parameters.get("member_id") or one.actor_id)}
    media = await attachments.find_own(db, list(owners), wanted) if wanted else {}
    return [
        ScheduledStatus(
            id=str(one.id),
            scheduled_at=moment(one.due_at),
            params=one.parameters["params"],
            media_attachments=[from_medium(media[number], urls) for number in one.media_ids if number in media],
        )
        for one in planned
    ]
