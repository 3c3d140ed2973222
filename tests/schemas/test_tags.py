"""Tests of schemas/tags.py (FEP-eb48)."""

import pytest

from schemas.limits import TAG_CHARS
from schemas.tags import is_tag, normal


@pytest.mark.parametrize(
    ("written", "stored"), [("#Repair", "repair"), ("Straße", "strasse"), ("Ｒｅｐａｉｒ", "repair"), (" #É ", "é")]
)
def test_a_tag_is_stored_in_one_form(written: str, stored: str) -> None:
    assert normal(written) == stored


@pytest.mark.parametrize("written", ["repair", "#repair_café", "2026a", "日本", "#CoopCall"])
def test_letters_make_a_tag(written: str) -> None:
    assert is_tag(written)


@pytest.mark.parametrize("written", ["", "#", "2026", "two words", "a/b", "a-b", "..", "<b>", "x" * (TAG_CHARS + 1)])
def test_what_is_no_tag_is_refused(written: str) -> None:
    assert not is_tag(written)
