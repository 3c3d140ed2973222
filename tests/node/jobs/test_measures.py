"""What measures leave to be done later, and what peers are told: suspended, deleted after the grace, restored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from node.actions import moderate
from node.actions.moderate import Order
from node.jobs import measures as measure_jobs
from node.jobs import media as media_jobs
from node.media.storage import new_name, storage_of
from node.store.db import Db
from node.store.files import media, remote_media
from node.store.files.media import Processed
from node.store.moderation import marks, measures
from node.store.people import actors, follows, own_lists
from node.store.posts import posts
from schemas.records import Actor
from schemas.things import Attachment
from tests import files
from tests.factories import a_remote_actor, a_remote_object
from tests.node.pages.conftest import Hub, base, cheap_passwords, hub, stranger, unfounded

PEER = "https://peer.example"
__all__ = ["base", "cheap_passwords", "hub", "stranger", "unfounded"]


async def said(db: Db, kind: str) -> list[dict[str, Any]]:
    rows = await db.fetch("SELECT document FROM activities WHERE type = $1 ORDER BY id", kind)
    return [msgspec.json.decode(row["document"]) for row in rows]


async def follow_each_other(db: Db, ours: Actor, theirs: Actor) -> None:
    await follows.insert(db, ours.id, theirs.id, f"https://hub.example/f/{ours.id}-{theirs.id}", accepted=True)
    await follows.insert(db, theirs.id, ours.id, f"{theirs.uri}/f/{ours.id}", accepted=True)


async def test_a_suspended_member_is_served_as_such_and_peers_are_told_and_told_again(hub: Hub) -> None:
    bo = await hub.member("bo")
    await follow_each_other(hub.db, bo.actor, await a_remote_actor(hub.db, "cy"))
    measure = await moderate.take(hub.db, None, Order(kind="suspend", target_kind="actor", target=bo.actor.uri))
    await measure_jobs.tell_suspended(hub.node, bo.actor.id)
    document = (await said(hub.db, "Update"))[-1]["object"]
    assert (document["suspended"], document["name"]) == (True, "bo")
    browser = hub.browser()
    served = await browser.get("/actors/bo", Accept="application/activity+json")
    assert (served.status, msgspec.json.decode(served.text)["suspended"]) == (200, True)
    assert "publicKey" in served.text
    assert (await browser.get("/actors/bo/outbox", Accept="application/activity+json")).status == 403
    await moderate.end(hub.db, None, measure.id)
    await measure_jobs.tell_suspended(hub.node, bo.actor.id)
    assert "suspended" not in (await said(hub.db, "Update"))[-1]["object"]
    assert await hub.db.fetchval("SELECT count(*) FROM deliveries") == 2
    kind, to = await hub.db.fetchrow("SELECT kind, recipient FROM mails")
    assert (kind, to) == ("measured", "bo@hub.example")


async def test_after_the_grace_a_member_is_deleted_here_and_elsewhere(hub: Hub) -> None:
    bo = await hub.member("bo")
    await follow_each_other(hub.db, bo.actor, await a_remote_actor(hub.db, "cy"))
    measure = await moderate.take(hub.db, None, Order(kind="suspend", target_kind="actor", target=bo.actor.uri))
    assert measure.purge_at
    await measure_jobs.purge_due(hub.db)
    assert await hub.db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'purge_actor'") == 0
    await hub.db.execute("UPDATE measures SET purge_at = now()")
    for _ in range(2):
        await measure_jobs.purge_due(hub.db)
    assert await hub.db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'purge_actor'") == 1
    await measure_jobs.purge_actor(hub.node, bo.actor.id)
    assert [one["object"] for one in await said(hub.db, "Delete")] == [bo.actor.uri]
    assert (await actors.get(hub.db, bo.actor.id)).deleted_at
    assert await hub.db.fetchrow("SELECT email, password_hash FROM accounts WHERE id = $1", bo.account.id) == (
        None,
        None,
    )
    assert (await hub.browser().get("/actors/bo", Accept="application/activity+json")).status == 410


async def test_a_suspension_with_an_end_or_lifted_before_deletes_nothing(hub: Hub) -> None:
    bo = await hub.member("bo")
    order = Order(kind="suspend", target_kind="actor", target=bo.actor.uri)
    measure = await moderate.take(hub.db, None, order)
    await moderate.end(hub.db, None, measure.id)
    await measure_jobs.purge_actor(hub.node, bo.actor.id)
    assert (await actors.get(hub.db, bo.actor.id)).deleted_at is None
    timed = await moderate.take(hub.db, None, msgspec.structs.replace(order, ends_at=measure.review_at))
    assert timed.purge_at is None


async def test_follows_of_somebody_suspended_elsewhere_end_there_and_ours_are_asked_for_again(hub: Hub) -> None:
    ana, cy = await actors.find_local(hub.db, "ana"), await a_remote_actor(hub.db, "cy")
    assert ana
    await follow_each_other(hub.db, ana, cy)
    measure = await moderate.take(hub.db, None, Order(kind="suspend", target_kind="actor", target=cy.uri))
    assert await follows.find(hub.db, ana.id, cy.id) is None
    assert [one["object"]["object"] for one in await said(hub.db, "Undo")] == [cy.uri]
    assert [one["object"]["actor"] for one in await said(hub.db, "Reject")] == [cy.uri]
    await moderate.end(hub.db, None, measure.id)
    await measure_jobs.restore_follows(hub.node)
    assert [one["object"] for one in await said(hub.db, "Follow")] == [cy.uri]
    asked = await follows.find(hub.db, ana.id, cy.id)
    assert asked
    assert asked.state == "pending"
    assert await follows.find(hub.db, cy.id, ana.id) is None


@pytest.mark.parametrize("inner", [False, True])
async def test_follows_that_a_cut_server_had_come_back_unless_another_measure_cuts_them(hub: Hub, inner: bool) -> None:
    ana = await actors.find_local(hub.db, "ana")
    cy = await a_remote_actor(hub.db, "cy", host="https://sub.peer.example")
    assert ana
    await follow_each_other(hub.db, ana, cy)
    outer = await moderate.take(hub.db, None, Order(kind="suspend", target_kind="domain", target="peer.example"))
    below = None
    if inner:
        order = Order(kind="suspend", target_kind="domain", target="sub.peer.example")
        below = await moderate.take(hub.db, None, order)
    assert await follows.find(hub.db, cy.id, ana.id) is None
    assert await hub.db.fetchval("SELECT count(*) FROM deliveries") == 0
    await moderate.end(hub.db, None, outer.id)
    await measure_jobs.restore_follows(hub.node)
    assert (await follows.find(hub.db, cy.id, ana.id) is None) == inner
    if below:
        await moderate.end(hub.db, None, below.id)
        await measure_jobs.restore_follows(hub.node)
    back, ours = await follows.find(hub.db, cy.id, ana.id), await follows.find(hub.db, ana.id, cy.id)
    assert back
    assert ours
    assert (back.state, ours.state) == ("accepted", "pending")
    assert len(await said(hub.db, "Follow")) == 1


async def test_somebody_elsewhere_is_warned_by_a_direct_message(hub: Hub) -> None:
    cy = await a_remote_actor(hub.db, "cy")
    await moderate.take(
        hub.db, None, Order(kind="warn", target_kind="actor", target=cy.uri, public_reason="Please <b>stop</b>")
    )
    (note,) = [one["object"] for one in await said(hub.db, "Create")]
    assert note["to"] == [cy.uri]
    assert "Please &lt;b&gt;stop&lt;/b&gt;" in note["content"]


async def test_images_of_who_is_marked_as_sensitive_are_until_the_measure_ends(hub: Hub) -> None:
    cy = await a_remote_actor(hub.db, "cy")
    image = {"url": "https://peer.example/a.png", "media_type": "image/png"}
    before = await posts.upsert_remote(hub.db, a_remote_object(cy, attachments=(Attachment(**image),)), cy)
    measure = await moderate.take(hub.db, None, Order(kind="sensitive", target_kind="actor", target=cy.uri))
    after = await posts.upsert_remote(hub.db, a_remote_object(cy, attachments=(Attachment(**image),)), cy)
    plain = await posts.upsert_remote(hub.db, a_remote_object(cy), cy)
    own = a_remote_object(cy, attachments=(Attachment(**image),), sensitive=True)
    said_so = await posts.upsert_remote(hub.db, own, cy)
    assert before and after and plain and said_so

    async def sensitive() -> list[bool]:
        found = await posts.get_many(hub.db, [one.id for one in (before, after, plain, said_so)], None)
        return [found[one.id].sensitive for one in (before, after, plain, said_so)]

    assert await sensitive() == [True, True, False, True]
    await moderate.end(hub.db, None, measure.id)
    assert await sensitive() == [False, False, False, True]


async def test_a_frozen_member_is_signed_out_at_once_and_stays_visible(hub: Hub) -> None:
    browser = await hub.signed_in("bo")
    bo = await actors.find_local(hub.db, "bo")
    assert bo
    measure = await moderate.take(hub.db, None, Order(kind="freeze", target_kind="actor", target=bo.uri))
    assert (await browser.get("/desk")).status == 401
    assert (await hub.browser().get("/@bo")).status == 200
    assert await measures.find_in_force(hub.db, "freeze", "actor", bo.uri)
    assert await marks.list_to_purge(hub.db) == []
    await moderate.end(hub.db, None, measure.id)
    assert (await browser.post("/sign-in", {"who": "bo", "password": "twelve quiet carrots"})).url.endswith("/desk")


async def test_who_stood_in_a_list_stands_in_it_again(hub: Hub) -> None:
    bo, cy = await hub.member("bo"), await a_remote_actor(hub.db, "cy")
    await follow_each_other(hub.db, bo.actor, cy)
    mine = await own_lists.insert(hub.db, bo.actor.id, "Near", "list", exclusive=False)
    await own_lists.add_members(hub.db, mine.id, [cy.id])
    measure = await moderate.take(hub.db, None, Order(kind="suspend", target_kind="actor", target=cy.uri))
    assert await own_lists.member_ids(hub.db, mine.id) == set()
    await moderate.end(hub.db, None, measure.id)
    await measure_jobs.restore_follows(hub.node)
    assert await own_lists.member_ids(hub.db, mine.id) == {cy.id}


async def shown_of(hub: Hub, bo: Actor, post_id: int) -> tuple[str | None, str, int]:
    """The avatar in somebody's record, where the picture of the post is, and what its file answers."""
    post = await posts.get(hub.db, post_id, None)
    path = await hub.db.fetchval("SELECT path FROM media WHERE remote_url = $1", f"{PEER}/a.png")
    async with aiohttp.request("HEAD", f"{hub.base}/media/{path}") as answer:
        return (await actors.get(hub.db, bo.id)).icon_url, post.attachments[0].url, answer.status


