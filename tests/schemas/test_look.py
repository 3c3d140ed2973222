"""Colours that can be read, and styles that stay at home."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.look import TEXT_CONTRAST, contrast, fetches, is_colour, on, readable

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#1d5c41", "#1d5c41") == 1


@given(colours, colours)
def test_a_readable_colour_can_be_read(colour: str, ground: str) -> None:
    found = readable(colour, ground)
    assert is_colour(found)
    assert contrast(found, ground) >= TEXT_CONTRAST
    assert contrast(on(ground), ground) >= TEXT_CONTRAST


def test_what_can_be_read_stays_as_it_is() -> None:
    assert readable("#1d5c41", "#f8f5ec") == "#1d5c41"


@pytest.mark.parametrize("text", ["", "1d5c41", "#1d5c4", "#1D5C41", "#1d5c41;", "red"])
def test_nothing_else_is_a_colour(text: str) -> None:
    assert not is_colour(text)


@pytest.mark.parametrize(
    "css",
    [
        "@import 'x.css';",
        "@IMPORT url(x)",
        'a { background: image-set("https://evil.example/x" 1x) }',
        'a { background: image-set("//evil.example/x" 1x) }',
        "a { background: url(https://evil.example/x.png) }",
        'a { background: url( "//evil.example/x") }',
        "a { background: u\\72l(x) }",
        "a { background: URL('data:image/png;base64,') }",
    ],
)
def test_a_style_that_asks_others_is_seen(css: str) -> None:
    assert fetches(css)


def test_a_style_of_ones_own_is_fine() -> None:
    assert not fetches(".hero { background: url(/media/x.png); border-radius: 0 } /* url */")
