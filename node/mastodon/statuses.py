"""Statuses: writing, reading, changing and deleting them, and what stands around one."""

from __future__ import annotations

import msgspec
from aiohttp import web

from node.actions import edit, publish, withdraw
from node.actions.acquaint import acquaint
from node.actions.permissions import may_change
from node.errors import NotFound
from node.mastodon.answers import as_json
from node.mastodon.asking import Ask, parsed_ids
from node.mastodon.composing import SentStatus, changed_draft, draft_of
from node.mastodon.endpoint import Endpoint, delete, get, post, put
from node.mastodon.entities.status import Status, render_status, render_statuses
from node.mastodon.entities.status_edit import render_history
from node.mastodon.entities.wording import source_text
from node.mastodon.errors import Unprocessable
from node.mastodon.scheduled import found_scheduled, schedule, when
from node.store.db import Db
from node.store.posts import client_posts, edits, posts
from node.store.posts.client_posts import Made
from node.web.handlers import reading, writing
from node.wording.showing import version_for
from schemas.limits import STATUSES_ASKED
from schemas.records import Post

ON_THE_WEBSITE = "Events, findings and calls are changed on the website of the hub"


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """Which statuses are asked for at once."""

    id: list[str] = []


class Deleting(msgspec.Struct, frozen=True, kw_only=True):
    """Whether media go too; else they can be attached again."""

    delete_media: bool = False


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """What an author typed."""

    id: str
    text: str
    spoiler_text: str


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """What a status answers, and what answers it."""

    ancestors: list[Status]
    descendants: list[Status]


async def create(ask: Ask) -> web.Response:
    """POST /api/v1/statuses: at once, or later (`scheduled_at`). A repeat with the same Idempotency-Key gives what the
    first request made."""
    sent, key, me = ask.take(SentStatus), ask.request.headers.get("Idempotency-Key", ""), ask.who.acting.id
    async with reading(ask.request) as db:
        if key and (made := await client_posts.find_made(db, me, key)):
            return await _again(ask, db, made)
        draft = await draft_of(db, ask.who, sent)
    due = when(sent.scheduled_at)
    if due is None:
        await acquaint(ask.node, draft)
    async with writing(ask.request) as db:
        if key and not await client_posts.claim_key(db, me, key):
            return await _again(ask, db, await client_posts.find_made(db, me, key))
        app_id = ask.bearer.app_id if ask.bearer else None
        if due is not None:
            planned = await schedule(db, ask.who, sent, draft, due, app_id, ask.urls)
            if key:
                await client_posts.note_made(db, me, key, scheduled_id=int(planned.id))
            return as_json(planned)
        made_post = await publish.publish(ask.node, db, ask.who, draft)
        await client_posts.note_app(db, made_post.id, app_id)
        if key:
            await client_posts.note_made(db, me, key, post_id=made_post.id)
        return as_json(await _rendered(ask, db, made_post.id))


async def many(ask: Ask) -> web.Response:
    """GET /api/v1/statuses?id[]="""
    ids = parsed_ids(ask.take(Asking).id[:STATUSES_ASKED])
    found = await posts.get_many(ask.db, ids, ask.me)
    return as_json(await render_statuses(ask.eyes, [found[one] for one in ids if one in found]))


async def show(ask: Ask) -> web.Response:
    """GET /api/v1/statuses/:id"""
    return as_json(await render_status(ask.eyes, await posts.get(ask.db, ask.id(), ask.me), context="thread"))


async def change(ask: Ask) -> web.Response:
    """PUT /api/v1/statuses/:id: short posts only; who writes events, findings and calls does so in their own form."""
    sent, number = ask.take(SentStatus), ask.id()
    async with reading(ask.request) as db:
        before = await _own(ask, db, number)
        draft = await changed_draft(db, before, sent)
    await acquaint(ask.node, draft)
    async with writing(ask.request) as db:
        after = await edit.edit(ask.node, db, ask.who, number, draft)
        return as_json(await _rendered(ask, db, after.id))


