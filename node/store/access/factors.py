"""Second factors of an account: the secret of its authenticator app, its recovery codes and its passkeys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from node.store.access.sessions import hash_of
from node.store.db import Db
from schemas.records import Record


class Totp(Record, frozen=True, kw_only=True):
    """An authenticator app (RFC 6238). Until a first code has come from it, it counts for nothing."""

    secret: str
    confirmed_at: datetime | None


class Passkey(Record, frozen=True, kw_only=True):
    """A key that a device keeps (WebAuthn)."""

    id: int
    account_id: int
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    created_at: datetime
    used_at: datetime | None


class Factors(Record, frozen=True, kw_only=True):
    """What an account asks for beside its password."""

    totp: bool
    passkeys: int
    recovery_codes: int

    @property
    def any(self) -> bool:
        """Whether it asks for anything. Recovery codes alone are nothing to ask for."""
        return self.totp or self.passkeys > 0


async def of(db: Db, account_id: int) -> Factors:
    """The factors in force, and how many recovery codes are left."""
    row = await db.fetchrow(
        """
        SELECT EXISTS (SELECT FROM totp WHERE account_id = $1 AND confirmed_at IS NOT NULL) AS totp,
               (SELECT count(*) FROM passkeys WHERE account_id = $1) AS passkeys,
               (SELECT count(*) FROM recovery_codes WHERE account_id = $1 AND used_at IS NULL) AS recovery_codes
        """,
        account_id,
    )
    return Factors(**row)


async def find_totp(db: Db, account_id: int) -> Totp | None:
    """The authenticator app, confirmed or not."""
    row = await db.fetchrow("SELECT secret, confirmed_at FROM totp WHERE account_id = $1", account_id)
    return Totp(**row) if row else None


async def begin_totp(db: Db, account_id: int, secret: str) -> Totp:
    """Keep a new secret until it is confirmed, in place of one that waits; a confirmed one stays."""
    await db.execute(
        """
        INSERT INTO totp AS t (account_id, secret) VALUES ($1, $2)
        ON CONFLICT (account_id) DO UPDATE SET secret = $2, last_step = 0 WHERE t.confirmed_at IS NULL
        """,
        account_id,
        secret,
    )
    return await find_totp(db, account_id) or Totp(secret=secret, confirmed_at=None)


async def use_step(db: Db, account_id: int, step: int) -> bool:
    """Take the code of this point in time, and confirm the app if it was not. False if that code, or a later one, was
    taken before: each is good once."""
    done: str = await db.execute(
        """
        UPDATE totp SET last_step = $2, confirmed_at = coalesce(confirmed_at, now())
         WHERE account_id = $1 AND last_step < $2
        """,
        account_id,
        step,
    )
    return done == "UPDATE 1"


async def remove_totp(db: Db, account_id: int) -> None:
    """Ask for no code any more."""
    await db.execute("DELETE FROM totp WHERE account_id = $1", account_id)


async def put_recovery_codes(db: Db, account_id: int, codes: Iterable[str]) -> None:
    """Keep these, as hashes; all earlier ones are void."""
    await db.execute("DELETE FROM recovery_codes WHERE account_id = $1", account_id)
    await db.executemany(
        "INSERT INTO recovery_codes (account_id, code_hash) VALUES ($1, $2)",
        [(account_id, hash_of(code)) for code in codes],
    )


async def use_recovery_code(db: Db, account_id: int, code: str) -> bool:
    """Take a recovery code; each is good once."""
    done: str = await db.execute(
        "UPDATE recovery_codes SET used_at = now() WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL",
        account_id,
        hash_of(code),
    )
    return done == "UPDATE 1"


async def list_passkeys(db: Db, account_id: int) -> list[Passkey]:
    """The passkeys of an account, the oldest first."""
    rows = await db.fetch("SELECT * FROM passkeys WHERE account_id = $1 ORDER BY id", account_id)
    return [Passkey(**row) for row in rows]


async def add_passkey(
    db: Db, account_id: int, *, credential_id: bytes, public_key: bytes, sign_count: int, name: str
) -> bool:
    """Keep a passkey; False if it is known already."""
    done: str = await db.execute(
        """
        INSERT INTO passkeys (account_id, credential_id, public_key, sign_count, name) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (credential_id) DO NOTHING
        """,
        account_id,
        credential_id,
        public_key,
        sign_count,
        name,
    )
    return done == "INSERT 0 1"


async def used_passkey(db: Db, passkey: Passkey, sign_count: int) -> None:
    """It has signed; its own counter now stands there."""
    await db.execute("UPDATE passkeys SET sign_count = $2, used_at = now() WHERE id = $1", passkey.id, sign_count)


async def remove_passkey(db: Db, account_id: int, passkey_id: int) -> bool:
    """Forget a passkey of this account. False if there is none."""
    done: str = await db.execute("DELETE FROM passkeys WHERE account_id = $1 AND id = $2", account_id, passkey_id)
    return done == "DELETE 1"


async def remove_all(db: Db, account_id: int) -> None:
    """Ask for nothing beside the password any more: for somebody who lost their device."""
    for table in ("totp", "passkeys", "recovery_codes"):
        await db.execute(f"DELETE FROM {table} WHERE account_id = $1", account_id)  # noqa: S608 - names from here
