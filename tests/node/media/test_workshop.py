"""The process that looks at a file: it does its work, and has not much to lose."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import msgspec
import pytest

from node.media import child, workshop
from node.media.kinds import Found
from node.media.refusals import BROKEN, TOO_COSTLY, MediaRefused
from node.media.task import ANSWER, ORIGINAL, PREVIEW, SOURCE, Made, Refused, Task, find_answer
from node.media.workshop import Workshop
from tests import files
from tests.journeys.conftest import eventually

PNG = Found(media_type="image/png", kind="image")
MP4 = Found(media_type="video/mp4", kind="video")
USUAL = Task(media_type="image/png", memory_bytes=2**31, cpu_seconds=60, file_bytes=2**24, seconds=60.0)


def put(folder: Path, content: bytes) -> Path:
    (folder / SOURCE).write_bytes(content)
    return folder


async def test_a_picture_is_made(tmp_path: Path) -> None:
    made = await Workshop().make(PNG, put(tmp_path, files.image()), side=100)
    assert isinstance(made, Made)
    assert (made.media_type, made.width, made.height) == ("image/jpeg", 100, 63)
    assert (tmp_path / ORIGINAL).exists()
    assert (tmp_path / PREVIEW).exists()


async def test_a_film_is_made_within_the_limits_of_memory(tmp_path: Path) -> None:
    content = files.film("webm", "libvpx", "libopus", size=(1920, 1080), frames=5)
    made = await Workshop().make(Found(media_type="video/webm", kind="video"), put(tmp_path, content), side=100)
    assert (made.width, made.height) == (1280, 720)


async def test_what_a_decoder_does_not_like_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaRefused) as refused:
        await Workshop().make(PNG, put(tmp_path, files.image()[:100]), side=100)
    assert refused.value.reason == BROKEN


async def test_case_54_too_little_memory_is_a_refusal_and_not_the_end_of_the_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workshop, "IMAGE_MEMORY_BYTES", 160_000_000)
    with pytest.raises(MediaRefused) as refused:
        await Workshop().make(PNG, put(tmp_path, files.png_of(8000, 8000)), side=8000)
    assert refused.value.reason == TOO_COSTLY


async def test_time_of_the_processor_is_limited(tmp_path: Path) -> None:
    """The process is ended by the kernel, whatever it does."""
    code = "from node.media import child; import msgspec, sys\nfrom node.media.task import Task\n"
    code += "child.limit(msgspec.json.decode(sys.argv[1], type=Task))\nwhile True: pass"
    task = msgspec.structs.replace(USUAL, cpu_seconds=1)
    environment = {"PYTHONPATH": str(workshop.CODE)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, msgspec.json.encode(task).decode(), env=environment
    )
    assert await process.wait() in (-signal.SIGXCPU, -signal.SIGKILL)


async def test_a_process_that_never_ends_is_killed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / SOURCE)  # nobody will ever write into it
    begin = time.monotonic()
    await workshop.run(msgspec.structs.replace(USUAL, seconds=0.5), tmp_path)
    assert time.monotonic() - begin < 30
    assert find_answer(tmp_path, 1000) is None


async def test_a_process_ends_with_who_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / SOURCE)
    async with workshop._child(USUAL, tmp_path) as process:
        assert process.returncode is None
    assert process.returncode == -signal.SIGKILL


async def test_the_process_knows_nothing_of_the_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLMENDE_DATABASE_URL", "postgresql://secret")
    os.mkfifo(tmp_path / SOURCE)
    async with workshop._child(USUAL, tmp_path) as process:
        environment, place = b"", Path(f"/proc/{process.pid}/environ")

        async def there() -> bool:
            nonlocal environment
            environment = await asyncio.to_thread(place.read_bytes)
            return bool(environment)

        await eventually(there, "its environment is set up, which happens after it has begun")
    assert b"secret" not in environment
    assert b"PYTHONPATH" in environment


def test_case_77_a_taken_over_process_cannot_hand_out_other_files(tmp_path: Path) -> None:
    answer = msgspec.json.encode(Made(media_type="image/png"))
    (tmp_path / "elsewhere").write_bytes(answer)
    (tmp_path / ANSWER).symlink_to(tmp_path / "elsewhere")
    assert find_answer(tmp_path, 1000) is None
    (tmp_path / ANSWER).unlink()
    (tmp_path / ANSWER).write_bytes(answer)
    assert find_answer(tmp_path, 1000) == Made(media_type="image/png")


async def test_case_77_a_link_is_no_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def taken_over(task: Task, folder: Path) -> None:
        (folder / ORIGINAL).symlink_to("/etc/passwd")
        (folder / ANSWER).write_bytes(msgspec.json.encode(Made(media_type="image/png")))

    monkeypatch.setattr(workshop, "run", taken_over)
    with pytest.raises(MediaRefused) as refused:
        await Workshop().make(PNG, put(tmp_path, b"x"), side=100)
    assert refused.value.reason == BROKEN


@pytest.mark.parametrize("said", [b"", b"{", b'{"type":"made","media_type":"text/html"}', b" " * 5000 + b"{}"])
def test_an_answer_that_is_none_is_refused(tmp_path: Path, said: bytes) -> None:
    (tmp_path / ANSWER).write_bytes(said)
    with pytest.raises(MediaRefused):
        find_answer(tmp_path, 1000)


def test_whatever_a_decoder_raises_is_a_refusal(tmp_path: Path) -> None:
    def fails(error: BaseException) -> Refused:
        def process(task: Task, folder: Path) -> Made:
            raise error

        answer = child.answer(process, USUAL, tmp_path)
        assert isinstance(answer, Refused)
        return answer

    assert fails(ValueError()).reason == BROKEN
    assert fails(MemoryError()).reason == TOO_COSTLY
    assert fails(MediaRefused("no {max}", max=3)) == Refused(reason="no {max}", values={"max": 3})


async def test_films_are_made_one_after_the_other(tmp_path: Path) -> None:
    shop = Workshop()
    assert not shop.films_busy
    work = asyncio.create_task(shop.make(MP4, put(tmp_path, files.film()), side=100))
    while not shop.films_busy:
        assert not work.done()
        await asyncio.sleep(0)
    await work
    assert not shop.films_busy
