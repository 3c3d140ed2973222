"""Base58btc, as keys in Multikey form are written in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.signatures import base58


@given(st.binary(max_size=90))
def test_every_byte_string_comes_back(data: bytes) -> None:
    assert base58.decode(base58.encode(data)) == data


@given(st.text(alphabet=base58.ALPHABET, max_size=90))
def test_every_text_has_one_meaning(text: str) -> None:
    assert base58.encode(base58.decode(text)) == text


@pytest.mark.parametrize(
    ("text", "data"),
    [("", b""), ("1", b"\0"), ("2NEpo7TZRRrLZSi2U", b"Hello World!"), ("11233QC4", b"\0\0\x28\x7f\xb4\xcd")],
)
def test_known_texts(text: str, data: bytes) -> None:
    assert base58.encode(data) == text
    assert base58.decode(text) == data


@pytest.mark.parametrize("text", ["0", "O", "I", "l", " 1", "1\n", "ü", "+/="])
def test_letters_outside_the_alphabet_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base58"):
        base58.decode(text)
