"""Timelines: home, what is public here and elsewhere, tags, lists, links, and what was written to few."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from aiohttp import web

from node.errors import NotFound
from node.mastodon.answers import Asked, as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, get
from node.mastodon.walks import STATUSES, STATUSES_MOST, answer
from node.store.people import own_lists
from node.store.timelines import feeds, timelines
from node.store.timelines.feeds import Narrowed, Tags
from schemas.limits import ADDRESS_BYTES, TAGS_TOGETHER
from schemas.tags import is_tag, normal


class Public(Asked, frozen=True, kw_only=True):
    """Which public posts are asked for."""

    local: bool = False
    remote: bool = False
    only_media: bool = False

    def narrowed(self) -> Narrowed:
        """As the store takes it."""
        return Narrowed(local=self.local, remote=self.remote, media=self.only_media)


class Tagged(Public, frozen=True, kw_only=True):
    """`any`: other tags that count as well; `all`: that must be there too; `none`: that must not."""

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


class Linking(Asked, frozen=True, kw_only=True):
    """The address that is linked to."""

    url: str = ""


async def home(ask: Ask) -> web.Response:
    """GET /api/v1/timelines/home"""
    page = ask.take(Asked).page(STATUSES, STATUSES_MOST)
    walk = await ask.node.lists.home(ask.db, ask.who.acting.id, page, ask.moment)
    return await answer(ask, walk, page, "home")


async def public(ask: Ask) -> web.Response:
    """GET /api/v1/timelines/public"""
    asked = ask.take(Public)
    page = asked.page(STATUSES, STATUSES_MOST)
    walk = await ask.node.lists.public(ask.db, ask.me, asked.narrowed(), page, ask.moment)
    return await answer(ask, walk, page, "public")


async def tagged(ask: Ask) -> web.Response:
    """GET /api/v1/timelines/tag/:hashtag. What can be no tag is on no post."""
    asked, name = ask.take(Tagged), ask.request.match_info["hashtag"]
    if not is_tag(name):
        return as_json([])
    page = asked.page(STATUSES, STATUSES_MOST)
    tags = Tags(any=[normal(name), *_tags(asked.any)], all=_tags(asked.all), none=_tags(asked.none))
    return await answer(ask, await feeds.list_tagged(ask.db, ask.me, tags, asked.narrowed(), page), page, "public")


async def of_list(ask: Ask) -> web.Response:
    """GET /api/v1/timelines/list/:id"""
    me, page = ask.who.acting.id, ask.take(Asked).page(STATUSES, STATUSES_MOST)
    wanted = await own_lists.get(ask.db, me, ask.id())
    return await answer(ask, await timelines.list_of_members(ask.db, me, wanted.id, page), page, "home")


async def linking(ask: Ask) -> web.Response:
    """GET /api/v1/timelines/link: public posts in which an address is linked to; 404 for what is no web address."""
    asked = ask.take(Linking)
    if not asked.url.startswith(("http://", "https://")) or len(asked.url.encode()) > ADDRESS_BYTES:
        raise NotFound
    page = asked.page(STATUSES, STATUSES_MOST)
    return await answer(ask, await feeds.list_linking(ask.db, ask.me, escape(asked.url), page), page, "public")


async def direct(ask: Ask) -> web.Response:
    """GET /api/v1/timelines/direct, which some clients still ask for instead of conversations."""
    page = ask.take(Asked).page(STATUSES, STATUSES_MOST)
    return await answer(ask, await feeds.list_direct(ask.db, ask.who.acting.id, page), page, "notifications")


def _tags(written: Sequence[str]) -> list[str]:
    """Those that can be tags, in their stored form, and no more than anybody needs."""
    return [normal(one) for one in written if is_tag(one)][:TAGS_TOGETHER]


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/timelines/home", home, "read:statuses", remembered=True),
    get("/api/v1/timelines/public", public, "read:statuses", asker="anyone", remembered=True),
    get("/api/v1/timelines/tag/{hashtag}", tagged, "read:statuses", asker="anyone", remembered=True),
    get("/api/v1/timelines/list/{id}", of_list, "read:lists", remembered=True),
    get("/api/v1/timelines/link", linking, "read:statuses", asker="anyone", remembered=True),
    get("/api/v1/timelines/direct", direct, "read:statuses", remembered=True),
)
