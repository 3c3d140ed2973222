"""Messages to push services: that the app can read them is shown where they are pushed; here, what is refused."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from datetime import UTC, datetime

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from federation.web_push import BadKeys, app_keys, seal

# RFC 8291, appendix A: the keys of the user agent there.
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"


def test_keys_are_read_in_every_spelling() -> None:
    keys = app_keys(P256DH, AUTH)
    assert len(keys.p256dh) == 65 and len(keys.auth) == 16
    assert app_keys(b64encode(keys.p256dh).decode(), f" {urlsafe_b64encode(keys.auth).decode()}\n") == keys


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [("", AUTH), (P256DH[:-2], AUTH), ("BA" + P256DH[2:], AUTH), (P256DH, ""), (P256DH, AUTH + "AA"), ("é", AUTH)],
)
def test_what_is_no_key_is_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(BadKeys):
        app_keys(p256dh, auth)


@pytest.mark.parametrize("standard", [True, False])
def test_each_message_has_keys_of_its_own_and_only_the_app_reads_it(standard: bool) -> None:
    app = ec.generate_private_key(ec.SECP256R1())
    point = app.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys, ours = app_keys(urlsafe_b64encode(point).decode(), AUTH), ec.generate_private_key(ec.SECP256R1())

    def sealed() -> bytes:
        now = datetime.now(UTC)
        message = seal(
            b"secret",
            keys,
            endpoint="https://push.example/x",
            signing_key=ours,
            contact="https://hub.example",
            now=now,
            standard=standard,
        )
        return message.body

    assert sealed() != sealed() and b"secret" not in sealed()
    if standard:
        assert http_ece.decrypt(sealed(), private_key=app, auth_secret=keys.auth) == b"secret"
        with pytest.raises(http_ece.ECEException):
            http_ece.decrypt(sealed(), private_key=app, auth_secret=bytes(16))
