"""Search: people, posts, tags and collections by words; anything by its address or handle, asked of its own server if
need be."""

from __future__ import annotations

import math

import msgspec
from aiohttp import web

from federation.build.urls import Urls
from federation.lookup import read_handle
from node.actions.look_up import known, look_up
from node.actions.look_up_thing import known_thing, look_up_thing
from node.errors import NotFound, TooMany
from node.mastodon.answers import Asked, as_json
from node.mastodon.asking import Ask, parsed_id
from node.mastodon.endpoint import Endpoint, get
from node.mastodon.entities.account import is_away, render_accounts
from node.mastodon.entities.collection import render_collections
from node.mastodon.entities.search import Search, V1Search
from node.mastodon.entities.tag import render_tags
from node.mastodon.errors import Refused, Unprocessable
from node.mastodon.eyes import Eyes
from node.mastodon.walks import statuses_of
from node.store.people import collections, directory
from node.store.people.collections import Collection as Row
from node.store.posts import tags
from node.store.timelines import searching
from node.web.handlers import reading
from node.web.keys import LIMITER, SETTINGS
from node.web.limits import Rate
from schemas.limits import (
    ADDRESS_BYTES,
    LOOKUP_RATE_COUNT,
    LOOKUP_RATE_SECONDS,
    SEARCH_ITEMS,
    SEARCH_ITEMS_MOST,
    SEARCH_OFFSET,
)
from schemas.records import Actor, Post
from schemas.tags import is_tag, normal

LOOKUPS = Rate(count=LOOKUP_RATE_COUNT, seconds=LOOKUP_RATE_SECONDS)
KINDS = ("accounts", "statuses", "hashtags", "collections")
NOBODY = 0
"""The id of no actor: with whose eyes a stranger looks for people."""


class Looked(Asked, frozen=True, kw_only=True):
    """What is looked for, of which kind and where."""

    q: str = ""
    type: str | None = None
    resolve: bool = False
    following: bool = False
    account_id: str | None = None
    offset: int = 0


async def search(ask: Ask) -> web.Response:
    """GET /api/v2/search"""
    return as_json(await _found(ask))


async def search_v1(ask: Ask) -> web.Response:
    """GET /api/v1/search"""
    found = await _found(ask)
    hashtags = [tag.name for tag in found.hashtags]
    return as_json(V1Search(accounts=found.accounts, statuses=found.statuses, hashtags=hashtags))


async def _found(ask: Ask) -> Search:
    """Strangers may search, but neither have other servers asked nor turn pages."""
    asked = ask.take(Looked)
    words = asked.q.strip()
    if asked.type not in (None, "", *KINDS):
        raise Unprocessable("Type is not included in the list")
    if ask.viewer is None and asked.resolve:
        raise Refused(401, "Search queries that resolve remote resources are not supported without authentication")
    if ask.viewer is None and asked.offset:
        raise Refused(401, "Search queries pagination is not supported without authentication")
    if not words:
        return Search()
    thing = await _meant(ask, asked, words)
    async with reading(ask.request) as db:
        eyes = msgspec.structs.replace(ask.eyes, db=db)
        if number := _collection_id(ask.urls, words):
            rows = await collections.get_many(db, [number], ask.me) if asked.type in (None, "", "collections") else []
            return Search(collections=await render_collections(eyes, rows))
        if "://" in words:
            return await _just(eyes, asked, thing)
        return await _by_words(eyes, asked, words, thing if isinstance(thing, Actor) else None)


async def _meant(ask: Ask, asked: Looked, words: str) -> Actor | Post | None:
    """Whom or what an address or handle names; only what is known, unless it is to be resolved."""
    if asked.offset or len(words.encode()) > ADDRESS_BYTES:
        return None
    if _collection_id(ask.node.urls, words):
        return None
    if "://" in words:
        found = await known_thing(ask.node, words)
        if found is None and asked.resolve:
            _count(ask)
            found = await look_up_thing(ask.node, words)
        return found
    if read_handle(words) is None or asked.type not in (None, "", "accounts"):
        return None
    somebody = await known(ask.node, words)
    if somebody is None and asked.resolve:
        _count(ask)
        somebody = await look_up(ask.node, words)
    return somebody


def _count(ask: Ask) -> None:
    """TooMany for whoever has other servers asked too often."""
    wait = ask.request.app[LIMITER].wait("look up", str(ask.who.account.id), LOOKUPS)
    if wait and ask.request.app[SETTINGS].rate_limits:
        raise TooMany(math.ceil(wait))


async def _just(eyes: Eyes, asked: Looked, thing: Actor | Post | None) -> Search:
    """What is at an address, and nothing else."""
    match thing:
        case Actor() if asked.type in (None, "", "accounts") and not is_away(thing):
            return Search(accounts=await render_accounts(eyes, [thing]))
        case Post() if asked.type in (None, "", "statuses"):
            return Search(statuses=await statuses_of(eyes, await searching.visible(eyes.db, eyes.me, [thing.id])))
    return Search()


async def _by_words(eyes: Eyes, asked: Looked, words: str, named: Actor | None) -> Search:
    limit = max(1, min(asked.limit or SEARCH_ITEMS, SEARCH_ITEMS_MOST))
    offset = max(0, min(asked.offset, SEARCH_OFFSET)) if asked.type else 0
    kinds = (asked.type,) if asked.type else ("hashtags",) if words.startswith("#") else KINDS
    people: list[Actor] = []
    if "accounts" in kinds and not words.startswith("#"):
        people = await eyes.node.lists.settled(
            ("people", words, eyes.me, asked.following, limit, offset),
            eyes.moment,
            lambda: directory.search(
                eyes.db, words, viewer=eyes.me or NOBODY, following=asked.following, limit=limit, offset=offset
            ),
        )
        if named and not is_away(named) and not asked.following:
            people = [named, *(one for one in people if one.id != named.id)][:limit]
    posts: list[int] = []
    if "statuses" in kinds and eyes.me is not None and not words.startswith("@"):
        posts = await eyes.node.lists.found(eyes.db, eyes.me, _of_posts(asked, words, limit, offset), eyes.moment)
    names: list[str] = []
    if "hashtags" in kinds and is_tag(words):
        names = (await tags.beginning_with(eyes.db, normal(words), limit + offset))[offset:]
    rows: list[Row] = []
    if "collections" in kinds:
        rows = await eyes.node.lists.settled(
            ("collections", words, eyes.me, limit, offset),
            eyes.moment,
            lambda: collections.search(eyes.db, words, eyes.me, limit, offset),
        )
    return Search(
        accounts=await render_accounts(eyes, people),
        statuses=await statuses_of(eyes, posts),
        hashtags=await render_tags(eyes, names),
        collections=await render_collections(eyes, rows),
    )


def _collection_id(urls: Urls, words: str) -> int:
    """The number of the collection of ours that an address names; 0 for anything else."""
    number = words.removeprefix(f"{urls.base_url}/collections/")
    try:
        return 0 if number == words else parsed_id(number)
    except NotFound:
        return 0


def _of_posts(asked: Looked, words: str, limit: int, offset: int) -> searching.Asked:
    after, before, _ = asked.page(limit, limit).bounds
    author = parsed_id(asked.account_id) if asked.account_id else None
    return searching.Asked(words=words, author=author, after=after, before=before, limit=limit, offset=offset)


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v2/search", search, "read:search", asker="anyone", work="alone", remembered=True),
    get("/api/v1/search", search_v1, "read:search", asker="anyone", work="alone"),
)
