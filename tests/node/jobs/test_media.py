"""What the workers do to media: make films ready, fetch what peers show, remove what nobody needs."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from federation.outcomes import FetchFailed
from node.actions.upload import Upload, upload
from node.ids import new_id
from node.jobs import media as media_jobs
from node.media.refusals import BROKEN, NOT_CONVERTED, NOT_THERE, UNKNOWN_TYPE
from node.media.storage import incoming_name
from node.node import Node
from node.store.db import Db
from node.store.files import media
from node.store.posts import posts
from schemas.limits import MEDIA_EVICTED, MEDIA_UNUSED_SECONDS, MEDIA_UPLOAD_SECONDS
from schemas.records import Medium
from schemas.things import Attachment
from tests import files
from tests.factories import a_local_actor, a_post, a_remote_actor, a_remote_object
from tests.peer import Peer, hostile_peer


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with hostile_peer("127.0.0.7") as peer:
        yield peer


def kept(node: Node) -> list[str]:
    folder = node.settings.media_folder
    assert folder
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


async def found(node: Node, medium_id: int) -> Medium:
    async with node.database.pool.acquire() as db:
        medium = await media.find(db, medium_id)
    assert medium
    return medium


async def uploaded(node: Node, folder: Path, content: bytes) -> Medium:
    (folder / "sent").write_bytes(content)
    async with node.database.pool.acquire() as db:
        ana = await a_local_actor(db)
    return await upload(node, ana, Upload(file=folder / "sent", name="a"))


async def noted(node: Node, url: str, media_type: str = "image/png") -> int:
    """A post of a peer shows this; the id of our copy."""
    async with node.database.pool.acquire() as db:
        bo = await a_remote_actor(db)
        shown = Attachment(url=url, media_type=media_type, alt="a boat")
        post = await posts.upsert_remote(db, a_remote_object(bo, attachments=(shown,)), bo)
    assert post
    medium_id = post.attachments[0].media_id
    assert medium_id
    return medium_id


async def fetched(node: Node, url: str, media_type: str = "image/png") -> Medium:
    medium_id = await noted(node, url, media_type)
    await media_jobs.fetch_media(node, medium_id)
    return await found(node, medium_id)


async def age(node: Node, seconds: float) -> None:
    async with node.database.pool.acquire() as db:
        moved = timedelta(seconds=seconds)
        await db.execute(
            "UPDATE media SET created_at = created_at - $1::interval, used_at = used_at - $1::interval", moved
        )
    folder = node.settings.media_folder
    assert folder
    for name in kept(node):
        time = (folder / name).stat().st_mtime - seconds
        os.utime(folder / name, (time, time))


async def test_a_film_is_made_ready(node: Node, tmp_path: Path) -> None:
    waiting = await uploaded(node, tmp_path, files.film("webm", "libvpx", "libopus"))
    await media_jobs.process_media(node, waiting.id)
    medium = await found(node, waiting.id)
    assert (medium.state, medium.kind, medium.media_type, medium.width) == ("ready", "video", "video/mp4", 160)
    assert medium.path
    assert medium.preview_path
    assert kept(node) == sorted([medium.path, medium.preview_path])
    await media_jobs.process_media(node, waiting.id)  # again: nothing more happens
    assert await found(node, waiting.id) == medium


async def test_a_sound_is_made_ready(node: Node, tmp_path: Path) -> None:
    waiting = await uploaded(node, tmp_path, files.sound())
    await media_jobs.process_media(node, waiting.id)
    medium = await found(node, waiting.id)
    assert (medium.state, medium.kind, medium.media_type) == ("ready", "audio", "audio/mpeg")
    assert kept(node) == [medium.path]


async def test_a_film_that_cannot_be_read_has_failed(node: Node, tmp_path: Path) -> None:
    waiting = await uploaded(node, tmp_path, files.film()[:2000])
    await media_jobs.process_media(node, waiting.id)
    medium = await found(node, waiting.id)
    assert (medium.state, medium.error) == ("failed", BROKEN)
    assert kept(node) == []


async def test_a_film_deleted_while_it_was_processed_leaves_nothing(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = await uploaded(node, tmp_path, files.film())
    finish = media.finish

    async def deleted_first(db: media.Db, medium_id: int, made: media.Processed) -> Medium | None:
        await db.execute("DELETE FROM media")
        return await finish(db, medium_id, made)

    monkeypatch.setattr(media, "finish", deleted_first)
    await media_jobs.process_media(node, waiting.id)
    assert kept(node) == []


async def test_a_film_does_not_wait_for_another_one_with_its_lease(node: Node, tmp_path: Path) -> None:
    waiting = await uploaded(node, tmp_path, files.film())
    async with node.workshop._films:
        await asyncio.wait_for(media_jobs.process_media(node, waiting.id), 60)
    assert (await found(node, waiting.id)).state == "waiting"
    async with node.database.pool.acquire() as db:
        assert await db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'process_media' AND next_at > now()") == 1


async def test_a_picture_of_a_peer_is_fetched_and_made_anew(node: Node, peer: Peer) -> None:
    content = files.located() + b"<script>"
    medium = await fetched(node, peer.serve("/a.png", content, content_type="text/html"))
    assert (medium.state, medium.media_type, medium.kind) == ("ready", "image/jpeg", "image")
    assert medium.path
    folder = node.settings.media_folder
    assert folder
    made = (folder / medium.path).read_bytes()
    assert files.SECRET.encode() not in made
    assert b"script" not in made
    await media_jobs.fetch_media(node, medium.id)
    assert len(peer.requests("/a.png")) == 1


async def test_an_avatar_of_a_peer_is_kept_small_and_shown_from_here(node: Node, peer: Peer) -> None:
    url = peer.serve("/icon.png", files.image("PNG", (900, 900)), content_type="image/png")
    async with node.database.pool.acquire() as db:
        bo = await a_remote_actor(db, "bo", icon_url=url)
        assert bo.icon_id
        await media_jobs.fetch_media(node, bo.icon_id)
        medium = await found(node, bo.icon_id)
        shown = await a_remote_actor(db, "bo", icon_url=url)
    assert medium.width == 400
    assert shown.icon_url == node.urls.media(medium.path or "")


@pytest.mark.parametrize(
    ("content", "media_type", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png", UNKNOWN_TYPE),
        (b"<!doctype html><script>alert(1)</script>", "image/jpeg", UNKNOWN_TYPE),
        (files.image()[:300], "image/png", BROKEN),
        (files.film("webm", "libvpx", "libopus"), "video/webm", NOT_CONVERTED),
    ],
)
async def test_case_75_what_a_peer_calls_a_picture_is_looked_at(
    node: Node, peer: Peer, content: bytes, media_type: str, reason: str
) -> None:
    medium = await fetched(node, peer.serve("/a", content, content_type=media_type), media_type)
    assert (medium.state, medium.error) == ("failed", reason)
    assert kept(node) == []


async def test_case_53_an_endless_picture_is_given_up(node: Node, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    download = media_jobs.download
    monkeypatch.setattr(media_jobs, "download", lambda *given: download(*given, max_bytes=100_000))
    medium = await fetched(node, peer.stream("/a.png", b"\x89PNG" * 10_000))
    assert medium.state == "failed"
    assert peer.bytes_sent < 10_000_000
    assert kept(node) == []


async def test_case_54_a_compressed_bomb_is_given_up(node: Node, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    download = media_jobs.download
    monkeypatch.setattr(media_jobs, "download", lambda *given: download(*given, max_bytes=100_000))
    peer.bomb("/a.png", "gzip", 50_000_000)
    assert (await fetched(node, peer.url("/a.png"))).state == "failed"
    assert kept(node) == []


async def test_case_54_a_picture_of_too_many_pixels_is_given_up(node: Node, peer: Peer) -> None:
    medium = await fetched(node, peer.serve("/a.png", files.png_of(20_000, 20_000)))
    assert medium.state == "failed"
    assert "pixels" in (medium.error or "")


async def test_case_52_a_picture_that_drips_is_tried_again_later(
    node: Node, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("federation.media_fetch.MEDIA_SECONDS", 0.4)
    medium_id = await noted(node, peer.stream("/a.png", b"x", pause=0.05))
    with pytest.raises(FetchFailed):
        await media_jobs.fetch_media(node, medium_id)
    assert (await found(node, medium_id)).state == "waiting"
    assert kept(node) == []


@pytest.mark.parametrize("status", [404, 410, 403])
async def test_a_picture_that_is_not_there_is_given_up(node: Node, peer: Peer, status: int) -> None:
    medium = await fetched(node, peer.serve("/a.png", b"no", status=status))
    assert (medium.state, medium.error) == ("failed", NOT_THERE)


async def test_a_picture_of_a_server_that_is_down_is_tried_again(node: Node, peer: Peer) -> None:
    medium_id = await noted(node, peer.serve("/a.png", b"no", status=503))
    with pytest.raises(FetchFailed):
        await media_jobs.fetch_media(node, medium_id)
    assert (await found(node, medium_id)).state == "waiting"


@pytest.mark.parametrize("target", ["http://10.0.0.1/a.png", "http://169.254.169.254/latest", "gopher://127.0.0.7/a"])
async def test_case_49_a_picture_at_a_private_address_is_not_asked_for(node: Node, peer: Peer, target: str) -> None:
    peer.redirect("/a.png", target)
    assert (await fetched(node, peer.url("/a.png"))).state == "failed"
    if target.startswith("http"):
        assert (await fetched(node, target)).state == "failed"


async def test_case_49_a_host_we_do_not_federate_with_is_not_asked(node: Node, peer: Peer) -> None:
    medium_id = await noted(node, peer.serve("/a.png", files.image()))
    async with node.database.pool.acquire() as db:
        await db.execute(
            "INSERT INTO measures (kind, target_kind, target, state) VALUES ('suspend', 'domain', $1, 'executed')",
            "127.0.0.7",
        )
        await node.policy.refresh(db)
    await media_jobs.fetch_media(node, medium_id)
    assert peer.requests("/a.png") == []
    assert (await found(node, medium_id)).state == "waiting"


async def test_our_own_files_are_not_fetched_from_ourselves(node: Node) -> None:
    async with node.database.pool.acquire() as db:
        medium_id = await media.note_remote(db, node.urls.media("ab/c.png"), "image/png", "image")
    await media_jobs.fetch_media(node, medium_id)
    medium = await found(node, medium_id)
    assert (medium.state, medium.error) == ("failed", NOT_THERE)


async def test_a_large_picture_of_another_server_is_kept_in_a_size_for_pages_too(node: Node, peer: Peer) -> None:
    medium = await fetched(node, peer.serve("/a.png", files.image(size=(1300, 20))))
    assert (medium.widths, medium.avif) == ([960], False)
    assert medium.path and medium.path.rpartition(".")[0] + "-w960.webp" in kept(node)
    await age(node, MEDIA_UNUSED_SECONDS + 1)
    await media_jobs.sweep_media(node)
    assert kept(node) == []


async def test_a_copy_is_evicted_and_fetched_again_under_its_name(node: Node, peer: Peer) -> None:
    medium = await fetched(node, peer.serve("/a.png", files.image()))
    before = kept(node)
    await age(node, MEDIA_UNUSED_SECONDS + 1)
    await media_jobs.sweep_media(node)
    assert kept(node) == []
    assert (await found(node, medium.id)).evicted_at
    await media_jobs.fetch_media(node, medium.id)
    assert kept(node) == before
    assert (await found(node, medium.id)).evicted_at is None


async def test_copies_keep_within_their_room_the_longest_unused_go_first(node: Node, peer: Peer) -> None:
    media_ids = [(await fetched(node, peer.serve(f"/{n}.png", files.image(size=(40 + n, 30))))).id for n in range(5)]
    async with node.database.pool.acquire() as db:
        own = await uploaded_row(db)
        for place, medium_id in enumerate([media_ids[2], media_ids[0], *media_ids[3:], media_ids[1]]):
            await db.execute(
                "UPDATE media SET bytes = 100, used_at = now() - $2 * interval '1 minute' WHERE id = $1",
                medium_id,
                10 - place,
            )
    for budget, left in ((500, 5), (499, 4), (250, 2)):
        await media_jobs.trim_media(with_room(node, budget))
        here = [one for one in media_ids if not (await found(node, one)).evicted_at]
        assert len(here) == left
    assert here == [media_ids[1], media_ids[4]]
    assert not (await found(node, own)).evicted_at


async def test_many_copies_are_evicted_in_small_lots(node: Node) -> None:
    async with node.database.pool.acquire() as db:
        await db.execute(
            """
            INSERT INTO media (id, path, remote_url, media_type, kind, state, bytes)
            SELECT n, 'ab/' || n || '.jpg', 'https://peer.example/' || n, 'image/jpeg', 'image', 'ready', 10
              FROM generate_series(1, $1) AS n
            """,
            2 * MEDIA_EVICTED + 3,
        )
        assert len(await media.evict_beyond(db, 0, MEDIA_EVICTED)) == MEDIA_EVICTED
        await media_jobs.trim_media(with_room(node, 25))
        left = await db.fetchval("SELECT count(*) FROM media WHERE evicted_at IS NULL")
    assert left == 2


async def uploaded_row(db: Db) -> int:
    """Something of our own, larger than all room and never looked at."""
    medium_id = new_id()
    await db.execute(
        """
        INSERT INTO media (id, path, media_type, kind, state, bytes, used_at)
        VALUES ($1, 'ab/own.jpg', 'image/jpeg', 'image', 'ready', 1000000, now() - interval '1 year')
        """,
        medium_id,
    )
    return medium_id


def with_room(node: Node, budget: int) -> Node:
    return msgspec.structs.replace(node, settings=msgspec.structs.replace(node.settings, media_cache_bytes=budget))


async def test_the_sweep_takes_what_nobody_attached(node: Node, tmp_path: Path) -> None:
    medium = await uploaded(node, tmp_path, files.image())
    await media_jobs.sweep_media(node)
    assert len(kept(node)) == 2
    await age(node, MEDIA_UPLOAD_SECONDS + 1)
    await media_jobs.sweep_media(node)
    assert kept(node) == []
    async with node.database.pool.acquire() as db:
        assert await media.find(db, medium.id) is None


async def test_the_sweep_leaves_what_is_attached(node: Node, tmp_path: Path) -> None:
    medium = await uploaded(node, tmp_path, files.image())
    async with node.database.pool.acquire() as db:
        ana = await a_local_actor(db)
        await a_post(db, ana, attachments=[Attachment(url="x", media_type="image/jpeg", media_id=medium.id)])
    await age(node, MEDIA_UNUSED_SECONDS * 10)
    await media_jobs.sweep_media(node)
    assert len(kept(node)) == 2


async def test_the_sweep_takes_files_that_no_medium_has_and_nothing_else(node: Node, tmp_path: Path) -> None:
    waiting = await uploaded(node, tmp_path, files.film())
    folder = node.settings.media_folder
    assert folder
    nobodys = ["ab/" + "0" * 30 + ".jpg", "ab/" + "0" * 30 + "-preview.jpg", "incoming/77", "ab/.unfinished-x"]
    others = ["ab/notes.txt", "holiday/photo.jpg", "incoming/readme"]
    for name in (*nobodys, *others):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    await media_jobs.sweep_media(node)
    assert len(kept(node)) == len(nobodys) + len(others) + 1  # all are young
    await age(node, MEDIA_UPLOAD_SECONDS - 60)
    async with node.database.pool.acquire() as db:
        await db.execute("UPDATE media SET created_at = now()")
    await age(node, 120)
    await media_jobs.sweep_media(node)
    assert kept(node) == sorted([*others, incoming_name(waiting.id)])


async def test_the_sweep_takes_what_killed_processes_left(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in ("allmende-media-old", "allmende-media-young", "other-old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "source").write_bytes(b"x")
        if name.endswith("old"):
            os.utime(tmp_path / name, (1.0, 1.0))
    await media_jobs.sweep_media(node)
    assert sorted(os.listdir(tmp_path)) == ["allmende-media-young", "other-old"]


async def test_files_of_deleted_media_are_removed(node: Node, tmp_path: Path) -> None:
    medium = await uploaded(node, tmp_path, files.image())
    await media_jobs.remove_files(node, [medium.path or "", medium.preview_path or ""])
    assert kept(node) == []
