"""The rules of the house in one language. A rule's words and its hint are one text each, or one by language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def in_language(rules: Sequence[Mapping[str, Any]], language: str, main: str) -> dict[str, tuple[str, str]]:
    """The words and the hint of each by its number: in that language, else in the hub's main one, else in any."""

    def said(texts: Any) -> str:
        if not isinstance(texts, dict):
            return str(texts or "")
        return str(texts.get(language) or texts.get(main) or next(iter(texts.values()), ""))

    return {str(one.get("id", n)): (said(one.get("text")), said(one.get("hint"))) for n, one in enumerate(rules, 1)}
