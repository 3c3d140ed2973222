"""Where an app may ask a browser to be sent back to (RFC 6749, 3.1.2; RFC 8252, 7)."""

from __future__ import annotations

import re

from schemas.limits import REDIRECT_URI_CHARS

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
"""No address: the code is shown, and its reader takes it to the app."""

NEVER = ("javascript", "data", "vbscript", "file", "blob", "about", "view-source")
"""Schemes whose addresses run or show what stands in them, or belong to the browser itself."""

_WEB = ("http", "https")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)


def is_redirect_uri(written: str) -> bool:
    """Whether a browser may be sent to this address with a code: any scheme but those above, no fragment, nothing but
    visible ASCII, and a host without a user name in front of it where the web is meant."""
    if not 0 < len(written) <= REDIRECT_URI_CHARS or not all("!" <= letter <= "~" for letter in written):
        return False
    parts = _SCHEME.fullmatch(written)
    if parts is None or "#" in written or any(odd in written for odd in '\\<>"`{}'):
        return False
    scheme, rest = parts[1].lower(), parts[2]
    if scheme in NEVER:
        return False
    if scheme not in _WEB:
        return bool(rest)
    authority = re.split(r"[/?]", rest.removeprefix("//"))[0]
    return rest.startswith("//") and bool(authority.partition(":")[0]) and "@" not in authority


def with_parameters(redirect_uri: str, query: str) -> str:
    """The address with more parameters, of itself not one byte changed."""
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{query}"
