"""Key ids that may be looked up, and those that may not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.signatures.key_ids import check_key_id, key_address, origin_of
from federation.signatures.refusal import Reason, SignatureRefused


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://good.example/u/ann#main-key", "https://good.example"),
        ("https://GOOD.example:443/u", "https://good.example"),
        ("https://good.example:8443/u", "https://good.example:8443"),
        ("http://good.example:80", "http://good.example"),
        ("http://127.0.0.2:8080/actor", "http://127.0.0.2:8080"),
        ("https://[2001:DB8::1]:8443/x", "https://[2001:db8::1]:8443"),
    ],
)
def test_an_origin_has_one_form(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    "url",
    [
        "https://user@good.example/x",
        "https://good.example./x",
        "https://good.example:/x",
        "https://good.example:99999/x",
        "https://good.example:4x/x",
        "https://good.example/a/../x",
        "https://good.example/a/%2e%2e/x",
        "https://good.example\\@evil.example/x",
        "https://good.example/x y",
        "https://good.example/\n",
        "https://gööd.example/x",
        "https://[::1/x",
        "https:///x",
        "//good.example/x",
        "good.example",
        "javascript:alert(1)",
        "https://good.example/" + "x" * 2048,
        "",
    ],
)
def test_an_address_that_can_be_read_two_ways_has_no_origin(url: str) -> None:
    assert origin_of(url) is None


@given(st.text(alphabet=st.characters(), max_size=60) | st.text(alphabet="htps:/@[]%.#?1x", max_size=30))
def test_any_text_has_an_origin_or_none(url: str) -> None:
    origin = origin_of(url)
    assert origin is None or origin_of(origin) == origin


def test_http_key_ids_need_the_callers_leave() -> None:
    check_key_id("http://127.0.0.2:8080/actor#main-key", allow_http=True)
    with pytest.raises(SignatureRefused) as refused:
        check_key_id("http://127.0.0.2:8080/actor#main-key")
    assert refused.value.reason is Reason.KEY_ID


def test_a_key_is_looked_up_without_its_fragment() -> None:
    assert key_address("https://good.example/u/ann?x=1#main-key") == "https://good.example/u/ann?x=1"
    assert key_address("https://good.example/u/ann/main-key") == "https://good.example/u/ann/main-key"


def test_a_key_id_of_2048_bytes_is_the_longest() -> None:
    start = "https://good.example/"
    check_key_id(start + "x" * (2048 - len(start)))
    with pytest.raises(SignatureRefused):
        check_key_id(start + "x" * (2049 - len(start)))
