"""Decode a picture and write it anew: upright, not too large, in sRGB, without metadata; with a preview and a blurhash.

Runs in the process of `child`, which has limits of memory and time: nothing here trusts a single byte."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import suppress
from math import sqrt
from pathlib import Path
from typing import Literal

from blurhash_rs import blurhash_encode
from PIL import Image, ImageCms, ImageOps, ImageSequence

from node.media.refusals import TOO_MANY_PIXELS, MediaRefused
from node.media.task import ORIGINAL, PREVIEW, SOURCE, Made, Task, copy_name
from schemas.limits import (
    ANIMATION_FRAMES,
    ANIMATION_PIXELS,
    ANIMATION_PIXELS_READ,
    BLURHASH_SIDE,
    ICON_PIXELS,
    IMAGE_PIXELS,
    SIDE_PREVIEW,
)

DECODERS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF", "image/avif": "AVIF"}
FRAME_MILLISECONDS = 100  # browsers show a frame that says less than 20 for so long
MILLION = 1_000_000
COPY_SMALLER = 1.2  # a copy that is hardly smaller than the picture saves nobody anything
QUALITY = 85
QUALITY_PREVIEW = 80
QUALITY_AVIF = 60  # looks like 80 of WebP
SPEED_AVIF = 9  # of 10: a fifth of the time of 8, and still a third lighter than WebP

Picture = Literal["image/jpeg", "image/png", "image/webp"]


def process(task: Task, folder: Path) -> Made:
    """Write ORIGINAL and PREVIEW in `folder`; raises MediaRefused, and whatever a decoder raises on a bad file."""
    with _opened(folder / SOURCE, task.media_type) as image:
        if task.loop and task.media_type == "image/gif" and _can_move(image):
            return _loop(image, task.side, folder)
        if task.media_type in ("image/gif", "image/webp") and _can_move(image):
            media_type, first = _write_animation(image, task.side, folder / ORIGINAL)
            widths: tuple[int, ...] = ()
        else:
            few = image.mode in ("1", "P") or image.width * image.height <= ICON_PIXELS
            drawing = few and task.media_type in ("image/png", "image/gif")
            first = _upright(image, task.side)
            media_type = _write_still(first, folder / ORIGINAL, drawing=drawing)
            widths = _write_copies(first, folder, task)
    width, height = first.size
    preview, blurhash = write_preview(first, folder)
    return Made(
        media_type=media_type,
        preview=preview,
        width=width,
        height=height,
        blurhash=blurhash,
        widths=widths,
        avif=task.avif and bool(widths),
    )


def _loop(image: Image.Image, side: int, folder: Path) -> Made:
    from node.media.loops import write_loop  # noqa: PLC0415 - loads PyAV, which only moving pictures need

    durations: list[int] = []
    frames = [_on_white(one) for one in _frames(image, side, durations)]
    preview, blurhash = write_preview(frames[0], folder)
    width, height, milliseconds = write_loop(frames, durations, folder)
    return Made(
        media_type="video/mp4",
        preview=preview,
        width=width,
        height=height,
        duration_ms=milliseconds,
        blurhash=blurhash,
        silent=True,
    )


def _opened(path: Path, media_type: str) -> Image.Image:
    """Only the one decoder is tried, and only the head is read: what is too large is never decoded (case 54)."""
    Image.MAX_IMAGE_PIXELS = IMAGE_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return Image.open(path, formats=(DECODERS[media_type],))
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise MediaRefused(TOO_MANY_PIXELS, max=IMAGE_PIXELS // MILLION) from error


def write_preview(image: Image.Image, folder: Path) -> tuple[Literal["image/jpeg", "image/webp"], str]:
    """Write PREVIEW, a still of at most SIDE_PREVIEW, and make the blurhash of an upright RGB or RGBA picture."""
    small = image.copy()
    small.thumbnail((SIDE_PREVIEW, SIDE_PREVIEW))
    kind: Literal["image/jpeg", "image/webp"] = "image/webp" if small.mode == "RGBA" else "image/jpeg"
    _save(small, folder / PREVIEW, kind, QUALITY_PREVIEW)
    small.thumbnail((BLURHASH_SIDE, BLURHASH_SIDE))
    wide = small.width >= small.height
    flat = _on_white(small)
    return kind, blurhash_encode(flat, 4 if wide else 3, 3 if wide else 4)


def _upright(image: Image.Image, side: int) -> Image.Image:
    """The picture as it is meant to be seen: RGB, or RGBA where something shines through."""
    profile = image.info.get("icc_profile")
    # Palettes, bits and deep greys first: only whole colours can be made smaller.
    see_through = image.has_transparency_data
    if image.mode not in ("RGB", "RGBA", "CMYK", "L") or "transparency" in image.info:
        image = _plain(image, see_through)
    image.thumbnail((side, side), reducing_gap=3.0)
    ImageOps.exif_transpose(image, in_place=True)
    if profile:
        image = _in_srgb(image, profile)
    return _plain(image, see_through)


def _plain(image: Image.Image, see_through: bool) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits a pixel: converting cuts them off instead of dividing
        image = image.point(lambda value: value / 257).convert("L")
    if not see_through:
        return image.convert("RGB")
    image = image.convert("RGBA")
    lowest, _ = image.getchannel("A").getextrema()
    return image if isinstance(lowest, int) and lowest < 255 else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Colours as they were meant, since the profile is not kept. A profile that cannot be read is left out."""
    target = "RGBA" if image.mode == "RGBA" else "RGB"
    with suppress(ImageCms.PyCMSError, OSError, ValueError):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        done = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=target)
        return done or image
    return image


