"""How a page of a timeline is answered: without what the viewer's filters hide there, and with where it goes on."""

from __future__ import annotations

from aiohttp import web

from node.mastodon.answers import paged
from node.mastodon.asking import Ask
from node.mastodon.entities.filter import hides, results_for
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
    eyes, posts = ask.eyes, walk.posts
    if where is not None:
        matches = await results_for(eyes, posts)
        posts = [post for post in posts if not hides(matches[post.id], where)]
    return paged(ask, await render_statuses(eyes, posts, context=where), walk.cursors, page)
