"""Which tests stand for the attacks on pages and forms, by their numbers: none is lost when files are moved about."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

CASES = {
    67: "script in any text, in every view, letter, feed and title",
    68: "emoji that break out of attributes",
    69: "HTML of third parties in cards and embeds",
    71: "styles, classes and forms that lie over our page",
    72: "links that lie, names that turn around",
    73: "text in another language that is not cleaned",
    75: "SVG, HTML and polyglots as uploads",
    76: "file names that are paths",
    77: "media that write or read other files",
    79: "positions in pictures",
    80: "parameters that change a picture",
    81: "attachments that are none, or somebody else's",
    82: "media that can be guessed",
    84: "formulas in tables",
    85: "line breaks in titles of letters and calendars",
    86: "line breaks and secrets in logs",
    106: "what is private, asked for by its address",
    107: "what is private, in lists, feeds, search and previews",
    108: "who is named but not addressed",
    110: "streams that outlive their token",
    111: "edits for those who follow no more",
    112: "lists of followers and of those who come",
    114: "reports and private reasons, read by others",
    115: "finding out who has an account",
    117: "what suspended people published",
    118: "spellings of a blocked domain, and what is below it",
    119: "words of a blocked server that others bring",
    121: "suspended people who go on",
    122: "servers that nobody has looked at",
    123: "keys of blocked servers",
    125: "ways around limits of rate",
    130: "forms of other sites",
    131: "sessions fixed before signing in",
    132: "ways around the second step",
    134: "SQL, wildcards and objects in searches",
    135: "roles and owners named in forms, ids of others",
    136: "redirects to anywhere",
    137: "caches that keep what members see",
    139: "files to import that are bombs",
    140: "lists that make us ask private hosts",
    141: "words of strangers in the panel",
    142: "the set-up page after the set-up, traces of faults",
    144: "two at the same moment",
    145: "titles that are templates",
}
"""Cases 67–86, 106–125 and 130–145 that touch pages, forms and measures."""


@cache
def _named() -> frozenset[int]:
    files = Path(__file__).parents[1].rglob("test_*.py")
    return frozenset(int(one) for file in files for one in re.findall(r"def test_case_(\d+)_", file.read_text()))


@pytest.mark.parametrize("number", CASES, ids=lambda number: f"{number}")
def test_each_case_has_a_test(number: int) -> None:
    assert number in _named(), CASES[number]
