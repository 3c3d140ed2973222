"""Each line about something that went wrong says what to do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from node.observability.log_advice import DO, advised

ROOT = Path(__file__).parents[3]
LOUD = ("warning", "error", "critical")


def lines() -> Iterator[tuple[str, bool]]:
    """The event of each loud line of the code, and whether it says itself what to do."""
    for file in sorted((ROOT / "node").rglob("*.py")):
        for one in ast.walk(ast.parse(file.read_text())):
            match one:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="_log" | "log"), attr=level), args=[words, *_]) if (
                    level in LOUD and isinstance(words, ast.Constant)
                ):
                    yield str(words.value), any(keyword.arg == "do" for keyword in one.keywords)


def test_each_line_about_something_wrong_says_what_to_do() -> None:
    found = list(lines())
    assert len(found) > 20
    assert [words for words, says in found if not says and words not in DO] == []


def test_what_a_line_says_itself_stays() -> None:
    assert advised(None, "", {"event": "database away", "do": "Wait."})["do"] == "Wait."
    assert advised(None, "", {"event": "Set up"}) == {"event": "Set up"}
