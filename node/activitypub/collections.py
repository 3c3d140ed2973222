"""Collections and their pages: what an actor said, pinned and plans; answers and threads; numbers where the members are
nobody's business."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from aiohttp import web

from federation.build import collection as build
from node.activitypub.actor import local_actor
from node.activitypub.answers import asker, document, number, position, seeing
from node.activitypub.objects import as_it_stands, local_post
from node.errors import NotFound
from node.store.db import Db
from node.store.events import events
from node.store.people import actors, featured
from node.store.posts import activities, posts
from node.store.posts.reading import Page, Wanted
from node.store.servers import known_hubs
from node.web.handlers import reading
from node.web.keys import NODE
from schemas.limits import COLLECTION_PAGE_ITEMS, KNOWN_HUBS_SERVED
from schemas.records import Actor, Post
from schemas.tags import normal
from schemas.times import utc_text

Document = dict[str, Any]


async def show_outbox(request: web.Request) -> web.Response:
    """What an actor published in public, newest first, as the activities were said."""
    async with reading(request) as db:
        actor = await _present(request, db)
        here = request.app[NODE].urls.outbox(actor.uri)
        before = position(request, "before")
        if "page" not in request.query and before is None:
            total = await activities.count_public(db, actor.id)
            return document(
                request, build.collection(here, total=total, first=f"{here}?page=1", of=("outboxOf", actor.uri))
            )
        said = await activities.list_public(db, actor.id, before=before, limit=COLLECTION_PAGE_ITEMS)
        carried = await posts.get_many(db, [one.post_id for one in said if one.post_id], None)
    items = [_plain(as_it_stands(one, carried.get(one.post_id or 0), request.app[NODE].urls)) for one in said]
    following = f"{here}?before={said[-1].id}" if len(said) == COLLECTION_PAGE_ITEMS else None
    return document(request, build.page(_page_address(here, before), here, items, next=following))


async def show_followers(request: web.Request) -> web.Response:
    """How many follow; who does is theirs to tell."""
    async with reading(request) as db:
        actor = await _present(request, db)
        found = await actors.counts(db, actor.id)
    here = request.app[NODE].urls.followers(actor.uri)
    return document(request, build.counted(here, found.followers, of=("followersOf", actor.uri)))


async def show_following(request: web.Request) -> web.Response:
    """How many an actor follows."""
    async with reading(request) as db:
        actor = await _present(request, db)
        found = await actors.counts(db, actor.id)
    here = request.app[NODE].urls.following(actor.uri)
    return document(request, build.counted(here, found.following, of=("followingOf", actor.uri)))


async def show_featured(request: web.Request) -> web.Response:
    """What an actor pinned, if everybody may see it."""
    async with reading(request) as db:
        actor = await _present(request, db)
        pinned = await posts.get_many(db, await featured.list_ids(db, actor.id), None)
    here = request.app[NODE].urls.featured(actor.uri)
    items = [post.uri for post in pinned.values()]
    return document(request, build.collection(here, total=len(items), items=items, owner=actor.uri))


async def show_upcoming(request: web.Request) -> web.Response:
    """Public events of an actor that are not over, the earliest first (FEP-8a8e)."""
    async with reading(request) as db:
        actor = await _present(request, db)
        found = await events.list_between(
            db, datetime.now(UTC), wanted=Wanted(actor_id=actor.id), limit=COLLECTION_PAGE_ITEMS
        )
    here = request.app[NODE].urls.upcoming(actor.uri)
    items = [post.uri for post in found]
    return document(request, build.collection(here, total=len(items), items=items, owner=actor.uri))


async def show_replies(request: web.Request) -> web.Response:
    """Answers to a thing that the asker may see, oldest first."""
    viewer = seeing(await asker(request))
    async with reading(request) as db:
        post = await local_post(request, db, viewer)
        after = position(request, "after")
        found = await posts.replies(db, post.id, viewer=viewer, after=after or 0, limit=COLLECTION_PAGE_ITEMS)
    here = request.app[NODE].urls.replies(post.uri)
    page = _ids_page(here, found, after, ordered=False)
    if after is not None:
        return document(request, page)
    return document(
        request, build.collection(here, ordered=False, first=page, owner=post.actor.uri, of=("repliesOf", post.uri))
    )


async def show_likes(request: web.Request) -> web.Response:
    """How many like a thing."""
    post = await _counted_post(request)
    return document(request, build.counted(request.app[NODE].urls.likes(post.uri), post.likes_count, ordered=False))


async def show_shares(request: web.Request) -> web.Response:
    """How many boosted a thing."""
    post = await _counted_post(request)
    return document(request, build.counted(request.app[NODE].urls.shares(post.uri), post.boosts_count, ordered=False))


async def show_attendees(request: web.Request) -> web.Response:
    """How many come to an event."""
    post = await _counted_post(request)
    if post.event is None:
        raise NotFound
    return document(request, build.counted(request.app[NODE].urls.attendees(post.uri), post.event.going))


async def show_organizers(request: web.Request) -> web.Response:
    """Who holds an event (FEP-8a8e)."""
    post = await _counted_post(request)
    if post.event is None:
        raise NotFound
    items = list(dict.fromkeys((post.actor.uri, *post.event.organisers)))
    here = request.app[NODE].urls.organizers(post.uri)
    return document(request, build.collection(here, total=len(items), items=items, owner=post.actor.uri))


async def show_context(request: web.Request) -> web.Response:
    """The posts of a thread or a series that the asker may see, oldest first; NotFound where that is none of them."""
    viewer = seeing(await asker(request))
    here = request.app[NODE].urls.context(number(request))
    async with reading(request) as db:
        after = position(request, "after")
        found = await posts.list_context(db, here, viewer=viewer, after=after or 0, limit=COLLECTION_PAGE_ITEMS)
    if not found and after is None:
        raise NotFound
    page = _ids_page(here, found, after)
    if after is not None:
        return document(request, page)
    return document(request, build.collection(here, first=page, owner=found[0].actor.uri))


async def show_tag(request: web.Request) -> web.Response:
    """Public things of ours with a hashtag, newest first."""
    here = request.app[NODE].urls.tag(request.match_info["name"])
    before = position(request, "before")
    async with reading(request) as db:
        wanted = Wanted(tag=normal(request.match_info["name"]), local=True)
        found = await posts.list_public(db, wanted=wanted, page=Page(max_id=before, limit=COLLECTION_PAGE_ITEMS))
    following = f"{here}?before={found[-1].id}" if len(found) == COLLECTION_PAGE_ITEMS else None
    page = build.page(_page_address(here, before), here, [post.uri for post in found], next=following)
    return document(request, page if before is not None else build.collection(here, first=page))


async def show_hubs(request: web.Request) -> web.Response:
    """The other hubs that an editor here approved."""
    node = request.app[NODE]
    async with reading(request) as db:
        found = await known_hubs.list_approved(db, KNOWN_HUBS_SERVED)
    items = [_hub(actor) for actor in found if node.policy.may_federate(actor.host)]
    return document(request, build.collection(node.urls.hubs, total=len(items), items=items, owner=node.urls.hub()))


def _plain(said: str | Document) -> Document:
    found: Document = msgspec.json.decode(said) if isinstance(said, str) else said
    return found


async def _present(request: web.Request, db: Db) -> Actor:
    actor = await local_actor(request, db)
    if actor.deleted_at:
        raise NotFound
    return actor


async def _counted_post(request: web.Request) -> Post:
    viewer = seeing(await asker(request))
    async with reading(request) as db:
        return await local_post(request, db, viewer)


def _ids_page(here: str, found: list[Post], after: int | None, *, ordered: bool = True) -> Document:
    following = f"{here}?after={found[-1].id}" if len(found) == COLLECTION_PAGE_ITEMS else None
    return build.page(f"{here}?after={after or 0}", here, [post.uri for post in found], ordered=ordered, next=following)


def _page_address(here: str, before: int | None) -> str:
    return f"{here}?page=1" if before is None else f"{here}?before={before}"


def _hub(actor: Actor) -> Document:
    return {
        "type": actor.kind,
        "id": actor.uri,
        "name": actor.display_name or actor.name,
        "url": actor.url,
        "updated": utc_text(actor.updated_at),
    }
