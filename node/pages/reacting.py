"""Like something, pass it on or bookmark it from its page: as oneself or, for editors, as the hub."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from node.actions import react
from node.errors import Forbidden, Invalid
from node.node import Node
from node.pages.thing import id_in
from node.store.db import Db
from node.store.people import actors
from node.store.posts import kept_marks, posts
from node.web.forms import local_path, posted
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from node.wording.showing import page_path
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE
from schemas.records import Actor

Deed = Callable[[Node, Db, Actor, int], Awaitable[object]]


async def change_reaction(request: web.Request) -> web.Response:
    """POST /{kind}s/{id}/react: do or undo it, and back to the page, or to where it stood in a list (`return_to`).
    Bookmarks are one's own, whoever acts."""
    fields = await posted(request)
    deed, mine = DEEDS.get(fields.get("deed", "")), fields.get("react_as", "me")
    if deed is None:
        raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": ", ".join(DEEDS)})])
    if mine not in ("me", "hub"):
        raise Invalid([Problem(field="react_as", reason=NOT_A_CHOICE, values={"choices": "me, hub"})])
    post_id = id_in(request)
    async with reading(request) as db:
        who = await signed_in(request, db)
        post = await posts.get(db, post_id, who.actor.id)
    if mine == "hub" and not who.may("publish_as_hub"):
        raise Forbidden
    async with writing(request) as db:
        actor = await actors.hub(db) if mine == "hub" else who.actor
        await deed(request.app[NODE], db, actor, post.id)
    raise web.HTTPSeeOther(local_path(fields.get("return_to"), f"{page_path(post)}#reactions"))


async def _bookmark(_: Node, db: Db, actor: Actor, post_id: int) -> None:
    await kept_marks.bookmark(db, actor.id, post_id)


async def _unbookmark(_: Node, db: Db, actor: Actor, post_id: int) -> None:
    await kept_marks.unbookmark(db, actor.id, post_id)


DEEDS: dict[str, Deed] = {
    "like": react.like,
    "unlike": react.unlike,
    "boost": react.boost,
    "unboost": react.unboost,
    "bookmark": _bookmark,
    "unbookmark": _unbookmark,
}
