"""What a node tells about a request that it signed to itself: what of it arrived, and from where."""

from __future__ import annotations

from datetime import datetime

import msgspec

PATH = "/api/allmende/v1/mirror"

FORWARDING = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via")
"""Headers by which proxies say for whom they speak."""


class Mirrored(msgspec.Struct, frozen=True, kw_only=True):
    """`remote` is who connected to the node; `client` whom it takes for the caller, by the trusted proxies;
    `forwarding` holds the headers above that came along; `scheme` is the way of signing; `body_bytes` its body."""

    host: str
    remote: str
    client: str
    forwarding: dict[str, str]
    scheme: str
    body_bytes: int
    time: datetime