async def test_media_that_are_refused_go_avatars_too_and_come_back_when_that_is_over(hub: Hub, tmp_path: Path) -> None:
    bo = await a_remote_actor(hub.db, "bo")
    said = a_remote_object(bo, attachments=(Attachment(url=f"{PEER}/a.png", media_type="image/png"),))
    post = await posts.upsert_remote(hub.db, said, bo)
    assert post
    bo = await remote_media.adopt_pictures(hub.db, msgspec.structs.replace(bo, icon_url=f"{PEER}/icon.png"))
    storage, names = storage_of(hub.node.settings), [f"{new_name()}.png", f"{new_name()}.png"]
    for one, name in zip(("a", "icon"), names, strict=True):
        number = await hub.db.fetchval("SELECT id FROM media WHERE remote_url = $1", f"{PEER}/{one}.png")
        (tmp_path / one).write_bytes(files.image())
        await storage.put(name, tmp_path / one)
        await media.finish(hub.db, number, Processed(path=name, media_type="image/png", kind="image", bytes=4))
    ours = f"{hub.base}/media/"
    assert await shown_of(hub, bo, post.id) == (ours + names[1], ours + names[0], 200)
    taken = await moderate.take(hub.db, None, Order(kind="reject_media", target_kind="domain", target="peer.example"))
    await media_jobs.mark_media(hub.node, "peer.example")
    assert await shown_of(hub, bo, post.id) == (None, f"{PEER}/a.png", 404)
    assert [await storage.find(name) for name in names] == [None, None]
    cy = await a_remote_actor(hub.db, "cy")
    await remote_media.adopt_pictures(hub.db, msgspec.structs.replace(cy, icon_url=f"{PEER}/cy.png"))
    await hub.db.execute("UPDATE actors SET icon_url = $2 WHERE id = $1", cy.id, f"{PEER}/cy.png")
    await hub.db.execute("DELETE FROM jobs")
    await moderate.end(hub.db, None, taken.id)
    await media_jobs.mark_media(hub.node, "peer.example")
    assert await shown_of(hub, bo, post.id) == (ours + names[1], ours + names[0], 503)  # and is fetched
    fetched = await hub.db.fetch("SELECT once FROM jobs WHERE kind = 'fetch_media'")
    numbers = await hub.db.fetch(
        "SELECT id FROM media WHERE remote_url = ANY ($1)", [f"{PEER}/a.png", f"{PEER}/cy.png"]
    )
    assert {one["once"] for one in fetched} == {f"fetch_media:{one['id']}" for one in numbers}
    assert (await actors.get(hub.db, cy.id)).icon_id is not None


async def test_what_a_suspended_person_wrote_goes_some_at_a_time_and_stays_when_the_suspension_ends(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure_jobs, "ERASED_POSTS", 2)
    cy = await a_remote_actor(hub.db, "cy")
    notes = [await posts.upsert_remote(hub.db, a_remote_object(cy), cy) for _ in range(5)]
    left = "SELECT count(*) FROM posts WHERE actor_id = $1 AND deleted_at IS NULL"
    await measure_jobs.purge_actor(hub.node, cy.id)
    assert await hub.db.fetchval(left, cy.id) == len(notes)
    await moderate.take(hub.db, None, Order(kind="suspend", target_kind="actor", target=cy.uri))
    for standing, more in ((3, 1), (1, 2), (0, 2)):
        await measure_jobs.purge_actor(hub.node, cy.id)
        assert await hub.db.fetchval(left, cy.id) == standing
        assert await hub.db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'purge_actor'") == more
