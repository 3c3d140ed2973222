"""A child that gives no sign of life is ended; one that does is left alone, however often it is looked at."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from node.observability.meters import beats, mark_of
from node.starting.supervising import end_if_hanging
from schemas.limits import HANGING_LOOKS

BEATS = """
import asyncio, pathlib, sys
from node.observability import meters
meters.METERS_SECONDS = 0.01
asyncio.run(meters.Meters(pathlib.Path(sys.argv[1])).note_regularly())
"""


class Looks:
    """Pauses between looks that go by what the child does, not by the clock: however late it gets its turn on a busy
    machine, it has given a sign of life between any two looks until it is stopped, and none from then on."""

    def __init__(self, child: asyncio.subprocess.Process, figures: Path) -> None:
        self._child, self._figures = child, figures
        self._last: float | None = None
        self.enough = asyncio.Event()
        self.stopped = False
        self.count = 0
        """Looks since the child was stopped; before that, all."""

    async def pause(self) -> None:
        """Until the next look."""
        self.count += 1
        if self.count > HANGING_LOOKS + 2 and not self.stopped:
            self.enough.set()
            await asyncio.Event().wait()
        async with asyncio.timeout(120):
            while not self.stopped and self.beat() == self._last:  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.01)
        self._last = self.beat()

    def beat(self) -> float | None:
        """The child's last sign of life."""
        return beats(self._figures).get(mark_of(self._child.pid))


def stop(child: asyncio.subprocess.Process) -> None:
    """Stop it, and return when it is: what it was about to write is written."""
    os.kill(child.pid, signal.SIGSTOP)
    os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WNOWAIT)


async def test_a_process_that_stands_still_is_ended_and_one_that_goes_on_is_not(tmp_path: Path) -> None:
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", BEATS, str(tmp_path))
    looks = Looks(child, tmp_path)
    watching = asyncio.create_task(end_if_hanging(child, tmp_path, looks.pause))
    await asyncio.wait_for(looks.enough.wait(), 300)
    assert child.returncode is None
    watching.cancel()
    stop(child)
    looks.stopped, looks.count = True, 0
    await asyncio.wait_for(end_if_hanging(child, tmp_path, looks.pause), 60)
    assert await child.wait() == -signal.SIGKILL
    assert looks.count == HANGING_LOOKS + 1  # the first look only sees where it stands
