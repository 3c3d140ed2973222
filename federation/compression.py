"""Compressed bodies, undone piece by piece so that whoever counts can stop in time (case 54).

Used for answers of other servers; a compressed body sent to us is held to the same rules."""

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]

from federation.outcomes import FetchRefused, Refusal

ACCEPTED = "gzip, br"
"""What we offer in Accept-Encoding; deflate is understood but not asked for."""

_PIECE = 65_536
_ZLIB_OR_GZIP = 47


class Decoder(Protocol):
    """Turns pieces of a body as sent into pieces, each of bounded size, of the body as meant."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` unfolds to; raises FetchRefused where it is not what it claims to be."""
        ...

    def finish(self) -> None:
        """Raise FetchRefused if the body stopped in the middle."""
        ...


def decoder(content_encoding: str) -> Decoder:
    """The decoder for a Content-Encoding header. Several encodings, or one we do not know, are refused."""
    match content_encoding.strip().lower():
        case "" | "identity":
            return _Identity()
        case "gzip" | "x-gzip" | "deflate":
            return _Zlib()
        case "br":
            return _Brotli()
        case other:
            raise FetchRefused(Refusal.ENCODING, other[:40])


class _Identity:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finish(self) -> None:
        pass


class _Zlib:
    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=_ZLIB_OR_GZIP)

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            while True:
                piece = self._stream.decompress(data, _PIECE)
                data = self._stream.unconsumed_tail
                if piece:
                    yield piece
                if self._stream.unused_data:
                    raise FetchRefused(Refusal.ENCODING, "bytes after the end")
                if not data and len(piece) < _PIECE:
                    return
        except zlib.error as error:
            raise FetchRefused(Refusal.ENCODING, str(error)) from error

    def finish(self) -> None:
        if not self._stream.eof:
            raise FetchRefused(Refusal.ENCODING, "cut short")


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            # It may hold output back even when it says that it can take more input: ask until it gives none.
            while piece := self._stream.process(data, output_buffer_limit=_PIECE):
                yield piece
                data = b""
        except brotli.error as error:
            raise FetchRefused(Refusal.ENCODING, str(error)) from error

    def finish(self) -> None:
        if not self._stream.is_finished():
            raise FetchRefused(Refusal.ENCODING, "cut short")
