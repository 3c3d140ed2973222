"""Sounds and films: opened by one named demuxer, written into a new file without metadata, with a picture of a film.

What browsers play everywhere is copied packet by packet (H.264 and AAC in MP4, MP3, Opus in Ogg); all else is encoded
to H.264 and AAC. Runs in the process of `child`: nothing here trusts a single byte."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, Literal, NoReturn

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.stream import VideoStream
from PIL import Image

from node.media.images import write_preview
from node.media.kinds import CONTAINERS
from node.media.refusals import BROKEN, NOT_CONVERTED, TOO_LONG, TOO_MANY_PIXELS, MediaRefused
from node.media.task import ORIGINAL, SOURCE, Made, Task
from node.media.tracks import Copied, FilmEncoded, SoundEncoded, Track
from schemas.limits import FILM_PIXELS, MEDIA_MINUTES

FILM_DECODERS = frozenset({"h264", "hevc", "vp8", "vp9", "libvpx", "libvpx-vp9", "av1", "libdav1d", "mpeg4", "mjpeg"})
SOUND_DECODERS = frozenset(
    {"aac", "mp3", "mp3float", "opus", "libopus", "vorbis", "flac", "alac"}
    | {f"pcm_{kind}" for kind in ("u8", "s16le", "s16be", "s24le", "s24be", "s32le", "s32be", "f32le", "f32be")}
)
OPUS = ("opus", "libopus")
MP3 = ("mp3", "mp3float")
PLAIN_PIXELS = ("yuv420p", "yuvj420p")
COPIED_PIXELS = 2_100_000  # full HD
MICROSECONDS = 1_000_000
POSTER_SECONDS = 1.0  # the very first picture is often black
POSTER_FRAMES = 200  # looked through for one that can be decoded

Sound = Literal["audio/mpeg", "audio/mp4", "audio/ogg"]
FORMATS: dict[str, tuple[str, dict[str, str]]] = {
    "audio/mpeg": ("mp3", {"id3v2_version": "0", "write_id3v1": "0"}),
    "audio/ogg": ("ogg", {}),
    "audio/mp4": ("mp4", {"movflags": "+faststart"}),
    "video/mp4": ("mp4", {"movflags": "+faststart"}),
}


def process(task: Task, folder: Path) -> Made:
    """Write ORIGINAL, and for a film PREVIEW, in `folder`; raises MediaRefused and what PyAV raises on a bad file."""
    with (folder / SOURCE).open("rb") as file, _opened(file, task.media_type) as source:
        film = next((one for one in source.streams.video if _is_film(one)), None)
        sound = next((one for one in source.streams.audio if one.codec_context.name in SOUND_DECODERS), None)
        if film is None and sound is None:
            raise MediaRefused(BROKEN)
        _check_length((source.duration or 0) / MICROSECONDS)
        if film is None:
            return _sound(source, sound, folder)
        return _film(source, film, sound, task, folder)


def _opened(file: IO[bytes], media_type: str) -> InputContainer:
    """One demuxer, one file, handed over open: a playlist or a reference to another file leads nowhere (case 77)."""
    return av.open(file, "r", format=CONTAINERS[media_type], io_open=_open_nothing, container_options=_NO_PROTOCOLS)


_NO_PROTOCOLS = {"protocol_whitelist": "none"}


def _open_nothing(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    raise MediaRefused(BROKEN)


def _is_film(stream: VideoStream) -> bool:
    """A cover picture in a file of music is none."""
    return stream.codec_context.name in FILM_DECODERS and not stream.disposition & Disposition.attached_pic


def _sound(source: InputContainer, sound: AudioStream | None, folder: Path) -> Made:
    if sound is None:
        raise MediaRefused(BROKEN)
    name = sound.codec_context.name
    media_type: Sound = "audio/mpeg" if name in MP3 else "audio/ogg" if name in OPUS else "audio/mp4"
    with _target(folder, media_type) as target:
        copied = name in MP3 or name in OPUS or name == "aac"
        track: Track = Copied(target, sound) if copied else SoundEncoded(target, sound)
        seconds = _write(source, target, {sound.index: track})
    if not seconds:
        raise MediaRefused(BROKEN)
    return Made(media_type=media_type, duration_ms=int(seconds * 1000))


def _film(source: InputContainer, film: VideoStream, sound: AudioStream | None, task: Task, folder: Path) -> Made:
    if film.width * film.height > FILM_PIXELS:
        raise MediaRefused(TOO_MANY_PIXELS, max=FILM_PIXELS // 1_000_000)
    poster, turned = _poster(folder / SOURCE, task.media_type)
    keeps = film.codec_context.name == "h264" and film.codec_context.pix_fmt in PLAIN_PIXELS
    keeps = keeps and film.width * film.height <= COPIED_PIXELS
    if not keeps and not task.convert:
        raise MediaRefused(NOT_CONVERTED)
    with _target(folder, "video/mp4") as target:
        picture: Track = Copied(target, film) if keeps else FilmEncoded(target, film, turned)
        tracks = {film.index: picture}
        if sound is not None:
            plain = sound.codec_context.name == "aac"
            tracks[sound.index] = Copied(target, sound) if plain else SoundEncoded(target, sound)
        seconds = _write(source, target, tracks)
    _, blurhash = write_preview(poster, folder)
    width, height = poster.size if keeps else picture.size
    duration = int(seconds * 1000)
    return Made(
        media_type="video/mp4",
        preview="image/jpeg",
        width=width,
        height=height,
        duration_ms=duration,
        blurhash=blurhash,
        silent=sound is None,
    )


def _target(folder: Path, media_type: str) -> OutputContainer:
    container, options = FORMATS[media_type]
    return av.open(str(folder / ORIGINAL), "w", format=container, container_options=options)


def _write(source: InputContainer, target: OutputContainer, tracks: dict[int, Track]) -> float:
    """Everything through, in the order of the file; the length in seconds."""
    streams = [stream for stream in source.streams if stream.index in tracks]
    longest = 0.0
    for packet in source.demux(*streams):
        longest = max(longest, _end_of(packet))
        _check_length(longest)
        _mux(target, tracks[packet.stream.index].feed(packet))
    for track in tracks.values():
        _mux(target, track.finish())
    return longest


def _mux(target: OutputContainer, packets: Iterable[Packet[Any]]) -> None:
    for packet in packets:
        target.mux(packet)


def _end_of(packet: Packet[Any]) -> float:
    if packet.pts is None:
        return 0.0
    return float((packet.pts + (packet.duration or 0)) * packet.time_base)


def _check_length(seconds: float) -> None:
    if seconds > MEDIA_MINUTES * 60:
        raise MediaRefused(TOO_LONG, max=MEDIA_MINUTES)


def _poster(path: Path, media_type: str) -> tuple[Image.Image, int]:
    """An upright picture of the film, and by how many degrees against the clock its pictures must be turned."""
    with path.open("rb") as file, _opened(file, media_type) as source:
        film = next(one for one in source.streams.video if _is_film(one))
        found = None
        for number, frame in enumerate(source.decode(film)):
            found = frame
            if frame.time is None or frame.time >= POSTER_SECONDS or number >= POSTER_FRAMES:
                break
        if found is None:
            raise MediaRefused(BROKEN)
        image: Image.Image = found.to_image()  # type: ignore[no-untyped-call]
        image = image.rotate(found.rotation, expand=True) if found.rotation else image
        return image, found.rotation
