"""What the demo keeps from run to run."""

from __future__ import annotations

from pathlib import Path

from node.demo.notebook import FILE, Notebook, new_password
from schemas.limits import PASSWORD_CHARS_LEAST


def test_passwords_and_tokens_are_made_once(folder: Path) -> None:
    first = Notebook(folder)
    assert first.hub("grenier") is None
    first.begin("grenier", 8080)
    password = first.password("grenier", "amelie")
    first.keep_token("grenier", "hub", "secret")
    again = Notebook(folder)
    kept = again.hub("grenier")
    assert kept is not None
    assert (kept.port, kept.tokens) == (8080, {"hub": "secret"})
    assert again.password("grenier", "amelie") == password
    assert again.password("grenier", "bakary") != password


def test_nobody_else_can_read_it(folder: Path) -> None:
    Notebook(folder).begin("grenier", 8080)
    assert (folder / FILE).stat().st_mode & 0o077 == 0


def test_passwords_are_long_and_differ() -> None:
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(one) > PASSWORD_CHARS_LEAST for one in made)
