"""Making, keeping and reading keys; which ones are too weak."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from federation.signatures.keys import (
    check_strength,
    load_private_key,
    load_public_key,
    make_ed25519_pair,
    make_rsa_pair,
    public_text,
    read_multikey,
    sign_bytes,
    verify_bytes,
    write_multikey,
)
from federation.signatures.refusal import Reason, SignatureRefused


def as_pem(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey, form: PublicFormat | None = None) -> str:
    return key.public_bytes(Encoding.PEM, form or PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize("make", [make_rsa_pair, make_ed25519_pair])
def test_a_pair_we_make_signs_and_verifies_after_being_stored_as_text(make) -> None:
    pair = make()
    public = load_public_key(pair.public_pem)
    verify_bytes(public, sign_bytes(load_private_key(pair.private_pem), b"text"), b"text")
    assert public_text(load_public_key(public_text(public))) == public_text(public)


def test_a_private_key_is_read_once() -> None:
    pem = make_rsa_pair().private_pem
    assert load_private_key(pem) is load_private_key(pem)


def test_a_private_key_of_another_kind_is_not_ours() -> None:
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(ValueError, match="RSA or Ed25519"):
        load_private_key(pem.decode())


def test_a_multikey_is_the_one_of_the_specification() -> None:
    multikey = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    assert write_multikey(read_multikey(multikey)) == multikey


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("u7QEx", Reason.MALFORMED),  # another base
        ("z", Reason.ALGORITHM),
        ("z6Mk0", Reason.MALFORMED),
        ("z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc", Reason.ALGORITHM),  # X25519
        ("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ", Reason.ALGORITHM),  # a character short
        ("z" + "1" * 1000, Reason.MALFORMED),
    ],
)
def test_other_multikeys_are_refused(text: str, reason: Reason) -> None:
    with pytest.raises(SignatureRefused) as refused:
        read_multikey(text)
    assert refused.value.reason is reason


def test_an_old_pkcs1_pem_is_read_too(peer) -> None:
    public = peer.rsa.public_key()
    assert load_public_key(as_pem(public, PublicFormat.PKCS1)) == public


def weak_keys() -> list[tuple[str, rsa.RSAPublicKey]]:
    n = rsa.generate_private_key(65537, 2048).public_key().public_numbers().n
    return [
        ("512 bits", rsa.RSAPublicNumbers(65537, 2**511 + 187).public_key()),
        ("1024 bits", rsa.generate_private_key(65537, 1024).public_key()),
        ("16384 bits", rsa.RSAPublicNumbers(65537, 2**16383 + 1).public_key()),
        ("exponent 3", rsa.RSAPublicNumbers(3, n).public_key()),
        ("even modulus", rsa.RSAPublicNumbers(65537, n - 1).public_key()),
        ("huge exponent", rsa.RSAPublicNumbers(2**1024 + 1, n).public_key()),
    ]


@pytest.mark.parametrize(("name", "key"), weak_keys(), ids=lambda value: value if isinstance(value, str) else "")
def test_case_34_a_weak_rsa_key_is_refused(name: str, key: rsa.RSAPublicKey) -> None:
    with pytest.raises(SignatureRefused) as refused:
        check_strength(key)
    assert refused.value.reason is Reason.WEAK_KEY
    with pytest.raises(SignatureRefused):
        load_public_key(as_pem(key))


def test_case_34_an_rsa_key_with_exponent_1_is_refused() -> None:
    # The library will not build such a key: the PEM is put together by hand, 2048 bits of 0xff with e = 1.
    numbers = b"\x02\x82\x01\x01\x00" + b"\xff" * 256 + b"\x02\x01\x01"
    der = b"\x30\x82" + len(numbers).to_bytes(2) + numbers
    pem = f"-----BEGIN RSA PUBLIC KEY-----\n{base64.encodebytes(der).decode()}-----END RSA PUBLIC KEY-----\n"
    with pytest.raises(SignatureRefused):
        load_public_key(pem)


def test_case_34_an_elliptic_curve_key_is_refused() -> None:
    with pytest.raises(SignatureRefused) as refused:
        load_public_key(as_pem(ec.generate_private_key(ec.SECP256R1()).public_key()))
    assert refused.value.reason is Reason.ALGORITHM


def test_case_34_a_weak_key_that_came_in_by_another_way_does_not_verify() -> None:
    weak = rsa.generate_private_key(65537, 1024)
    with pytest.raises(SignatureRefused) as refused:
        verify_bytes(weak.public_key(), sign_bytes(weak, b"text"), b"text")
    assert refused.value.reason is Reason.WEAK_KEY


@pytest.mark.parametrize("signature", [b"", b"\0" * 256, b"\xff" * 256, b"\1" * 64, b"x" * 5000])
def test_case_35_a_garbage_signature_is_an_exception_not_a_value(peer, signature: bytes) -> None:
    for key in (peer.rsa.public_key(), peer.ed25519.public_key()):
        with pytest.raises(SignatureRefused) as refused:
            verify_bytes(key, signature, b"text")
        assert refused.value.reason is Reason.INVALID


def test_a_key_that_is_too_long_is_not_parsed(peer) -> None:
    pem = as_pem(peer.rsa.public_key())
    assert load_public_key("words before a key\n" + pem)
    with pytest.raises(SignatureRefused) as refused:
        load_public_key("words before a key\n" * 500 + pem)
    assert refused.value.reason is Reason.MALFORMED


@given(
    st.text(max_size=200)
    | st.text(max_size=80).map(lambda t: f"-----BEGIN PUBLIC KEY-----\n{t}\n-----END PUBLIC KEY-----")
)
def test_any_text_is_a_key_or_refused(text: str) -> None:
    with pytest.raises(SignatureRefused):
        load_public_key(text)
