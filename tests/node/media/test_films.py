"""Sounds and films come out as what browsers play, without a word of what stood beside them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from node.media import films
from node.media.refusals import BROKEN, NOT_CONVERTED, TOO_LONG, TOO_MANY_PIXELS, MediaRefused
from node.media.task import ORIGINAL, PREVIEW, SOURCE, Made, Task
from tests import files

TYPES = {"mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm", "matroska": "video/x-matroska"}
SOUNDS = {"mp3": "audio/mpeg", "ogg": "application/ogg", "flac": "audio/flac", "wav": "audio/wave", "adts": "audio/aac"}


def process(folder: Path, content: bytes, media_type: str, *, convert: bool = True) -> Made:
    (folder / SOURCE).write_bytes(content)
    task = Task(media_type=media_type, convert=convert, memory_bytes=1, cpu_seconds=1, file_bytes=1, seconds=1.0)
    return films.process(task, folder)


def streams(folder: Path) -> list[tuple[str, str]]:
    with av.open(str(folder / ORIGINAL)) as made:
        return [(stream.type, stream.codec_context.name) for stream in made.streams]


@pytest.mark.parametrize(
    ("container", "video", "audio"),
    [
        ("mp4", "libx264", "aac"),
        ("mov", "libx264", "aac"),
        ("matroska", "libx264", "libopus"),
        ("webm", "libvpx", "libopus"),
        ("webm", "libvpx-vp9", None),
        ("mp4", "mpeg4", "libmp3lame"),
    ],
)
def test_every_film_becomes_an_mp4(tmp_path: Path, container: str, video: str, audio: str | None) -> None:
    made = process(tmp_path, files.film(container, video, audio), TYPES[container])
    assert (made.media_type, made.preview, made.width, made.height) == ("video/mp4", "image/jpeg", 160, 90)
    assert made.duration_ms and 900 <= made.duration_ms <= 1200
    assert made.blurhash
    assert streams(tmp_path) == [("video", "h264"), *([("audio", "aac")] if audio else [])]
    with Image.open(tmp_path / PREVIEW) as preview:
        assert preview.size == (160, 90)
        red, _, blue = preview.getpixel((80, 10))  # type: ignore[misc]
        assert red > 200 > 60 > blue


def test_every_picture_of_a_film_that_is_encoded_comes_out(tmp_path: Path) -> None:
    process(tmp_path, files.film("webm", "libvpx", "libopus"), TYPES["webm"])
    with av.open(str(tmp_path / ORIGINAL)) as made:
        frames = list(made.decode(video=0))
        assert len(frames) == 25
        assert frames[-1].time == pytest.approx(0.96, abs=0.02)


def test_a_film_that_plays_everywhere_is_not_encoded_again(tmp_path: Path) -> None:
    content = files.film("mov")
    process(tmp_path, content, TYPES["mov"], convert=False)
    assert packets(io.BytesIO(content)) == packets(str(tmp_path / ORIGINAL))


def packets(file: Any) -> list[bytes]:
    with av.open(file) as opened:
        return [bytes(packet) for packet in opened.demux(video=0) if packet.size]


def test_another_servers_film_is_not_encoded(tmp_path: Path) -> None:
    with pytest.raises(MediaRefused) as refused:
        process(tmp_path, files.film("webm", "libvpx", "libopus"), TYPES["webm"], convert=False)
    assert refused.value.reason == NOT_CONVERTED


def test_a_large_film_is_made_smaller(tmp_path: Path) -> None:
    made = process(tmp_path, files.film("webm", "libvpx", None, size=(2000, 1002), frames=2), TYPES["webm"])
    assert (made.width, made.height) == (1280, 640)


def test_case_54_a_film_with_too_many_pixels_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(films, "FILM_PIXELS", 160 * 90 - 1)
    with pytest.raises(MediaRefused) as refused:
        process(tmp_path, files.film(), TYPES["mp4"])
    assert refused.value.reason == TOO_MANY_PIXELS


def test_what_lasts_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(films, "MEDIA_MINUTES", 0)
    with pytest.raises(MediaRefused) as refused:
        process(tmp_path, files.film(), TYPES["mp4"])
    assert refused.value.reason == TOO_LONG


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_a_film_taken_upright_stands_upright(tmp_path: Path, codec: str) -> None:
    made = process(tmp_path, files.upright(files.film("mp4", codec)), TYPES["mp4"])
    assert (made.width, made.height) == (90, 160)
    with Image.open(tmp_path / PREVIEW) as preview:
        assert preview.size == (90, 160)
        assert_red_right(preview)
    with av.open(str(tmp_path / ORIGINAL)) as opened:
        frame = next(opened.decode(video=0))
        shown = frame.to_image()
        assert_red_right(shown.rotate(frame.rotation, expand=True) if frame.rotation else shown)


def assert_red_right(image: Image.Image) -> None:
    """Turned with the clock, what was above stands on the right."""
    left, right = image.getpixel((10, 80)), image.getpixel((80, 80))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert right[0] > 200 > 60 > right[2]
    assert left[2] > 200 > 60 > left[0]


@pytest.mark.parametrize(("container", "codec"), [("mp4", "libx264"), ("webm", "libvpx")])
def test_case_79_words_in_a_film_are_gone(tmp_path: Path, container: str, codec: str) -> None:
    sound = "aac" if container == "mp4" else "libopus"
    content = files.film(container, codec, sound, title=files.SECRET)
    assert files.SECRET.encode() in content
    process(tmp_path, content, TYPES[container])
    assert files.SECRET.encode() not in (tmp_path / ORIGINAL).read_bytes()


@pytest.mark.parametrize(
    ("container", "codec", "becomes", "inside"),
    [
        ("mp3", "libmp3lame", "audio/mpeg", "mp3float"),
        ("ogg", "libopus", "audio/ogg", "opus"),
        ("adts", "aac", "audio/mp4", "aac"),
        ("flac", "flac", "audio/mp4", "aac"),
        ("wav", "pcm_s16le", "audio/mp4", "aac"),
    ],
)
def test_every_sound_becomes_one_that_all_can_hear(
    tmp_path: Path, container: str, codec: str, becomes: str, inside: str
) -> None:
    content = files.sound(container, codec, title=files.SECRET)
    made = process(tmp_path, content, SOUNDS[container])
    assert (made.media_type, made.preview) == (becomes, None)
    assert made.duration_ms and 950 <= made.duration_ms <= 1100
    assert streams(tmp_path) == [("audio", inside)]
    assert files.SECRET.encode() not in (tmp_path / ORIGINAL).read_bytes()


@pytest.mark.parametrize("content", [files.film()[:1500], b"\x00\x00\x00\x20ftypisom" + bytes(500), b"ID3" + bytes(64)])
def test_what_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises((MediaRefused, av.FFmpegError)):
        process(tmp_path, content, TYPES["mp4"])


def test_case_77_a_playlist_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret.mp4").write_bytes(files.film())
    playlists = [
        f"ffconcat version 1.0\nfile {tmp_path / 'secret.mp4'}\n",
        f"#EXTM3U\n#EXTINF:1,\n{tmp_path / 'secret.mp4'}\n#EXT-X-ENDLIST\n",
    ]
    for playlist in playlists:
        for media_type in (*TYPES.values(), *SOUNDS.values()):
            with pytest.raises((MediaRefused, av.FFmpegError)):
                process(tmp_path, playlist.encode(), media_type)


def test_case_77_a_film_that_points_to_another_file_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret.mp4").write_bytes(files.film())
    content = files.film(audio=None)
    itself = b"\x00\x00\x00\x0curl \x00\x00\x00\x01"
    assert itself in content
    elsewhere = content.replace(itself, b"\x00\x00\x00\x0curl \x00\x00\x00\x00")  # "the data lie elsewhere"
    try:
        process(tmp_path, elsewhere, TYPES["mp4"])
    except (MediaRefused, av.FFmpegError):
        return
    assert packets(str(tmp_path / ORIGINAL)) == packets(io.BytesIO(content))


def test_case_77_only_decoders_on_the_list_are_used(tmp_path: Path) -> None:
    with pytest.raises(MediaRefused) as refused:
        process(tmp_path, files.film("matroska", "ffv1", None), TYPES["matroska"])
    assert refused.value.reason == BROKEN
