"""Files are served whole or in part, as what they are and nothing else, to whoever knows their name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from PIL import Image

from node.actions.upload import Upload, upload
from node.jobs import media as media_jobs
from node.media.storage import FolderStorage, Storage
from node.pages import media as door
from node.store.files import media
from schemas.limits import SIDE_ICON
from schemas.records import Medium
from tests import files
from tests.factories import a_local_actor
from tests.node.pages.conftest import Hub


class Got(msgspec.Struct, frozen=True):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def uploaded(hub: Hub, folder: Path, content: bytes, name: str = "a.png") -> Medium:
    (folder / "sent").write_bytes(content)
    owner = await a_local_actor(hub.db)
    medium = await upload(hub.node, owner, Upload(file=folder / "sent", name=name))
    if medium.state == "waiting":
        await media_jobs.process_media(hub.node, medium.id)
    found = await media.find(hub.db, medium.id)
    assert found
    assert found.path
    return found


async def get(hub: Hub, path: str | None, method: str = "GET", **headers: str) -> Got:
    async with aiohttp.ClientSession() as session:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with session.request(method, f"{hub.base}/media/{path}", headers=named) as answer:
            return Got(answer.status, answer.headers, await answer.read())


async def test_case_75_a_picture_is_served_as_a_picture_and_nothing_else(hub: Hub, tmp_path: Path) -> None:
    medium = await uploaded(hub, tmp_path, files.image("GIF") + b"<script>alert(1)</script>", "a.html")
    for path in (medium.path, medium.preview_path):
        got = await get(hub, path)
        assert got.status == 200
        assert got.headers["Content-Type"] in ("image/png", "image/jpeg")
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        policy = got.headers["Content-Security-Policy"]
        assert "sandbox" in policy
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert got.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Content-Disposition" not in got.headers
        assert b"script" not in got.body
        assert files.opened(got.body).size == (320, 200)


async def test_case_75_a_paper_is_only_given_away_to_be_saved(hub: Hub, tmp_path: Path) -> None:
    medium = await uploaded(hub, tmp_path, files.a_paper(), 'Sta"tuten\r\nX: y – Entwurf.pdf')
    got = await get(hub, medium.path)
    assert got.body == files.a_paper()
    assert got.headers["Content-Type"] == "application/pdf"
    assert got.headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''Sta%22tuten%20X%3A%20y%20%E2%80%93%20Entwurf.pdf"
    )
    assert "sandbox" in got.headers["Content-Security-Policy"]


async def test_text_that_could_be_a_page_is_text_to_be_saved(hub: Hub, tmp_path: Path) -> None:
    medium = await uploaded(hub, tmp_path, b"Hello\n<script>alert(1)</script>", "a.html")
    got = await get(hub, medium.path)
    assert got.headers["Content-Type"] == "text/plain"
    assert got.headers["Content-Disposition"].startswith("attachment")


async def test_a_film_is_served_in_parts(hub: Hub, tmp_path: Path) -> None:
    medium = await uploaded(hub, tmp_path, files.film(), "talk.mp4")
    whole = await get(hub, medium.path)
    assert (whole.status, whole.headers["Content-Type"]) == (200, "video/mp4")
    assert whole.headers["Accept-Ranges"] == "bytes"
    await check_parts(hub, medium.path, whole.body)
    assert (await get(hub, medium.preview_path)).headers["Content-Type"] == "image/jpeg"


async def check_parts(hub: Hub, path: str | None, whole: bytes) -> None:
    size = len(whole)
    for asked, start, end in (("0-9", 0, 10), ("100-", 100, size), ("-7", size - 7, size), ("5-999999999", 5, size)):
        part = await get(hub, path, Range=f"bytes={asked}")
        assert (part.status, part.body) == (206, whole[start:end])
        assert part.headers["Content-Range"] == f"bytes {start}-{end - 1}/{size}"
        assert "sandbox" in part.headers["Content-Security-Policy"]
    for asked in (f"bytes={size}-", "bytes=9-3", "lines=1-2", "bytes=-"):
        assert (await get(hub, path, Range=asked)).status == 416
    head = await get(hub, path, "HEAD")
    assert (head.status, head.headers["Content-Length"], head.body) == (200, str(size), b"")


class Elsewhere(FolderStorage):
    """A store whose files are not on this machine."""

    def local(self, name: str) -> Path | None:
        return None


async def test_what_lies_in_a_store_elsewhere_is_passed_on(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def elsewhere(settings: Any) -> Storage:
        return Elsewhere(settings.media_folder)

    medium = await uploaded(hub, tmp_path, files.film(), "talk.mp4")
    whole = await get(hub, medium.path)
    monkeypatch.setattr(door, "storage_of", elsewhere)
    passed_on = await get(hub, medium.path)
    assert passed_on.body == whole.body
    for name in ("Content-Type", "Content-Security-Policy", "Cache-Control", "X-Content-Type-Options"):
        assert passed_on.headers[name] == whole.headers[name]
    await check_parts(hub, medium.path, whole.body)


@pytest.mark.parametrize(
    "path",
    [
        "ab/" + "0" * 30 + ".jpg",
        "1",
        "incoming/1",
        "..%2f..%2fallmende.toml",
        "ab/..%2f..%2f..%2fetc/passwd",
        "ab/%00.jpg",
        "",
    ],
)
async def test_case_76_no_other_file_is_served(hub: Hub, tmp_path: Path, path: str) -> None:
    await uploaded(hub, tmp_path, files.image())
    assert (await get(hub, path)).status == 404


async def test_case_76_a_waiting_upload_is_not_served(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "sent").write_bytes(files.film())
    owner = await a_local_actor(hub.db)
    medium = await upload(hub.node, owner, Upload(file=tmp_path / "sent"))
    assert (await get(hub, f"incoming/{medium.id}")).status == 404


async def test_case_82_neither_ids_nor_beginnings_of_names_are_served(hub: Hub, tmp_path: Path) -> None:
    medium = await uploaded(hub, tmp_path, files.image())
    assert medium.path
    for guess in (str(medium.id), medium.path[:-1], medium.path.partition(".")[0], medium.path.partition("/")[0] + "/"):
        assert (await get(hub, guess)).status == 404


async def test_case_80_a_query_changes_nothing(hub: Hub, tmp_path: Path) -> None:
    medium = await uploaded(hub, tmp_path, files.image())
    usual = await get(hub, medium.path)
    asked = await get(hub, f"{medium.path}?format=svg&url=http://10.0.0.1/&type=text/html")
    assert (asked.body, asked.headers["Content-Type"]) == (usual.body, usual.headers["Content-Type"])


async def test_nobody_is_kept_from_a_picture_for_asking_often(hub: Hub, tmp_path: Path) -> None:
    medium = await uploaded(hub, tmp_path, files.image())
    etag = (await get(hub, medium.path)).headers["ETag"]
    assert (await get(hub, medium.path, If_None_Match=etag)).status == 304


async def remote(hub: Hub, tmp_path: Path) -> Medium:
    """A copy of another server's picture."""
    medium = await uploaded(hub, tmp_path, files.image())
    await hub.db.execute(
        "UPDATE media SET owner_id = NULL, remote_url = 'https://peer.example/a.png' WHERE id = $1", medium.id
    )
    return medium


