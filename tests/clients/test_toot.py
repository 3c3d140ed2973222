"""toot's own integration tests against a running node."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.clients.conftest import CLIENTS, Server

GONE = ("test_login_cli",)
"""Needs the password grant, which is gone since Mastodon 4.4."""


def test_toots_own_tests_pass(server: Server) -> None:
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "tests/integration", "-q", "-p", "no:cacheprovider", "-o", "addopts=",
            *(f"--deselect=tests/integration/test_auth.py::{name}" for name in GONE),
        ],
        cwd=CLIENTS / "toot",
        env=os.environ | {"TOOT_TEST_BASE_URL": server.base_url, "PYTHONPATH": str(CLIENTS / "toot")},
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-20_000:]
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout
