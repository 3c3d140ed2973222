"""Tests of schemas/languages.py."""

import pytest

from schemas.languages import canonical


@pytest.mark.parametrize(
    ("written", "spelling"),
    [
        ("de", "de"),
        ("DE-at", "de-AT"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("de-x-LEICHT", "de-x-leicht"),
        ("en-GB-oxendict", "en-GB-oxendict"),
        ("gsw", "gsw"),
    ],
)
def test_a_language_has_one_spelling(written: str, spelling: str) -> None:
    assert canonical(written) == spelling


@pytest.mark.parametrize("written", ["", "xx", "und", "english", "de_DE", "de-", "-de", "d", "de-DE-" + "x" * 40, "*"])
def test_what_names_no_language_is_none(written: str) -> None:
    assert canonical(written) is None
