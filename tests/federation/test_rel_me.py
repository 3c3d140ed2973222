"""A page says that a profile is of the same person by a link with rel="me" to it, and by nothing else."""

from __future__ import annotations

import pytest

from federation.rel_me import says_me

US = ("https://hub.example/@ana", "https://hub.example/users/ana")
PAGE = "https://ana.example/about/"


@pytest.mark.parametrize(
    "html",
    [
        '<a rel="me" href="https://hub.example/@ana">Hub</a>',
        '<link rel="me" href="https://hub.example/@ana/">',
        '<a REL="nofollow ME noopener" HREF="https://HUB.example:443/@ana">Hub</a>',
        "<a rel=me href=https://hub.example/users/ana>",
        '<a rel="me" href="//hub.example/@ana">',
        '<a rel="me" href="https://elsewhere.example/"><a rel="me" href="https://hub.example/@ana">',
    ],
)
def test_a_link_to_the_profile_is_found(html: str) -> None:
    assert says_me(html.encode(), PAGE, US)


@pytest.mark.parametrize(
    "html",
    [
        "",
        '<a href="https://hub.example/@ana">Hub</a>',
        '<a rel="met" href="https://hub.example/@ana">',
        '<a rel="me" href="https://hub.example/@anastasia">',
        '<a rel="me" href="https://hub.example.evil.example/@ana">',
        '<a rel="me" href="http://hub.example/@ana">',
        '<a rel="me" href="/@ana">',
        '<a rel="me" href="https://[broken/@ana"><a rel="me">',
        '<!-- <a rel="me" href="https://hub.example/@ana"> -->',
        '<script>"<a rel=me href=https://hub.example/@ana>"</script>',
        "<a rel=me href=https://ana.example/1>" * 3,
    ],
)
def test_case_21_anything_else_is_none(html: str) -> None:
    assert not says_me(html.encode(), PAGE, US)


def test_bytes_that_are_no_text_are_none() -> None:
    assert not says_me(bytes(range(256)), PAGE, US)
