"""Key ids are addresses that strangers choose: which ones we look up, and which origin they belong to."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urldefrag, urlsplit

from federation.signatures.refusal import Reason, SignatureRefused
from schemas.limits import ADDRESS_BYTES, ADDRESSES_CACHED

_PLAIN = re.compile(r"[!#-;=?-\[\]_a-z~]+")  # printable ASCII that may stand in an address
_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*")
_DEFAULT_PORTS = {"https": 443, "http": 80}


def check_key_id(key_id: str, *, allow_http: bool = False) -> None:
    """Refuse (KEY_ID) all but plain https addresses of at most 2048 bytes: no `acct:`, `file:`, user or dot segments.

    `allow_http` also lets http through, for peers on loopback. Whether the host may be called is the caller's question.
    """
    origin = origin_of(key_id)
    if origin is None:
        raise SignatureRefused(Reason.KEY_ID, "the key id is not a plain https address")
    if not allow_http and not origin.startswith("https:"):
        raise SignatureRefused(Reason.KEY_ID, "the key id is not https")


def origin_of(url: str) -> str | None:
    """`scheme://host[:port]`, lower case, without the default port; None for any but a plain http(s) address."""
    return _origin_short(url) if len(url) <= ADDRESS_BYTES else None


@lru_cache(maxsize=ADDRESSES_CACHED)
def _origin_short(url: str) -> str | None:
    if not _PLAIN.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    if parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host) or _is_odd(parts.netloc, parts.path):
        return None
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + ("" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}")


def key_address(key_id: str) -> str:
    """Where to fetch the document that should hold this key: the key id without its fragment (section 5.3)."""
    return urldefrag(key_id).url


def _is_odd(netloc: str, path: str) -> bool:
    segments = unquote(path).split("/")
    return "@" in netloc or netloc.endswith(":") or "." in segments or ".." in segments
