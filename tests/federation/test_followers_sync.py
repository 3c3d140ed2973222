"""Followers synchronisation: the digest of FEP-8fcf, and a header that strangers write."""

from __future__ import annotations

import pytest

from federation.followers_sync import Claim, digest, header, read_header

FOLLOWERS = ("https://testing.example.org/users/1", "https://testing.example.org/users/2")
CLAIM = Claim(collection="https://a.example/f", url="https://a.example/f?domain=b.example", digest="0f" * 32)


def test_the_vector_of_the_fep_is_reproduced_in_any_order() -> None:
    expected = "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f"
    assert digest(FOLLOWERS) == digest(reversed(FOLLOWERS)) == digest([*FOLLOWERS, FOLLOWERS[0]]) == expected
    assert digest(()) == "0" * 64


def test_what_is_written_is_read() -> None:
    assert read_header(header(CLAIM)) == CLAIM
    assert read_header(header(CLAIM).replace(", ", ",").replace("0f", "0F")) == CLAIM


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        header(CLAIM).replace("url=", "uri="),
        header(CLAIM) + ', url="https://evil.example/"',
        header(CLAIM).replace("0f" * 32, "0f" * 31),
        header(CLAIM).replace("0f" * 32, "zz" * 32),
        header(CLAIM)[:-1],
        header(CLAIM) + " and more",
        header(CLAIM) + ', x="' + "x" * 20_000 + '"',
    ],
)
def test_what_is_no_header_says_nothing(text: str) -> None:
    assert read_header(text) is None