def _write_still(image: Image.Image, path: Path, *, drawing: bool) -> Picture:
    """Photographs become JPEG, what shines through WebP; drawings of few colours and icons stay PNG, which is sharp."""
    kind: Picture = "image/webp" if image.mode == "RGBA" else "image/png" if drawing else "image/jpeg"
    if kind == "image/png":
        image = image.quantize(256, dither=Image.Dither.NONE)
    _save(image, path, kind, QUALITY)
    return kind


def _save(image: Image.Image, path: Path, kind: Picture | Literal["image/avif"], quality: int) -> None:
    clean = Image.frombytes(image.mode, image.size, image.tobytes())  # what else hangs on a picture stays behind
    if kind == "image/jpeg":
        clean.save(path, "JPEG", quality=quality, optimize=True, progressive=True)
    elif kind == "image/webp":
        clean.save(path, "WEBP", quality=quality, method=4)
    elif kind == "image/avif":
        clean.save(path, "AVIF", quality=quality, speed=SPEED_AVIF, max_threads=1)
    else:
        clean.putpalette(image.getpalette() or [])
        clean.save(path, "PNG", optimize=True)


def _write_copies(image: Image.Image, folder: Path, task: Task) -> tuple[int, ...]:
    """Write a WebP, and perhaps an AVIF, of each wanted width that is clearly smaller than the picture."""
    widths = tuple(width for width in task.widths if width * COPY_SMALLER <= image.width)
    for width in widths:
        size = (width, max(1, round(image.height * width / image.width)))
        small = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
        _save(small, folder / copy_name(width), "image/webp", QUALITY_PREVIEW)
        if task.avif:
            _save(small, folder / copy_name(width, "avif"), "image/avif", QUALITY_AVIF)
    return widths


def _can_move(image: Image.Image) -> bool:
    frames = getattr(image, "n_frames", 1)
    return 1 < frames <= ANIMATION_FRAMES and frames * image.width * image.height <= ANIMATION_PIXELS_READ


def _write_animation(image: Image.Image, side: int, path: Path) -> tuple[Picture, Image.Image]:
    """Write all frames as one WebP. GIF is taken too, but not given: it is large and has few colours."""
    durations: list[int] = []
    frames = list(_frames(image, side, durations))
    loop = image.info.get("loop", 1)
    frames[0].save(
        path,
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=loop if isinstance(loop, int) else 0,
        quality=QUALITY_PREVIEW,
        method=2,
    )
    return "image/webp", _plain(frames[0], see_through=True)


def _frames(image: Image.Image, side: int, durations: list[int]) -> Iterator[Image.Image]:
    share = sqrt(ANIMATION_PIXELS / (getattr(image, "n_frames", 1) * image.width * image.height))
    scale = min(1.0, side / max(image.size), share)
    size = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
    for frame in ImageSequence.Iterator(image):
        picture = frame.convert("RGBA")  # WebP tells how long a frame lasts only once it is decoded
        milliseconds = int(frame.info.get("duration") or 0)
        durations.append(milliseconds if milliseconds >= 20 else FRAME_MILLISECONDS)
        small = picture if size == picture.size else picture.resize(size, Image.Resampling.BICUBIC)
        yield Image.frombytes("RGBA", small.size, small.tobytes())


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image)
    return white.convert("RGB")
