"""Our actors and their keys. They are served to everybody: whoever must verify us has to read them first."""

from __future__ import annotations

from aiohttp import web

from federation.build.actor import document as actor_document
from federation.build.thing import tombstone
from node.activitypub.answers import document
from node.errors import Forbidden, NotFound
from node.store.db import Db
from node.store.events import places
from node.store.people import actors
from node.web.handlers import reading
from node.web.keys import NODE
from schemas.records import Actor


async def show_actor(request: web.Request) -> web.Response:
    """An actor at /actors, /areas or /groups; a Tombstone where one was. One that is suspended is served without what
    it says of itself: peers have to read that it is."""
    async with reading(request) as db:
        actor = await _of_path(request, db)
        place = (await places.get(db, actor.place_id)).place if actor.place_id else None
    if actor.deleted_at:
        return document(request, tombstone(actor.uri, actor.kind, actor.deleted_at), status=410)
    return document(request, actor_document(actor, request.app[NODE].urls, place=place))


async def show_instance(request: web.Request) -> web.Response:
    """The actor that signs for this server: never a question of signatures."""
    node = request.app[NODE]
    return document(request, actor_document(node.instance, node.urls))


async def local_actor(request: web.Request, db: Db) -> Actor:
    """The local actor whose id is the first two parts of the path; NotFound, or Forbidden if suspended."""
    actor = await _of_path(request, db)
    if actor.suspended_at and not actor.deleted_at:
        raise Forbidden("This account is suspended.")
    return actor


async def _of_path(request: web.Request, db: Db) -> Actor:
    node = request.app[NODE]
    folder, name = request.path.split("/")[1:3]
    actor = await actors.find(db, f"{node.urls.base_url}/{folder}/{name}")
    if actor is None or not actor.local:
        raise NotFound
    return actor
