"""The key by which push services know this hub (RFC 8292): made once, and never another one, since each subscription
of an app is bound to it."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from node.store.db import Db


async def public_key(db: Db) -> str:
    """What apps give to push services: the uncompressed point in base64url, padded as Mastodon pads it."""
    point = load(await private_key(db)).public_key().public_bytes(*_POINT)
    return urlsafe_b64encode(point).decode()


async def private_key(db: Db) -> str:
    """The key as PEM; made at the first call."""
    known = await db.fetchval("SELECT vapid_private FROM hub")
    if known is None:
        await db.execute("UPDATE hub SET vapid_private = $1 WHERE vapid_private IS NULL", _new())
        known = await db.fetchval("SELECT vapid_private FROM hub")
    return str(known)


def load(pem: str) -> ec.EllipticCurvePrivateKey:
    """The key of its PEM text."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the hub's key for push services is of another kind")
    return key


def _new() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    kind = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()).decode()


_POINT = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
