"""What is published is served by its id, to whom may see it, and to nobody else in the same words."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from federation.build import activities as say
from federation.build.thing import thing
from node.ids import new_id
from node.outbox import new_activity_id, tell
from node.remote import learn_actor
from node.store.posts import posts
from schemas.limits import ID_DIGITS
from schemas.records import Post, PostKind
from tests.factories import a_post
from tests.node.activitypub.conftest import Served
from tests.peer import Peer

FOLDERS: dict[PostKind, str] = {"post": "posts", "event": "events", "finding": "findings", "call": "calls"}


async def published(served: Served, kind: PostKind = "post", **fields: Any) -> Post:
    """Something the hub published, at its real address."""
    number = new_id()
    uri = served.node.urls.thing(kind, number)
    async with served.node.database.pool.acquire() as db:
        return await a_post(db, served.hub, kind=kind, id=number, uri=uri, url=uri, **fields)


async def followed_by(served: Served, peer: Peer) -> None:
    """The peer's actor follows the hub."""
    actor = await learn_actor(served.node, peer.actor_id)
    assert actor is not None
    async with served.node.database.pool.acquire() as db:
        await db.execute(
            "INSERT INTO follows (follower_id, followed_id, uri, state) VALUES ($1, $2, $3, 'accepted')",
            actor.id,
            served.hub.id,
            peer.url("/follows/1"),
        )


@pytest.mark.parametrize("kind", list(FOLDERS))
async def test_each_kind_is_served_at_its_id(served: Served, peer: Peer, kind: PostKind) -> None:
    post = await published(served, kind)
    answer = await peer.get(post.uri, signed=False)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/activity+json")
    assert (answer.json["id"], answer.json["attributedTo"]) == (post.uri, served.hub.uri)


async def test_case_42_a_signed_answer_is_for_no_shared_cache(served: Served, peer: Peer) -> None:
    post = await published(served)
    unsigned, signed = await peer.get(post.uri, signed=False), await peer.get(post.uri)
    assert unsigned.headers["Cache-Control"].startswith("public")
    assert signed.headers["Cache-Control"].startswith("private")
    for answer in (unsigned, signed):
        assert {"Accept", "Signature"} <= {name.strip() for name in answer.headers["Vary"].split(",")}


async def test_case_106_private_and_unknown_answer_alike(served: Served, peer: Peer) -> None:
    hidden = [(await published(served, audience=audience)).uri for audience in ("followers", "hub", "direct")]
    unknown = served.node.urls.thing("post", new_id())
    for below in ("", "/replies", "/likes", "/shares"):
        for signed in (False, True):
            expected = await peer.get(unknown + below, signed=signed)
            assert expected.status == 404
            for uri in hidden:
                answer = await peer.get(uri + below, signed=signed)
                assert (answer.status, answer.body) == (404, expected.body)


async def test_a_follower_who_signs_sees_what_is_for_followers(served: Served, peer: Peer) -> None:
    post = await published(served, audience="followers")
    assert (await peer.get(post.uri)).status == 404
    await followed_by(served, peer)
    assert (await peer.get(post.uri)).json["id"] == post.uri
    assert (await peer.get(post.uri, signed=False)).status == 404


async def test_a_servers_own_actor_sees_what_is_public_though_it_follows(served: Served, peer: Peer) -> None:
    peer.actor["type"] = "Application"
    post = await published(served, audience="followers")
    await followed_by(served, peer)
    assert (await peer.get(post.uri)).status == 404
    assert (await peer.get((await published(served)).uri)).status == 200


async def test_case_41_a_suspended_or_blocked_signer_reads_nothing(served: Served, peer: Peer) -> None:
    post = await published(served, audience="followers")
    await followed_by(served, peer)
    async with served.node.database.pool.acquire() as db:
        await db.execute("UPDATE actors SET suspended_at = now() WHERE NOT local")
    assert (await peer.get(post.uri)).status == 403
    async with served.node.database.pool.acquire() as db:
        await db.execute("UPDATE actors SET suspended_at = NULL")
        await db.execute(
            "INSERT INTO measures (kind, target_kind, target, state) "
            "VALUES ('suspend', 'domain', '127.0.0.7', 'executed')"
        )
        await served.node.policy.refresh(db)
    assert (await peer.get((await published(served)).uri)).status == 403


