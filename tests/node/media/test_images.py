"""Pictures come out upright, bounded and bare, whatever was in them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from blurhash_rs import blurhash_decode
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from node.media import images
from node.media.refusals import TOO_MANY_PIXELS, MediaRefused
from node.media.task import ORIGINAL, PREVIEW, SOURCE, Made, Task
from schemas.limits import ANIMATION_FRAMES, IMAGE_PIXELS
from tests import files

RED, BLUE = (254, 0, 0), (0, 0, 254)


def process(folder: Path, content: bytes, media_type: str, *, side: int = 2560) -> Made:
    (folder / SOURCE).write_bytes(content)
    return images.process(a_task(media_type, side), folder)


def a_task(media_type: str, side: int = 2560) -> Task:
    return Task(media_type=media_type, side=side, memory_bytes=1, cpu_seconds=1, file_bytes=1, seconds=1.0)


def close(pixel: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 12 for one, other in zip(pixel[:3], wanted, strict=True))


@pytest.mark.parametrize(
    ("kind", "mode", "becomes"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("PNG", "RGB", "image/jpeg"),
        ("PNG", "P", "image/png"),
        ("PNG", "1", "image/png"),
        ("PNG", "LA", "image/jpeg"),
        ("PNG", "RGBA", "image/webp"),
        ("WEBP", "RGB", "image/jpeg"),
        ("WEBP", "RGBA", "image/webp"),
        ("GIF", "P", "image/png"),
        ("AVIF", "RGB", "image/jpeg"),
        ("AVIF", "RGBA", "image/webp"),
    ],
)
def test_every_kind_of_picture_becomes_one_that_all_can_see(tmp_path: Path, kind: str, mode: str, becomes: str) -> None:
    made = process(tmp_path, files.image(kind, mode=mode), f"image/{kind.lower()}")
    assert made.media_type == becomes
    assert (made.width, made.height) == (320, 200)
    with Image.open(tmp_path / ORIGINAL) as image:
        assert Image.MIME[str(image.format)] == becomes
        assert image.size == (320, 200)


def test_colours_and_transparency_stay(tmp_path: Path) -> None:
    process(tmp_path, files.image("PNG", mode="RGBA"), "image/png")
    with Image.open(tmp_path / ORIGINAL) as image:
        assert image.mode == "RGBA"
        assert image.getpixel((10, 10))[3] == 0  # type: ignore[index]
        assert close(image.getpixel((310, 10)), RED)
        assert close(image.getpixel((310, 190)), BLUE)


def test_a_picture_that_is_too_large_is_made_smaller_in_proportion(tmp_path: Path) -> None:
    made = process(tmp_path, files.image("JPEG", (4000, 1000)), "image/jpeg")
    assert (made.width, made.height) == (2560, 640)
    with Image.open(tmp_path / PREVIEW) as preview:
        assert preview.size == (640, 160)
        assert preview.format == "JPEG"


def test_a_small_picture_is_not_blown_up(tmp_path: Path) -> None:
    made = process(tmp_path, files.image("PNG", (3, 1)), "image/png")
    assert (made.width, made.height) == (3, 1)


def test_an_avatar_is_kept_small(tmp_path: Path) -> None:
    assert process(tmp_path, files.image("PNG", (1000, 1000)), "image/png", side=400).width == 400


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_case_79_where_and_by_whom_it_was_taken_is_gone(tmp_path: Path, kind: str) -> None:
    content = files.located(kind)
    assert files.SECRET.encode() in content
    process(tmp_path, content, f"image/{kind.lower()}")
    for name in (ORIGINAL, PREVIEW):
        assert files.SECRET.encode() not in (tmp_path / name).read_bytes()
        with Image.open(tmp_path / name) as image:
            assert not image.getexif()
            assert not {"exif", "xmp", "comment", "icc_profile", "photoshop"} & set(image.info)


def test_case_79_words_beside_the_pixels_are_gone(tmp_path: Path) -> None:
    words = PngInfo()
    words.add_text("Comment", files.SECRET)
    words.add_itxt("XML:com.adobe.xmp", f"<x>{files.SECRET}</x>")
    process(tmp_path, files.image("PNG", mode="P", pnginfo=words), "image/png")
    assert files.SECRET.encode() not in (tmp_path / ORIGINAL).read_bytes()
    comment = files.image("JPEG", comment=files.SECRET.encode(), xmp=f"<x>{files.SECRET}</x>".encode())
    assert comment.count(files.SECRET.encode()) == 2
    process(tmp_path, comment, "image/jpeg")
    assert files.SECRET.encode() not in (tmp_path / ORIGINAL).read_bytes()


def test_case_75_what_hangs_behind_a_picture_is_gone(tmp_path: Path) -> None:
    for kind in ("JPEG", "GIF", "PNG"):
        process(tmp_path, files.image(kind) + b"<script>alert(1)</script>", f"image/{kind.lower()}")
        assert b"script" not in (tmp_path / ORIGINAL).read_bytes()


@pytest.mark.parametrize(("orientation", "top_left"), [(1, RED), (3, BLUE), (6, BLUE), (8, RED)])
def test_a_picture_is_turned_as_its_camera_says(
    tmp_path: Path, orientation: int, top_left: tuple[int, int, int]
) -> None:
    made = process(tmp_path, files.located(orientation=orientation), "image/jpeg")
    assert (made.width, made.height) == ((200, 320) if orientation in (6, 8) else (320, 200))
    with Image.open(tmp_path / ORIGINAL) as image:
        assert close(image.getpixel((5, 5)), top_left)


def test_colours_of_another_space_become_srgb(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    process(tmp_path, files.image("JPEG", icc_profile=profile), "image/jpeg")  # does not fit: left out
    with Image.open(tmp_path / ORIGINAL) as image:
        assert "icc_profile" not in image.info
        assert close(image.getpixel((5, 5)), RED)


def test_deep_greys_keep_their_brightness(tmp_path: Path) -> None:
    process(tmp_path, files.written(Image.new("I;16", (20, 20), 40_000), "PNG"), "image/png")
    with Image.open(tmp_path / ORIGINAL) as image:
        assert close(image.convert("RGB").getpixel((5, 5)), (155, 155, 155))


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_what_moves_goes_on_moving(tmp_path: Path, kind: str) -> None:
    made = process(tmp_path, files.animation(kind), f"image/{kind.lower()}")
    assert made.media_type == "image/webp"
    with Image.open(tmp_path / ORIGINAL) as image:
        assert image.n_frames == 5  # type: ignore[attr-defined]
        assert image.info["loop"] == 0
        image.seek(1)
        image.load()
        assert image.info["duration"] == 80
    with Image.open(tmp_path / PREVIEW) as preview:
        assert getattr(preview, "n_frames", 1) == 1


def test_what_moves_for_too_long_stands_still(tmp_path: Path) -> None:
    made = process(tmp_path, files.animation("GIF", ANIMATION_FRAMES + 1, (8, 8)), "image/gif")
    assert made.media_type == "image/png"


def test_a_large_animation_is_made_smaller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "ANIMATION_PIXELS", 5 * 32 * 24)
    made = process(tmp_path, files.animation("GIF"), "image/gif")
    assert (made.width, made.height) == (32, 24)


def test_case_54_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    bomb = files.png_of(IMAGE_PIXELS // 4000 + 1, 4000)
    assert len(bomb) < 100_000
    with pytest.raises(MediaRefused) as refused:
        process(tmp_path, bomb, "image/png")
    assert refused.value.reason == TOO_MANY_PIXELS
    huge = files.png_of(8, 8).replace(b"\x00\x00\x00\x08\x00\x00\x00\x08", b"\x7f\xff\xff\xff\x7f\xff\xff\xff")
    with pytest.raises((MediaRefused, SyntaxError, OSError)):
        process(tmp_path, huge, "image/png")
    assert not (tmp_path / ORIGINAL).exists()


@pytest.mark.parametrize("content", [files.image("PNG")[:200], files.image("JPEG"), b"GIF89a"])
def test_only_the_decoder_of_its_own_kind_is_tried(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Exception):  # noqa: B017 - whatever the decoder says
        process(tmp_path, content, "image/png")
    assert not (tmp_path / ORIGINAL).exists()


def test_the_blurred_stand_in_fits_the_picture(tmp_path: Path) -> None:
    made = process(tmp_path, files.image("PNG"), "image/png")
    assert made.blurhash
    blurred = blurhash_decode(made.blurhash, 32, 20)
    image = blurred if isinstance(blurred, Image.Image) else Image.open(io.BytesIO(blurred))
    top, bottom = image.getpixel((16, 2)), image.getpixel((16, 17))
    assert top[0] > top[2]
    assert bottom[2] > bottom[0]
