"""Moving pictures as films without sound: smaller than a GIF, and whoever reads can stop them (WCAG 2.2.2).

Runs in the process of `child`: nothing here trusts a single byte."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
from PIL import Image

from node.media.task import ORIGINAL
from node.media.tracks import CLOCK
from schemas.limits import FILM_FRAMES_PER_SECOND

OPTIONS = {"preset": "veryfast", "crf": "24"}
EVEN = 2  # the sides of a film in 4:2:0 are multiples of it


def write_loop(frames: Sequence[Image.Image], durations: Sequence[int], folder: Path) -> tuple[int, int, int]:
    """Write opaque RGB frames, each shown for so many milliseconds, as ORIGINAL. Width, height, milliseconds in all."""
    width, height = (max(EVEN, side // EVEN * EVEN) for side in frames[0].size)
    with av.open(str(folder / ORIGINAL), "w", format="mp4", container_options={"movflags": "+faststart"}) as target:
        out = target.add_stream("libx264", rate=FILM_FRAMES_PER_SECOND, options=OPTIONS)
        out.width, out.height, out.pix_fmt = width, height, "yuv420p"
        out.codec_context.time_base = CLOCK
        elapsed = 0
        for picture, milliseconds in zip([*frames, frames[-1]], [*durations, 0], strict=True):
            frame: av.VideoFrame = av.VideoFrame.from_image(  # type: ignore[no-untyped-call]
                picture.crop((0, 0, width, height))
            )
            frame.time_base, frame.pts = CLOCK, int(elapsed / 1000 / CLOCK)
            target.mux(out.encode(frame))
            elapsed += milliseconds
        target.mux(out.encode(None))
    return width, height, elapsed
