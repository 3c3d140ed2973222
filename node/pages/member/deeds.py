"""What a member does with one tap where they read: vote in a poll, and see or hear somebody no more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from node.actions import follow, hide, vote
from node.errors import Conflict, Invalid, NotFound
from node.node import Node
from node.pages.thing import id_in
from node.store.db import Db
from node.store.people import actors
from node.store.posts import posts
from node.theming.frame import frame
from node.web import sessions
from node.web.forms import local_path, posted
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from node.wording.showing import page_path
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, msgid
from schemas.records import Actor

HIDE = "/hide"
VOTED = msgid("Your vote is counted.")
CHOOSE = msgid("Choose an answer first.")
Deed = Callable[[Node, Db, Actor, Actor], Awaitable[None]]


async def cast_vote(request: web.Request) -> web.Response:
    """POST /posts/{id}/vote: choose one answer of a poll, or several where that is asked."""
    fields = await posted(request)
    chosen = [int(one) for one in fields.getall("option", []) if one.isascii() and one.isdecimal() and len(one) < 4]
    async with reading(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        post = await posts.get(db, id_in(request), who.actor.id)
    words = around.say(VOTED if chosen else CHOOSE)
    if chosen:
        try:
            async with writing(request) as db:
                await vote.vote(request.app[NODE], db, who.actor, post.id, chosen)
        except Conflict as error:
            words = around.say(error.message, **error.values)
    await sessions.say(request, words)
    raise web.HTTPSeeOther(local_path(fields.get("return_to"), page_path(post)))


async def change_hiding(request: web.Request) -> web.Response:
    """POST /hide: mute or block somebody, or take that back."""
    fields = await posted(request)
    known = DEEDS.get(fields.get("deed", ""))
    if known is None:
        raise Invalid([Problem(field="deed", reason=NOT_A_CHOICE, values={"choices": ", ".join(DEEDS)})])
    deed, words = known
    async with writing(request) as db:
        who = await signed_in(request, db)
        around = await frame(request, db)
        other = await actors.find(db, fields.get("actor", ""))
        if other is None or other.id == who.actor.id:
            raise NotFound
        await deed(request.app[NODE], db, who.actor, other)
    await sessions.say(request, around.say(words))
    raise web.HTTPSeeOther(local_path(fields.get("return_to"), "/timeline"))


async def _mute(_: Node, db: Db, me: Actor, other: Actor) -> None:
    await hide.mute(db, me, other)


async def _unmute(_: Node, db: Db, me: Actor, other: Actor) -> None:
    await hide.unmute(db, me, other)


DEEDS: dict[str, tuple[Deed, str]] = {
    "mute": (_mute, msgid("Muted: you see and hear nothing of them any more. They are not told.")),
    "unmute": (_unmute, msgid("You see them again.")),
    "block": (follow.block, msgid("Blocked: neither of you sees what the other writes.")),
    "unblock": (follow.unblock, msgid("The block is lifted.")),
}
"""What can be done, and what is said of it."""
