"""The rules about the code itself: files readable in one sitting, functions that fit on a screen, SQL in one room.
Tests obey the same limits."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("schemas", "federation", "node")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

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


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_a_file_is_readable_in_one_sitting() -> None:
    lengths = {name_of(path): path.read_text(encoding="utf-8").count("\n") for path in [*FILES, *TESTS]}
    assert {name: lines for name, lines in lengths.items() if lines > LINES_IN_A_FILE} == {}


def test_a_function_fits_on_a_screen() -> None:
    lengths = {
        f"{name_of(path)}: {function.name}": (function.end_lineno or function.lineno) - function.lineno + 1
        for path in [*FILES, *TESTS]
        for function in functions(tree_of(path))
    }
    assert {name: lines for name, lines in lengths.items() if lines > LINES_IN_A_FUNCTION} == {}


def test_a_file_says_what_it_is_for() -> None:
    assert [name_of(path) for path in [*FILES, *TESTS] if not ast.get_docstring(tree_of(path))] == []


def test_only_the_store_speaks_sql() -> None:
    strangers = [
        name_of(path)
        for path in FILES
        if not path.is_relative_to(ROOT / "node" / "store")
        for node in ast.walk(tree_of(path))
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


def test_no_limit_is_named_twice() -> None:
    """The second would silently be the first one's value."""
    body = [one for path in sorted((ROOT / "schemas/limits").glob("*.py")) for one in tree_of(path).body]
    names = [one.targets[0].id for one in body if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)]
    assert len(names) > 100
    assert sorted({name for name in names if names.count(name) > 1}) == []
