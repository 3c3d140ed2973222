"""Which addresses a browser may be sent back to with a code (case 126)."""

from __future__ import annotations

import pytest

from schemas.limits import REDIRECT_URI_CHARS
from schemas.redirects import NEVER, OUT_OF_BAND, is_redirect_uri, with_parameters


@pytest.mark.parametrize(
    "written",
    [
        "https://client.example/back?at=1",
        "http://127.0.0.1:8000/",
        "http://[::1]:8000/",
        "https://elk.example/api/x/oauth/https%3A%2F%2Felk.example",
        "icecubesapp://",
        "mastodon-android-auth://callback",
        "oauth2redirect://com.keylesspalace.tusky/",
        "com.example.app:/back",
        OUT_OF_BAND,
    ],
)
def test_honest_addresses_are_taken(written: str) -> None:
    assert is_redirect_uri(written)


@pytest.mark.parametrize(
    "written",
    [
        *(f"{scheme}:x" for scheme in NEVER),
        *(f"{scheme.upper()}://x" for scheme in NEVER),
        "java\tscript:alert(1)",
        " https://client.example/",
        "https://client.example/\r\nSet-Cookie: a=b",
        "https://client.example/#x",
        "https://user@client.example/",
        "https://good.example\\@evil.example/",
        "https:///client.example",
        "https://:80/",
        "https://?x",
        "https:client.example",
        "//client.example/",
        "/back",
        "client.example",
        "app:",
        "1app:x",
        "https://clíent.example/",
        "https://client.example/" + "a" * REDIRECT_URI_CHARS,
        "",
    ],
)
def test_others_are_not(written: str) -> None:
    assert not is_redirect_uri(written)


def test_parameters_are_added_without_changing_a_byte() -> None:
    assert with_parameters("app://", "code=x") == "app://?code=x"
    assert with_parameters("https://c.example/%7Ea?b=%2F", "code=x") == "https://c.example/%7Ea?b=%2F&code=x"
