"""Media: upload them, see how far they are, describe them, take them back."""

from __future__ import annotations

import asyncio

import msgspec
from aiohttp import web

from node.actions import media as deeds
from node.mastodon.answers import as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, delete, get, post, put, with_files
from node.mastodon.entities.medium import from_medium
from node.mastodon.errors import Refused, Unprocessable
from node.store.files import media
from node.web.handlers import reading, writing
from node.web.uploads import take_file
from schemas.limits import MEDIA_ANSWER_STEP_SECONDS, MEDIA_ANSWER_WAIT_SECONDS, SIDE_PREVIEW
from schemas.records import Medium

FAILED = "Error processing media. Please try again or use another file."


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a medium shows, and what of it must stay visible (`x,y`)."""

    description: str | None = None
    focus: str | None = None


async def upload_and_wait(ask: Ask) -> web.Response:
    """The old way, for clients that cannot ask again: answer once it is ready, or when that takes too long."""
    medium = await _upload(ask)
    for _ in range(round(MEDIA_ANSWER_WAIT_SECONDS / MEDIA_ANSWER_STEP_SECONDS)):
        if medium.state != "waiting":
            break
        await asyncio.sleep(MEDIA_ANSWER_STEP_SECONDS)
        async with reading(ask.request) as db:
            medium = await media.get_own(db, medium.id, (ask.who.acting.id,))
    return _answer(ask, medium)


async def upload(ask: Ask) -> web.Response:
    """Take a file: 200 when it is ready, 202 while it is processed."""
    medium = await _upload(ask)
    return _answer(ask, medium, waiting=202)


async def show(ask: Ask) -> web.Response:
    """One's own upload: 206 while it is processed, 422 where that failed."""
    medium = await media.get_own(ask.db, ask.id(), (ask.who.acting.id,))
    return _answer(ask, medium, waiting=206)


async def change(ask: Ask) -> web.Response:
    """Describe an upload that no status shows yet."""
    asked, thumbnail = ask.take(About), await _thumbnail(ask)
    async with writing(ask.request) as db:
        changed = await deeds.describe(
            db,
            ask.who.acting,
            ask.id(),
            alt=asked.description,
            focus=_focus(asked.focus) if asked.focus else None,
            thumbnail=thumbnail,
        )
    return _answer(ask, changed)


async def remove(ask: Ask) -> web.Response:
    """Take an upload back that no status shows."""
    await deeds.remove(ask.db, ask.who.acting, ask.id())
    return as_json({})


def file_in(ask: Ask, name: str) -> web.FileField | None:
    """The file that was sent under a name, if one was chosen."""
    sent = ask.parameters.get(name)
    return sent if isinstance(sent, web.FileField) and sent.filename else None


async def _upload(ask: Ask) -> Medium:
    sent = file_in(ask, "file")
    if sent is None:
        raise Unprocessable("File can't be blank")
    asked = ask.take(About)
    focus = _focus(asked.focus) if asked.focus else None
    medium = await take_file(ask.request, ask.who, sent, alt=asked.description or "", focus=focus)
    if thumbnail := await _thumbnail(ask):
        async with writing(ask.request) as db:
            medium = await deeds.describe(db, ask.who.acting, medium.id, thumbnail=thumbnail)
    return medium


async def _thumbnail(ask: Ask) -> Medium | None:
    sent = file_in(ask, "thumbnail")
    if sent is None:
        return None
    medium = await take_file(ask.request, ask.who, sent, side=SIDE_PREVIEW)
    if medium.kind != "image":
        raise Unprocessable("Thumbnail content type is invalid")
    return medium


def _answer(ask: Ask, medium: Medium, *, waiting: int = 200) -> web.Response:
    if medium.state == "failed":
        raise Refused(422, FAILED)
    return as_json(from_medium(medium, ask.urls), status=200 if medium.state == "ready" else waiting)


def _focus(written: str) -> tuple[float, float]:
    try:
        across, up = (float(part) for part in written.split(","))
    except ValueError as error:
        raise Unprocessable("Focus is invalid") from error
    if not (-1 <= across <= 1 and -1 <= up <= 1):
        raise Unprocessable("Focus is invalid")
    return across, up


ENDPOINTS: tuple[Endpoint, ...] = (
    *with_files(post("/api/v1/media", upload_and_wait, "write:media", work="alone")),
    *with_files(post("/api/v2/media", upload, "write:media", work="alone")),
    get("/api/v1/media/{id}", show, "write:media"),
    *with_files(*put("/api/v1/media/{id}", change, "write:media", work="alone")),
    delete("/api/v1/media/{id}", remove, "write:media"),
)
