"""Make, load and name key pairs: RSA for requests, Ed25519 for proofs; strangers' keys only where they are strong."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, TypeAlias

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)

from federation.signatures import base58
from federation.signatures.refusal import Reason, SignatureRefused
from schemas.limits import (
    MULTIBASE_CHARS,
    PRIVATE_KEYS_CACHED,
    PUBLIC_KEY_PEM_CHARS,
    RSA_EXPONENT_BITS,
    RSA_KEY_BITS_LEAST,
    RSA_KEY_BITS_MOST,
)

PrivateKey: TypeAlias = RSAPrivateKey | Ed25519PrivateKey
PublicKey: TypeAlias = RSAPublicKey | Ed25519PublicKey
KeyKind = Literal["rsa", "ed25519"]

OUR_RSA_BITS = 2048  # more costs each delivery dearly and some peers refuse it
OUR_RSA_EXPONENT = 65537
_PADDING, _HASH = padding.PKCS1v15(), hashes.SHA256()
_ED25519_PREFIX = b"\xed\x01"  # multicodec ed25519-pub


class KeyPair(msgspec.Struct, frozen=True, kw_only=True):
    """A pair as text: PKCS #8 PEM and SPKI PEM."""

    private_pem: str
    public_pem: str


class SigningKey(msgspec.Struct, frozen=True, kw_only=True):
    """A private key of ours and the id under which peers find its public half."""

    key_id: str
    private_key: PrivateKey


class ActorKey(msgspec.Struct, frozen=True, kw_only=True):
    """A public key whose owner is settled: `actor` lists `key_id`. Cache it by both, never by the id alone."""

    key_id: str
    actor: str
    public_key: PublicKey


def make_rsa_pair() -> KeyPair:
    """A new RSA-2048 pair; takes some 100 ms of CPU."""
    return _as_text(generate_private_key(public_exponent=OUR_RSA_EXPONENT, key_size=OUR_RSA_BITS))


def make_ed25519_pair() -> KeyPair:
    """A new Ed25519 pair."""
    return _as_text(Ed25519PrivateKey.generate())


@lru_cache(maxsize=PRIVATE_KEYS_CACHED)
def load_private_key(pem: str) -> PrivateKey:
    """One of our own private keys, kept once read; ValueError if it is not RSA or Ed25519.

    Only for keys this hub made: the validation that is skipped would cost 50 ms for each.
    """
    key = serialization.load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise ValueError("a key of ours is RSA or Ed25519")
    return key


def load_public_key(text: str) -> PublicKey:
    """A stranger's key from PEM or Multikey text, if it is strong enough; else SignatureRefused."""
    if text.startswith("z"):
        return read_multikey(text)
    if len(text) > PUBLIC_KEY_PEM_CHARS:
        raise SignatureRefused(Reason.MALFORMED, "the key is too long")
    try:
        key = serialization.load_pem_public_key(text.encode("ascii"))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SignatureRefused(Reason.MALFORMED, "the key is not readable PEM") from error
    if not isinstance(key, RSAPublicKey | Ed25519PublicKey):
        raise SignatureRefused(Reason.ALGORITHM, "the key is neither RSA nor Ed25519")
    check_strength(key)
    return key


def public_text(key: PublicKey) -> str:
    """The form in which a public key is stored and published: PEM for RSA, Multikey for Ed25519."""
    if isinstance(key, Ed25519PublicKey):
        return write_multikey(key)
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def write_multikey(key: Ed25519PublicKey) -> str:
    """`z6Mk…`: base58btc of the multicodec prefix and the 32 bytes (FEP-521a)."""
    return "z" + base58.encode(_ED25519_PREFIX + key.public_bytes_raw())


def read_multikey(text: str) -> Ed25519PublicKey:
    """The Ed25519 key of a `publicKeyMultibase`; SignatureRefused for other forms and kinds."""
    data = read_multibase(text)
    if len(data) != 34 or not data.startswith(_ED25519_PREFIX):
        raise SignatureRefused(Reason.ALGORITHM, "the Multikey is not an Ed25519 key")
    return Ed25519PublicKey.from_public_bytes(data[2:])


def read_multibase(text: str) -> bytes:
    """Bytes of a bounded base58btc multibase text; SignatureRefused (MALFORMED) for anything else."""
    if not text.startswith("z") or len(text) > MULTIBASE_CHARS:
        raise SignatureRefused(Reason.MALFORMED, "not a base58btc multibase text")
    try:
        return base58.decode(text[1:])
    except ValueError as error:
        raise SignatureRefused(Reason.MALFORMED, "not a base58btc multibase text") from error


def kind_of(key: PublicKey) -> KeyKind:
    """Which algorithm goes with this key; SignatureRefused for kinds that types should have kept out."""
    if isinstance(key, RSAPublicKey):
        return "rsa"
    if isinstance(key, Ed25519PublicKey):
        return "ed25519"
    raise SignatureRefused(Reason.ALGORITHM, "the key is neither RSA nor Ed25519")


def check_strength(key: PublicKey) -> None:
    """Refuse RSA below 2048 bits, above what verifies quickly, with an even modulus or an odd choice of exponent."""
    if isinstance(key, RSAPublicKey):
        _check_rsa(key)


def _check_rsa(key: RSAPublicKey) -> None:
    if not RSA_KEY_BITS_LEAST <= key.key_size <= RSA_KEY_BITS_MOST:
        raise SignatureRefused(Reason.WEAK_KEY, "RSA keys have 2048 to 8192 bits here")
    numbers = key.public_numbers()
    if numbers.n % 2 == 0 or numbers.e % 2 == 0:
        raise SignatureRefused(Reason.WEAK_KEY, "the RSA modulus and exponent are odd numbers")
    if numbers.e <= 3 or numbers.e.bit_length() > RSA_EXPONENT_BITS:
        raise SignatureRefused(Reason.WEAK_KEY, "the RSA exponent is too small or absurdly large")


def sign_bytes(key: PrivateKey, message: bytes) -> bytes:
    """RSASSA-PKCS1-v1_5 with SHA-256, or Ed25519, by the kind of key."""
    if isinstance(key, Ed25519PrivateKey):
        return key.sign(message)
    return key.sign(message, _PADDING, _HASH)


def verify_bytes(key: PublicKey, signature: bytes, message: bytes) -> None:
    """Return if the signature is this key's over this message; SignatureRefused (INVALID, WEAK_KEY) otherwise."""
    try:
        if isinstance(key, RSAPublicKey):
            _check_rsa(key)
            key.verify(signature, message, _PADDING, _HASH)
        else:
            key.verify(signature, message)
    except InvalidSignature as error:
        raise SignatureRefused(Reason.INVALID, "the signature does not match") from error


def _as_text(key: PrivateKey) -> KeyPair:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return KeyPair(private_pem=private.decode(), public_pem=public.decode())
