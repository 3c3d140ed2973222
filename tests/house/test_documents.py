"""What the documents at the root say must be so: paths exist, commands exist, settings exist."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from node.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(ROOT.glob("*.md"))

CODE = re.compile(r"`([^`\n]+)`")
TREE = re.compile(r"^(?:node|federation|schemas|themes|tests|compose|\.ci)/[\w./\-]*[\w/]$")
TEST_NAME = re.compile(r"^(tests/[\w/\-]+\.py)::(\w+)$")
SETTING = re.compile(r"\bALLMENDE_[A-Z_]+\b")
TARGET = re.compile(r"^make ([\w-]+)$")


def in_code(document: Path) -> list[str]:
    return CODE.findall(document.read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_paths_named_in_a_document_exist(document: Path) -> None:
    named = [word for word in in_code(document) if TREE.match(word)]
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_tests_named_in_a_document_exist(document: Path) -> None:
    missing = []
    for path, test in (match.groups() for word in in_code(document) if (match := TEST_NAME.match(word))):
        file = ROOT / path
        if not file.exists() or not re.search(rf"def {test}\b", file.read_text(encoding="utf-8")):
            missing.append(f"{path}::{test}")
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_make_targets_named_in_a_document_exist(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [match.group(1) for word in in_code(document) if (match := TARGET.match(word))]
    assert [target for target in targets if f"\n{target}:" not in makefile] == []


def test_settings_are_documented_and_documented_settings_exist() -> None:
    settings = {PREFIX + field.name.upper() for field in msgspec.structs.fields(Settings)}
    readme = set(SETTING.findall((ROOT / "README.md").read_text(encoding="utf-8")))
    example = set(SETTING.findall((ROOT / "compose" / "env.example").read_text(encoding="utf-8")))
    assert readme == settings
    assert example <= settings
