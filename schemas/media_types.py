"""The types of media that we keep and serve, and what another server's words for a file may mean."""

from __future__ import annotations

from typing import Literal

MediumKind = Literal["image", "audio", "video", "document"]

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/avif": "avif",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "video/mp4": "mp4",
    "application/pdf": "pdf",
    "text/plain": "txt",
    "text/csv": "csv",
    "text/markdown": "md",
    "text/calendar": "ics",
    "application/epub+zip": "epub",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.oasis.opendocument.graphics": "odg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
}
"""Every type we keep and serve, with the ending of its file's name."""

PAPERS = {ending: kind for kind, ending in EXTENSIONS.items() if not kind.startswith(("image/", "audio/", "video/"))}
"""Documents by the ending of their name: kept as they are, and given away as files to save only."""


def wanted(media_type: str) -> bool:
    """Whether what another server calls so may be worth a look; its bytes decide later. SVG never is (case 75)."""
    kind = _bare(media_type)
    return (kind.startswith(("image/", "audio/", "video/")) and kind != "image/svg+xml") or kind in PAPERS.values()


def claimed_kind(media_type: str) -> MediumKind:
    """Under which kind a file that we have not seen yet is noted."""
    match _bare(media_type).partition("/")[0]:
        case "image":
            return "image"
        case "audio":
            return "audio"
        case "video":
            return "video"
    return "document"


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()
