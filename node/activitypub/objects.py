"""Everything published, by its id: posts, events, findings, calls, what was said of them, and places."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from federation.build import parts
from federation.build.activities import quote_authorization
from federation.build.thing import thing, tombstone
from federation.build.urls import Urls
from node.activitypub.answers import asker, document, number, seeing
from node.emoji_tags import with_emojis
from node.errors import Gone, NotFound
from node.store.db import Db
from node.store.events import places
from node.store.posts import activities, posts, quotes
from node.web.handlers import reading
from node.web.keys import NODE
from schemas.records import Activity, Actor, Post, PostKind

KINDS: dict[str, PostKind] = {"posts": "post", "events": "event", "findings": "finding", "calls": "call"}
"""The folder of an address says which kind lives there."""


async def show_thing(request: web.Request) -> web.Response:
    """A post, event, finding or call; a Tombstone with 410 where one was that everybody could see."""
    node = request.app[NODE]
    who = await asker(request)
    async with reading(request) as db:
        try:
            post = await local_post(request, db, seeing(who))
        except Gone:
            left = await posts.find_tombstone(db, number(request))
            if left is None or left.uri != own_address(request):
                raise NotFound from None
            return document(request, tombstone(left.uri, left.type, left.deleted_at), status=410)
        told = await with_emojis(db, node.urls, thing(post, node.urls))
    return document(request, told)


async def local_post(request: web.Request, db: Db, viewer: int | None) -> Post:
    """The post at the address whose first two parts are those of the path, if it is ours and the viewer may see it.

    Raises NotFound, and Gone for what is deleted and was public.
    """
    post = await posts.get(db, number(request), viewer)
    if not post.local or post.uri != own_address(request):
        raise NotFound
    return post


def own_address(request: web.Request) -> str:
    """The id of the object that the path is about, whatever follows it."""
    folder = request.path.split("/")[1]
    return request.app[NODE].urls.thing(KINDS[folder], number(request))


async def show_activity(request: web.Request) -> web.Response:
    """What one of our actors said, to those who may know: everybody, or whom it was said to (case 106)."""
    who = await asker(request)
    async with reading(request) as db:
        activity = await activities.find(db, number(request))
        own = activity is not None and request.app[NODE].urls.ours(activity.uri)  # not what we only passed on
        if activity is None or not own or not await _may_read(db, activity, who):
            raise NotFound
        post = await posts.find(db, activity.post_id) if activity.post_id else None
    return document(request, as_it_stands(activity, post, request.app[NODE].urls))


def as_it_stands(activity: Activity, post: Post | None, urls: Urls) -> str | dict[str, Any]:
    """An activity as it was said, with its proof; where the post it carries was changed since, with that as it is now
    and unproved: nobody who asks today is given words that were corrected or taken back."""
    if post is None or activity.type not in ("Create", "Update"):
        return activity.document
    said: dict[str, Any] = msgspec.json.decode(activity.document)
    carried = said.get("object")
    if not isinstance(carried, dict) or carried.get("updated") == parts.instant(post.updated_at):
        return activity.document
    now = {key: value for key, value in thing(post, urls).items() if key != "@context"}
    return {key: value for key, value in said.items() if key != "proof"} | {"object": now}


async def show_stamp(request: web.Request) -> web.Response:
    """Our consent to a quote (FEP-044f); 404 once it is taken back, or one of the posts is gone."""
    urls = request.app[NODE].urls
    async with reading(request) as db:
        quote = await quotes.find_by_stamp(db, urls.stamp(number(request)))
        quoted = await posts.find_visible(db, quote.quoted_uri, None) if quote and quote.state == "accepted" else None
        quoting = await posts.find(db, quote.post_id) if quote else None
    if quote is None or quoted is None or quoting is None or quote.authorization_uri is None:
        raise NotFound
    return document(request, quote_authorization(quote.authorization_uri, quoted.actor.uri, quoting.uri, quoted.uri))


async def show_place(request: web.Request) -> web.Response:
    """A place; its address never means another one."""
    async with reading(request) as db:
        found = await places.get(db, number(request))
    return document(request, parts.at_context("place") | parts.place(found.place))


async def _may_read(db: Db, activity: Activity, who: Actor | None) -> bool:
    if activity.audience in ("hub", "group"):
        return False
    if activity.post_id is not None:
        try:
            await posts.get(db, activity.post_id, seeing(who))
        except (NotFound, Gone):
            return False
        return True
    if activity.audience in ("public", "unlisted"):
        return True
    return who is not None and who.uri in activity.recipients
