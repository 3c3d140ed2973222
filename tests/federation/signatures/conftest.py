"""Keys, a moment, and a peer that signs by hand: apart from the code under test, so that it can sign wrongly."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from federation.signatures.message import SignedRequest

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KEY_ID = "https://peer.example/actors/ann#main-key"
BODY = b'{"type":"Follow"}'


def sha256(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


@dataclass
class Peer:
    """`draft` and `standard` give a sound request to https://hub.example; each argument spoils one thing of it."""

    rsa: RSAPrivateKey
    other_rsa: RSAPrivateKey
    ed25519: Ed25519PrivateKey
    key_id: str = KEY_ID

    def sign(self, text: str, key: RSAPrivateKey | Ed25519PrivateKey | None = None) -> str:
        message = text.encode("utf-8", "surrogateescape")
        if isinstance(key, Ed25519PrivateKey):
            return base64.b64encode(key.sign(message)).decode()
        return base64.b64encode((key or self.rsa).sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()

    def draft(
        self,
        *,
        method: str = "POST",
        target: str = "/inbox",
        sent_to: str | None = None,
        body: bytes | None = None,
        headers: dict[str, str | None] | None = None,
        covered: str | None = None,
        parameters: dict[str, str | None] | None = None,
        key: RSAPrivateKey | Ed25519PrivateKey | None = None,
    ) -> SignedRequest:
        """`parameters` are raw (quotes included), None leaves one out; `sent_to` is where the request really goes."""
        body = (BODY if method == "POST" else b"") if body is None else body
        fields: dict[str, str | None] = {"host": "hub.example", "date": format_datetime(NOW, usegmt=True)}
        if method == "POST":
            fields["digest"] = f"SHA-256={sha256(body)}"
        fields |= headers or {}
        if covered is None:
            covered = "(request-target) host date" + (" digest" if method == "POST" else "")
        given: dict[str, str | None] = {
            "keyId": f'"{self.key_id}"',
            "algorithm": '"rsa-sha256"',
            "headers": f'"{covered}"',
        }
        given |= parameters or {}
        pseudo = {f"({name})": (given.get(name) or "").strip('"') for name in ("created", "expires")}
        pseudo["(request-target)"] = f"{method.lower()} {target}"
        text = "\n".join(f"{name}: {pseudo.get(name, fields.get(name, ''))}" for name in covered.split(" "))
        given.setdefault("signature", f'"{self.sign(text, key)}"')
        signature = ",".join(f"{name}={value}" for name, value in given.items() if value is not None)
        present = [(name.title(), value) for name, value in fields.items() if value is not None]
        return SignedRequest(
            method=method,
            path_and_query=target if sent_to is None else sent_to,
            headers=(*present, ("Signature", signature)),
            body=body,
        )

    def standard(
        self,
        *,
        method: str = "POST",
        target: str = "/inbox",
        origin: str = "https://hub.example",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        components: str | None = None,
        parameters: str | None = None,
        lines: dict[str, str] | None = None,
        key: RSAPrivateKey | Ed25519PrivateKey | None = None,
    ) -> SignedRequest:
        """`components` and `parameters` are the raw text of Signature-Input; `lines` the raw component → value."""
        body = (BODY if method == "POST" else b"") if body is None else body
        fields = {"host": origin.partition("://")[2]}
        values = {'"@method"': method, '"@target-uri"': origin + target}
        if method == "POST":
            fields["content-digest"] = f"sha-256=:{sha256(body)}:"
        fields |= headers or {}
        values |= {f'"{name}"': value for name, value in fields.items()} | (lines or {})
        if components is None:
            components = '"@method" "@target-uri"' + (' "content-digest"' if method == "POST" else "")
        if parameters is None:
            parameters = f';created={int(NOW.timestamp())};keyid="{self.key_id}"'
        member = f"({components}){parameters}"
        text = "".join(f"{name}: {values.get(name, '')}\n" for name in components.split(" ") if name)
        signature = self.sign(f'{text}"@signature-params": {member}', key)
        signed = [("Signature-Input", f"sig1={member}"), ("Signature", f"sig1=:{signature}:")]
        return SignedRequest(
            method=method,
            path_and_query=target,
            headers=(*fields.items(), *signed),
            body=body,
        )


@pytest.fixture(scope="session")
def peer() -> Peer:
    return Peer(
        rsa=generate_private_key(public_exponent=65537, key_size=2048),
        other_rsa=generate_private_key(public_exponent=65537, key_size=2048),
        ed25519=Ed25519PrivateKey.generate(),
    )


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def key_id() -> str:
    return KEY_ID
