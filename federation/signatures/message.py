"""Requests as signatures see them: one that arrived, and one that is about to leave."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec

from federation.signatures.key_ids import origin_of
from federation.signatures.refusal import Reason, SignatureRefused
from schemas.limits import ADDRESSES_CACHED

_METHOD = re.compile(r"[A-Z]{1,16}")
_TARGET = re.compile(r"/[!\"$-~]*")  # visible ASCII without a fragment
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f]")
_BODILESS = frozenset({"GET", "HEAD"})


class SignedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request that arrived. `path_and_query` is the external one, as on the wire; `headers` may repeat names."""

    method: str
    path_and_query: str
    headers: Sequence[tuple[str, str]]
    body: bytes = b""
    _by_name: dict[str, list[str]] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        by_name: dict[str, list[str]] = {}
        for field, value in self.headers:
            by_name.setdefault(field.lower(), []).append(value.strip(" \t"))
        msgspec.structs.force_setattr(self, "_by_name", by_name)  # of this one, though it may be copied from another

    def check(self) -> None:
        """Refuse (MALFORMED) a method or target that could smuggle a line into the text that is verified."""
        if not _METHOD.fullmatch(self.method) or not _TARGET.fullmatch(self.path_and_query):
            raise SignatureRefused(Reason.MALFORMED, "the request line is not plain")

    def values(self, name: str) -> list[str]:
        """All values of a header (name in lower case), in order, without outer blanks."""
        return self._by_name.get(name, [])

    def only(self, name: str) -> str:
        """The value of a header that must be there once; SignatureRefused (MALFORMED) otherwise."""
        values = self.values(name)
        if len(values) != 1:
            raise SignatureRefused(Reason.MALFORMED, f"{len(values)} headers where one is due")
        return values[0]

    def joined(self, name: str) -> str:
        """All values of a header as the one line that is signed; SignatureRefused if it is absent or holds controls."""
        values = self.values(name)
        if not values:
            raise SignatureRefused(Reason.MALFORMED, "a signed header is absent")
        line = ", ".join(values)
        if _CONTROL.search(line):
            raise SignatureRefused(Reason.MALFORMED, "a signed header holds control characters")
        return line

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.path_and_query.partition("?")[0]

    @property
    def needs_digest(self) -> bool:
        """Whether a signature must cover the body: always, but for a GET or HEAD that has none."""
        return self.method not in _BODILESS or bool(self.body)


class UnsignedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request about to leave. `url` as on the wire (encoded, no fragment); `covered`: further headers to sign."""

    method: str
    url: str
    body: bytes | None = None
    covered: Sequence[tuple[str, str]] = ()

    @property
    def origin(self) -> str:
        """Scheme, host and port; ValueError where the address is not one that can be signed for."""
        origin = origin_of(self.url)
        if origin is None or "#" in self.url:
            raise ValueError("a signed request goes to a plain http(s) address without fragment")
        return origin

    @property
    def host(self) -> str:
        """The Host header: default ports are left out."""
        return self.origin.partition("://")[2]

    @property
    def path_and_query(self) -> str:
        """The request target as it goes on the wire."""
        return _target_of(self.url)


@lru_cache(maxsize=ADDRESSES_CACHED)
def _target_of(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


class OwnAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Where this hub is reached, from its settings: the only host that a signature may name."""

    origin: str
    host: str

    @classmethod
    @lru_cache(maxsize=16)  # a process knows one
    def of(cls, base_url: str) -> OwnAddress:
        """From the base URL; ValueError if that is not a plain http(s) address."""
        origin = origin_of(base_url)
        if origin is None:
            raise ValueError("the base URL is not a plain http(s) address")
        return cls(origin=origin, host=origin.partition("://")[2])
