"""The process in which a file is looked at: `python -m node.media.child TASK` in the task's folder.

It has few files, little memory and time, no environment and no settings; what it is given may take it over. Nothing
is run from here and no address is opened: decoders are libraries, chosen by name (case 77)."""

from __future__ import annotations

import os
import resource
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import msgspec

from node.media.refusals import BROKEN, TOO_COSTLY, MediaRefused
from node.media.task import ANSWER, Answer, Made, Refused, Task

NICENESS = 10
OPEN_FILES = 64


def main() -> None:
    """Do the task named in the first argument and leave the answer in the working folder."""
    task = msgspec.json.decode(sys.argv[1], type=Task)
    process = _processor(task)
    limit(task)
    Path(ANSWER).write_bytes(msgspec.json.encode(answer(process, task, Path.cwd())))


def answer(process: Callable[[Task, Path], Made], task: Task, folder: Path) -> Answer:
    """Whatever a decoder raises, the file is at fault."""
    try:
        return process(task, folder)
    except MediaRefused as refused:
        return Refused(reason=refused.reason, values=refused.values)
    except MemoryError:
        return Refused(reason=TOO_COSTLY)
    except Exception:
        return Refused(reason=BROKEN)


def limit(task: Task) -> None:
    """Take from this process what it does not need. Libraries are loaded before: they count as memory."""
    os.nice(NICENESS)
    for kind, most in (
        (resource.RLIMIT_AS, task.memory_bytes),
        (resource.RLIMIT_CPU, task.cpu_seconds),
        (resource.RLIMIT_FSIZE, task.file_bytes),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _processor(task: Task) -> Callable[[Task, Path], Made]:
    """The room that knows such files. PyAV takes a tenth of a second to load: not for a picture."""
    warnings.simplefilter("ignore")
    if task.media_type.startswith("image/"):
        from node.media import images  # noqa: PLC0415

        return images.process
    from node.media import films  # noqa: PLC0415

    return films.process


if __name__ == "__main__":
    main()
