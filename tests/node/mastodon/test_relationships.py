"""Following, blocking, muting and what one keeps about others, from a client app."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from node.actions import follow
from node.store.people import follows, mutes
from schemas.records import Viewer
from tests.factories import a_remote_actor
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTHING = {
    "following": False,
    "showing_reblogs": False,
    "notifying": False,
    "languages": None,
    "followed_by": False,
    "blocking": False,
    "blocked_by": False,
    "muting": False,
    "muting_notifications": False,
    "muting_expires_at": None,
    "requested": False,
    "requested_by": False,
    "domain_blocking": False,
    "endorsed": False,
    "note": "",
}


async def do(client: Client, who: int, deed: str, **sent: Any) -> dict[str, Any]:
    answer = await client.post(f"/api/v1/accounts/{who}/{deed}", **sent)
    assert answer.status == 200, answer.text
    assert answer.json["id"] == str(who)
    return {name: value for name, value in answer.json.items() if name != "id"}


async def said_to(hub: ClientHub, actor_id: int) -> list[dict[str, Any]]:
    """What is owed to the inbox of somebody elsewhere."""
    rows = await hub.db.fetch(
        """
        SELECT document FROM deliveries d JOIN activities a ON a.id = d.activity_id
         WHERE d.inbox = (SELECT coalesce(shared_inbox, inbox) FROM actors WHERE id = $1) ORDER BY a.id
        """,
        actor_id,
    )
    return [msgspec.json.decode(row["document"]) for row in rows]


async def test_following_a_member_with_wishes_and_ending_it(hub: ClientHub, client: Client) -> None:
    other = (await hub.newcomer()).actor.id
    begun = await do(client, other, "follow", json={"reblogs": False, "notify": True, "languages": ["de"]})
    assert begun == NOTHING | {"following": True, "notifying": True, "languages": ["de"]}
    changed = await do(client, other, "follow", params={"reblogs": "true", "notify": "0"})
    assert (changed["showing_reblogs"], changed["notifying"], changed["languages"]) == (True, False, ["de"])
    assert await do(client, other, "unfollow") == NOTHING


async def test_following_somebody_elsewhere_is_asked_for(hub: ClientHub, client: Client) -> None:
    away = await a_remote_actor(hub.db, host="https://asked.example")
    assert (await do(client, away.id, "follow"))["requested"] is True
    assert (await do(client, away.id, "unfollow"))["requested"] is False
    assert [one["type"] for one in await said_to(hub, away.id)] == ["Follow", "Undo"]


async def test_nobody_follows_themselves_or_who_blocks_them(
    hub: ClientHub, client: Client, ana: Viewer, bos_client: Client, bo: Viewer
) -> None:
    assert (await client.post(f"/api/v1/accounts/{ana.actor.id}/follow")).status == 403
    await do(bos_client, ana.actor.id, "block")
    answer = await client.post(f"/api/v1/accounts/{bo.actor.id}/follow")
    assert (answer.status, answer.json) == (403, {"error": "You cannot follow this account."})
    assert (await client.get("/api/v1/accounts/relationships", id=bo.actor.id)).json[0]["blocked_by"] is True
    assert (await client.get(f"/api/v1/accounts/{bo.actor.id}/followers")).json == []
    await do(bos_client, ana.actor.id, "unblock")


async def test_relationships_come_for_each_known_id_in_order(hub: ClientHub, client: Client) -> None:
    one, two = (await hub.newcomer()).actor.id, (await hub.newcomer()).actor.id
    found = await client.get("/api/v1/accounts/relationships", **{"id[]": [two, 1, one]})
    assert found.json == [{"id": str(two)} | NOTHING, {"id": str(one)} | NOTHING]
    assert (await hub.stranger.get("/api/v1/accounts/relationships", id=one)).status == 401


async def test_blocking_ends_both_follows_and_lists_the_blocked(hub: ClientHub) -> None:
    me, other = await hub.newcomer(), await hub.newcomer()
    client, others = await hub.client_of(me), await hub.client_of(other)
    await do(client, other.actor.id, "follow")
    await do(others, me.actor.id, "follow")
    assert await do(client, other.actor.id, "block") == NOTHING | {"blocking": True}
    assert [one["id"] for one in (await client.get("/api/v1/blocks")).json] == [str(other.actor.id)]
    found = await client.get("/api/v1/accounts/search", q=other.actor.name)
    assert [one["id"] for one in found.json] == [str(other.actor.id)]
    assert (await others.get("/api/v1/accounts/search", q=me.actor.name)).json == []
    assert await do(client, other.actor.id, "unblock") == NOTHING
    assert (await client.get("/api/v1/blocks")).json == []
    assert (await client.post(f"/api/v1/accounts/{me.actor.id}/block")).status == 403


async def test_a_mute_may_end_by_itself(hub: ClientHub) -> None:
    me, other = await hub.newcomer(), await hub.newcomer()
    client = await hub.client_of(me)
    muted = await do(client, other.actor.id, "mute", data={"duration": "3600", "notifications": "false"})
    assert (muted["muting"], muted["muting_notifications"]) == (True, False)
    until = datetime.fromisoformat(muted["muting_expires_at"])
    assert 3500 < (until - datetime.now(UTC)).total_seconds() <= 3600
    listed = (await client.get("/api/v1/mutes")).json
    assert [(one["id"], one["mute_expires_at"]) for one in listed] == [
        (str(other.actor.id), muted["muting_expires_at"])
    ]
    await hub.db.execute("UPDATE mutes SET ends_at = now() WHERE actor_id = $1", me.actor.id)
    assert (await client.get("/api/v1/mutes")).json == []
    assert await mutes.delete_ended(hub.db, 10) == 1
    assert (await do(client, other.actor.id, "mute"))["muting_notifications"] is True
    assert (await client.get("/api/v1/mutes")).json[0]["mute_expires_at"] is None
    assert await do(client, other.actor.id, "unmute") == NOTHING
    assert (await client.post(f"/api/v1/accounts/{me.actor.id}/mute")).status == 403
    assert (await client.post(f"/api/v1/accounts/{other.actor.id}/mute", {"duration": -1})).status == 422


async def test_a_note_is_ones_own(hub: ClientHub, client: Client, bos_client: Client) -> None:
    other = (await hub.newcomer()).actor.id
    assert (await do(client, other, "note", json={"comment": " Bakes bread. "}))["note"] == "Bakes bread."
    seen = (await bos_client.get("/api/v1/accounts/relationships", id=other)).json
    assert seen[0]["note"] == ""
    assert (await do(client, other, "note", json={"comment": ""}))["note"] == ""
    assert (await client.post(f"/api/v1/accounts/{other}/note", {"comment": "x" * 2001})).status == 422


async def test_only_whom_one_follows_stands_on_ones_profile(hub: ClientHub, client: Client, ana: Viewer) -> None:
    other = (await hub.newcomer()).actor.id
    assert (await client.post(f"/api/v1/accounts/{other}/endorse")).status == 422
    await do(client, other, "follow")
    assert (await do(client, other, "pin"))["endorsed"] is True
    shown = await hub.stranger.get(f"/api/v1/accounts/{ana.actor.id}/endorsements")
    assert [one["id"] for one in shown.json] == [str(other)]
    assert (await client.get("/api/v1/endorsements")).json == shown.json
    assert (await do(client, other, "unendorse"))["endorsed"] is False
    assert (await client.get("/api/v1/endorsements")).json == []


async def test_who_asks_to_follow_is_let_in_or_not(hub: ClientHub) -> None:
    me = await hub.newcomer()
    await hub.db.execute("UPDATE actors SET locked = true WHERE id = $1", me.actor.id)
    client = await hub.client_of(me)
    asking = [await hub.newcomer() for _ in range(2)]
    for one in asking:
        assert (await do(await hub.client_of(one), me.actor.id, "follow"))["requested"] is True
    waiting = (await client.get("/api/v1/follow_requests")).json
    assert [one["id"] for one in waiting] == [str(one.actor.id) for one in reversed(asking)]
    assert (await client.get("/api/v1/accounts/verify_credentials")).json["source"]["follow_requests_count"] == 2
    yes, no = (one.actor.id for one in asking)
    let_in = await client.post(f"/api/v1/follow_requests/{yes}/authorize")
    assert (let_in.json["followed_by"], let_in.json["requested_by"]) == (True, False)
    assert (await client.post(f"/api/v1/follow_requests/{no}/reject")).json["requested_by"] is False
    assert (await client.post(f"/api/v1/follow_requests/{no}/reject")).status == 404
    assert (await client.post(f"/api/v1/follow_requests/{no}/authorize")).status == 404
    assert (await do(client, yes, "remove_from_followers"))["followed_by"] is False
    assert (await do(client, yes, "remove_from_followers"))["followed_by"] is False


async def test_case_91_nobody_lets_themselves_in(hub: ClientHub) -> None:
    me, asking = await hub.newcomer(), await hub.newcomer()
    await hub.db.execute("UPDATE actors SET locked = true WHERE id = $1", me.actor.id)
    client = await hub.client_of(asking)
    await do(client, me.actor.id, "follow")
    for number in (me.actor.id, asking.actor.id):
        assert (await client.post(f"/api/v1/follow_requests/{number}/authorize")).status == 404
    shown = (await client.get(f"/api/v1/accounts/relationships?id[]={me.actor.id}")).json
    assert [(one["following"], one["requested"]) for one in shown] == [(False, True)]


async def test_a_hidden_server_is_followed_no_more(hub: ClientHub) -> None:
    me = await hub.newcomer()
    client = await hub.client_of(me)
    theirs = await a_remote_actor(hub.db, host="https://loud.example")
    async with hub.db.transaction():
        await follow.receive(hub.node, hub.db, theirs, me.actor, f"{theirs.uri}#follow")
    assert (await client.post("/api/v1/domain_blocks", data={"domain": "Loud.example"})).json == {}
    assert (await client.get("/api/v1/domain_blocks")).json == ["loud.example"]
    assert await follows.find(hub.db, theirs.id, me.actor.id) is None
    assert [one["type"] for one in await said_to(hub, theirs.id)] == ["Accept", "Reject"]
    assert (await client.get("/api/v1/accounts/relationships", id=theirs.id)).json[0]["domain_blocking"] is True
    assert (await client.delete("/api/v1/domain_blocks", data={"domain": "loud.example"})).json == {}
    assert (await client.get("/api/v1/domain_blocks")).json == []
    assert (await client.get("/api/v1/domain_blocks/preview", domain="loud.example")).json == {
        "following_count": 0,
        "followers_count": 0,
    }
    for bad in ("", "a b", hub.urls.domain):
        assert (await client.post("/api/v1/domain_blocks", {"domain": bad})).status == 422


async def test_followers_are_paged_by_links_alone(hub: ClientHub, client: Client) -> None:
    me = await hub.newcomer()
    fans = [await hub.newcomer() for _ in range(3)]
    for fan in fans:
        async with hub.db.transaction():
            await follow.follow(hub.node, hub.db, fan.actor, me.actor)
    first = await client.get(f"/api/v1/accounts/{me.actor.id}/followers", limit=2)
    assert [one["id"] for one in first.json] == [str(fans[2].actor.id), str(fans[1].actor.id)]
    second = await client.get(first.links["next"])
    assert [one["id"] for one in second.json] == [str(fans[0].actor.id)]
    assert "next" not in second.links
    back = await client.get(second.links["prev"])
    assert [one["id"] for one in back.json] == [one["id"] for one in first.json]
    mine = await client.get(f"/api/v1/accounts/{fans[0].actor.id}/following")
    assert [one["id"] for one in mine.json] == [str(me.actor.id)]


async def test_who_hides_their_follows_shows_them_to_nobody_else(hub: ClientHub, client: Client) -> None:
    me, fan = await hub.newcomer(), await hub.newcomer()
    await hub.db.execute("UPDATE actors SET hide_collections = true WHERE id = $1", me.actor.id)
    async with hub.db.transaction():
        await follow.follow(hub.node, hub.db, fan.actor, me.actor)
    assert (await client.get(f"/api/v1/accounts/{me.actor.id}/followers")).json == []
    own = await (await hub.client_of(me)).get(f"/api/v1/accounts/{me.actor.id}/followers")
    assert [one["id"] for one in own.json] == [str(fan.actor.id)]


async def test_limited_people_are_left_out_of_lists_for_who_does_not_follow_them(hub: ClientHub) -> None:
    me, odd, reader = await hub.newcomer(), await hub.newcomer(), await hub.newcomer()
    async with hub.db.transaction():
        await follow.follow(hub.node, hub.db, odd.actor, me.actor)
    await hub.db.execute("UPDATE actors SET limited_at = now() WHERE id = $1", odd.actor.id)
    client = await hub.client_of(reader)
    assert (await client.get(f"/api/v1/accounts/{me.actor.id}/followers")).json == []
    await do(client, odd.actor.id, "follow")
    assert len((await client.get(f"/api/v1/accounts/{me.actor.id}/followers")).json) == 1


async def test_whom_of_ones_follows_follow_somebody_too(hub: ClientHub) -> None:
    me, friend, target = await hub.newcomer(), await hub.newcomer(), await hub.newcomer()
    async with hub.db.transaction():
        await follow.follow(hub.node, hub.db, me.actor, friend.actor)
        await follow.follow(hub.node, hub.db, friend.actor, target.actor)
    client = await hub.client_of(me)
    found = await client.get("/api/v1/accounts/familiar_followers", **{"id[]": [target.actor.id, friend.actor.id]})
    assert [(one["id"], [who["id"] for who in one["accounts"]]) for one in found.json] == [
        (str(target.actor.id), [str(friend.actor.id)]),
        (str(friend.actor.id), []),
    ]


@pytest.mark.parametrize("deed", ["follow", "block", "mute", "note", "pin", "remove_from_followers"])
async def test_each_deed_needs_its_scope_and_somebody_to_do_it_to(hub: ClientHub, ana: Viewer, deed: str) -> None:
    reader = await hub.client_of(ana, "read")
    assert (await reader.post(f"/api/v1/accounts/{ana.actor.id}/{deed}")).status == 403
    assert (await hub.stranger.post(f"/api/v1/accounts/{ana.actor.id}/{deed}")).status == 401
    writer = await hub.client_of(ana, "write")
    assert (await writer.post(f"/api/v1/accounts/1/{deed}")).status == 404
