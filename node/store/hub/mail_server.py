"""The mail server that stewards name in the panel. Its password is sealed with a key made from the hub's secret: no
look at the table, no statement and no line of a log shows it. Whoever holds the whole database can open it, as he can
the keys of the actors; an operator who wants it elsewhere sets ALLMENDE_MAIL_URL."""

from __future__ import annotations

import os
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from node.store.db import Db

NONCE_BYTES = 12
PURPOSE = b"allmende mail password"
Safety = Literal["tls", "starttls", "offered"]


class KeptServer(msgspec.Struct, frozen=True, kw_only=True):
    """`safety`: encrypted from the first byte, by STARTTLS always, or by STARTTLS where it is offered. `sender` is the
    address that letters come from; empty: as the user is called, or the hub."""

    host: str
    port: int
    safety: Safety = "starttls"
    user: str = ""
    sender: str = ""


async def find(db: Db) -> KeptServer | None:
    """What the panel says, without the password; None where nobody named a server."""
    kept = await db.fetchval("SELECT mail FROM hub")
    return msgspec.convert(kept, KeptServer) if kept else None


async def password(db: Db) -> str:
    """The password, opened; empty where there is none, or the hub's secret is another one now."""
    row = await db.fetchrow("SELECT secret, mail_password FROM hub")
    if row is None or row["mail_password"] is None:
        return ""
    sealed: bytes = row["mail_password"]
    try:
        return _box(row["secret"]).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], PURPOSE).decode()
    except InvalidTag:
        return ""


async def has_password(db: Db) -> bool:
    """Whether one is kept."""
    kept: bool = await db.fetchval("SELECT mail_password IS NOT NULL FROM hub")
    return kept


async def put(db: Db, server: KeptServer | None, new_password: str | None) -> None:
    """Send through this server from now on, or through none. A password of None stays as it is; an empty one goes."""
    kept = msgspec.to_builtins(server) if server else None
    await db.execute("UPDATE hub SET mail = $1", kept)
    if server is None or new_password == "":
        await db.execute("UPDATE hub SET mail_password = NULL")
    elif new_password is not None:
        secret = await db.fetchval("SELECT secret FROM hub")
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + _box(secret).encrypt(nonce, new_password.encode(), PURPOSE)
        await db.execute("UPDATE hub SET mail_password = $1", sealed)


def _box(secret: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret))
