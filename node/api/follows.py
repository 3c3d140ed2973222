"""Following by program: people, hubs and areas, here and elsewhere, as the actor for whom the token stands."""

from __future__ import annotations

import math

from aiohttp import web

from node.actions import follow
from node.actions.look_up import known, look_up
from node.api.answers import acting, as_json, linked, person, writer
from node.api.lists import OldestFirst, Query
from node.api.things import read_json
from node.errors import Invalid, NotFound, TooMany
from node.store.people import relations
from node.web.handlers import decoded, query, reading, writing
from node.web.keys import LIMITER, NODE, SETTINGS
from node.web.limits import Rate
from schemas.limits import LOOKUP_RATE_COUNT, LOOKUP_RATE_SECONDS
from schemas.problems import Problem
from schemas.reasons import msgid
from schemas.records import Actor, Follow, Viewer
from schemas.relations import Followed, FollowWish, Who

LOOKUPS = Rate(count=LOOKUP_RATE_COUNT, seconds=LOOKUP_RATE_SECONDS)
NOBODY = msgid("Nobody was found at this address. Please check it; perhaps the other server does not answer now.")


class Whom(Query, frozen=True, kw_only=True):
    """Whom it is about."""

    who: Who


async def list_follows(request: web.Request) -> web.Response:
    """Whom one follows or asked to follow, the earliest first."""
    asked = query(request, OldestFirst)
    async with reading(request) as db:
        follower = acting(await writer(request, db))
        found = await relations.list_followed(db, follower.id, after=asked.after, limit=asked.limit)
    links = {"next": {"after": found[-1][0].id}} if len(found) == asked.limit else {}
    return linked(request, [_shown(relation, actor) for relation, actor in found], links)


async def create_follow(request: web.Request) -> web.Response:
    """Follow somebody, or ask to. Asking again changes nothing."""
    wish = decoded(await read_json(request), FollowWish)
    async with reading(request) as db:
        who = await writer(request, db)
    followed = await _meet(request, who, wish.who.strip())
    async with writing(request) as db:
        made = await follow.follow(request.app[NODE], db, acting(who), followed)
    return as_json(_shown(made, followed))


async def delete_follow(request: web.Request) -> web.Response:
    """Follow somebody no longer: 204, also where one did not."""
    asked = query(request, Whom)
    async with reading(request) as db:
        who = await writer(request, db)
    followed = await known(request.app[NODE], asked.who.strip())
    if followed is None:
        raise NotFound
    async with writing(request) as db:
        await follow.unfollow(request.app[NODE], db, acting(who), followed)
    return web.Response(status=204)


async def _meet(request: web.Request, who: Viewer, typed: str) -> Actor:
    node = request.app[NODE]
    found = await known(node, typed)
    if found is None:
        wait = request.app[LIMITER].wait("look up", str(who.account.id), LOOKUPS)
        if wait and request.app[SETTINGS].rate_limits:
            raise TooMany(math.ceil(wait))
        found = await look_up(node, typed)
    if found is None or found.deleted_at:
        raise Invalid([Problem(field="who", reason=NOBODY)])
    return found


def _shown(relation: Follow, actor: Actor) -> Followed:
    return Followed(who=person(actor), state=relation.state, since=relation.created_at)
