"""Passwords: hashed with Argon2id (RFC 9106) in a thread, so that nobody waits for somebody else's sign-in."""

from __future__ import annotations

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from schemas.limits import PASSWORD_HASH_KIBIBYTES, PASSWORD_HASH_PASSES

_HASHER = PasswordHasher(time_cost=PASSWORD_HASH_PASSES, memory_cost=PASSWORD_HASH_KIBIBYTES, parallelism=1)


async def hashed(password: str) -> str:
    """The Argon2id hash to store, with its salt and costs inside."""
    return await asyncio.to_thread(_HASHER.hash, password)


async def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password. Without a kept hash the same work is done for nothing, so that the time an
    answer takes does not tell whether there is such an account (case 115)."""
    return await asyncio.to_thread(_matches, kept, password)


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other costs than today's, and should be made again at the next sign-in."""
    return _HASHER.check_needs_rehash(kept)


def _matches(kept: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(kept or _nobody(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _HASHER.hash("")
