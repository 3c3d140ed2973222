"""What a file is, by its first bytes (puremagic and a few words of our own), never by its name or what a sender says.

A type that is not listed here is not taken: no SVG, no HTML, no XML, no archives, no programs (case 75)."""

from __future__ import annotations

import msgspec

from node.media.refusals import EMPTY_FILE, TOO_HEAVY, UNKNOWN_TYPE, MediaRefused
from schemas.limits import IMAGE_BYTES, MEDIA_BYTES, MEDIA_HEAD_BYTES, PAPER_BYTES
from schemas.media_types import PAPERS, MediumKind

MEGABYTE = 1_048_576

IMAGES = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif")
CONTAINERS = {
    "audio/mpeg": "mp3",
    "application/ogg": "ogg",
    "audio/ogg": "ogg",
    "video/ogg": "ogg",
    "audio/flac": "flac",
    "audio/wave": "wav",
    "audio/x-wav": "wav",
    "audio/aac": "aac",
    "video/mp4": "mov",
    "audio/mp4": "mov",
    "video/quicktime": "mov",
    "video/x-m4v": "mov",
    "audio/x-m4a": "mov",
    "video/webm": "matroska",
    "audio/webm": "matroska",
    "video/x-matroska": "matroska",
    "application/x-matroska": "matroska",
}
"""Sounds and films by their type: the one demuxer that may open them."""

TEXTS = ("csv", "md", "ics")
OFFICE = ("docx", "xlsx", "pptx")
MOST: dict[MediumKind, int] = {
    "image": IMAGE_BYTES,
    "audio": MEDIA_BYTES,
    "video": MEDIA_BYTES,
    "document": PAPER_BYTES,
}

_ZIP = b"PK\x03\x04"
_ZIP_NAME = 30  # where the name of a ZIP's first member stands
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\f\r\x1b")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a file turned out to be. Whether a sound holds pictures, and a film sound, its decoder tells."""

    media_type: str
    kind: MediumKind


def recognise(head: bytes, size: int, name: str = "") -> Found:
    """The kind of a file of `size` bytes that begins with `head` (MEDIA_HEAD_BYTES of it, or all).

    Of `name` only the ending counts, and only between kinds of text and of office files. Raises MediaRefused.
    """
    if not size:
        raise MediaRefused(EMPTY_FILE)
    found = _kind(head[:MEDIA_HEAD_BYTES], name.rpartition(".")[2].lower())
    if found is None:
        raise MediaRefused(UNKNOWN_TYPE)
    if size > MOST[found.kind]:
        raise MediaRefused(TOO_HEAVY, max=MOST[found.kind] // MEGABYTE)
    return found


def _kind(head: bytes, ending: str) -> Found | None:
    if head.startswith(b"%PDF-"):
        return Found(media_type="application/pdf", kind="document")
    if head.startswith(_ZIP):
        return _zipped(head, ending)
    for media_type in _types(head):
        if media_type in IMAGES:
            return Found(media_type=media_type, kind="image")
        if media_type in CONTAINERS:
            return Found(media_type=media_type, kind="audio" if media_type.startswith("audio/") else "video")
    return _text(head, ending)


def _types(head: bytes) -> list[str]:
    """The types that the first bytes stand for, the surest first."""
    import puremagic  # noqa: PLC0415 - reads its tables of magic numbers, which only uploads need

    try:
        return [match.mime_type for match in puremagic.magic_string(head)]
    except (puremagic.PureError, ValueError):
        return []


def _zipped(head: bytes, ending: str) -> Found | None:
    """OpenDocument and EPUB name their type in the first member; Office Open XML has its list of types there."""
    named = head[_ZIP_NAME:]
    if named.startswith(b"mimetype"):
        for media_type in PAPERS.values():
            if "zip" in media_type or "opendocument" in media_type:
                exact = named.removeprefix(b"mimetype").startswith((media_type + "PK").encode())
                if exact:
                    return Found(media_type=media_type, kind="document")
        return None
    if ending in OFFICE and named.startswith((b"[Content_Types].xml", b"_rels/", b"docProps/")):
        return Found(media_type=PAPERS[ending], kind="document")
    return None


def _text(head: bytes, ending: str) -> Found | None:
    """Text has no control characters, and does not begin like HTML, SVG, XML or a script."""
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not _CONTROLS.isdisjoint(head) or begin.startswith((b"<", b"#!", b"%!")):
        return None
    return Found(media_type=PAPERS[ending] if ending in TEXTS else "text/plain", kind="document")
