"""How a page of a timeline is answered: without what the viewer's filters hide there, and with where it goes on."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from aiohttp import web

from node.mastodon.answers import paged
from node.mastodon.asking import Ask
from node.mastodon.entities.filter import hides
from node.mastodon.entities.pieces import looked, sure_statuses, written_statuses
from node.mastodon.entities.status import Status, render_statuses
from node.mastodon.eyes import Eyes
from node.store.posts.reading import Page
from node.store.timelines.filters import Where
from node.store.timelines.timelines import Walk

STATUSES = 20
STATUSES_MOST = 40
"""How many statuses are on a page if nobody says, and at most; Mastodon's numbers, which clients count on."""


async def answer(ask: Ask, walk: Walk, page: Page, where: Where | None = None) -> web.Response:
    """The statuses of a page. `where` (a context of filters): what is hidden there is left out, and the page goes on
    behind it all the same."""
    shown = [one for one in await statuses_of(ask.eyes, walk.ids, where) if where is None or not _is_hidden(one, where)]
    return paged(ask, shown, walk.cursors, page)


async def statuses_of(eyes: Eyes, ids: Sequence[int], context: Where | None = None) -> Sequence[Status | msgspec.Raw]:
    """What is shown of posts that the viewer may see, in their order, less those that are deleted meanwhile."""
    sure = sure_statuses(eyes, ids)
    rest = [one for one in ids if one not in sure]
    if not rest:
        return list(sure.values())
    seen = await looked(eyes, rest, ())
    if not seen.filters:
        written = sure | await written_statuses(eyes, rest, seen)
        return [written[one] for one in ids if one in written]
    if sure:  # the viewer made a filter just now
        return await statuses_of(msgspec.structs.replace(eyes, moment=None), ids, context)
    shown = await eyes.node.kept.posts(eyes.db, ids, seen.stamps, seen.records)
    return await render_statuses(eyes, shown, context=context, seen=seen)


def _is_hidden(one: Status | msgspec.Raw, where: Where) -> bool:
    return isinstance(one, Status) and bool(one.filtered) and hides(one.filtered or [], where)
