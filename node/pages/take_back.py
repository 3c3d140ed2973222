"""What is said first and done after a yes: asking by a poll who comes to an event, closing a call, deleting
anything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast, get_args

import msgspec
from aiohttp import web

from node.actions import rsvp_poll, withdraw
from node.actions.permissions import require_change
from node.errors import NotFound
from node.node import Node
from node.pages.thing import id_in
from node.store.db import Db
from node.store.posts import posts
from node.theming.frame import Frame, frame, render
from node.web import sessions
from node.web.forms import posted
from node.web.handlers import reading, signed_in, writing
from node.web.keys import NODE
from node.wording.showing import page_path
from schemas.reasons import msgid
from schemas.records import Post, Viewer
from schemas.things import CallState

Do = Callable[[Node, Db, Viewer, Post, str], Awaitable[Any]]


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked before it is done, and done. `of`: the kinds it is for; `options` by value."""

    of: tuple[str, ...]
    heading: str
    what: str
    yes: str
    done: str
    do: Do
    options: dict[str, str] = {}
    takes_back: bool = True


async def _ask_by_poll(node: Node, db: Db, viewer: Viewer, post: Post, state: str) -> None:
    await rsvp_poll.ask_by_poll(node, db, viewer, post.id)


async def _close(node: Node, db: Db, viewer: Viewer, post: Post, state: str) -> None:
    wanted = cast(CallState, state if state in get_args(CallState) else "closed")
    await withdraw.close_call(node, db, viewer, post.id, wanted)


async def _delete(node: Node, db: Db, viewer: Viewer, post: Post, state: str) -> None:
    await withdraw.delete(node, db, viewer, post.id, following=state == "following")


ONE_OR_ALL = {"one": msgid("Only this date"), "following": msgid("This and all later dates")}
DEEDS = {
    "poll": Deed(
        of=("event",),
        heading=msgid("Ask by a poll who comes?"),
        what=msgid(
            "Followers on Mastodon and the like get one poll: coming, maybe, cannot come. "
            "Each vote is an answer in the list of this event."
        ),
        yes=msgid("Yes, ask them"),
        done=msgid("Your followers are asked."),
        do=_ask_by_poll,
        takes_back=False,
    ),
    "close": Deed(
        of=("call",),
        heading=msgid("Close the call?"),
        what=msgid("It then takes no more answers. The page stays."),
        yes=msgid("Yes, close it"),
        done=msgid("The call is closed."),
        do=_close,
        options={
            "filled": msgid("We have found whom we looked for"),
            "closed": msgid("It is over"),
            "withdrawn": msgid("We take it back"),
        },
    ),
    "delete": Deed(
        of=("event", "finding", "call", "post"),
        heading=msgid("Delete this for good?"),
        what=msgid("Text, answers and reactions are erased here, and other servers are asked to do the same."),
        yes=msgid("Yes, delete it"),
        done=msgid("Deleted."),
        do=_delete,
        options=ONE_OR_ALL,
    ),
}


async def ask(request: web.Request) -> web.Response:
    """GET /{kind}s/{id}/{deed}: what would happen, and to whom it would be told."""
    async with reading(request) as db:
        around, _, post, deed = await _wanted(request, db)
    say = around.say
    options = [(value, say(words)) for value, words in deed.options.items()]
    values = {
        "post": post,
        "heading": say(deed.heading),
        "what": say(deed.what),
        "yes": say(deed.yes),
        "takes_back": deed.takes_back,
        "options": [] if deed.options is ONE_OR_ALL and post.series is None else options,
    }
    return render(request, "pages/confirm.html", around, values)


async def do(request: web.Request) -> web.Response:
    """POST /{kind}s/{id}/{deed}: do it."""
    state = (await posted(request)).get("state", "")
    async with writing(request) as db:
        around, who, post, deed = await _wanted(request, db)
        await deed.do(request.app[NODE], db, who, post, state)
    await sessions.say(request, around.say(deed.done))
    raise web.HTTPSeeOther("/desk" if deed is DEEDS["delete"] else page_path(post))


async def _wanted(request: web.Request, db: Db) -> tuple[Frame, Viewer, Post, Deed]:
    deed = DEEDS[request.match_info["deed"]]
    who = await signed_in(request, db, "publish")
    around = await frame(request, db)
    post = await posts.get(db, id_in(request), who.actor.id)
    if post.kind not in deed.of or request.path.split("/")[1] != page_path(post).split("/")[1]:
        raise NotFound
    require_change(who, post)
    return around, who, post, deed