async def remove(ask: Ask) -> web.Response:
    """DELETE /api/v1/statuses/:id: the answer holds all that is needed to write it again."""
    found = await posts.get(ask.db, ask.id(), ask.who.acting.id)
    if not may_change(ask.who, found):
        raise NotFound
    status = await render_status(ask.eyes, found)
    source = source_text(found, version_for(found, ask.language))
    await withdraw.delete(ask.node, ask.db, ask.who, found.id, keep_media=not ask.take(Deleting).delete_media)
    return as_json(msgspec.structs.replace(status, text=source))


async def source(ask: Ask) -> web.Response:
    """GET /api/v1/statuses/:id/source: in the language in which the status is shown."""
    found = _proper(await posts.get(ask.db, ask.id(), ask.me))
    version = version_for(found, ask.language)
    warning = version.summary if found.kind == "post" else ""
    return as_json(Source(id=str(found.id), text=source_text(found, version), spoiler_text=warning))


async def history(ask: Ask) -> web.Response:
    """GET /api/v1/statuses/:id/history: the oldest text first, the present one last."""
    found = _proper(await posts.get(ask.db, ask.id(), ask.me))
    return as_json(await render_history(ask.eyes, found, await edits.list_of(ask.db, found.id)))


async def context(ask: Ask) -> web.Response:
    """GET /api/v1/statuses/:id/context"""
    found = _proper(await posts.get(ask.db, ask.id(), ask.me))
    above, below = await posts.context(ask.db, found.id, viewer=ask.me)
    shown = await render_statuses(ask.eyes, [*above, *below], context="thread")
    return as_json(Thread(ancestors=shown[: len(above)], descendants=shown[len(above) :]))


async def card(ask: Ask) -> web.Response:
    """GET /api/v1/statuses/:id/card: `{}` where there is none."""
    found = await posts.get(ask.db, ask.id(), ask.me)
    return as_json((await render_status(ask.eyes, _proper(found))).card or {})


async def _again(ask: Ask, db: Db, made: Made | None) -> web.Response:
    if made is None or (made.post_id is None and made.scheduled_id is None):
        raise Unprocessable("This was sent before")
    if made.post_id is not None:
        return as_json(await _rendered(ask, db, made.post_id))
    return as_json(await found_scheduled(db, ask.who.acting.id, made.scheduled_id or 0, ask.urls))


async def _own(ask: Ask, db: Db, number: int) -> Post:
    found = await posts.get(db, number, ask.who.acting.id)
    if found.kind == "boost" or not may_change(ask.who, found):
        raise NotFound
    if found.kind != "post" or found.rsvp_for_id is not None:
        raise Unprocessable(ON_THE_WEBSITE)
    return found


async def _rendered(ask: Ask, db: Db, number: int) -> Status:
    found = await posts.get(db, number, ask.who.acting.id)
    return await render_status(msgspec.structs.replace(ask.eyes, db=db), found)


def _proper(found: Post) -> Post:
    """What a boost passes on; anything else itself."""
    return found.boost_of or found


ENDPOINTS: tuple[Endpoint, ...] = (
    post("/api/v1/statuses", create, "write:statuses", work="alone"),
    get("/api/v1/statuses", many, "read:statuses", asker="anyone"),
    get("/api/v1/statuses/{id}", show, "read:statuses", asker="anyone", remembered=True),
    *put("/api/v1/statuses/{id}", change, "write:statuses", work="alone"),
    delete("/api/v1/statuses/{id}", remove, "write:statuses"),
    get("/api/v1/statuses/{id}/source", source, "read:statuses"),
    get("/api/v1/statuses/{id}/history", history, "read:statuses", asker="anyone"),
    get("/api/v1/statuses/{id}/context", context, "read:statuses", asker="anyone"),
    get("/api/v1/statuses/{id}/card", card, "read:statuses", asker="anyone"),
)
