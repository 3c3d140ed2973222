"""Favouriting, boosting, keeping, pinning and muting from a client."""

from __future__ import annotations

import pytest

from node.store.people import actors
from schemas.records import Viewer
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")
S = "/api/v1/statuses"


@pytest.mark.parametrize("kind", ["post", "event", "finding", "call"])
@pytest.mark.parametrize(("deed", "mark"), [("favourite", "favourited"), ("bookmark", "bookmarked"), ("mute", "muted")])
async def test_a_deed_is_done_and_taken_back(
    hub: ClientHub, ana: Viewer, bos_client: Client, kind: str, deed: str, mark: str
) -> None:
    post = await hub.publish(ana, kind=kind)
    for _ in range(2):
        assert (await bos_client.post(f"{S}/{post.id}/{deed}")).json[mark] is True
    assert (await bos_client.get(f"{S}/{post.id}")).json[mark] is True
    assert (await bos_client.post(f"{S}/{post.id}/un{deed}")).json[mark] is False
    assert (await bos_client.post(f"{S}/{post.id}/un{deed}")).status == 200


@pytest.mark.parametrize("kind", ["post", "event", "finding", "call"])
async def test_everything_public_can_be_boosted(hub: ClientHub, ana: Viewer, bos_client: Client, kind: str) -> None:
    post = await hub.publish(ana, kind=kind)
    boost = (await bos_client.post(f"{S}/{post.id}/reblog")).json
    assert boost["reblogged"] is True and boost["reblog"]["reblogged"] is True
    assert boost["reblog"]["id"] == str(post.id) != boost["id"] and boost["account"]["username"] == "bo"
    assert boost["reblog"]["account"]["username"] == "ana"
    assert (await bos_client.post(f"{S}/{post.id}/reblog")).json["id"] == boost["id"]
    assert [one["username"] for one in (await bos_client.get(f"{S}/{post.id}/reblogged_by")).json] == ["bo"]
    back = (await bos_client.post(f"{S}/{boost['id']}/unreblog")).json
    assert back["reblogged"] is False and back["reblog"] is None and back["reblogs_count"] == 0


async def test_a_boost_may_be_narrower_than_what_it_passes_on(hub: ClientHub, ana: Viewer, bos_client: Client) -> None:
    post = await hub.publish(ana)
    boost = (await bos_client.post(f"{S}/{post.id}/reblog", {"visibility": "private"})).json
    assert boost["visibility"] == "private" and boost["reblog"]["visibility"] == "public"
    assert (await hub.stranger.get(f"{S}/{boost['id']}")).status == 404
    said = await hub.db.fetchval("SELECT recipients FROM activities WHERE id = $1", int(boost["id"]))
    assert "https://www.w3.org/ns/activitystreams#Public" not in said


async def test_what_is_not_public_is_not_boosted(hub: ClientHub, ana: Viewer, bos_client: Client) -> None:
    inside = await hub.publish(ana, audience="hub")
    assert (await bos_client.post(f"{S}/{inside.id}/reblog")).status == 403


async def test_what_one_said_to_followers_one_may_say_to_them_again_and_nobody_else_may(
    hub: ClientHub, bos_client: Client
) -> None:
    who, follower = await hub.newcomer(), await hub.newcomer()
    mine, theirs = await hub.client_of(who), await hub.client_of(follower)
    for client in (theirs, bos_client):
        await client.post(f"/api/v1/accounts/{who.actor.id}/follow")
    post = await hub.publish(who, "Among us", audience="followers")
    boost = await mine.post(f"{S}/{post.id}/reblog", {"visibility": "public"})
    assert (boost.status, boost.json["visibility"], boost.json["reblog"]["id"]) == (200, "private", str(post.id))
    said_by_them = (await theirs.get(f"/api/v1/accounts/{who.actor.id}/statuses")).json
    assert [one["id"] for one in said_by_them] == [boost.json["id"], str(post.id)]
    assert (await hub.stranger.get(f"{S}/{boost.json['id']}")).status == 404
    said = await hub.db.fetchval("SELECT recipients FROM activities WHERE id = $1", int(boost.json["id"]))
    assert "https://www.w3.org/ns/activitystreams#Public" not in said
    assert (await bos_client.post(f"{S}/{post.id}/reblog")).status == 403
    assert (await mine.post(f"{S}/{post.id}/unreblog")).json["reblogged"] is False


async def test_who_favourited_is_listed_and_blocked_people_are_not(
    hub: ClientHub, ana: Viewer, client: Client, bos_client: Client
) -> None:
    post = await hub.publish(ana)
    await bos_client.post(f"{S}/{post.id}/favourite")
    await client.post(f"{S}/{post.id}/favourite")
    found = await hub.stranger.get(f"{S}/{post.id}/favourited_by", limit=1)
    assert [one["username"] for one in found.json] == ["ana"]
    following = await hub.stranger.get(found.links["next"])
    assert [one["username"] for one in following.json] == ["bo"]


async def test_only_ones_own_public_posts_are_pinned_and_not_too_many(
    hub: ClientHub, ana: Viewer, bos_client: Client
) -> None:
    who = await hub.newcomer()
    client = await hub.client_of(who)
    made = [await hub.publish(who, f"Number {number}") for number in range(6)]
    for post in made[:5]:
        assert (await client.post(f"{S}/{post.id}/pin")).json["pinned"] is True
    assert (await client.post(f"{S}/{made[0].id}/pin")).status == 200
    assert (await client.post(f"{S}/{made[5].id}/pin")).status == 422
    assert (await bos_client.post(f"{S}/{made[0].id}/pin")).status == 422
    assert (await client.post(f"{S}/{made[0].id}/unpin")).json["pinned"] is False
    inside = await hub.publish(who, audience="hub")
    assert (await client.post(f"{S}/{inside.id}/pin")).status == 422


async def test_a_muted_thread_is_muted_for_all_its_posts_and_for_nobody_else(
    client: Client, bos_client: Client
) -> None:
    first = (await client.post(S, {"status": "One"})).json["id"]
    second = (await bos_client.post(S, {"status": "Two", "in_reply_to_id": first})).json["id"]
    await client.post(f"{S}/{second}/mute")
    assert (await client.get(f"{S}/{first}")).json["muted"] is True
    assert (await bos_client.get(f"{S}/{first}")).json["muted"] is False


@pytest.mark.parametrize("deed", ["favourite", "reblog", "bookmark", "mute", "pin"])
async def test_deeds_need_the_right_scope_and_something_to_do_them_to(
    hub: ClientHub, ana: Viewer, client: Client, deed: str
) -> None:
    post = await hub.publish(ana)
    reader = await hub.client_of(ana, "read")
    assert (await reader.post(f"{S}/{post.id}/{deed}")).status == 403
    assert (await hub.stranger.post(f"{S}/{post.id}/{deed}")).status == 401
    for missing in ("1", "none", "99999999999999999999"):
        assert (await client.post(f"{S}/{missing}/{deed}")).status == 404


async def test_an_editor_acts_as_the_hub_with_a_token_for_it(hub: ClientHub, ana: Viewer) -> None:
    editor = await hub.newcomer("editor")
    own, hubs = await hub.client_of(editor), await hub.client_of(editor, acting_as=await actors.hub(hub.db))
    post = await hub.publish(ana)
    assert (await hubs.post(f"{S}/{post.id}/favourite")).json["favourited"] is True
    assert (await own.get(f"{S}/{post.id}")).json["favourited"] is False
    made = (await hubs.post(S, {"status": "From the hub"})).json
    assert made["account"]["username"] == "hub"
