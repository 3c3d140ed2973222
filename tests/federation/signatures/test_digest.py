"""What a request says of its body: `Digest` and `Content-Digest`."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.signatures.digest import check_content_digest, check_digest, content_digest, digest
from federation.signatures.refusal import Reason, SignatureRefused

BODY = b'{"hello": "world"}'
RIGHT = "X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="  # the example of RFC 9530, appendix B.1
WRONG = base64.b64encode(hashlib.sha256(b"other").digest()).decode()


def test_the_example_of_rfc_9530() -> None:
    assert content_digest(BODY) == f"sha-256=:{RIGHT}:"
    assert digest(BODY) == f"SHA-256={RIGHT}"


@given(st.binary(max_size=100))
def test_what_we_write_we_accept(body: bytes) -> None:
    check_digest(digest(body), body)
    check_content_digest(content_digest(body), body)


@pytest.mark.parametrize("header", [f"sha-256={RIGHT}", f"SHA-512=AAAA, SHA-256={RIGHT}", f"MD5=x,  SHA-256={RIGHT} "])
def test_digest_may_name_other_algorithms_beside(header: str) -> None:
    check_digest(header, BODY)


def test_content_digest_may_name_other_algorithms_beside() -> None:
    check_content_digest(f"sha-512=:AAAA:, sha-256=:{RIGHT}:", BODY)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "SHA-256=",
        "SHA-256",
        RIGHT,
        f"SHA-256={WRONG}",
        f"SHA-256={RIGHT[:-1]}",
        f"SHA-256={RIGHT}=",
        f"SHA-256={RIGHT}!",
        f"SHA-256=:{RIGHT}:",
        f"SHA-256={RIGHT},SHA-256={RIGHT}",
        f"SHA-256={WRONG},sha-256={RIGHT}",
        f"SHA-512={base64.b64encode(hashlib.sha512(BODY).digest()).decode()}",
        f"sha-256 ={RIGHT}",
    ],
)
def test_other_digests_are_refused(header: str) -> None:
    with pytest.raises(SignatureRefused) as refused:
        check_digest(header, BODY)
    assert refused.value.reason is Reason.DIGEST


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha-256",
        "sha-256=1",
        f"sha-256={RIGHT}",
        f'sha-256="{RIGHT}"',
        f"sha-256=(:{RIGHT}:)",
        f"sha-256=:{WRONG}:",
        f"sha-256=:{WRONG}:, sha-256=:{RIGHT}:",
        f"SHA-256=:{RIGHT}:",
        f"sha-512=:{base64.b64encode(hashlib.sha512(BODY).digest()).decode()}:",
        f"sha-256=:{RIGHT}:,",
        "sha-256=:é:",
    ],
)
def test_other_content_digests_are_refused(header: str) -> None:
    with pytest.raises(SignatureRefused) as refused:
        check_content_digest(header, BODY)
    assert refused.value.reason is Reason.DIGEST


@given(st.text(max_size=60), st.binary(max_size=10))
def test_any_header_is_right_or_refused(header: str, body: bytes) -> None:
    for check in (check_digest, check_content_digest):
        with pytest.raises(SignatureRefused):
            check(header, body)
