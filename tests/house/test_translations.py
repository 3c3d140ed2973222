"""Every sentence people read exists in every language of the interface, complete, with the same gaps."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from node.wording.language import DOMAIN, LANGUAGES, THEMES

ROOT = Path(__file__).parents[2]
COMMONS = ROOT / "themes" / "commons"
KEYWORDS = {"_": None, "say": None, "gettext": (2,), "msgid": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
"""The functions in whose calls our sentences stand. In Python `ngettext` and `gettext` take the language first."""

GAP = re.compile(r"\{(\w+)\}")
ENGLISH_ONLY = ("activitypub", "inbox", "cli")
"""Doors where other servers and operators are spoken to, in English."""

OTHERS = [one for one in LANGUAGES if one != "en"]
Key = tuple[str | None, str]


def in_templates() -> Iterator[Key]:
    found = extract_from_dir(
        COMMONS,
        method_map=[("**.html", "jinja2"), ("**.xml", "jinja2"), ("**.txt", "jinja2")],
        options_map={"**": {"extensions": "jinja2.ext.do", "trimmed": "true"}},
        keywords=KEYWORDS | {"gettext": None},
    )
    for _, _, message, _, context in found:
        yield context, message[0] if isinstance(message, tuple) else message


def in_python() -> Iterator[Key]:
    for path in sorted([*(ROOT / "node").rglob("*.py"), *(ROOT / "schemas").rglob("*.py")]):
        if path.parent.name in ENGLISH_ONLY:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield from ((None, text) for text in marked(node))


def marked(node: ast.AST) -> Iterator[str]:
    """The sentences of one node of a syntax tree: marked ones, and those that errors show."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place = {"msgid": 0, "say": 0, "gettext": 1, **dict.fromkeys(ERRORS, 0)}.get(name)
        if place is not None and len(node.args) > place:
            yield from constant(node.args[place])
    if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") in ERRORS for base in node.bases):
        for line in node.body:
            if isinstance(line, ast.Assign) and getattr(line.targets[0], "id", "") == "message":
                yield from constant(line.value)


def constant(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value


ERRORS = ("NodeError", "NotFound", "Gone", "Unauthorized", "Forbidden", "Conflict", "TooMany")


@cache
def sentences() -> frozenset[Key]:
    return frozenset((context, text) for context, text in (*in_templates(), *in_python()) if text)


@cache
def catalog(language: str) -> Catalog:
    with (THEMES / "commons" / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=language)


def translated(message: Message) -> list[str]:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return [text or "" for text in strings]


def test_sentences_are_found_in_templates_and_in_python() -> None:
    assert (None, "Sign in") in sentences()
    assert ("call", "Open") in sentences()
    assert (None, "Please sign in first.") in sentences()
    assert (None, "This must be one of: {choices}.") in sentences()


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_has_a_translation(language: str) -> None:
    missing = []
    for context, text in sentences():
        message = catalog(language).get(text, context)
        if message is None or message.fuzzy or not all(translated(message)):
            missing.append(text if context is None else f"{context}: {text}")
    assert sorted(missing) == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_left_over(language: str) -> None:
    known = sentences()
    kept = [str(message.id) for message in catalog(language) if message.id and key(message) not in known]
    assert kept == []


def key(message: Message) -> Key:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_same_gaps_as_its_sentence(language: str) -> None:
    wrong = []
    for message in catalog(language):
        if not message.id:
            continue
        texts = [message.id] if isinstance(message.id, str) else list(message.id)
        gaps = {frozenset(GAP.findall(text)) for text in texts}
        if any(frozenset(GAP.findall(text)) not in gaps for text in translated(message)):
            wrong.append(message.id)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_as_many_plural_forms_as_its_language(language: str) -> None:
    for message in catalog(language):
        if message.pluralizable:
            assert len(translated(message)) == catalog(language).num_plurals
