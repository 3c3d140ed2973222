"""The rules about the code itself: files readable in one sitting, functions that fit on a screen, SQL in one room."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("schemas", "federation", "node")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))

LINES_IN_A_FILE = 400
LINES_IN_A_FUNCTION = 50
NOWHERE_NAMES = {"utils", "helpers", "common", "services", "managers"}
TOP_LEVEL = {"node", "federation", "schemas", "themes", "tests", "compose"}

SQL = re.compile(r"^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s.*\b(FROM|VALUES|SET|AS)\b", re.DOTALL)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_is_readable_in_one_sitting(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LINES_IN_A_FILE
    for function in functions(ast.parse(text)):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        assert length <= LINES_IN_A_FUNCTION, f"{function.name} has {length} lines"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_only_the_store_speaks_sql() -> None:
    strangers = [
        name_of(path)
        for path in FILES
        if not path.is_relative_to(ROOT / "node" / "store")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]
    assert strangers == []


def test_the_sql_pattern_finds_sql() -> None:
    assert SQL.match("\n  SELECT name FROM actors")
    assert SQL.match("UPDATE posts SET deleted_at = now()")
    assert not SQL.match("Select a language from the list")


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [name_of(path) for path in FILES if path.stem in NOWHERE_NAMES or path.parent.name in NOWHERE_NAMES] == []


def test_the_top_level_holds_the_six_folders_only() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    grown = {"data", "node_modules", "build", "dist"}
    assert folders - grown == TOP_LEVEL
