"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes for when it is lost."""

from __future__ import annotations

import hmac
import secrets
import time

import pyotp

from node.store.access import factors
from node.store.db import Db
from schemas.limits import RECOVERY_CODE_CHARS, RECOVERY_CODES, TOTP_SECONDS, TOTP_STEPS

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and digits that look alike on paper."""


def new_secret() -> str:
    """A secret for an authenticator app, in base32."""
    return pyotp.random_base32()


def address(secret: str, who: str, hub: str) -> str:
    """The otpauth: address that an authenticator app reads from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=who, issuer_name=hub)


async def check(db: Db, account_id: int, typed: str) -> bool:
    """Take a code of the confirmed authenticator app, or a recovery code; each is good once."""
    code = "".join(letter for letter in typed.lower() if letter.isalnum())
    totp = await factors.find_totp(db, account_id)
    if totp and totp.confirmed_at and await _take(db, account_id, totp.secret, code):
        return True
    return len(code) == RECOVERY_CODE_CHARS and await factors.use_recovery_code(db, account_id, code)


async def confirm(db: Db, account_id: int, typed: str) -> bool:
    """Take the first code of a new authenticator app: from now on it is asked for."""
    totp = await factors.find_totp(db, account_id)
    code = "".join(letter for letter in typed if letter.isalnum())
    return totp is not None and totp.confirmed_at is None and await _take(db, account_id, totp.secret, code)


async def new_recovery_codes(db: Db, account_id: int) -> list[str]:
    """Make new recovery codes and give them, this once, in groups of four; the earlier ones are void."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_CODE_CHARS)) for _ in range(RECOVERY_CODES)]
    await factors.put_recovery_codes(db, account_id, codes)
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


async def _take(db: Db, account_id: int, secret: str, code: str) -> bool:
    now = int(time.time()) // TOTP_SECONDS
    right = [
        step
        for step in range(now - TOTP_STEPS, now + TOTP_STEPS + 1)
        if hmac.compare_digest(pyotp.HOTP(secret).at(step).encode(), code.encode())
    ]
    return bool(right) and await factors.use_step(db, account_id, right[-1])
