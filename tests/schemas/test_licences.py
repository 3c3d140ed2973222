"""Tests of schemas/licences.py."""

import pytest

from schemas.licences import SHORT_NAMES, address_of, name_of


@pytest.mark.parametrize("name", SHORT_NAMES)
def test_a_short_name_has_an_address_and_comes_back(name: str) -> None:
    assert address_of(name).startswith("https://creativecommons.org/")
    assert name_of(address_of(name)) == name


def test_an_unknown_licence_stays_what_it_is() -> None:
    assert address_of("https://example.org/licence") == name_of("https://example.org/licence")
