"""A file is what its bytes say, and most kinds are not taken."""

from __future__ import annotations

import pytest

from node.media.kinds import recognise
from node.media.refusals import EMPTY_FILE, TOO_HEAVY, UNKNOWN_TYPE, MediaRefused
from schemas.limits import IMAGE_BYTES, MEDIA_BYTES, PAPER_BYTES
from tests import files

ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def kind_of(content: bytes, name: str = "") -> tuple[str, str]:
    found = recognise(content[:4096], len(content), name)
    return found.kind, found.media_type


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_pictures_are_known_whatever_they_are_called(kind: str) -> None:
    assert kind_of(files.image(kind), "evil.html") == ("image", f"image/{kind.lower()}")


@pytest.mark.parametrize(
    ("container", "codec"),
    [("mp3", "libmp3lame"), ("ogg", "libopus"), ("flac", "flac"), ("wav", "pcm_s16le"), ("adts", "aac")],
)
def test_sounds_are_known(container: str, codec: str) -> None:
    assert recognise(files.sound(container, codec)[:4096], 1000).kind in ("audio", "video")


@pytest.mark.parametrize(
    ("container", "codec"), [("mp4", "libx264"), ("mov", "libx264"), ("webm", "libvpx"), ("matroska", "libx264")]
)
def test_films_are_known(container: str, codec: str) -> None:
    sound = "libopus" if container == "webm" else "aac"
    assert recognise(files.film(container, codec, sound)[:4096], 1000).kind == "video"


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (files.a_paper(), "x", "application/pdf"),
        (b"Zutritt frei.\n\tGr\xc3\xbc\xc3\x9fe", "note.txt", "text/plain"),
        (b"name;hours\r\nana;3\r\n", "HOURS.CSV", "text/csv"),
        (b"# Title", "a.md", "text/markdown"),
        (b"caf\xe9", "latin.txt", "text/plain"),
        (files.zipped({"mimetype": ODT.encode(), "content.xml": b"<a/>"}), "minutes.odt", ODT),
        (files.zipped({"mimetype": ODT.encode(), "content.xml": b"<a/>"}), "no ending", ODT),
        (files.zipped({"[Content_Types].xml": b"<a/>"}), "plan.docx", DOCX),
    ],
)
def test_papers_are_known(content: bytes, name: str, media_type: str) -> None:
    assert kind_of(content, name) == ("document", media_type)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (SVG, "a.svg"),
        (SVG, "a.png"),
        (b"\xef\xbb\xbf \n" + SVG, "a.txt"),
        (b'<?xml version="1.0"?>' + SVG, "a.csv"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "a.html"),
        (b"\n\n<html>", "a.txt"),
        ("<svg/>".encode("utf-16"), "a.txt"),
        (b"#!/bin/sh\nrm -rf /", "a.txt"),
        (b"MZ\x90\x00\x03", "a.exe"),
        (b"\x7fELF\x02\x01\x01\x00", "a.jpg"),
        (files.zipped({"a.html": b"<script>"}), "a.zip"),
        (files.zipped({"[Content_Types].xml": b"<a/>"}), "a.docm"),
        (files.zipped({"mimetype": b"text/html", "a": b""}), "a.odt"),
        (b"%!PS-Adobe-3.0\n", "a.txt"),
        (b"#EXTM3U\x00\n#EXTINF:1,\nfile:///etc/passwd", "a.mp4"),
    ],
)
def test_case_75_svg_html_xml_scripts_and_archives_are_refused_under_any_name(content: bytes, name: str) -> None:
    with pytest.raises(MediaRefused) as refused:
        kind_of(content, name)
    assert refused.value.reason == UNKNOWN_TYPE


def test_a_picture_with_a_page_behind_it_is_still_only_a_picture() -> None:
    assert kind_of(files.image("GIF") + b"<script>alert(1)</script>", "a.html") == ("image", "image/gif")


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(MediaRefused) as refused:
        recognise(b"", 0, "a.png")
    assert refused.value.reason == EMPTY_FILE


@pytest.mark.parametrize(
    ("content", "most"),
    [(files.image("PNG"), IMAGE_BYTES), (files.film(), MEDIA_BYTES), (files.a_paper(), PAPER_BYTES)],
)
def test_each_kind_has_its_largest_size(content: bytes, most: int) -> None:
    assert recognise(content[:4096], most)
    with pytest.raises(MediaRefused) as refused:
        recognise(content[:4096], most + 1)
    assert refused.value.reason == TOO_HEAVY
    assert str(most // 1_048_576) in str(refused.value)
