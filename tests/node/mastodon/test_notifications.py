"""Notifications one by one: which there are, under which names, for whom; and the places up to which was read."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from node.actions import follow, react
from node.actions.edit import edit
from node.actions.vote import vote
from node.actions.watching import tell_poll_over
from node.mastodon.entities.notification import render_notifications
from node.mastodon.eyes import Eyes
from node.mastodon.notifications import AskedNotices
from node.store.moderation import reports
from node.store.notices import notices, notifications
from node.store.people import actors
from node.store.posts.reading import Page
from schemas.records import Viewer
from tests.drafts import a_draft
from tests.factories import a_post, a_remote_actor
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

ALL = "/api/v1/notifications"


class Counting:
    """A connection that counts what it is asked."""

    def __init__(self, db: Any) -> None:
        self._db, self.count = db, 0

    def __getattr__(self, name: str) -> Any:
        self.count += name in ("fetch", "fetchrow", "fetchval", "execute")
        return getattr(self._db, name)


async def likes(hub: ClientHub, of: Viewer, count: int) -> list[int]:
    """So many members like one post each; the posts' ids, oldest first."""
    made = []
    for _ in range(count):
        post = await hub.publish(of)
        other = await hub.newcomer()
        async with hub.db.transaction():
            await react.like(hub.node, hub.db, other.actor, post.id)
        made.append(post.id)
    return made


async def test_what_happened_comes_under_mastodons_names(hub: ClientHub) -> None:
    me, other = await hub.newcomer(), await hub.newcomer()
    client = await hub.client_of(me)
    post = await hub.publish(me)
    async with hub.db.transaction():
        await react.like(hub.node, hub.db, other.actor, post.id)
        await react.boost(hub.node, hub.db, other.actor, post.id)
        await follow.follow(hub.node, hub.db, other.actor, me.actor)
    named = await hub.publish(other, f"Thanks, @{me.actor.name}!")
    found = (await client.get(ALL)).json
    assert [one["type"] for one in found] == ["mention", "follow", "reblog", "favourite"]
    assert {one["account"]["id"] for one in found} == {str(other.actor.id)}
    assert [one.get("status", {}).get("id") for one in found] == [str(named.id), None, str(post.id), str(post.id)]
    assert all(one["created_at"].endswith("Z") and one["group_key"] for one in found)
    assert (await client.get(f"{ALL}/{found[0]['id']}")).json == found[0]


async def test_types_can_be_asked_for_and_left_out(hub: ClientHub) -> None:
    me, other = await hub.newcomer(), await hub.newcomer()
    client = await hub.client_of(me)
    post = await hub.publish(me)
    async with hub.db.transaction():
        await react.like(hub.node, hub.db, other.actor, post.id)
        await follow.follow(hub.node, hub.db, other.actor, me.actor)

    async def types(**asked: object) -> list[str]:
        return [one["type"] for one in (await client.get(ALL, **asked)).json]

    assert await types(**{"types[]": ["follow", "nonsense"]}) == ["follow"]
    assert await types(**{"types[]": "nonsense"}) == []
    assert await types(**{"exclude_types[]": "follow"}) == ["favourite"]
    assert await types(account_id=other.actor.id) == ["follow", "favourite"]
    assert await types(account_id=me.actor.id) == []
    assert (await client.get(ALL, account_id="x")).status == 404


async def test_what_only_we_know_goes_to_clients_that_can_show_the_unknown(hub: ClientHub) -> None:
    me, other = await hub.newcomer(), await hub.newcomer()
    client = await hub.client_of(me)
    event = await hub.publish(me, kind="event")
    await notifications.tell_actor(hub.db, me.actor.id, "rsvp", from_id=other.actor.id, post_id=event.id)
    assert (await client.get(ALL)).json == []
    shown = (await client.get(ALL, **{"supported_types[]": ["mention"]})).json
    assert [one["type"] for one in shown] == ["allmende.rsvp"]
    assert "about coming" in shown[0]["fallback"]["title"]
    await notifications.tell_actor(hub.db, other.actor.id, "rsvp", from_id=me.actor.id, post_id=event.id)
    told = (await (await hub.client_of(other)).get(ALL)).json
    assert [(one["type"], one["status"]["id"]) for one in told] == [("update", str(event.id))]


async def test_pages_link_to_each_other_at_both_ends(hub: ClientHub) -> None:
    me = await hub.newcomer()
    client = await hub.client_of(me)
    made = [str(one) for one in await likes(hub, me, 5)]
    first = await client.get(ALL, limit=2)
    second = await client.get(first.links["next"])
    last = await client.get(second.links["next"])
    seen = [one["status"]["id"] for page in (first, second, last) for one in page.json]
    assert seen == made[::-1] and "next" not in last.links
    above = await client.get(last.links["prev"] + "&limit=2")
    assert [one["status"]["id"] for one in above.json] == [made[2], made[1]]
    assert (await client.get(first.links["prev"])).json == []


