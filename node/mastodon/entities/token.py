"""A token as clients get it (RFC 6749, 5.1). It never runs out, so there is no `expires_in` and nothing to renew it."""

from __future__ import annotations

import msgspec

from node.store.access.tokens import Issued


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """`created_at` is in seconds since 1970."""

    access_token: str
    scope: str
    created_at: int
    token_type: str = "Bearer"  # noqa: S105 - its name


def token_of(issued: Issued) -> Token:
    """A token just made."""
    return Token(
        access_token=issued.token, scope=" ".join(issued.scopes), created_at=int(issued.created_at.timestamp())
    )
