"""Messages to push services (RFC 8030): encrypted for the app alone (RFC 8291, or as its draft had it for older apps)
and signed by the server they come from (RFC 8292)."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Mapping
from datetime import datetime

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from federation.addresses import origin_of
from schemas.limits import PUSH_TOKEN_SECONDS, PUSH_TTL_SECONDS

AUTH_BYTES = 16
KEY_BYTES = 65


class BadKeys(ValueError):
    """What an app gave as its keys is none."""


class AppKeys(msgspec.Struct, frozen=True, kw_only=True):
    """The app's public key (an uncompressed point) and the secret it shares with us."""

    p256dh: bytes
    auth: bytes


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent to the push service."""

    headers: Mapping[str, str]
    body: bytes


def app_keys(p256dh: str, auth: str) -> AppKeys:
    """Keys as apps write them, base64url or base64, padded or not; BadKeys for what is no point or no secret."""
    keys = AppKeys(p256dh=_decoded(p256dh), auth=_decoded(auth))
    if len(keys.p256dh) != KEY_BYTES or len(keys.auth) != AUTH_BYTES:
        raise BadKeys("of the wrong length")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), keys.p256dh)
    except ValueError as error:
        raise BadKeys("no point of the curve") from error
    return keys


def seal(
    payload: bytes,
    keys: AppKeys,
    *,
    endpoint: str,
    signing_key: ec.EllipticCurvePrivateKey,
    contact: str,
    now: datetime,
    standard: bool,
) -> Message:
    """Encrypt a payload (3 kB at most) for an app and say who sends it. `contact`: a mailto: or https: address of ours;
    `standard`: as in RFC 8291 (`aes128gcm`), else `aesgcm` with its keys in the headers."""
    import http_ece  # noqa: PLC0415 - only where somebody is notified

    ours, salt = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)
    version = "aes128gcm" if standard else "aesgcm"
    body: bytes = http_ece.encrypt(
        payload, salt=salt, private_key=ours, dh=keys.p256dh, auth_secret=keys.auth, version=version
    )
    word = _word(endpoint, signing_key, contact, now)
    known = _encoded(_point(signing_key))
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": version,
        "TTL": str(PUSH_TTL_SECONDS),
        "Urgency": "normal",
    }
    if standard:
        return Message(headers=headers | {"Authorization": f"vapid t={word},k={known}"}, body=body)
    older = {
        "Authorization": f"WebPush {word}",
        "Encryption": f"salt={_encoded(salt)}",
        "Crypto-Key": f"dh={_encoded(_point(ours))};p256ecdsa={known}",
    }
    return Message(headers=headers | older, body=body)


def _word(endpoint: str, key: ec.EllipticCurvePrivateKey, contact: str, now: datetime) -> str:
    """The signed word for this push service (RFC 8292, section 2)."""
    from joserfc import jwt  # noqa: PLC0415 - a large library, only where somebody is notified
    from joserfc.jwk import ECKey  # noqa: PLC0415

    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    claims = {"aud": origin_of(endpoint), "exp": int(now.timestamp()) + PUSH_TOKEN_SECONDS, "sub": contact}
    return jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, ECKey.import_key(pem))


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    written = text.strip().rstrip("=").replace("+", "-").replace("/", "_")
    try:
        return urlsafe_b64decode(written + "=" * (-len(written) % 4))
    except (BadBase64, ValueError) as error:
        raise BadKeys("not base64") from error
