"""GIFs that move become films without sound in posts; portraits, stills and other moving pictures do not."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from node.media.kinds import Found
from node.media.task import ORIGINAL, SOURCE, Made
from node.media.workshop import Workshop
from schemas.limits import SIDE_ICON, SIDE_IMAGE
from tests import files


async def made_of(folder: Path, content: bytes, media_type: str = "image/gif", **more: object) -> Made:
    (folder / SOURCE).write_bytes(content)
    asked = {"side": SIDE_IMAGE, "loop": True} | more
    return await Workshop().make(Found(media_type=media_type, kind="image"), folder, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [(64, 48), (63, 47), (1, 1)])
async def test_a_gif_that_moves_becomes_a_film_of_the_same_length_without_sound(
    folder: Path, size: tuple[int, int]
) -> None:
    made = await made_of(folder, files.animation(size=size))
    assert (made.media_type, made.silent, made.duration_ms, made.preview) == ("video/mp4", True, 400, "image/jpeg")
    assert made.blurhash
    with av.open(str(folder / ORIGINAL)) as film:
        [stream] = film.streams
        shown = [round(float(frame.time or 0), 2) for frame in film.decode(stream)]  # type: ignore[arg-type]
        assert stream.codec_context.name == "h264"
    assert shown == [0.0, 0.08, 0.16, 0.24, 0.32, 0.4]
    assert (made.width, made.height) == tuple(max(2, side // 2 * 2) for side in size)


@pytest.mark.parametrize(
    ("content", "media_type", "more"),
    [
        (files.image("GIF", mode="P"), "image/gif", {}),
        (files.animation("WEBP"), "image/webp", {}),
        (files.animation(), "image/gif", {"loop": False, "side": SIDE_ICON}),
    ],
)
async def test_other_pictures_stay_pictures(
    folder: Path, content: bytes, media_type: str, more: dict[str, object]
) -> None:
    made = await made_of(folder, content, media_type, **more)
    assert made.media_type.startswith("image/") and made.silent is None
