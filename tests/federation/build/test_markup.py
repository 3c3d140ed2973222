"""Tests of federation/build/markup.py: plain text stays text, and nothing is made of nothing."""

import pytest

from federation.build import markup

EVIL = "<b>\"'&"


@pytest.mark.parametrize(
    "made",
    [
        markup.plain(EVIL),
        markup.strong(EVIL),
        markup.link("https://a.example", EVIL),
        markup.hashtag("https://a.example", EVIL),
        markup.mention("https://a.example", EVIL),
        markup.section(EVIL, "x"),
    ],
)
def test_text_is_escaped(made: str) -> None:
    assert "<b>" not in made
    assert "&lt;b&gt;" in made


def test_an_address_cannot_leave_its_attribute() -> None:
    assert (
        markup.link('https://a.example/"onclick="x', "t") == '<a href="https://a.example/&quot;onclick=&quot;x">t</a>'
    )


def test_nothing_is_made_of_nothing() -> None:
    assert markup.paragraph("") == markup.strong("") == markup.bullets([]) == markup.section("x", "") == ""


def test_lists_are_made_of_html() -> None:
    assert markup.bullets(["<b>a</b>"], "ol") == "<ol><li><b>a</b></li></ol>"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://hub.example/calls/9", "hub.example/calls/9"),
        ("https://hub.example/", "hub.example"),
        ("https://hub.example/a?b=1#c", "hub.example/a?b=1"),
    ],
)
def test_an_address_is_shown_without_its_scheme(url: str, shown: str) -> None:
    assert markup.shown(url) == shown


def test_an_endless_address_is_shown_short() -> None:
    assert len(markup.shown("https://hub.example/" + "x" * 500)) == 60
