"""How a page of a timeline is answered: without what the viewer's filters hide there, and with where it goes on."""

from __future__ import annotations

from aiohttp import web

from node.mastodon.answers import paged
from node.mastodon.asking import Ask
from node.mastodon.entities.filter import hides
from node.mastodon.entities.status import render_statuses
from node.store.filters import Where
from node.store.reading import Page
from node.store.timelines import Walk

STATUSES = 20
STATUSES_MOST = 40
"""How many statuses are on a page if nobody says, and at most; Mastodon's numbers, which clients count on."""


async def answer(ask: Ask, walk: Walk, page: Page, where: Where | None = None) -> web.Response:
    """The statuses of a page. `where` (a context of filters): what is hidden there is left out, and the page goes on
    behind it all the same."""
    shown = await ask.node.kept.posts(ask.db, walk.ids)
    statuses = await render_statuses(ask.eyes, shown, context=where)
    if where is not None:
        statuses = [one for one in statuses if not (one.filtered and hides(one.filtered, where))]
    return paged(ask, statuses, walk.cursors, page)
