"""Media attached to a status, or just uploaded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Literal

import msgspec

from federation.build.urls import Urls
from node.store.db import Db
from node.store.files import media
from schemas.limits import SIDE_PREVIEW
from schemas.records import Medium, Post
from schemas.things import Attachment

Type = Literal["image", "gifv", "video", "audio", "unknown"]


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """A picture's measures in pixels, and what clients compute from them."""

    width: int
    height: int
    size: str
    aspect: float
    duration: float | msgspec.UnsetType = msgspec.UNSET


class Playing(msgspec.Struct, frozen=True, kw_only=True):
    """How long a sound takes, in seconds."""

    duration: float


class Focus(msgspec.Struct, frozen=True, kw_only=True):
    """What must stay visible when it is cropped: −1…1, y upwards."""

    x: float
    y: float


class Meta(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known about the file; what is not is absent."""

    original: Size | Playing | None = None
    small: Size | None = None
    focus: Focus | None = None


class MediaAttachment(msgspec.Struct, frozen=True, kw_only=True):
    """One medium. `url` is null while it is processed."""

    id: str
    type: Type
    url: str | None
    preview_url: str | None
    remote_url: str | None
    preview_remote_url: str | None = None
    text_url: str | None = None
    meta: Meta | None
    description: str | None
    blurhash: str | None


async def silent_in(db: Db, posts: Iterable[Post]) -> frozenset[int]:
    """Which films attached to posts have no sound, by the id of their medium; asked only where there are films."""
    films = [
        one.media_id
        for post in posts
        for one in post.attachments
        if one.media_id and one.media_type.startswith("video/")
    ]
    return await media.silent_among(db, films) if films else frozenset()


def from_attachment(attachment: Attachment, urls: Urls, silent: frozenset[int] = frozenset()) -> MediaAttachment:
    """A medium of a published thing. What has no copy here is only linked, as a file of unknown type. `silent`: the
    films without sound."""
    kept = attachment.media_id is not None
    kind = _type(attachment.media_type) if kept else "unknown"
    kind = "gifv" if kind == "video" and attachment.media_id in silent else kind
    return MediaAttachment(
        id=str(attachment.media_id or _number(attachment.url)),
        type=kind,
        url=attachment.url,
        preview_url=attachment.preview_url or (attachment.url if kind == "image" else None),
        remote_url=None if urls.ours(attachment.url) else attachment.url,
        meta=_meta(attachment, attachment.focus, visible=kind != "audio"),
        description=attachment.alt or None,
        blurhash=attachment.blurhash,
    )


def from_medium(medium: Medium, urls: Urls) -> MediaAttachment:
    """An upload, in whatever state."""
    kind: Type = "unknown" if medium.kind == "document" else medium.kind
    kind = "gifv" if kind == "video" and medium.silent else kind
    preview = medium.preview_path or (medium.path if kind == "image" else None)
    focus = None if medium.focus_x is None or medium.focus_y is None else (medium.focus_x, medium.focus_y)
    return MediaAttachment(
        id=str(medium.id),
        type=kind,
        url=urls.media(medium.path) if medium.path and medium.state == "ready" else None,
        preview_url=urls.media(preview) if preview else None,
        remote_url=medium.remote_url,
        meta=_meta(medium, focus, visible=kind != "audio"),
        description=medium.alt or None,
        blurhash=medium.blurhash,
    )


def _type(media_type: str) -> Type:
    match media_type.partition("/")[0]:
        case "image":
            return "image"
        case "video":
            return "video"
        case "audio":
            return "audio"
        case _:
            return "unknown"


def _meta(one: Attachment | Medium, focus: tuple[float, float] | None, *, visible: bool) -> Meta | None:
    seconds = one.duration_ms / 1000 if one.duration_ms is not None else None
    original: Size | Playing | None = None
    small = None
    if visible and one.width and one.height:
        original, small = _size(one.width, one.height, seconds), _small(one, one.width, one.height)
    elif seconds is not None:
        original = Playing(duration=seconds)
    where = Focus(x=focus[0], y=focus[1]) if focus else None
    found = Meta(original=original, small=small, focus=where)
    return None if found == Meta() else found


def _size(width: int, height: int, seconds: float | None = None) -> Size:
    return Size(
        width=width,
        height=height,
        size=f"{width}x{height}",
        aspect=width / height,
        duration=msgspec.UNSET if seconds is None else seconds,
    )


def _small(one: Attachment | Medium, width: int, height: int) -> Size:
    """The measures of the preview: its own, or those that media/images.py gives it."""
    if one.preview_width and one.preview_height:
        return _size(one.preview_width, one.preview_height)
    factor = min(1.0, SIDE_PREVIEW / max(width, height))
    return _size(max(1, round(width * factor)), max(1, round(height * factor)))


def _number(url: str) -> int:
    """An id for what has none, the same each time."""
    return int.from_bytes(hashlib.sha256(url.encode()).digest()[:7], "big")
