"""What a client app may be allowed to do: the scopes of the Mastodon API, a broad one containing its narrow ones."""

from __future__ import annotations

from collections.abc import Iterable

_READ = "accounts blocks bookmarks collections favourites filters follows lists mutes notifications search statuses"
_WRITE = (
    "accounts blocks bookmarks collections conversations favourites filters follows lists media mutes notifications "
    "reports statuses"
)
_ADMIN = "accounts reports domain_allows domain_blocks ip_blocks email_domain_blocks canonical_email_blocks"

DEFAULT = ("read",)
"""Where none is named."""

SCOPES = (
    "read",
    *(f"read:{one}" for one in _READ.split()),
    "write",
    *(f"write:{one}" for one in _WRITE.split()),
    "follow",
    "push",
    "profile",
    *(f"admin:{verb}" for verb in ("read", "write")),
    *(f"admin:{verb}:{one}" for verb in ("read", "write") for one in _ADMIN.split()),
)
"""All that may be asked for. The administrative ones open no more than the office of whoever grants them."""

FOLLOW = ("blocks", "follows", "mutes")
"""What the old scope `follow` contains (of `read:` and `write:`)."""


def parse(written: str) -> tuple[str, ...]:
    """Scopes out of a text with blanks between them (RFC 6749, 3.3), each once; the default where there is none."""
    return tuple(dict.fromkeys(written.split())) or DEFAULT


def unknown(scopes: Iterable[str]) -> list[str]:
    """Those that there are not."""
    return [one for one in scopes if one not in SCOPES]


def contains(granted: Iterable[str], wanted: str) -> bool:
    """Whether granted scopes contain the wanted one: `read` contains `read:lists`, `follow` what it always did."""
    given = frozenset(granted)
    parts = wanted.split(":")
    if any(":".join(parts[: end + 1]) in given for end in range(len(parts))):
        return True
    return "follow" in given and parts[0] in ("read", "write") and parts[-1] in FOLLOW and len(parts) == 2


def within(asked: Iterable[str], granted: Iterable[str]) -> bool:
    """Whether nothing is asked for that was not granted."""
    given = tuple(granted)
    return all(contains(given, one) for one in asked)
