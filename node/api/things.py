"""One event, finding, call or post: publish it, show it, change it, delete it."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from node.actions import edit, publish, withdraw
from node.actions.acquaint import acquaint
from node.api.answers import as_json, asked_id, published, reader, writer
from node.api.once import once
from node.errors import Invalid, NodeError, NotFound
from node.store.db import Db
from node.store.posts import posts
from node.web.handlers import query, reading, writing
from node.web.keys import NODE
from schemas.check import DraftError, decode
from schemas.drafts import Draft
from schemas.limits import DRAFT_BYTES
from schemas.problems import Problem
from schemas.reasons import NOT_A_CHOICE, NOT_JSON
from schemas.records import Post
from schemas.things import Kind


class NotJson(NodeError):
    """A body of another type; forms of other sites can send these."""

    status = 415
    message = "Please send JSON (Content-Type: application/json)."


class Following(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`following`: with all later dates of the series."""

    following: bool = False


async def create_thing(request: web.Request, kind: Kind) -> web.Response:
    """Publish a draft: 201 with its address in `Location`; of a series the first date."""
    draft = await read_draft(request, kind)
    node = request.app[NODE]
    async with reading(request) as db:
        await writer(request, db)
    await acquaint(node, draft)
    async with writing(request) as db:
        who = await writer(request, db)

        async def deed() -> web.Response:
            post = await publish.publish(node, db, who, draft)
            return as_json(published(post), status=201, headers={"Location": post.url})

        return await once(request, db, who, deed)


async def show_thing(request: web.Request, kind: Kind) -> web.Response:
    """Show it to whom it is for. What is not there and what is not for the asker answer alike."""
    async with reading(request) as db:
        return as_json(published(await found(db, request, kind)))


async def edit_thing(request: web.Request, kind: Kind) -> web.Response:
    """Replace its content by a draft's. Who may not change it is told so before anything is looked up."""
    draft = await read_draft(request, kind)
    node, post_id = request.app[NODE], asked_id(request)
    async with reading(request) as db:
        await writer(request, db)
        await found(db, request, kind)
    await acquaint(node, draft)
    async with writing(request) as db:
        return as_json(published(await edit.edit(node, db, await writer(request, db), post_id, draft)))


async def delete_thing(request: web.Request, kind: Kind) -> web.Response:
    """Delete it, or with `following` also all later dates of its series: 204."""
    asked = query(request, Following)
    async with writing(request) as db:
        who = await writer(request, db)
        post = await found(db, request, kind)
        await withdraw.delete(request.app[NODE], db, who, post.id, following=asked.following)
    return web.Response(status=204)


async def found(db: Db, request: web.Request, kind: Kind) -> Post:
    """The thing at this address, if the asker may see it and it is of this kind."""
    post = await posts.get(db, asked_id(request), await reader(request, db))
    if post.kind != kind:
        raise NotFound
    return post


async def read_draft(request: web.Request, kind: Kind) -> Draft:
    """The body as a draft; its `kind` may be left out, since the address says it. Invalid names what is wrong."""
    body = await read_json(request)
    try:
        return decode(_of_kind(body, kind))
    except DraftError as error:
        raise Invalid(error.problems) from error


async def read_json(request: web.Request) -> bytes:
    """The body, if it says that it is JSON."""
    if request.content_type != "application/json":
        raise NotJson
    return await request.read()


def _of_kind(body: bytes, kind: Kind) -> bytes | dict[str, Any]:
    if len(body) > DRAFT_BYTES:
        return body
    try:
        sent = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid([Problem(field="", reason=NOT_JSON)]) from error
    if not isinstance(sent, dict):
        return body
    if sent.setdefault("kind", kind) != kind:
        raise Invalid([Problem(field="kind", reason=NOT_A_CHOICE, values={"choices": kind})])
    return sent
