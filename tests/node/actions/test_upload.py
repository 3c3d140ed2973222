"""A file is taken in the name of one person, described, and kept under a name that nobody can guess."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from node.actions.upload import Upload, shown_name, upload
from node.errors import Invalid
from node.media.refusals import BROKEN, TOO_HEAVY, UNKNOWN_TYPE
from node.media.storage import NAME
from node.node import Node
from node.store.files import media
from schemas.limits import ALT_CHARS, NAME_CHARS
from schemas.records import Medium
from tests import files
from tests.factories import a_local_actor


async def take(node: Node, folder: Path, content: bytes, name: str = "a.png", **more: Any) -> Medium:
    (folder / "sent").write_bytes(content)
    async with node.database.pool.acquire() as db:
        ana = await a_local_actor(db)
    return await upload(node, ana, Upload(file=folder / "sent", name=name, **more))


def kept(node: Node) -> list[str]:
    folder = node.settings.media_folder
    assert folder
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


async def test_a_picture_is_ready_at_once(node: Node, tmp_path: Path) -> None:
    medium = await take(node, tmp_path, files.located(), "IMG_1.JPG", alt="a boat", focus=(0.25, -1.0))
    assert (medium.state, medium.kind, medium.media_type) == ("ready", "image", "image/jpeg")
    assert (medium.alt, medium.focus_x, medium.focus_y) == ("a boat", 0.25, -1.0)
    assert (medium.width, medium.height) == (320, 200)
    assert medium.blurhash
    assert medium.path
    assert medium.preview_path
    assert kept(node) == sorted([medium.path, medium.preview_path])
    folder = node.settings.media_folder
    assert folder
    assert medium.bytes == sum((folder / name).stat().st_size for name in kept(node)), "with all that is made of it"


async def test_case_79_no_position_is_left_in_any_file(node: Node, tmp_path: Path) -> None:
    await take(node, tmp_path, files.located())
    folder = node.settings.media_folder
    assert folder
    for name in kept(node):
        assert files.SECRET.encode() not in (folder / name).read_bytes()
        assert not files.opened((folder / name).read_bytes()).getexif()


async def test_case_82_two_uploads_of_one_file_have_names_that_do_not_tell(node: Node, tmp_path: Path) -> None:
    one, other = [await take(node, tmp_path, files.image(), "same.png") for _ in range(2)]
    assert one.path
    assert other.path
    assert NAME.fullmatch(one.path)
    assert len({one.path, other.path}) == 2
    assert "same" not in one.path + other.path
    assert str(one.id) not in one.path


async def test_a_film_waits_for_the_workers(node: Node, tmp_path: Path) -> None:
    medium = await take(node, tmp_path, files.film(), "talk.mp4", alt="the talk")
    assert (medium.state, medium.kind, medium.path) == ("waiting", "video", None)
    assert kept(node) == [f"incoming/{medium.id}"]
    async with node.database.pool.acquire() as db:
        jobs = await db.fetch("SELECT kind, arguments FROM jobs")
    assert [tuple(job) for job in jobs] == [("process_media", {"medium_id": medium.id})]


async def test_a_paper_is_kept_as_it_is(node: Node, tmp_path: Path) -> None:
    medium = await take(node, tmp_path, files.a_paper(), "statutes.pdf")
    assert (medium.state, medium.kind, medium.media_type) == ("ready", "document", "application/pdf")
    assert (medium.preview_path, medium.blurhash, medium.file_name) == (None, None, "statutes.pdf")
    assert medium.path
    assert medium.path.endswith(".pdf")


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", UNKNOWN_TYPE),
        (files.image()[:300], "a.png", BROKEN),
        (files.a_paper() + bytes(20_971_520), "a.pdf", TOO_HEAVY),
    ],
)
async def test_case_75_what_is_refused_leaves_nothing(
    node: Node, tmp_path: Path, content: bytes, name: str, reason: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        await take(node, tmp_path, content, name)
    assert [(one.field, one.reason) for one in invalid.value.problems] == [("file", reason)]
    assert kept(node) == []
    async with node.database.pool.acquire() as db:
        assert await db.fetchval("SELECT count(*) FROM media") == 0


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"alt": "x" * (ALT_CHARS + 1)}, "alt"),
        ({"focus": (1.1, 0.0)}, "focus"),
        ({"focus": (0.0, -7.0)}, "focus"),
        ({"focus": (float("nan"), 0.0)}, "focus"),
        ({"focus": (0.0, float("inf"))}, "focus"),
    ],
)
async def test_words_and_focus_have_their_limits(node: Node, tmp_path: Path, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as invalid:
        await take(node, tmp_path, files.image(), **more)
    assert [one.field for one in invalid.value.problems] == [field]


async def test_words_are_kept_without_markup(node: Node, tmp_path: Path) -> None:
    medium = await take(node, tmp_path, files.image(), alt="<script>alert(1)</script>a \u202eboat")
    assert medium.alt == "a boat"


async def test_files_are_removed_when_the_row_cannot_be_written(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise OSError("away")

    monkeypatch.setattr(media, "insert", away)
    for content in (files.image(), files.film()):
        with pytest.raises(OSError, match="away"):
            await take(node, tmp_path, content)
        assert kept(node) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("statutes.pdf", "statutes.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\Users\\ana\\Plan 2.pdf", "Plan 2.pdf"),
        (".htaccess", "htaccess"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie: x=1.pdf"),
        ("nul\x00l.pdf", "null.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("x" * 5000 + ".pdf", "x" * (NAME_CHARS - 4) + ".pdf"),
        ("x" * 5000, "x" * NAME_CHARS),
        ("a." + "x" * 5000, "a." + "x" * (NAME_CHARS - 2)),
        ("", ""),
    ],
)
def test_case_76_names_are_shown_and_never_used(name: str, shown: str) -> None:
    made = shown_name(name)
    assert made == shown
    assert len(made) <= NAME_CHARS
