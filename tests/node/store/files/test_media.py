"""Media are noted, become ready, are shown where they hang, and go when nothing needs them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from node.errors import NotFound
from node.ids import new_id
from node.store.db import Db
from node.store.files import media
from node.store.files.media import NewMedium, Processed
from node.store.hub import hub
from node.store.people import actors
from node.store.posts import attachments, posts
from schemas.records import Actor, Medium
from schemas.things import Attachment
from tests.factories import a_local_actor, a_post, a_remote_actor, a_remote_object, the_hub

PEER = "https://peer.example"
DAY = timedelta(days=1)


async def a_medium(db: Db, owner: Actor, name: str = "ab/1", **fields: Any) -> Medium:
    new = NewMedium(id=new_id(), owner_id=owner.id, media_type="image/png", kind="image")
    await media.insert(db, new)
    medium = await media.finish(db, new.id, made(name, **fields))
    assert medium
    return medium


def made(name: str = "ab/1", **fields: Any) -> Processed:
    usual: dict[str, Any] = {"media_type": "image/jpeg", "kind": "image", "bytes": 10, "width": 4, "height": 3}
    return Processed(path=f"{name}.jpg", preview_path=f"{name}-preview.jpg", **(usual | fields))


def picture(url: str = f"{PEER}/a.png", **fields: Any) -> Attachment:
    return Attachment(url=url, **({"media_type": "image/png", "alt": "a boat"} | fields))


def attached(medium: Medium) -> Attachment:
    return Attachment(url="https://hub.example/media/x", media_type="image/jpeg", media_id=medium.id)


async def jobs_of(db: Db) -> list[tuple[str, Any]]:
    return [tuple(row) for row in await db.fetch("SELECT kind, arguments FROM jobs ORDER BY id")]


async def suspend(db: Db, kind: str) -> None:
    await db.execute(
        "INSERT INTO measures (kind, target_kind, target, state) VALUES ($1, 'domain', 'peer.example', 'executed')",
        kind,
    )


async def make_old(db: Db) -> None:
    await db.execute(
        "UPDATE media SET created_at = created_at - interval '30 days', used_at = now() - interval '30 days'"
    )


async def test_an_upload_waits_until_it_is_ready(db: Db) -> None:
    ana = await a_local_actor(db)
    new = NewMedium(id=new_id(), owner_id=ana.id, media_type="video/webm", kind="video", alt="a talk", focus=(0.5, -1))
    medium = await media.insert(db, new)
    assert (medium.state, medium.path, medium.alt, medium.focus_x, medium.focus_y) == (
        "waiting",
        None,
        "a talk",
        0.5,
        -1,
    )
    assert await media.find_by_path(db, "ab/1.jpg") is None
    ready = await media.finish(db, new.id, made())
    assert ready
    assert (ready.state, ready.path, ready.alt) == ("ready", "ab/1.jpg", "a talk")
    assert await media.find_by_path(db, "ab/1.jpg") == ready
    assert await media.find_by_path(db, "ab/1-preview.jpg") == ready
    assert await media.find_by_path(db, "ab/2.jpg") is None


async def test_what_was_deleted_meanwhile_does_not_come_back(db: Db) -> None:
    assert await media.finish(db, 12, made()) is None


async def test_case_81_a_medium_belongs_to_who_uploaded_it(db: Db) -> None:
    ana, eve = await a_local_actor(db), await a_local_actor(db)
    medium = await a_medium(db, ana)
    assert await media.get_own(db, medium.id, [ana.id]) == medium
    assert await attachments.find_own(db, [ana.id], [medium.id]) == {medium.id: medium}
    assert await attachments.find_own(db, [eve.id], [medium.id]) == {}
    with pytest.raises(NotFound):
        await media.get_own(db, medium.id, [eve.id])


async def test_a_second_editor_may_keep_what_the_first_one_attached(db: Db) -> None:
    ana, our_hub, eve = await a_local_actor(db), await the_hub(db), await a_local_actor(db)
    medium = await a_medium(db, ana)
    await a_post(db, our_hub, attachments=[attached(medium)])
    assert medium.id in await attachments.find_own(db, [eve.id, our_hub.id], [medium.id])
    assert medium.id not in await attachments.find_own(db, [eve.id], [medium.id])


async def test_media_of_a_deleted_post_are_served_no_more(db: Db) -> None:
    ana = await a_local_actor(db)
    medium = await a_medium(db, ana)
    post = await a_post(db, ana, attachments=[attached(medium)])
    await posts.tombstone(db, post.id)
    assert await media.find_by_path(db, "ab/1.jpg") is None
    assert await jobs_of(db) == [("remove_files", {"names": ["ab/1.jpg", "ab/1-preview.jpg"]})]


async def test_a_medium_that_another_post_or_a_profile_shows_stays(db: Db) -> None:
    ana = await a_local_actor(db)
    shared, avatar = await a_medium(db, ana), await a_medium(db, ana, "ab/2")
    await media.set_pictures(db, ana.id, avatar.id, None)
    post = await a_post(db, ana, attachments=[attached(shared), attached(avatar)])
    await a_post(db, ana, attachments=[attached(shared)])
    await posts.tombstone(db, post.id)
    assert await media.find(db, shared.id)
    assert await media.find(db, avatar.id)
    assert await jobs_of(db) == []


async def test_uploads_that_nobody_attached_are_deleted_after_a_while(db: Db) -> None:
    ana = await a_local_actor(db)
    medium, avatar, hanging = [await a_medium(db, ana, f"ab/{number}") for number in range(3)]
    await media.set_pictures(db, ana.id, avatar.id, None)
    await a_post(db, ana, attachments=[attached(hanging)])
    assert await media.delete_unused(db, DAY, 10) == []
    await make_old(db)
    assert await media.delete_unused(db, DAY, 10) == [("ab/0.jpg", "ab/0-preview.jpg")]
    assert await media.find(db, medium.id) is None
    assert await media.find(db, avatar.id)
    assert await media.find(db, hanging.id)


async def test_a_picture_of_another_server_is_noted_once_and_asked_for_once(db: Db) -> None:
    bo = await a_remote_actor(db)
    first = await posts.upsert_remote(db, a_remote_object(bo, attachments=(picture(),)), bo)
    second = await posts.upsert_remote(db, a_remote_object(bo, attachments=(picture(alt="other"),)), bo)
    assert first
    assert second
    (one,), (other,) = first.attachments, second.attachments
    assert one.media_id == other.media_id is not None
    assert one.url == f"{PEER}/a.png"  # not ready: nothing is shown but its words
    assert await jobs_of(db) == [("fetch_media", {"medium_id": one.media_id})]
    assert await db.fetchval("SELECT host FROM jobs") == "peer.example"


async def test_a_picture_that_is_here_is_shown_from_here(db: Db) -> None:
    await hub.prepare(db, "https://hub.example")
    bo = await a_remote_actor(db)
    post = await posts.upsert_remote(db, a_remote_object(bo, attachments=(picture(focus=(0.1, 0.2)),)), bo)
    assert post
    await media.finish(db, post.attachments[0].media_id or 0, made(blurhash="L00000"))
    (shown,) = (await posts.get(db, post.id, None)).attachments
    assert shown.url == "https://hub.example/media/ab/1.jpg"
    assert shown.preview_url == "https://hub.example/media/ab/1-preview.jpg"
    assert (shown.alt, shown.focus, shown.media_type, shown.width) == ("a boat", (0.1, 0.2), "image/jpeg", 4)


async def test_case_81_what_is_no_medium_is_not_fetched(db: Db) -> None:
    bo = await a_remote_actor(db)
    wicked = (
        picture(media_type="text/html"),
        picture(media_type="image/svg+xml"),
        picture(media_type="application/activity+json", alt="x" * 9000),
        picture(url="https://user@:0/", media_type="image/png"),
    )
    post = await posts.upsert_remote(db, a_remote_object(bo, attachments=wicked), bo)
    assert post
    assert [one.media_id for one in post.attachments] == [None] * 4
    assert await jobs_of(db) == []


async def test_case_81_another_server_cannot_name_a_medium_of_ours(db: Db) -> None:
    ana, bo = await a_local_actor(db), await a_remote_actor(db)
    medium = await a_medium(db, ana)
    post = await posts.upsert_remote(db, a_remote_object(bo, attachments=(picture(media_id=medium.id),)), bo)
    assert post
    assert post.attachments[0].media_id not in (None, medium.id)


@pytest.mark.parametrize("kind", ["reject_media", "suspend"])
async def test_media_of_a_server_whose_media_we_do_not_take_are_not_noted(db: Db, kind: str) -> None:
    bo = await a_remote_actor(db)
    await db.execute(
        "INSERT INTO measures (kind, target_kind, target, state) VALUES ($1, 'domain', 'peer.example', 'executed')",
        kind,
    )
    post = await posts.upsert_remote(db, a_remote_object(bo, attachments=(picture(),)), bo)
    assert post
    assert post.attachments[0].media_id is None
    assert await jobs_of(db) == []


async def test_an_edited_post_has_its_new_pictures_fetched(db: Db) -> None:
    bo = await a_remote_actor(db)
    thing = a_remote_object(bo, attachments=(picture(),))
    await posts.upsert_remote(db, thing, bo)
    later = msgspec.structs.replace(
        thing, updated=thing.updated + timedelta(seconds=9), attachments=(picture(f"{PEER}/b.png"),)
    )
    post = await posts.upsert_remote(db, later, bo)
    assert post
    assert post.attachments[0].media_id
    assert len(await jobs_of(db)) == 2
    await make_old(db)
    assert len(await media.delete_unused(db, DAY, 10)) == 1


async def test_an_avatar_is_fetched_and_then_shown_from_here(db: Db) -> None:
    await hub.prepare(db, "https://hub.example")
    pictures = {"icon_url": f"{PEER}/icon.png", "banner_url": f"{PEER}/banner.png"}
    bo = await a_remote_actor(db, "bo", **pictures)
    assert bo.icon_id
    assert bo.banner_id
    assert bo.icon_url == f"{PEER}/icon.png"
    assert [await media.use_of(db, one) for one in (bo.icon_id, bo.banner_id)] == ["icon", "banner"]
    await media.finish(db, bo.icon_id, made())
    assert (await actors.get(db, bo.id)).icon_url == "https://hub.example/media/ab/1.jpg"
    refreshed = await a_remote_actor(db, "bo", **pictures)
    assert refreshed == await actors.get(db, bo.id)
    assert refreshed.icon_url == "https://hub.example/media/ab/1.jpg"
    assert refreshed.banner_url == f"{PEER}/banner.png"


async def test_a_new_avatar_takes_the_place_of_the_old_one(db: Db) -> None:
    await hub.prepare(db, "https://hub.example")
    bo = await a_remote_actor(db, "bo", icon_url=f"{PEER}/icon.png")
    await media.finish(db, bo.icon_id or 0, made())
    changed = await a_remote_actor(db, "bo", icon_url=f"{PEER}/new.png")
    assert changed.icon_id not in (None, bo.icon_id)
    assert changed.icon_url == f"{PEER}/new.png"
    without = await a_remote_actor(db, "bo")
    assert (without.icon_id, without.icon_url) == (None, None)


async def test_copies_that_nobody_looks_at_lose_their_files_and_are_fetched_again_when_somebody_does(db: Db) -> None:
    await hub.prepare(db, "https://hub.example")
    bo = await a_remote_actor(db)
    post = await posts.upsert_remote(db, a_remote_object(bo, attachments=(picture(),)), bo)
    assert post
    medium_id = post.attachments[0].media_id or 0
    await media.finish(db, medium_id, made())
    await db.execute("DELETE FROM jobs")
    assert await media.evict(db, DAY, 10) == []
    await make_old(db)
    await media.touch(db, medium_id, DAY)
    assert await media.evict(db, DAY, 10) == []
    await make_old(db)
    assert await media.evict(db, DAY, 10) == [("ab/1.jpg", "ab/1-preview.jpg")]
    assert await media.evict(db, DAY, 10) == []
    (shown,) = (await posts.get(db, post.id, None)).attachments
    assert shown.url == "https://hub.example/media/ab/1.jpg"  # whoever asks for it has it fetched
    await media.ask_for(db, medium_id, "peer.example")
    await media.ask_for(db, medium_id, "peer.example")
    assert await jobs_of(db) == [("fetch_media", {"medium_id": medium_id})]


async def test_our_own_files_are_never_evicted(db: Db) -> None:
    await a_medium(db, await a_local_actor(db))
    await make_old(db)
    assert await media.evict(db, DAY, 10) == []


async def test_copies_from_a_suspended_server_are_evicted_at_once(db: Db) -> None:
    medium_id = await media.note_remote(db, "https://x.peer.example:444/a.png", "image/png", "image")
    await media.finish(db, medium_id, made())
    assert await media.evict(db, DAY, 10) == []
    await suspend(db, "suspend")
    assert len(await media.evict(db, DAY, 10)) == 1


async def test_files_without_a_medium_are_known_as_such(db: Db) -> None:
    ana = await a_local_actor(db)
    waiting = await media.insert(db, NewMedium(id=7, owner_id=ana.id, media_type="video/mp4", kind="video"))
    await a_medium(db, ana)
    names = ["ab/1.jpg", "ab/1-preview.jpg", "ab/2.jpg"]
    assert await media.unknown(db, names, [waiting.id, 8]) == (["ab/2.jpg"], [8])


async def test_what_failed_says_why(db: Db) -> None:
    medium_id = await media.note_remote(db, f"{PEER}/a.png", "image/png", "image")
    await media.fail(db, medium_id, "broken")
    medium = await media.find(db, medium_id)
    assert medium
    assert (medium.state, medium.error) == ("failed", "broken")
    await media.ask_for(db, medium_id, "peer.example")
    assert await jobs_of(db) == []
