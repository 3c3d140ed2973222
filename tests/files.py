"""Pictures, sounds, films and papers for tests, made on the spot: small, real, and as wicked as a test asks for."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import av
from PIL import Image

LATITUDE, LONGITUDE = 50.8466, 4.3528
SECRET = "Rue-Secrete-17"
"""What stands in metadata and must not come out again."""
FULL_TURN = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
"""The matrix of a film that was taken with the telephone upright: to be turned by 90 degrees with the clock."""
NO_TURN = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)


def a_picture(size: tuple[int, int] = (320, 200), mode: str = "RGB") -> Image.Image:
    """Red above, blue below; of RGBA the left half shines through."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, size[1] // 2, *size))
    if mode == "RGBA":
        image.putalpha(255)
        image.paste((0, 0, 0, 0), (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


def image(kind: str = "PNG", size: tuple[int, int] = (320, 200), mode: str = "RGB", **more: Any) -> bytes:
    """A picture as a file."""
    return written(a_picture(size, mode), kind, **more)


def written(picture: Image.Image, kind: str, **more: Any) -> bytes:
    """This picture as a file."""
    file = io.BytesIO()
    picture.save(file, kind, **more)
    return file.getvalue()


def animation(kind: str = "GIF", frames: int = 5, size: tuple[int, int] = (64, 48)) -> bytes:
    """Frames of different colours, 80 milliseconds each, without end."""
    pictures = [Image.new("RGB", size, (40 * number % 256, 90, 200 - number % 200)) for number in range(frames)]
    file = io.BytesIO()
    pictures[0].save(file, kind, save_all=True, append_images=pictures[1:], duration=80, loop=0)
    return file.getvalue()


def located(kind: str = "JPEG", *, orientation: int = 1, size: tuple[int, int] = (320, 200)) -> bytes:
    """A picture that says where it was taken, by whom, and how it is to be turned."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = SECRET  # the artist
    exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 50.0, 47.76), 3: "E", 4: (4.0, 21.0, 10.08)})
    return image(kind, size, exif=exif.tobytes())


def png_of(width: int, height: int) -> bytes:
    """A PNG of some bytes that claims to be so large, and is: all its lines are zeros (a bomb)."""
    line = zlib.compressobj(9)
    data = b"".join(line.compress(bytes(1 + (width + 7) // 8)) for _ in range(height)) + line.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@cache
def film(
    container: str = "mp4",
    video: str = "libx264",
    audio: str | None = "aac",
    *,
    size: tuple[int, int] = (160, 90),
    frames: int = 25,
    title: str = "",
) -> bytes:
    """A film of 25 pictures a second, red above and blue below, with silence."""
    file = io.BytesIO()
    with av.open(file, "w", format=container) as target:
        target.metadata.update({"title": title, "location": title} if title else {})
        picture = target.add_stream(video, rate=25)
        picture.width, picture.height = size
        picture.pix_fmt = "yuv420p"
        sound = target.add_stream(audio, rate=48_000) if audio else None
        shown = a_picture(size)
        for number in range(frames):
            frame = av.VideoFrame.from_image(shown)
            frame.pts, frame.time_base = number, Fraction(1, 25)
            target.mux(picture.encode(frame))
            if sound:
                target.mux(sound.encode(_silence(sound, number, 1920)))
        target.mux(picture.encode(None))
        if sound:
            target.mux(sound.encode(None))
    return file.getvalue()


@cache
def sound(container: str = "mp3", codec: str = "libmp3lame", *, title: str = "") -> bytes:
    """A second of silence."""
    file = io.BytesIO()
    with av.open(file, "w", format=container) as target:
        target.metadata.update({"title": title} if title else {})
        stream = target.add_stream(codec, rate=48_000)
        for number in range(50):
            target.mux(stream.encode(_silence(stream, number, 960)))
        target.mux(stream.encode(None))
    return file.getvalue()


def upright(film: bytes) -> bytes:
    """The same film, as a telephone held upright writes it."""
    assert film.count(NO_TURN) >= 1
    header = film.index(b"tkhd")
    place = film.index(NO_TURN, header)
    return film[:place] + FULL_TURN + film[place + len(FULL_TURN) :]


def zipped(members: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    """A ZIP with these members in this order, uncompressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in dict(members).items():
            archive.writestr(name, content)
    return file.getvalue()


def a_paper() -> bytes:
    """The beginning of a PDF; nobody looks further."""
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"


def opened(content: bytes) -> Image.Image:
    """A picture out of a file."""
    return Image.open(io.BytesIO(content))


def _silence(stream: Any, number: int, samples: int) -> av.AudioFrame:
    frame = av.AudioFrame(format=stream.format.name, layout="stereo", samples=samples)
    frame.sample_rate, frame.pts, frame.time_base = 48_000, number * samples, Fraction(1, 48_000)
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    return frame
