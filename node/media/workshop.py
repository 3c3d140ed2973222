"""Have a file looked at and made anew in a process of its own, a few at a time, and wait for it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec

from node.media.copies import NO_COPIES, Copies
from node.media.kinds import Found
from node.media.refusals import BROKEN, TOO_COSTLY, MediaRefused
from node.media.task import ORIGINAL, PREVIEW, Made, Refused, Task, copy_name, find_answer, is_plain
from schemas.limits import (
    FILM_CPU_SECONDS,
    FILM_MEMORY_BYTES,
    FILM_SECONDS,
    IMAGE_CPU_SECONDS,
    IMAGE_MEMORY_BYTES,
    IMAGE_SECONDS,
    MEDIA_ANSWER_BYTES,
    MEDIA_AT_ONCE,
    MEDIA_BYTES,
)

CODE = Path(__file__).parents[2]


class Workshop:
    """One per process. Pictures do not wait for films."""

    def __init__(self) -> None:
        self._images = asyncio.Semaphore(MEDIA_AT_ONCE)
        self._films = asyncio.Semaphore(1)

    @property
    def films_busy(self) -> bool:
        """Whether a film is being worked on, so that another one would have to wait."""
        return self._films.locked()

    async def make(
        self,
        found: Found,
        folder: Path,
        *,
        side: int,
        convert: bool = True,
        loop: bool = False,
        copies: Copies = NO_COPIES,
    ) -> Made:
        """Make of SOURCE in `folder` what we keep; it is then there as ORIGINAL and perhaps PREVIEW.

        Raises MediaRefused. Whatever the process does to the files in its folder, only plain files are taken.
        """
        image = found.kind == "image"
        task = Task(
            media_type=found.media_type,
            side=side,
            convert=convert,
            loop=loop,
            widths=copies.widths if image else (),
            avif=copies.avif,
            memory_bytes=IMAGE_MEMORY_BYTES if image else FILM_MEMORY_BYTES,
            cpu_seconds=IMAGE_CPU_SECONDS if image else FILM_CPU_SECONDS,
            file_bytes=MEDIA_BYTES,
            seconds=IMAGE_SECONDS if image else FILM_SECONDS,
        )
        async with self._images if image else self._films:
            await run(task, folder)
        answer = find_answer(folder, MEDIA_ANSWER_BYTES)
        if answer is None:
            raise MediaRefused(TOO_COSTLY)
        if isinstance(answer, Refused):
            raise MediaRefused(answer.reason, **answer.values)
        named = [ORIGINAL, *([PREVIEW] if answer.preview else []), *(copy_name(*one) for one in answer.copies)]
        if not all(is_plain(folder / name) for name in named) or not set(answer.widths) <= set(task.widths):
            raise MediaRefused(BROKEN)
        return answer


async def run(task: Task, folder: Path) -> None:
    """Run the process to its end, or to the end of its time. It inherits no environment and no open files."""
    async with _child(task, folder) as process:
        with suppress(TimeoutError):
            async with asyncio.timeout(task.seconds):
                await process.wait()


@asynccontextmanager
async def _child(task: Task, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-s", "-m", "node.media.child", msgspec.json.encode(task).decode()),
        cwd=folder,
        env={"PYTHONPATH": str(CODE), "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
