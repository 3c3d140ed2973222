"""Nobody outside writes lines of ours (case 86)."""

from __future__ import annotations

import json
import subprocess
import sys

from node.observability import logs


def test_case_86_control_and_direction_characters_become_escapes() -> None:
    assert logs.escape("a\r\nb\x1b[31m\u202ec\x00") == "a\\r\\nb\\x1b[31m\\u202ec\\x00"
    assert logs.escape("größer 🌱") == "größer 🌱"


def test_a_text_that_goes_on_for_ever_is_cut() -> None:
    assert logs.escape("x" * 100, 10) == "x" * 10 + "…"


PROGRAM = r"""
import logging, structlog
from node.observability import logs
logs.configure(terminal=False)
structlog.get_logger().info("request", agent='evil\n{"event":"forged"}')
try:
    raise ValueError("two\nlines")
except ValueError:
    structlog.get_logger().exception("failed")
logging.getLogger("aiohttp.server").error("Error handling request from %s", "evil\r\n{}")
logs.leave_out("aiohttp.server", LookupError)
for kind in (KeyError, ValueError):
    logging.getLogger("aiohttp.server").error("%s", kind.__name__, exc_info=kind())
"""


def test_a_log_line_is_one_line_of_json() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in ran.stderr.splitlines()]
    assert [line["event"] for line in lines] == [
        "request",
        "failed",
        "Error handling request from evil\\r\\n{}",
        "ValueError",
    ]
    assert ["do" in line for line in lines] == [False, True, False, False]
