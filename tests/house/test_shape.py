"""The rules about the code itself: files readable in one sitting, functions that fit on a screen, SQL in one room.
Tests obey the same limits."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

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


class Facts(NamedTuple):
    """What the rules ask of a file. Its syntax tree is not kept: half a million objects would slow all other tests."""

    is_explained: bool
    functions: dict[str, int]
    """Lines of each function, of the longest where several have a name."""
    speaks_sql: bool
    names: list[str]
    """Names that are given a value in the module itself."""


@cache
def facts_of(path: Path) -> Facts:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions: dict[str, int] = {}
    speaks_sql = False
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            functions[node.name] = max(lines, functions.get(node.name, 0))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
            speaks_sql = True
    given = [one.targets[0] for one in tree.body if isinstance(one, ast.Assign)]
    names = [one.id for one in given if isinstance(one, ast.Name)]
    return Facts(bool(ast.get_docstring(tree)), functions, speaks_sql, names)


def test_a_file_is_readable_in_one_sitting() -> None:
    lengths = {name_of(path): path.read_text(encoding="utf-8").count("\n") for path in [*FILES, *TESTS]}
    assert {name: lines for name, lines in lengths.items() if lines > LINES_IN_A_FILE} == {}


def test_a_function_fits_on_a_screen() -> None:
    lengths = {
        f"{name_of(path)}: {name}": lines
        for path in [*FILES, *TESTS]
        for name, lines in facts_of(path).functions.items()
    }
    assert len(lengths) > len(FILES)
    assert {name: lines for name, lines in lengths.items() if lines > LINES_IN_A_FUNCTION} == {}


def test_a_file_says_what_it_is_for() -> None:
    assert [name_of(path) for path in [*FILES, *TESTS] if not facts_of(path).is_explained] == []


def test_only_the_store_speaks_sql() -> None:
    strangers = [path for path in FILES if not path.is_relative_to(ROOT / "node" / "store")]
    assert [name_of(path) for path in strangers if facts_of(path).speaks_sql] == []
    assert any(facts_of(path).speaks_sql for path in FILES)


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
    names = [name for path in (ROOT / "schemas/limits").glob("*.py") for name in facts_of(path).names]
    assert len(names) > 100
    assert sorted({name for name in names if names.count(name) > 1}) == []
