"""toot's own integration tests against a running node."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.conftest import CLIENTS, Server

THEIRS = "localhost:3000"
"""Where toot's developers have their server: it is written into a test."""

WANTED = "not test_login_cli or test_login_cli_wrong_password"
"""All but `test_login_cli`: it needs the password grant, which is gone since Mastodon 4.4."""


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
