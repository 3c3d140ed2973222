"""Notifications in groups."""

from __future__ import annotations

import pytest

from node.actions import follow, react
from schemas.records import Post, Viewer
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

ALL = "/api/v2/notifications"


async def liked(hub: ClientHub, of: Viewer, times: int) -> tuple[Post, list[str]]:
    """A post that so many members like; their ids, the latest first."""
    post, who = await hub.publish(of), []
    for _ in range(times):
        other = await hub.newcomer()
        async with hub.db.transaction():
            await react.like(hub.node, hub.db, other.actor, post.id)
        who.append(str(other.actor.id))
    return post, who[::-1]


async def test_likes_of_one_post_and_new_followers_are_one_entry_each(hub: ClientHub) -> None:
    me, other, third = await hub.newcomer(), await hub.newcomer(), await hub.newcomer()
    client = await hub.client_of(me)
    post, who = await liked(hub, me, 3)
    for one in (other, third):
        async with hub.db.transaction():
            await follow.follow(hub.node, hub.db, one.actor, me.actor)
    named = await hub.publish(other, f"@{me.actor.name} hello")
    found = (await client.get(ALL)).json
    mention, follows, likes = found["notification_groups"]
    assert [one["type"] for one in found["notification_groups"]] == ["mention", "follow", "favourite"]
    assert mention["group_key"] == f"ungrouped-{mention['most_recent_notification_id']}"
    assert mention["status_id"] == str(named.id) and "status_id" not in follows
    assert (likes["notifications_count"], likes["sample_account_ids"]) == (3, who)
    assert isinstance(likes["most_recent_notification_id"], int)
    assert likes["page_max_id"] == str(likes["most_recent_notification_id"]) > likes["page_min_id"]
    assert {one["id"] for one in found["accounts"]} == {*who, str(other.actor.id), str(third.actor.id)}
    assert {one["id"] for one in found["statuses"]} == {str(post.id), str(named.id)}
    assert "partial_accounts" not in found


async def test_clients_say_what_may_be_grouped_and_how_much_they_need_of_accounts(hub: ClientHub) -> None:
    me = await hub.newcomer()
    client = await hub.client_of(me)
    _, who = await liked(hub, me, 3)
    apart = (await client.get(ALL, **{"grouped_types[]": "follow"})).json["notification_groups"]
    assert [one["notifications_count"] for one in apart] == [1, 1, 1]
    partly = (await client.get(ALL, expand_accounts="partial_avatars")).json
    assert [one["id"] for one in partly["accounts"]] == who[:1]
    assert {one["id"] for one in partly["partial_accounts"]} == set(who[1:])
    assert (await client.get(ALL, expand_accounts="nonsense")).status == 422


async def test_pages_of_groups_link_to_each_other(hub: ClientHub) -> None:
    me = await hub.newcomer()
    client = await hub.client_of(me)
    made = [str((await liked(hub, me, 2))[0].id) for _ in range(3)]

    def about(answer: object) -> list[str]:
        return [one["status_id"] for one in answer.json["notification_groups"]]  # type: ignore[attr-defined]

    first = await client.get(ALL, limit=2)
    assert about(first) == [made[2], made[1]]
    last = first.json["notification_groups"][-1]["page_min_id"]
    assert about(await client.get(ALL, limit=2, max_id=last)) == [made[0]]
    assert about(await client.get(first.links["prev"])) == []
    oldest = await client.get(ALL, limit=1, min_id=1)
    assert about(oldest) == [made[0]]
    assert about(await client.get(oldest.links["prev"] + "&limit=5")) == [made[2], made[1]]


async def test_a_group_is_shown_counted_and_dismissed_as_one(hub: ClientHub) -> None:
    me = await hub.newcomer()
    client, other = await hub.client_of(me), await hub.client_of(await hub.newcomer())
    _, who = await liked(hub, me, 2)
    await liked(hub, me, 1)
    assert (await client.get(f"{ALL}/unread_count")).json == {"count": 2}
    key = (await client.get(ALL)).json["notification_groups"][1]["group_key"]
    assert (await client.get(f"{ALL}/{key}")).json["notification_groups"][0]["notifications_count"] == 2
    assert [one["id"] for one in (await client.get(f"{ALL}/{key}/accounts")).json] == who
    assert (await other.get(f"{ALL}/{key}")).status == 404
    assert (await other.get(f"{ALL}/{key}/accounts")).json == []
    assert (await other.post(f"{ALL}/{key}/dismiss")).status == 404
    assert (await client.post(f"{ALL}/{key}/dismiss")).json == {}
    assert (await client.get(f"{ALL}/{key}")).status == 404
    assert len((await client.get(ALL)).json["notification_groups"]) == 1


async def test_strangers_see_no_groups(hub: ClientHub, client: Client) -> None:
    assert (await hub.stranger.get(ALL)).status == 401
    assert (await hub.stranger.get(f"{ALL}/unread_count")).status == 401
    assert (await client.get(f"{ALL}/follow-1")).status == 404


async def test_a_page_counts_all_of_its_groups_and_nothing_that_may_not_be_shown(hub: ClientHub) -> None:
    me, late = await hub.newcomer(), await hub.newcomer()
    client = await hub.client_of(me)
    first, (gone, early) = await liked(hub, me, 2)
    second, _ = await liked(hub, me, 1)
    async with hub.db.transaction():
        await react.like(hub.node, hub.db, late.actor, first.id)
    await hub.db.execute("UPDATE actors SET suspended_at = now() WHERE id = $1", int(gone))
    group, *more = (await client.get(ALL, limit=1)).json["notification_groups"]
    assert (group["status_id"], group["notifications_count"], more) == (str(first.id), 2, [])
    assert group["sample_account_ids"] == [str(late.actor.id), early]
    both = (await client.get(ALL, limit=2)).json["notification_groups"]
    assert [one["status_id"] for one in both] == [str(first.id), str(second.id)]
    await hub.db.execute("UPDATE actors SET suspended_at = now() WHERE id = $1", late.actor.id)
    both = (await client.get(ALL, limit=2)).json["notification_groups"]
    assert [(one["status_id"], one["notifications_count"]) for one in both] == [(str(second.id), 1), (str(first.id), 1)]
