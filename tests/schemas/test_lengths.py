"""What counts in a text is the same whether it comes from a client, a form or a command."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas import reasons
from schemas.check import check
from schemas.lengths import counted
from schemas.limits import POST_CHARS, URL_COUNTS_AS
from tests.drafts import a_draft

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LONG = f"https://archive.example/{'x' * 400}"


@pytest.mark.parametrize(
    ("text", "chars"),
    [
        ("", 0),
        ("Grüße 🌱", 7),
        (LONG, URL_COUNTS_AS),
        (f"See {LONG}\nand http://a.example.", 4 + URL_COUNTS_AS + 5 + URL_COUNTS_AS),
        ("@bo@far.example, hello", len("@bo, hello")),
        ("@bo_b-c.d@sub.far.example", len("@bo_b-c.d")),
        ("write to bo@far.example", len("write to bo@far.example")),
    ],
)
def test_an_address_counts_as_so_many_and_a_handle_without_its_host(text: str, chars: int) -> None:
    assert counted(text) == chars


def test_a_post_may_be_longer_as_typed_than_as_counted() -> None:
    filled = "x" * (POST_CHARS - URL_COUNTS_AS - 1)
    assert check(a_draft("post", text=f"{filled} {LONG}"), NOW) == ()
    [problem] = check(a_draft("post", text=f"{filled}x {LONG}"), NOW)
    assert (problem.field, problem.reason) == ("text", reasons.TOO_LONG)
