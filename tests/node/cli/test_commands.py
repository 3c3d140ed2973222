"""The command itself: what it knows, and how it says that something is wrong."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from node.cli import COMMANDS, main
from node.cli.failures import sentence, spoken
from node.errors import Invalid, NotFound
from schemas.problems import Problem
from tests.node.cli.conftest import Allmende, run_allmende


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_file_of_its_name(name: str) -> None:
    command = getattr(import_module(f"node.cli.{name}"), name)
    assert isinstance(command, click.Command)
    assert command.help


def test_help_names_every_command() -> None:
    done = CliRunner().invoke(main, ["--help"])
    assert done.exit_code == 0
    assert [name for name in COMMANDS if f"  {name} " not in done.stdout] == []


@pytest.mark.parametrize("words", [("nonsense",), ("domain", "block"), ("migrate", "--fast"), ("domain", "nonsense")])
def test_what_is_no_command_ends_with_2(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(main, words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Usage:" in done.stderr


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ALLMENDE_BASE_URL": "hub.example"}, "ALLMENDE_BASE_URL is not right"),
        ({"ALLMENDE_BASEURL": "https://hub.example"}, "is not a setting of Allmende"),
        ({"ALLMENDE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "The database cannot be used"),
    ],
)
async def test_wrong_settings_are_one_sentence_and_1(
    allmende: Allmende, changed: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("node.store.pool.DATABASE_CONNECT_SECONDS", 0.2)
    done = await allmende("migrate", **changed)
    assert (done.status, done.out) == (1, "")
    assert said in done.err
    assert "Traceback" not in done.err


async def test_the_same_from_a_process_of_its_own(folder: Path, environment: dict[str, str]) -> None:
    wrong = await run_allmende(folder, environment | {"ALLMENDE_BASE_URL": "hub.example"}, "migrate")
    assert (wrong.status, wrong.out) == (1, "")
    assert "ALLMENDE_BASE_URL is not right" in wrong.err
    assert "Traceback" not in wrong.err
    right = await run_allmende(folder, environment, "migrate")
    assert (right.status, right.out, right.err) == (0, "The database is up to date.\n", "")


def test_every_field_that_is_wrong_is_named() -> None:
    error = Invalid(
        [
            Problem(field="starts", reason="This is no time."),
            Problem(field="versions.0.name", reason="At most {most} characters.", values={"most": 200}),
        ]
    )
    assert sentence(error).splitlines()[1:] == [
        "  starts: This is no time.",
        "  versions.0.name: At most 200 characters.",
    ]


def test_an_error_with_words_becomes_clicks() -> None:
    with pytest.raises(click.ClickException, match="There is nothing here") as raised, spoken():
        raise NotFound
    assert raised.value.exit_code == 1


def test_an_error_without_words_stays_what_it_is() -> None:
    with pytest.raises(ZeroDivisionError), spoken():
        raise ZeroDivisionError


def test_the_console_script_is_there() -> None:
    assert isinstance(main, click.Group)