async def test_one_is_dismissed_and_then_all(hub: ClientHub) -> None:
    me = await hub.newcomer()
    client, other = await hub.client_of(me), await hub.client_of(await hub.newcomer())
    await likes(hub, me, 3)
    ids = [one["id"] for one in (await client.get(ALL)).json]
    assert (await other.post(f"{ALL}/{ids[0]}/dismiss")).status == 404
    assert (await other.get(f"{ALL}/{ids[0]}")).status == 404
    assert (await client.post(f"{ALL}/{ids[0]}/dismiss")).json == {}
    assert (await client.post(f"{ALL}/dismiss", data={"id": ids[1]})).json == {}
    assert [one["id"] for one in (await client.get(ALL)).json] == ids[2:]
    assert (await client.post(f"{ALL}/clear")).json == {}
    assert (await client.get(ALL)).json == []


async def test_unread_are_those_since_the_marker(hub: ClientHub) -> None:
    me = await hub.newcomer()
    client = await hub.client_of(me)
    await likes(hub, me, 3)
    newest, middle, _ = [one["id"] for one in (await client.get(ALL)).json]
    assert (await client.get(f"{ALL}/unread_count")).json == {"count": 3}
    assert (await client.get(f"{ALL}/unread_count", limit=2)).json == {"count": 2}
    assert (await client.get("/api/v1/markers", **{"timeline[]": ["home", "notifications"]})).json == {}
    kept = (await client.post("/api/v1/markers", data={"notifications[last_read_id]": middle})).json
    assert kept["notifications"]["last_read_id"] == middle and kept["notifications"]["version"] == 1
    assert (await client.get(f"{ALL}/unread_count")).json == {"count": 1}
    assert await notifications.count_unseen(hub.db, me.account.id) == 1
    again = (await client.post("/api/v1/markers", json={"notifications": {"last_read_id": newest}})).json
    assert again["notifications"]["version"] == 2
    got = (await client.get("/api/v1/markers", **{"timeline[]": ["home", "notifications"]})).json
    assert got == again
    assert (await client.post("/api/v1/markers", data={"home[last_read_id]": "far"})).status == 422


async def test_who_is_muted_or_blocked_tells_nothing(hub: ClientHub) -> None:
    me, other = await hub.newcomer(), await hub.newcomer()
    client = await hub.client_of(me)
    post = await hub.publish(me)
    async with hub.db.transaction():
        await react.like(hub.node, hub.db, other.actor, post.id)
    assert len((await client.get(ALL)).json) == 1
    await hub.db.execute("INSERT INTO mutes (actor_id, muted_id) VALUES ($1, $2)", me.actor.id, other.actor.id)
    assert (await client.get(ALL)).json == []
    async with hub.db.transaction():
        await react.boost(hub.node, hub.db, other.actor, post.id)
    await hub.db.execute("DELETE FROM mutes WHERE actor_id = $1", me.actor.id)
    assert [one["type"] for one in (await client.get(ALL)).json] == ["favourite"]


async def test_a_muted_thread_tells_nothing_more(hub: ClientHub) -> None:
    me, other = await hub.newcomer(), await hub.newcomer()
    client = await hub.client_of(me)
    post = await hub.publish(me)
    await hub.db.execute("INSERT INTO muted_threads (actor_id, context) VALUES ($1, $2)", me.actor.id, post.context)
    async with hub.db.transaction():
        await react.like(hub.node, hub.db, other.actor, post.id)
    assert (await client.get(ALL)).json == []


async def test_what_one_may_no_longer_see_is_not_shown(hub: ClientHub) -> None:
    me, other = await hub.newcomer(), await hub.newcomer()
    client = await hub.client_of(me)
    post = await a_post(hub.db, other.actor, audience="followers")
    await notifications.tell_actor(hub.db, me.actor.id, "mention", from_id=other.actor.id, post_id=post.id)
    assert (await client.get(ALL)).json == []


async def test_a_follow_that_asks_is_a_request_until_it_is_answered(hub: ClientHub) -> None:
    me, other = await hub.newcomer(), await hub.newcomer()
    client = await hub.client_of(me)
    locked = msgspec.structs.replace(me.actor, locked=True)
    async with hub.db.transaction():
        await follow.follow(hub.node, hub.db, other.actor, locked)
    assert [one["type"] for one in (await client.get(ALL)).json] == ["follow_request"]
    await hub.db.execute("UPDATE follows SET state = 'accepted' WHERE follower_id = $1", other.actor.id)
    assert (await client.get(ALL)).json == []


async def test_who_acts_as_the_hub_sees_its_notices_and_others_do_not(hub: ClientHub) -> None:
    editor, other = await hub.newcomer("editor"), await hub.newcomer()
    the_hub = await actors.hub(hub.db)
    own = await hub.client_of(editor)
    as_hub = await hub.client_of(editor, acting_as=the_hub)
    post = await hub.publish(other, "Dear @hub, thank you!")
    assert [one["status"]["id"] for one in (await as_hub.get(ALL, limit=1)).json] == [str(post.id)]
    assert (await own.get(ALL)).json == []