async def test_a_copy_that_is_not_here_any_more_is_asked_for(hub: Hub, tmp_path: Path) -> None:
    medium = await remote(hub, tmp_path)
    assert (await get(hub, medium.path)).status == 200
    assert await hub.db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'fetch_media'") == 0
    await media.note_missing(hub.db, medium.id)
    for _ in range(2):
        got = await get(hub, medium.path)
        assert got.status == 503
        assert got.headers["Cache-Control"] == "no-store"
    rows = await hub.db.fetch("SELECT arguments, host FROM jobs WHERE kind = 'fetch_media'")
    assert [tuple(row) for row in rows] == [({"medium_id": medium.id}, "peer.example")]


async def test_a_copy_whose_file_was_lost_is_asked_for(hub: Hub, tmp_path: Path) -> None:
    medium = await remote(hub, tmp_path)
    await media_jobs.remove_files(hub.node, [medium.path or ""])
    assert (await get(hub, medium.path)).status == 503
    assert await hub.db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'fetch_media'") == 1


async def test_an_upload_whose_file_was_lost_is_not_there(hub: Hub, tmp_path: Path) -> None:
    medium = await uploaded(hub, tmp_path, files.image())
    await media_jobs.remove_files(hub.node, [medium.path or ""])
    assert (await get(hub, medium.path)).status == 404


async def test_looking_at_a_copy_keeps_it(hub: Hub, tmp_path: Path) -> None:
    medium = await remote(hub, tmp_path)
    await hub.db.execute("UPDATE media SET used_at = now() - interval '20 days'")
    await get(hub, medium.preview_path)
    assert await media.evict(hub.db, timedelta(days=1), 10) == []


async def test_media_of_a_server_we_do_not_federate_with_are_not_shown(hub: Hub, tmp_path: Path) -> None:
    medium = await remote(hub, tmp_path)
    await hub.db.execute(
        "INSERT INTO measures (kind, target_kind, target, state) VALUES ('suspend', 'domain', $1, 'executed')",
        "peer.example",
    )
    await hub.node.policy.refresh(hub.db)
    assert (await get(hub, medium.path)).status == 404


async def test_an_avatar_is_given_in_the_size_of_its_place_and_an_older_one_as_it_is(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "sent").write_bytes(files.image(size=(300, 300)))
    owner = await a_local_actor(hub.db)
    medium = await upload(hub.node, owner, Upload(file=tmp_path / "sent", name="me.png"), side=SIDE_ICON)
    assert medium.path
    small = medium.path.rpartition(".")[0] + "-w96.webp"
    got = await get(hub, small)
    with Image.open(BytesIO(got.body)) as picture:
        assert (got.status, got.headers["Content-Type"], picture.size) == (200, "image/webp", (96, 96))
    await hub.db.execute("UPDATE media SET widths = '{}'")
    whole = await get(hub, small)
    with Image.open(BytesIO(whole.body)) as picture:
        assert (whole.status, picture.size) == (200, (300, 300))
    assert whole.headers["Content-Type"] == medium.media_type
    for other in ("-w97.webp", "-w480.webp"):
        assert (await get(hub, small.replace("-w96.webp", other))).status == 404
