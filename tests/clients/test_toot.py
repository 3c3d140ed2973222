"""toot logs in through the consent page; and its own integration tests against a running node."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.conftest import CLIENTS, PATIENCE, Server

THEIRS = "localhost:3000"
"""Where toot's developers have their server: it is written into a test."""

WANTED = "not test_login_cli or test_login_cli_wrong_password"
"""All but `test_login_cli`: it needs the password grant, which is gone since Mastodon 4.4."""


@pytest.fixture(scope="module")
def program() -> str:
    """One for which a new member is little work: its tests make a hundred."""
    return "tests.clients.quick"


@pytest.fixture
def toot(server: Server, folder: Path) -> Path:
    """A copy of its sources, with the address of our server."""
    copy = folder / "toot"
    shutil.copytree(CLIENTS / "toot", copy)
    for path in (copy / "tests/integration").glob("*.py"):
        path.write_text(path.read_text().replace(THEIRS, server.base_url.removeprefix("http://")))
    return copy


@pytest.mark.timeout(600)  # a whole suite of its own in one test
def test_toots_own_tests_pass(server: Server, toot: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/integration", "-q", "-p", "no:cacheprovider", "-k", WANTED],
        cwd=toot,
        env=os.environ | {"TOOT_TEST_BASE_URL": server.base_url, "PYTHONPATH": str(toot)},
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == 0, done.stdout[-20_000:]
    assert " passed, 1 deselected" in done.stdout
    assert "skipped" not in done.stdout


def test_toot_logs_in_through_the_consent_page(server: Server, folder: Path) -> None:
    environment = os.environ | {"XDG_CONFIG_HOME": str(folder), "NO_COLOR": "1"}
    command = [sys.executable, "-u", "-m", "toot"]
    asking = subprocess.Popen(
        [*command, "login", "--instance", server.base_url],
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert asking.stdin and asking.stdout
    address = next(line.strip() for line in asking.stdout if line.startswith(f"{server.base_url}/oauth/"))
    said, _ = asking.communicate(f"n\n{server.authorize(address, 'bo')}\n", timeout=PATIENCE)
    assert "Successfully logged in" in said

    def toot(*arguments: str) -> str:
        return subprocess.run(
            [*command, *arguments], env=environment, text=True, check=True, stdout=subprocess.PIPE, timeout=PATIENCE
        ).stdout

    assert "bo" in toot("whoami")
    assert "Toot posted" in toot("post", "Said by toot")
    assert "Said by toot" in toot("timelines", "home")