async def test_those_who_asked_for_it_hear_of_each_new_post(hub: ClientHub) -> None:
    me, other = await hub.newcomer(), await hub.newcomer()
    client = await hub.client_of(me)
    async with hub.db.transaction():
        await follow.follow(hub.node, hub.db, me.actor, other.actor)
    await hub.publish(other, "Nobody asked for this one.")
    await hub.db.execute("UPDATE follows SET notify = true WHERE follower_id = $1", me.actor.id)
    post = await hub.publish(other, "This one was asked for.")
    found = [(one["type"], one["status"]["id"]) for one in (await client.get(ALL, **{"types[]": "status"})).json]
    assert found == [("status", str(post.id))]


async def test_without_the_scope_or_a_token_nothing_is_told(hub: ClientHub, client: Client) -> None:
    assert (await hub.stranger.get(ALL)).status == 401
    narrow = await hub.client_of(await hub.newcomer(), "read:statuses")
    for path in (ALL, f"{ALL}/unread_count", f"{ALL}/policy", f"{ALL}/requests", "/api/v2/notifications"):
        assert (await narrow.get(path)).status == 403, path
    assert (await narrow.post(f"{ALL}/clear")).status == 403
    assert (await client.get(f"{ALL}/99999999999")).status == 404
    assert (await client.post(f"{ALL}/99999999999/dismiss")).status == 404
    assert (await client.post(f"{ALL}/dismiss", data={"id": "nothing"})).status == 404


async def test_a_page_takes_as_many_queries_with_twelve_notices_as_with_two(hub: ClientHub) -> None:
    me = await hub.newcomer()
    for number in range(12):
        post, teller = await a_post(hub.db, me.actor, text=f"{number}"), await a_remote_actor(hub.db)
        await notifications.tell_actor(hub.db, me.actor.id, "like", from_id=teller.id, post_id=post.id)
    sought, counted = AskedNotices().sought(), []
    for limit in (2, 12):
        db = Counting(hub.db)
        found = await notices.list_of(db, me, sought, Page(limit=limit))
        eyes = Eyes(node=hub.node, db=db, who=me, language="en")
        assert len(await render_notifications(eyes, found)) == limit
        counted.append(db.count)
    assert counted[0] == counted[1] <= 16


async def test_who_passed_a_post_on_is_told_that_it_changed(hub: ClientHub) -> None:
    me, booster, other = await hub.newcomer(), await hub.newcomer(), await hub.newcomer()
    post = await hub.publish(me, "First words")
    async with hub.db.transaction():
        await react.boost(hub.node, hub.db, booster.actor, post.id)
        await edit(hub.node, hub.db, me, post.id, a_draft("post", text="Second words"))
    [one] = (await (await hub.client_of(booster)).get(ALL)).json
    assert (one["type"], one["status"]["id"]) == ("update", str(post.id))
    assert "Second words" in one["status"]["content"]
    assert (await (await hub.client_of(other)).get(ALL)).json == []


async def test_moderators_are_told_of_reports(hub: ClientHub) -> None:
    moderator, other, reported = await hub.newcomer("moderator"), await hub.newcomer(), await hub.newcomer()
    await reports.insert(
        hub.db, reported.actor.id, reporter_id=other.actor.id, host=None, uri=None, posts=[], content="Rude"
    )
    [one] = (await (await hub.client_of(moderator)).get(ALL)).json
    assert (one["type"], one["report"]["comment"]) == ("admin.report", "Rude")
    assert one["report"]["target_account"]["id"] == str(reported.actor.id)
    assert (await (await hub.client_of(other)).get(ALL)).json == []


async def test_the_end_of_a_poll_is_told_to_who_took_part(hub: ClientHub) -> None:
    me, voter, other = await hub.newcomer(), await hub.newcomer(), await hub.newcomer()
    post = await hub.publish(me, poll={"options": ["Monday", "Friday"], "minutes": 60})
    async with hub.db.transaction():
        await vote(hub.node, hub.db, voter.actor, post.id, [0])
    waiting = "SELECT count(*) FROM jobs WHERE kind = 'tell_poll_over' AND arguments ->> 'post_id' = $1"
    assert await hub.db.fetchval(waiting, str(post.id)) == 1
    await tell_poll_over(hub.node, post.id)
    assert (await (await hub.client_of(voter)).get(ALL)).json == []
    closed = msgspec.json.encode(msgspec.structs.replace(post.poll, closed=True)).decode()
    await hub.db.execute("UPDATE posts SET poll = $2::text::json WHERE id = $1", post.id, closed)
    await tell_poll_over(hub.node, post.id)
    await tell_poll_over(hub.node, post.id)
    for who, count in ((me, 1), (voter, 1), (other, 0)):
        found = (await (await hub.client_of(who)).get(ALL)).json
        assert [one["type"] for one in found] == ["poll"] * count
