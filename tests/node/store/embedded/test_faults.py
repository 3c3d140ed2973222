"""Processes come, leave and are killed at random moments, those of starting and stopping included: nothing that one of
them was told is committed is lost, nobody is refused, and in the end no server is left behind."""

from __future__ import annotations

import random
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.node.store.embedded.other import ROOT, another, wait_for_end

SECONDS = 60.0
AT_ONCE = 4

WRITER = textwrap.dedent(
    """
    import asyncio, sys, time
    from pathlib import Path
    from node.settings import Settings
    from node.store.pool import open_database

    async def main():
        async with open_database(Settings(data=Path(sys.argv[1]))) as database:
            end = time.monotonic() + float(sys.argv[2])
            while time.monotonic() < end:
                print(await database.pool.fetchval("INSERT INTO kept DEFAULT VALUES RETURNING id"), flush=True)
                await asyncio.sleep(0.01)

    asyncio.run(main())
    """
)


def a_writer(data: Path, told: Path) -> subprocess.Popen[bytes]:
    with told.open("ab") as sink, told.with_suffix(".errors").open("ab") as errors:
        seconds = str(random.uniform(0, 2))
        return subprocess.Popen([sys.executable, "-c", WRITER, data, seconds], cwd=ROOT, stdout=sink, stderr=errors)


@pytest.mark.full
def test_nothing_is_lost_and_nobody_is_refused_whatever_is_killed(data: Path, tmp_path: Path) -> None:
    with another(data) as maker:
        maker.ask("CREATE TABLE kept (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)")
        maker.end()
    end = time.monotonic() + SECONDS
    writers: list[subprocess.Popen[bytes]] = []
    while time.monotonic() < end:
        writers += [a_writer(data, tmp_path / f"{time.monotonic_ns()}.told") for _ in range(AT_ONCE - len(writers))]
        time.sleep(random.uniform(0, 0.3))
        if random.random() < 0.5:
            writers[0].kill()
            writers.pop(0).wait()
        assert all(writer.poll() in (None, 0) for writer in writers)
        writers = [writer for writer in writers if writer.poll() is None]
    for writer in writers:
        writer.kill()
        writer.wait()
    wait_for_end(data)
    told = {int(line) for file in tmp_path.glob("*.told") for line in file.read_text().split()}
    with another(data) as reader:
        kept = set(map(int, reader.ask("SELECT string_agg(id::text, ' ') FROM kept").split()))
    assert told
    assert told <= kept
    assert not [file.read_text() for file in tmp_path.glob("*.errors") if file.stat().st_size]
