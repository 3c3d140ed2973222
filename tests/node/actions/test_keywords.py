"""Replies that are nothing but a keyword."""

import pytest

from node.actions.keywords import wish


@pytest.mark.parametrize(
    ("text", "languages", "wished"),
    [
        ("@hub@hub.example yes!", ["en"], "going"),
        ("I’m in", ["en"], "going"),
        ("@hub Bin dabei.", ["de"], "going"),
        ("  PRÉSENTE ", ["fr", "de"], "going"),
        ("@hub@hub.example:8080 peut-être…", ["fr"], "maybe"),
        ("komme nicht", ["de-AT"], "declined"),
    ],
)
def test_a_keyword_alone_is_an_answer(text: str, languages: list[str], wished: str) -> None:
    assert wish(text, languages) == wished


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("yes, but who brings the cake?", ["en"]),
        ("ja", ["fr"]),
        ("", ["en"]),
        ("@hub", ["en", "de", "fr"]),
        ("no idea", ["en"]),
        ("yes " * 100, ["en"]),
        ("yes", []),
    ],
)
def test_anything_more_or_in_another_language_is_just_a_reply(text: str, languages: list[str]) -> None:
    assert wish(text, languages) is None
