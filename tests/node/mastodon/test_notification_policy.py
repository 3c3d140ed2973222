"""Whose notices are held back, and what becomes of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from node.store.notices import notifications
from schemas.records import Actor, Viewer
from tests.factories import a_post, a_remote_actor
from tests.node.mastodon.conftest import ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

ALL, POLICY, REQUESTS = "/api/v1/notifications", "/api/v2/notifications/policy", "/api/v1/notifications/requests"
OLD_ENOUGH = datetime(2020, 1, 1, tzinfo=UTC)


async def a_message(hub: ClientHub, sender: Actor, to: Viewer, audience: str = "direct") -> str:
    """A post that names somebody, and the notice of it; its id."""
    post = await a_post(hub.db, sender, audience=audience, mention_ids=[to.actor.id])
    await notifications.tell_actor(hub.db, to.actor.id, "mention", from_id=sender.id, post_id=post.id)
    return str(post.id)


async def test_a_private_mention_by_a_stranger_is_a_request_that_can_be_accepted(hub: ClientHub) -> None:
    me, sender = await hub.newcomer(), await a_remote_actor(hub.db)
    client = await hub.client_of(me)
    await a_message(hub, sender, me, "public")
    post = await a_message(hub, sender, me)
    assert len((await client.get(ALL)).json) == 1
    held = (await client.get(ALL, include_filtered=True)).json
    assert [one.get("filtered") for one in held] == [True, None]
    summary = (await client.get(POLICY)).json["summary"]
    assert summary == {"pending_requests_count": 1, "pending_notifications_count": 1}
    found = (await client.get(REQUESTS)).json
    assert [(one["id"], one["notifications_count"], one["last_status"]["id"]) for one in found] == [
        (str(sender.id), "1", post)
    ]
    assert (await client.get(f"{REQUESTS}/{sender.id}")).json == found[0]
    assert (await client.post(f"{REQUESTS}/{sender.id}/accept")).json == {}
    assert (await client.get(f"{REQUESTS}/merged")).json == {"merged": True}
    assert (await client.get(REQUESTS)).json == []
    await a_message(hub, sender, me)
    assert len((await client.get(ALL)).json) == 3


async def test_a_dismissed_request_is_forgotten_and_the_next_message_asks_again(hub: ClientHub) -> None:
    me, one, two = await hub.newcomer(), await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    client, other = await hub.client_of(me), await hub.client_of(await hub.newcomer())
    for sender in (one, two):
        await a_message(hub, sender, me)
    assert (await other.post(f"{REQUESTS}/{one.id}/dismiss")).status == 404
    assert (await other.get(f"{REQUESTS}/{one.id}")).status == 404
    assert (await client.post(f"{REQUESTS}/{one.id}/dismiss")).json == {}
    assert [request["id"] for request in (await client.get(REQUESTS)).json] == [str(two.id)]
    assert (await client.post(f"{REQUESTS}/dismiss", data={"id[]": str(two.id)})).json == {}
    assert (await client.get(REQUESTS)).json == []
    await a_message(hub, one, me)
    assert (await client.post(f"{REQUESTS}/accept", json={"id": [str(one.id)]})).json == {}
    assert len((await client.get(ALL)).json) == 1


async def test_members_write_to_each_other_unless_they_say_otherwise(hub: ClientHub) -> None:
    me, neighbour = await hub.newcomer(), await hub.newcomer()
    client = await hub.client_of(me)
    await a_message(hub, neighbour.actor, me)
    assert len((await client.get(ALL)).json) == 1
    assert (await client.patch(POLICY, data={"for_private_mentions": "drop"})).json["for_private_mentions"] == "drop"
    await a_message(hub, neighbour.actor, me)
    assert len((await client.get(ALL, include_filtered=True)).json) == 1


async def test_an_answer_to_ones_own_message_is_never_held_back(hub: ClientHub) -> None:
    me, sender = await hub.newcomer(), await a_remote_actor(hub.db)
    client = await hub.client_of(me)
    mine = await a_post(hub.db, me.actor, audience="direct", mention_ids=[sender.id])
    answer = await a_post(hub.db, sender, audience="direct", mention_ids=[me.actor.id], in_reply_to=mine.uri)
    await notifications.tell_actor(hub.db, me.actor.id, "reply", from_id=sender.id, post_id=answer.id)
    assert [one["status"]["id"] for one in (await client.get(ALL)).json] == [str(answer.id)]


@pytest.mark.parametrize(
    ("rule", "sender"),
    [
        ("for_not_following", {"published": OLD_ENOUGH}),
        ("for_not_followers", {"published": OLD_ENOUGH}),
        ("for_new_accounts", {}),
        ("for_bots", {"kind": "Service", "published": OLD_ENOUGH}),
    ],
)
async def test_each_rule_holds_back_whom_it_names(hub: ClientHub, rule: str, sender: dict[str, object]) -> None:
    me, stranger = await hub.newcomer(), await a_remote_actor(hub.db, **sender)
    client = await hub.client_of(me)
    await a_message(hub, stranger, me, "public")
    assert len((await client.get(ALL)).json) == 1
    assert (await client.put(POLICY, json={rule: "filter"})).json[rule] == "filter"
    await a_message(hub, stranger, me, "public")
    assert len((await client.get(ALL)).json) == 1
    assert len((await client.get(ALL, include_filtered=True)).json) == 2


async def test_the_first_version_of_the_policy_says_yes_or_no(hub: ClientHub) -> None:
    client = await hub.client_of(await hub.newcomer())
    usual = (await client.get(f"{ALL}/policy")).json
    assert usual["filter_private_mentions"] is True and usual["filter_not_following"] is False
    changed = (await client.put(f"{ALL}/policy", json={"filter_not_following": "true"})).json
    assert changed["filter_not_following"] is True and changed["filter_private_mentions"] is True
    assert (await client.get(POLICY)).json["for_not_following"] == "filter"
    assert (await client.patch(POLICY, json={"for_bots": "perhaps"})).status == 422
    assert (await hub.stranger.get(POLICY)).status == 401
