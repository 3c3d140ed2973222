"""Upload a file, to be named by its id in a draft afterwards, and see how far its processing has come."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from node.api.answers import as_json, asked_id, writer
from node.errors import Invalid, NodeError
from node.store.files import media
from node.web.handlers import reading
from node.web.keys import URLS
from node.web.uploads import receive_upload, takes_files
from schemas.limits import ALT_CHARS
from schemas.problems import Problem
from schemas.published import UploadedMedium
from schemas.reasons import NOT_A_NUMBER, REQUIRED
from schemas.records import Medium

FORM_TYPE = "multipart/form-data"


class NoForm(NodeError):
    """A body of another type."""

    status = 415
    message = "Please send the file in a form (multipart/form-data)."


class MediumForm(msgspec.Struct, frozen=True, kw_only=True):
    """A file with what it shows."""

    file: Annotated[str, Meta(description="picture, sound, film or document", extra_json_schema={"format": "binary"})]
    alt: Annotated[str, Meta(max_length=ALT_CHARS, description="what it shows, for those who do not see it")] = ""
    focus: Annotated[
        str, Meta(description="x,y in -1…1: what must stay visible when it is cropped", examples=["0.0,0.5"])
    ] = ""


@takes_files
async def create_medium(request: web.Request) -> web.Response:
    """Take a file: 201 when it is ready, 202 while a sound or film waits to be processed."""
    if request.content_type != FORM_TYPE:
        raise NoForm
    async with reading(request) as db:
        await writer(request, db)
    fields = await request.post()
    medium = await receive_upload(
        request, alt=_text(fields.get("alt")), focus=_focus(_text(fields.get("focus"))), scope="write"
    )
    if medium is None:
        raise Invalid([Problem(field="file", reason=REQUIRED)])
    return _answer(request, medium, status=201 if medium.state == "ready" else 202)


async def show_medium(request: web.Request) -> web.Response:
    """One's own upload, in whatever state."""
    async with reading(request) as db:
        who = await writer(request, db)
        medium = await media.get_own(db, asked_id(request), (who.actor.id, who.acting.id))
    return _answer(request, medium)


def _answer(request: web.Request, medium: Medium, status: int = 200) -> web.Response:
    urls = request.app[URLS]
    answer = UploadedMedium(
        id=str(medium.id),
        state=medium.state,
        kind=medium.kind,
        media_type=medium.media_type,
        url=urls.media(medium.path) if medium.path else None,
        preview_url=urls.media(medium.preview_path) if medium.preview_path else None,
        alt=medium.alt,
        focus=(medium.focus_x, medium.focus_y) if medium.focus_x is not None and medium.focus_y is not None else None,
        blurhash=medium.blurhash,
        width=medium.width,
        height=medium.height,
        duration_ms=medium.duration_ms,
        error=medium.error,
    )
    return as_json(answer, status=status)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _focus(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        across, up = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Invalid([Problem(field="focus", reason=NOT_A_NUMBER)]) from error
    return across, up