async def test_a_wrong_signature_on_a_get_is_refused(served: Served, peer: Peer) -> None:
    post = await published(served)
    headers = peer.sign("GET", served.url("/other")) | {"Accept": "application/activity+json"}
    assert (await peer.request("GET", post.uri, headers)).status == 401


async def test_what_was_public_and_is_deleted_is_a_tombstone(served: Served, peer: Peer) -> None:
    public, private = await published(served, "event"), await published(served, audience="followers")
    async with served.node.database.pool.acquire() as db:
        for post in (public, private):
            await posts.tombstone(db, post.id)
    gone = await peer.get(public.uri, signed=False)
    assert (gone.status, gone.json["type"], gone.json["formerType"]) == (410, "Tombstone", "Event")
    assert (await peer.get(private.uri, signed=False)).status == 404


@pytest.mark.parametrize(
    "path", ["/posts/x", "/posts/-1", "/posts/%C2%B2", f"/posts/{'9' * ID_DIGITS}", "/posts/" + "9" * 400]
)
async def test_what_cannot_be_an_id_is_not_found(served: Served, peer: Peer, path: str) -> None:
    assert (await peer.get(served.url(path), signed=False)).status == 404


async def test_a_thing_lives_only_in_its_own_folder(served: Served, peer: Peer) -> None:
    event = await published(served, "event")
    assert (await peer.get(served.url(f"/posts/{event.id}"), signed=False)).status == 404
    await followed_by(served, peer)
    async with served.node.database.pool.acquire() as db:
        await posts.tombstone(db, event.id)
    assert (await peer.get(served.url(f"/posts/{event.id}"), signed=False)).status == 404


async def test_an_activity_is_served_to_whom_it_was_said(served: Served, peer: Peer) -> None:
    bo = await learn_actor(served.node, peer.actor_id)
    assert bo is not None
    _, uri = new_activity_id(served.node.urls)
    follow = say.follow(uri, served.hub.uri, bo.uri)
    async with served.node.database.pool.acquire() as db:
        await tell(db, served.hub, follow, audience="direct", to=[bo])
    assert (await peer.get(uri, signed=False)).status == 404
    assert (await peer.get(uri)).json["object"] == bo.uri


async def test_the_create_of_a_private_post_is_as_private(served: Served, peer: Peer) -> None:
    post = await published(served, audience="followers")
    _, uri = new_activity_id(served.node.urls)
    create = say.create(uri, served.hub.uri, {"id": post.uri, "type": "Note", "to": [], "cc": []})
    async with served.node.database.pool.acquire() as db:
        await tell(db, served.hub, create, post=post, audience="followers", followers=True)
    assert (await peer.get(uri)).status == 404
    await followed_by(served, peer)
    assert (await peer.get(uri)).status == 200


async def test_an_activity_is_served_as_said_until_its_post_is_changed(served: Served, peer: Peer) -> None:
    post = await published(served, "event", text="Plenum")
    async with served.node.database.pool.acquire() as db:
        _, uri = new_activity_id(served.node.urls)
        said = say.create(uri, served.hub.uri, thing(post, served.node.urls))
        await tell(db, served.hub, said, post=post, audience="public")
        first = (await peer.get(uri, signed=False)).json
        versions = [msgspec.structs.replace(post.version(), name="Assembly", content="<p>corrected</p>")]
        changed = msgspec.structs.replace(post, versions=versions)
        later = post.updated_at + timedelta(minutes=1)
        await posts.update(db, post.id, posts.content_of(changed, updated_at=later))
    assert (first["object"]["name"], "proof" in first) == ("Plenum", True)
    listed = (await peer.get(f"{served.hub.outbox}?page=1", signed=False)).json["orderedItems"]
    for now in ((await peer.get(uri, signed=False)).json, *listed):
        assert (now["id"], now["type"], now["object"]["name"], "proof" in now) == (uri, "Create", "Assembly", False)
        assert "Plenum" not in json.dumps(now)
