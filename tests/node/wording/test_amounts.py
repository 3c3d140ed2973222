"""Amounts in the reader's language."""

from __future__ import annotations

import pytest

from node.wording.amounts import size


@pytest.mark.parametrize(
    ("language", "amount", "said"),
    [
        ("en", 16_240_000, "16.2 MB"),
        ("de", 16_240_000, "16,2 MB"),
        ("fr", 16_240_000, "16,2 Mo"),
        ("de", 10_737_418_240, "10,7 GB"),
        ("en", 0, "0 MB"),
    ],
)
def test_a_size_is_said_in_the_readers_language(language: str, amount: int, said: str) -> None:
    assert size(language, amount).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ") == said
