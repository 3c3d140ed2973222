"""Pictures, sounds and films that come with a thing, from `attachment`, `image` and `url`."""

import re
from mimetypes import guess_type
from typing import Any

from federation import sanitise
from federation.read.fields import Document, count, documents, entries, text
from federation.read.tags import image_url
from schemas.limits import (
    ATTACHMENTS,
    DOCUMENT_LIST_ITEMS,
    READ_ALT_CHARS,
    READ_BLURHASH_CHARS,
    READ_LINE_CHARS,
    READ_LINKS,
    READ_PIXELS,
)
from schemas.things import Attachment

_KINDS = {"Image": "image", "Video": "video", "Audio": "audio", "Document": ""}
_UNKNOWN_TYPE = "application/octet-stream"
_MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9][a-z0-9.+_-]{0,80}")
_BLURHASH = re.compile(rf"[0-9A-Za-z#$%*+,.:;=?@\[\]^_{{|}}~-]{{6,{READ_BLURHASH_CHARS}}}")


def attachments(doc: Document) -> tuple[Attachment, ...]:
    """Media, each once, in the order of the attachments; a flyer in `image` that is not among them comes first.

    What is no medium (a note, a recipe, a key) is left out (case 81).
    """
    told = [_medium(one) for one in documents(doc, "attachment", DOCUMENT_LIST_ITEMS)]
    if doc.get("type") in ("Image", "Video", "Audio"):
        told.append(_medium(doc))
    found = {one.url: one for one in told if one}
    flyers = [_medium(one) for one in documents(doc, "image", 1)]
    missing = {one.url: one for one in flyers if one and one.url not in found}
    return tuple((missing | found).values())[:ATTACHMENTS]


def _medium(doc: Document) -> Attachment | None:
    kind = _KINDS.get(text(doc, "type")) if doc.get("type") else ""
    link = _best_link(doc, kind) if kind is not None else None
    if link is None or kind is None:
        return None
    url = sanitise.url(text(link, "href"))
    if url is None:
        return None
    return Attachment(
        url=url,
        media_type=_media_type(text(link, "mediaType") or text(doc, "mediaType"), url, kind),
        alt=_alt(doc),
        credit=sanitise.plain(text(doc, "coop:credit")[:READ_LINE_CHARS], single_line=True),
        license=sanitise.url(text(doc, "license")),
        blurhash=_blurhash(text(doc, "blurhash")),
        width=count(doc, "width", READ_PIXELS) or count(link, "width", READ_PIXELS) or None,
        height=count(doc, "height", READ_PIXELS) or count(link, "height", READ_PIXELS) or None,
        focus=_focus(doc.get("focalPoint")),
        preview_url=image_url(doc, "icon"),
    )


def _best_link(doc: Document, kind: str) -> Document | None:
    """The first link to a file of this kind; a page about it (text/html) is none."""
    found = documents(doc, "url", READ_LINKS) or ([doc] if "href" in doc else [])
    files = [one for one in found if not text(one, "mediaType").startswith("text/html")]
    return next((one for one in files if text(one, "mediaType").startswith(kind or "/")), files[0] if files else None)


def _media_type(said: str, url: str, kind: str) -> str:
    said = said.partition(";")[0].strip().lower()
    if _MEDIA_TYPE.fullmatch(said):
        return said
    guessed = guess_type(url.partition("?")[0])[0]
    if guessed and guessed.startswith(kind):
        return guessed
    return f"{kind}/*" if kind else _UNKNOWN_TYPE


def _alt(doc: Document) -> str:
    told = text(doc, "summary") or text(doc, "name")
    return sanitise.plain(told[:READ_ALT_CHARS])


def _blurhash(said: str) -> str | None:
    return said if _BLURHASH.fullmatch(said) else None


def _focus(said: Any) -> tuple[float, float] | None:
    point = entries({"point": said}, "point")
    if len(point) != 2 or not all(isinstance(one, int | float) and -1 <= one <= 1 for one in point):
        return None
    return float(point[0]), float(point[1])
