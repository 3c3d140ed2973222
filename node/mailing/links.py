"""Links in letters that work without signing in, for ever, for one thing: they carry whom and what they are for, and
the hub's signature. One cannot be made out of another."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlencode

from federation.build.urls import Urls

OFF = "/mail/off"


def mark(secret: bytes, purpose: str, *parts: str | int) -> str:
    """The signature of a link for this purpose, about these parts; they hold no line breaks."""
    said = "\n".join(("mail", purpose, *map(str, parts))).encode()
    return hmac.new(secret, said, hashlib.sha256).hexdigest()


def is_mark(secret: bytes, typed: str, purpose: str, *parts: str | int) -> bool:
    """Whether this is that signature."""
    return hmac.compare_digest(typed.encode(), mark(secret, purpose, *parts).encode())


def switch_off(urls: Urls, secret: bytes, account_id: int, kind: str) -> str:
    """The address with which an account switches off letters of a kind (RFC 8058)."""
    query = {"account": account_id, "kind": kind, "mark": mark(secret, "off", account_id, kind)}
    return f"{urls.base_url}{OFF}?{urlencode(query)}"
