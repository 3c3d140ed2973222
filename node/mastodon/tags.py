"""Tags: looked at, followed, and shown on one's profile."""

from __future__ import annotations

import msgspec
from aiohttp import web

from node.errors import NotFound
from node.mastodon.answers import Asked, as_json, paged
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, delete, get, post
from node.mastodon.entities.account import is_away
from node.mastodon.entities.tag import from_featured, render_tags
from node.mastodon.errors import Unprocessable
from node.store.people import actors
from node.store.posts import tags
from schemas.limits import FEATURED_TAGS, FOLLOWED_TAGS
from schemas.tags import is_tag, normal

FOLLOWED = 100
FOLLOWED_MOST = 200
SUGGESTED = 10


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Which tag is meant."""

    name: str = ""


async def one(ask: Ask) -> web.Response:
    """GET /api/v1/tags/:name: any tag there could be, used or not."""
    return await _shown(ask)


async def follow(ask: Ask) -> web.Response:
    """POST /api/v1/tags/:name/follow"""
    me, tag = ask.who.acting.id, normal(_name(ask))
    if await tags.count_followed(ask.db, me) >= FOLLOWED_TAGS:
        raise Unprocessable(f"You can follow at most {FOLLOWED_TAGS} hashtags")
    await tags.follow(ask.db, me, tag, on=True)
    return await _shown(ask)


async def unfollow(ask: Ask) -> web.Response:
    """POST /api/v1/tags/:name/unfollow"""
    await tags.follow(ask.db, ask.who.acting.id, normal(_name(ask)), on=False)
    return await _shown(ask)


async def followed(ask: Ask) -> web.Response:
    """GET /api/v1/followed_tags"""
    page = ask.take(Asked).page(FOLLOWED, FOLLOWED_MOST)
    found = await tags.list_followed(ask.db, ask.who.acting.id, page)
    return paged(ask, await render_tags(ask.eyes, [one.tag for one in found]), [one.cursor for one in found], page)


async def feature(ask: Ask) -> web.Response:
    """POST /api/v1/tags/:name/feature"""
    await _feature(ask, _name(ask))
    return await _shown(ask)


async def unfeature(ask: Ask) -> web.Response:
    """POST /api/v1/tags/:name/unfeature"""
    await tags.unfeature(ask.db, ask.who.acting.id, normal(_name(ask)))
    return await _shown(ask)


async def featured(ask: Ask) -> web.Response:
    """GET /api/v1/featured_tags"""
    return as_json([from_featured(one, ask.urls) for one in await tags.list_featured(ask.db, ask.who.acting.id)])


async def add_featured(ask: Ask) -> web.Response:
    """POST /api/v1/featured_tags. One that is there already is answered as it is."""
    name = ask.take(Named).name.strip().removeprefix("#")
    if not is_tag(name):
        raise Unprocessable("Tag is invalid")
    await _feature(ask, name)
    found = await tags.list_featured(ask.db, ask.who.acting.id)
    return as_json(next(from_featured(one, ask.urls) for one in found if one.tag == normal(name)))


async def drop_featured(ask: Ask) -> web.Response:
    """DELETE /api/v1/featured_tags/:id"""
    if not await tags.unfeature_by_id(ask.db, ask.who.acting.id, ask.id()):
        raise NotFound
    return as_json({})


async def suggested(ask: Ask) -> web.Response:
    """GET /api/v1/featured_tags/suggestions: what one uses most."""
    return as_json(await render_tags(ask.eyes, await tags.to_feature(ask.db, ask.who.acting.id, SUGGESTED)))


async def of_account(ask: Ask) -> web.Response:
    """GET /api/v1/accounts/:id/featured_tags"""
    actor = await actors.get(ask.db, ask.id())
    found = [] if is_away(actor) else await tags.list_featured(ask.db, actor.id)
    return as_json([from_featured(one, ask.urls) for one in found])


def _name(ask: Ask) -> str:
    """The tag in the path; NotFound for what can be none."""
    name = ask.request.match_info["name"].removeprefix("#")
    if not is_tag(name):
        raise NotFound
    return name


async def _shown(ask: Ask) -> web.Response:
    return as_json((await render_tags(ask.eyes, [normal(_name(ask))]))[0])


async def _feature(ask: Ask, name: str) -> None:
    me = ask.who.acting.id
    there = {one.tag for one in await tags.list_featured(ask.db, me)}
    if len(there) >= FEATURED_TAGS and normal(name) not in there:
        raise Unprocessable("You have already featured the maximum number of hashtags")
    await tags.feature(ask.db, me, normal(name), name)


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/api/v1/followed_tags", followed, "read:follows"),
    get("/api/v1/tags/{name}", one, asker="anyone"),
    post("/api/v1/tags/{name}/follow", follow, "write:follows"),
    post("/api/v1/tags/{name}/unfollow", unfollow, "write:follows"),
    post("/api/v1/tags/{name}/feature", feature, "write:accounts"),
    post("/api/v1/tags/{name}/unfeature", unfeature, "write:accounts"),
    get("/api/v1/featured_tags", featured, "read:accounts"),
    post("/api/v1/featured_tags", add_featured, "write:accounts"),
    get("/api/v1/featured_tags/suggestions", suggested, "read:accounts"),
    delete("/api/v1/featured_tags/{id}", drop_featured, "write:accounts"),
    get("/api/v1/accounts/{id}/featured_tags", of_account, "read:accounts", asker="anyone"),
)
