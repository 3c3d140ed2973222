"""Files are kept whole under names that nobody can guess, in a folder or in a store that speaks S3."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from node.media import storage
from node.media.objects import ObjectStorage
from node.media.storage import NAME, FolderStorage, Storage, incoming_name, new_name, storage_of
from node.settings import Settings, SettingsError

HAVE_OBSTORE = find_spec("obstore") is not None


def folder_storage(path: Path) -> Storage:
    return FolderStorage(path / "media")


def object_storage(path: Path) -> Storage:
    from obstore.store import MemoryStore  # noqa: PLC0415 - an optional library

    return ObjectStorage("", MemoryStore())


MADE: list[Callable[[Path], Storage]] = [folder_storage, *([object_storage] if HAVE_OBSTORE else [])]


@pytest.fixture(params=MADE, ids=lambda made: made.__name__)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    made: Storage = request.param(tmp_path)
    return made


def a_file(folder: Path, content: bytes = b"0123456789") -> Path:
    path = folder / "file"
    path.write_bytes(content)
    return path


async def everything(kept: Storage) -> list[str]:
    return sorted([one.name async for lot in kept.list_all() for one in lot])


async def test_what_is_put_can_be_fetched(kept: Storage, tmp_path: Path) -> None:
    assert await everything(kept) == []
    await kept.put("ab/c.png", a_file(tmp_path))
    await kept.fetch("ab/c.png", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"0123456789"
    found = await kept.find("ab/c.png")
    assert found is not None
    assert (found.name, found.size) == ("ab/c.png", 10)
    assert await everything(kept) == ["ab/c.png"]


async def test_a_part_can_be_read(kept: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("node.media.storage", "node.media.objects"):
        monkeypatch.setattr(f"{room}.MEDIA_CHUNK_BYTES", 3)
    await kept.put("ab/c.png", a_file(tmp_path))
    assert b"".join([piece async for piece in kept.read("ab/c.png", 2, 9)]) == b"2345678"


async def test_putting_again_replaces(kept: Storage, tmp_path: Path) -> None:
    await kept.put("ab/c.png", a_file(tmp_path))
    await kept.put("ab/c.png", a_file(tmp_path, b"new"))
    await kept.fetch("ab/c.png", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"new"


async def test_what_is_removed_is_gone_and_may_be_removed_again(kept: Storage, tmp_path: Path) -> None:
    await kept.put("ab/c.png", a_file(tmp_path))
    await kept.remove(["ab/c.png", "ab/d.png"])
    assert await kept.find("ab/c.png") is None
    with pytest.raises(FileNotFoundError):
        await kept.fetch("ab/c.png", tmp_path / "out")


async def test_a_file_that_could_not_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(storage.os, "fsync", full)
    kept = folder_storage(tmp_path)
    with pytest.raises(OSError, match="no space"):
        await kept.put("ab/c.png", a_file(tmp_path))
    assert await everything(kept) == []


def test_case_82_names_are_random_and_say_nothing() -> None:
    names = {new_name() for _ in range(1000)}
    assert len(names) == 1000
    assert all(NAME.fullmatch(f"{name}.jpg") and NAME.fullmatch(f"{name}-preview.webp") for name in names)


@pytest.mark.parametrize(
    "name",
    ["", "../x.jpg", "ab/../../etc/passwd", "incoming/12", "ab/.unfinished-x", "AB/" + "0" * 30 + ".jpg", "ab/x\n.jpg"],
)
def test_case_76_no_other_name_is_one_of_ours(name: str) -> None:
    assert not NAME.fullmatch(name)
    assert not NAME.fullmatch(incoming_name(12))


def test_the_settings_name_the_store(tmp_path: Path) -> None:
    kept = storage_of(Settings(data=tmp_path))
    assert kept.local("ab/c.png") == tmp_path / "media" / "ab" / "c.png"


def test_a_store_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(SettingsError, match=r"allmende\[s3\]"):
        storage_of(Settings(media_url="s3://bucket/missing"))


@pytest.mark.skipif(not HAVE_OBSTORE, reason="obstore is an optional library")
def test_an_address_of_s3_opens_a_store() -> None:
    kept = storage_of(Settings(media_url="s3://bucket/prefix?endpoint=http://127.0.0.1:9000&region=eu-1"))
    assert kept.local("ab/c.png") is None
