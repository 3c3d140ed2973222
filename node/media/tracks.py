"""One stream of a film or sound on its way into a new file: copied as it is, or encoded anew."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Protocol

from av import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.error import BlockingIOError as NotYet
from av.error import EOFError as AtEnd
from av.filter import Graph
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from schemas.limits import FILM_FRAMES_PER_SECOND, FILM_SIDE

CLOCK = Fraction(1, 90_000)  # fine enough for every film
SOUND_RATE = 48_000
SOUND_BITS = 128_000
TURNS = {90: ["transpose=cclock"], -90: ["transpose=clock"], 180: ["hflip", "vflip"], -180: ["hflip", "vflip"]}


class Track(Protocol):
    """Takes packets as they came and gives packets as they are to be written."""

    size: tuple[int, int]

    def feed(self, packet: Packet[Any]) -> Iterator[Packet[Any]]:
        """What this packet becomes; the last packet of a stream is empty."""
        ...

    def finish(self) -> Iterator[Packet[Any]]:
        """What was held back."""
        ...


class Copied:
    """The same packets in another file."""

    size = (0, 0)

    def __init__(self, target: OutputContainer, stream: Any) -> None:
        self._out = target.add_stream_from_template(stream)

    def feed(self, packet: Packet[Any]) -> Iterator[Packet[Any]]:
        """Itself, unless it is the empty last one."""
        if packet.dts is not None:
            packet.stream = self._out
            yield packet

    def finish(self) -> Iterator[Packet[Any]]:
        """Nothing is held back."""
        yield from ()


class SoundEncoded:
    """AAC, mono or stereo."""

    size = (0, 0)

    def __init__(self, target: OutputContainer, stream: AudioStream) -> None:
        layout = "mono" if stream.codec_context.channels == 1 else "stereo"
        self._resampler = AudioResampler(format="fltp", layout=layout, rate=SOUND_RATE)
        self._out = target.add_stream("aac", rate=SOUND_RATE, layout=layout)
        self._out.bit_rate = SOUND_BITS

    def feed(self, packet: Packet[AudioStream]) -> Iterator[Packet[Any]]:
        """Decode, bring to one rate and layout, encode."""
        for frame in packet.decode():
            for piece in self._resampler.resample(frame):
                yield from self._out.encode(piece)

    def finish(self) -> Iterator[Packet[Any]]:
        """The rest of the resampler and of the encoder."""
        for piece in self._resampler.resample(None):
            yield from self._out.encode(piece)
        yield from self._out.encode(None)


class FilmEncoded:
    """H.264, upright, no side above FILM_SIDE, no more than FILM_FRAMES_PER_SECOND. `turned`: degrees against the
    clock by which its pictures must be turned."""

    def __init__(self, target: OutputContainer, stream: VideoStream, turned: int) -> None:
        sides = (stream.height, stream.width) if turned in (90, -90) else (stream.width, stream.height)
        scale = min(1.0, FILM_SIDE / max(sides))
        width, height = (max(2, int(side * scale) // 2 * 2) for side in sides)
        self.size = (width, height)
        self._graph = _graph(stream, turned, self.size)
        rate = min(stream.average_rate or Fraction(25), Fraction(FILM_FRAMES_PER_SECOND))
        self._out = target.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": "24"})
        self._out.width, self._out.height = self.size
        self._out.pix_fmt = "yuv420p"
        self._out.codec_context.time_base = CLOCK

    def feed(self, packet: Packet[VideoStream]) -> Iterator[Packet[Any]]:
        """Decode, filter, encode."""
        for frame in packet.decode():
            self._graph.vpush(frame)
            yield from self._encoded()

    def finish(self) -> Iterator[Packet[Any]]:
        """The rest of the filters and of the encoder."""
        self._graph.vpush(None)
        yield from self._encoded()
        yield from self._out.encode(None)

    def _encoded(self) -> Iterator[Packet[Any]]:
        for frame in _pulled(self._graph):
            frame.pict_type = 0  # the encoder decides anew where whole pictures stand
            yield from self._out.encode(frame)


def _graph(stream: VideoStream, turned: int, size: tuple[int, int]) -> Graph:
    graph = Graph()
    steps = [graph.add_buffer(template=stream)]
    fast = (stream.average_rate or 0) > FILM_FRAMES_PER_SECOND
    words = [f"fps={FILM_FRAMES_PER_SECOND}"] if fast else []
    words += [*TURNS.get(turned, []), f"scale={size[0]}:{size[1]}", "format=yuv420p"]
    for word in words:
        name, _, arguments = word.partition("=")
        steps.append(graph.add(name, arguments or None))
    steps.append(graph.add("buffersink"))
    graph.link_nodes(*steps).configure()
    return graph


def _pulled(graph: Graph) -> Iterator[VideoFrame]:
    while True:
        try:
            yield graph.vpull()
        except (NotYet, AtEnd):
            return
