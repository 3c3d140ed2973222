"""A child that gives no sign of life is ended; one that does is left alone, however often it is looked at."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from node.observability.meters import beats, mark_of
from node.starting.supervising import end_if_hanging
from schemas.limits import HANGING_LOOKS

BEATS = """
import asyncio, pathlib, sys
from node.observability import meters
meters.METERS_SECONDS = 0.01
asyncio.run(meters.Meters(pathlib.Path(sys.argv[1])).note_regularly())
"""
LOOK = 0.2


async def test_a_process_that_stands_still_is_ended_and_one_that_goes_on_is_not(tmp_path: Path) -> None:
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", BEATS, str(tmp_path))
    watching = asyncio.create_task(end_if_hanging(child, tmp_path, LOOK))
    while mark_of(child.pid) not in beats(tmp_path):  # noqa: ASYNC110 - it is another process
        await asyncio.sleep(0.01)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(watching), LOOK * (HANGING_LOOKS + 2))
    assert child.returncode is None
    os.kill(child.pid, signal.SIGSTOP)
    await watching
    assert await child.wait() == -signal.SIGKILL
