"""What the node and the process that looks at a file say to each other: one task, one answer, as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from node.media.refusals import BROKEN, MediaRefused
from schemas.limits import SIDE_IMAGE

SOURCE, ORIGINAL, PREVIEW, ANSWER = "source", "original", "preview", "answer.json"
"""The files of a task in its folder: what came, what is made of it, a small picture of it, and the answer."""


def copy_name(width: int, ending: str = "webp") -> str:
    """The file of the smaller copy of this width, as WebP or AVIF."""
    return f"copy-{width}.{ending}"


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Make something to serve of SOURCE in the working folder. `media_type`: what its bytes say. `side`: the longer
    side of the picture. `convert`: a film may be encoded anew, which takes minutes. `loop`: a GIF that moves becomes a
    film. `widths`: of the smaller copies that are made too, where they are clearly smaller, for browsers to choose
    from; `avif`: also as AVIF, which is lighter than WebP but not known to all browsers."""

    media_type: str
    side: int = SIDE_IMAGE
    convert: bool = True
    loop: bool = False
    widths: tuple[int, ...] = ()
    avif: bool = False
    memory_bytes: int
    cpu_seconds: int
    file_bytes: int
    seconds: float


class Made(msgspec.Struct, frozen=True, kw_only=True, tag="made"):
    """ORIGINAL, and PREVIEW if there is a picture to show, are ready; without any metadata of their source. `silent`:
    of a film, whether it has no sound. `widths`: of the copies that are there (`copy_name`), with `avif` in both."""

    media_type: Literal["image/jpeg", "image/png", "image/webp", "audio/mpeg", "audio/mp4", "audio/ogg", "video/mp4"]
    preview: Literal["image/jpeg", "image/webp"] | None = None
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    blurhash: str | None = None
    silent: bool | None = None
    widths: tuple[int, ...] = ()
    avif: bool = False

    @property
    def copies(self) -> list[tuple[int, str]]:
        """The width and the ending of each copy that is there."""
        return [(width, ending) for width in self.widths for ending in (("webp", "avif") if self.avif else ("webp",))]


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag="refused"):
    """MediaRefused on its way between the processes."""

    reason: str
    values: dict[str, int] = {}


Answer = Made | Refused
_ANSWER = msgspec.json.Decoder[Answer](Made | Refused)


def find_answer(folder: Path, most: int) -> Answer | None:
    """What the process said, if it lived to say something. It may have been taken over by the file it looked at: so no
    link is followed, and no more is read than `most` bytes. Raises MediaRefused for an answer that is none."""
    if not is_plain(folder / ANSWER):
        return None
    with (folder / ANSWER).open("rb") as file:
        said = file.read(most + 1)
    try:
        answer: Answer = _ANSWER.decode(said[:most])
    except msgspec.DecodeError as error:
        raise MediaRefused(BROKEN) from error
    return answer


def is_plain(path: Path) -> bool:
    """Whether this is a file of its own, and not a link to somebody else's."""
    return path.is_file() and not path.is_symlink()
