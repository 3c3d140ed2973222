"""Compiled templates are kept for the next start, by nobody else's hand."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest

from node.theming.templates import kept
from node.wording.choosing import OFFERED_LANGUAGES
from node.wording.showing import own_name
from schemas.languages import OWN_NAMES


def environment(folder: Path, data: Path) -> jinja2.Environment:
    made = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), autoescape=True)
    made.bytecode_cache = kept(data, made)
    return made


def test_what_was_compiled_is_not_compiled_again_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, data = tmp_path / "page.html", tmp_path / "data"
    page.write_text("one {{ 1 + 1 }}")
    assert environment(tmp_path, data).get_template("page.html").render() == "one 2"
    with monkeypatch.context() as patched:
        patched.setattr(jinja2.Environment, "_generate", None)
        assert environment(tmp_path, data).get_template("page.html").render() == "one 2"
    page.write_text("two {{ 1 + 1 }}")
    assert environment(tmp_path, data).get_template("page.html").render() == "two 2"


def test_what_other_versions_left_goes(tmp_path: Path) -> None:
    (tmp_path / "compiled" / "older").mkdir(parents=True)
    environment(tmp_path, tmp_path)
    assert not (tmp_path / "compiled" / "older").exists()


def test_where_others_may_write_nothing_is_kept(tmp_path: Path) -> None:
    assert environment(tmp_path, tmp_path).bytecode_cache is not None
    (tmp_path / "compiled").chmod(0o777)
    assert environment(tmp_path, tmp_path).bytecode_cache is None


def test_without_room_a_template_is_shown_and_not_kept(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("shown")
    made = environment(tmp_path, tmp_path)
    folder = next((tmp_path / "compiled").iterdir())
    folder.rmdir()
    folder.touch()
    assert made.get_template("page.html").render() == "shown"


@pytest.mark.full
def test_languages_call_themselves_as_cldr_says(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {code: own_name(code) for code in OFFERED_LANGUAGES}
    monkeypatch.setattr("node.wording.showing.OWN_NAMES", {})
    own_name.cache_clear()
    assert {code: own_name(code) for code in OWN_NAMES} == said
