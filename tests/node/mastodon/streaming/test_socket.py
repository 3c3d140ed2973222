"""The WebSocket: what comes on which stream, for whom, and when it ends."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from node.actions import announce, follow, react
from node.actions.edit import edit
from node.actions.withdraw import delete
from node.mastodon.streaming.keys import STREAMS
from node.mastodon.streaming.listener import Frame
from node.store.notices import notifications
from node.store.people import actors
from node.store.posts import posts
from schemas.limits import STREAM_QUEUE
from schemas.records import Post, Viewer
from tests.drafts import a_draft
from tests.factories import a_post, a_remote_actor
from tests.node.mastodon.conftest import ClientHub
from tests.node.mastodon.streaming.listening import PATIENCE, STREAMING, listening

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def friends(hub: ClientHub) -> tuple[Viewer, Viewer]:
    """Two new members, the first of whom follows the second."""
    one, other = await hub.newcomer(), await hub.newcomer()
    async with hub.db.transaction():
        await follow.follow(hub.node, hub.db, one.actor, other.actor)
    return one, other


async def publish(hub: ClientHub, who: Viewer, text: str = "Hello", **more: object) -> Post:
    post = await hub.publish(who, text, **more)
    hub.node.wake()
    return post


async def test_home_brings_new_posts_edits_boosts_and_deletions(hub: ClientHub) -> None:
    me, other = await friends(hub)
    third = await hub.newcomer()
    async with listening(await hub.client_of(me), "user") as ear:
        await publish(hub, third, "Nobody follows me.")
        post = await publish(hub, other, "First words")
        [(stream, event, status)] = await ear.heard()
        assert (stream, event, status["id"]) == ("user", "update", str(post.id))
        assert "First words" in status["content"] and status["account"]["id"] == str(other.actor.id)
        async with hub.db.transaction():
            await edit(hub.node, hub.db, other, post.id, a_draft("post", text="Second words"))
        hub.node.wake()
        [(_, event, status)] = await ear.heard()
        assert (event, status["id"]) == ("status.update", str(post.id)) and "Second words" in status["content"]
        passed = await a_post(hub.db, third.actor, text="Read by chance")
        async with hub.db.transaction():
            boost = await react.boost(hub.node, hub.db, other.actor, passed.id)
        hub.node.wake()
        [(_, event, status)] = await ear.heard()
        assert (event, status["id"], status["reblog"]["id"]) == ("update", str(boost.id), str(passed.id))
        async with hub.db.transaction():
            await delete(hub.node, hub.db, other, post.id)
        hub.node.wake()
        assert await ear.heard() == [("user", "delete", str(post.id))]


async def test_messages_to_few_and_to_followers_come_to_these_only(hub: ClientHub) -> None:
    me, other = await friends(hub)
    third = await hub.newcomer()
    async with (
        listening(await hub.client_of(me), "user", "direct") as mine,
        listening(await hub.client_of(third), "user", "direct", "public", "public:local") as theirs,
    ):
        close = await publish(hub, other, "For those who follow me", audience="followers")
        private = await publish(hub, other, f"For you, @{me.actor.name}", audience="direct")
        heard = await mine.heard(4)
        assert [(event, status["id"]) for _, event, status in heard[:2]] == [
            ("update", str(close.id)),
            ("update", str(private.id)),
        ]
        assert [(stream, event) for stream, event, _ in heard[2:]] == [
            ("direct", "conversation"),
            ("user", "notification"),
        ]
        for post in (private, close):
            async with hub.db.transaction():
                await delete(hub.node, hub.db, other, post.id)
        hub.node.wake()
        gone = await mine.heard(4)
        assert {(event, what) for _, event, what in gone} == {("delete", str(private.id)), ("delete", str(close.id))}
        open_post = await publish(hub, other, "For everybody")
        heard = await theirs.heard(2)
        assert {(stream, status["id"]) for stream, _, status in heard} == {
            ("public", str(open_post.id)),
            ("public:local", str(open_post.id)),
        }


async def test_public_streams_tags_and_lists_bring_what_stands_in_their_timelines(hub: ClientHub) -> None:
    me, other = await friends(hub)
    client, third = await hub.client_of(me), await hub.newcomer()
    made = await hub.db.fetchval("INSERT INTO lists (actor_id, title) VALUES ($1, 'Close') RETURNING id", me.actor.id)
    await hub.db.execute("INSERT INTO list_members (list_id, member_id) VALUES ($1, $2)", made, other.actor.id)
    remote = await a_remote_actor(hub.db)
    streams = ("public", "public:local", "public:remote", "public:media", "hashtag Bees", f"list {made}")
    async with listening(client, *streams) as ear:
        listed = await publish(hub, other, "Only in lists and in public")
        tagged = await publish(hub, third, "About #bees")
        far = await a_post(hub.db, remote, text="From afar", local=False)
        hub.node.wake()
        heard = [(stream, status["id"]) for stream, _, status in await ear.heard(8)]
    assert sorted(heard) == sorted(
        [
            ("public", str(listed.id)),
            ("public:local", str(listed.id)),
            (f"list:{made}", str(listed.id)),
            ("public", str(tagged.id)),
            ("public:local", str(tagged.id)),
            ("hashtag:Bees", str(tagged.id)),
            ("public", str(far.id)),
            ("public:remote", str(far.id)),
        ]
    )


async def test_notices_come_with_home_and_alone(hub: ClientHub) -> None:
    me, other = await hub.newcomer(), await hub.newcomer()
    post = await hub.publish(me)
    narrow = await hub.client_of(me, "read:statuses")
    async with (
        listening(await hub.client_of(me), "user", "user:notification") as ear,
        listening(narrow, "user") as deaf,
    ):
        async with hub.db.transaction():
            await react.like(hub.node, hub.db, other.actor, post.id)
        hub.node.wake()
        heard = await ear.until("notification", 2)
        assert {stream for stream, _ in heard} == {"user", "user:notification"}
        for _, notice in heard:
            assert (notice["type"], notice["status"]["id"]) == ("favourite", str(post.id))
        own, heard_by_narrow = await publish(hub, me), []
        while not heard_by_narrow or heard_by_narrow[-1][2].get("id") != str(own.id):
            heard_by_narrow += await deaf.heard()
        assert {event for _, event, _ in heard_by_narrow} == {"update"}
        await deaf.say("subscribe", "user:notification")
        assert await deaf.message() == {"error": "Access token does not have the required scopes", "status": 401}


async def test_whoever_acts_as_the_hub_hears_what_the_hub_hears(hub: ClientHub) -> None:
    editor, other = await hub.newcomer("editor"), await hub.newcomer()
    client = await hub.client_of(editor, acting_as=await actors.hub(hub.db))
    async with listening(client, "user:notification") as ear:
        post = await publish(hub, other, "Thank you, @hub")
        [(_, event, notice)] = await ear.heard()
        assert (event, notice["type"], notice["status"]["id"]) == ("notification", "mention", str(post.id))


async def test_muted_and_blocked_people_are_not_heard(hub: ClientHub) -> None:
    me, other = await friends(hub)
    third = await hub.newcomer()
    async with listening(await hub.client_of(me), "user", "public") as ear:
        await hub.db.execute("INSERT INTO mutes (actor_id, muted_id) VALUES ($1, $2)", me.actor.id, other.actor.id)
        await publish(hub, other, "Not for you")
        post = await publish(hub, third, "For you")
        assert [(stream, status["id"]) for stream, _, status in await ear.heard()] == [("public", str(post.id))]


async def test_filters_hide_in_streams_and_tell_when_they_change(hub: ClientHub) -> None:
    me, other = await friends(hub)
    client = await hub.client_of(me)
    async with listening(client, "user") as ear:
        made = {"title": "Sport", "context": ["home"], "filter_action": "hide"}
        words = [{"keyword": "football", "whole_word": True}]
        assert (await client.post("/api/v2/filters", json=made | {"keywords_attributes": words})).status == 200
        assert await ear.until("filters_changed") == [("user", None)]
        await publish(hub, other, "Football tonight")
        post = await publish(hub, other, "Reading tonight")
        assert [status["id"] for _, status in await ear.until("update")] == [str(post.id)]


async def test_what_is_learnt_of_late_is_no_news(hub: ClientHub) -> None:
    me, other = await friends(hub)
    old = await hub.publish(other)
    async with listening(await hub.client_of(me), "user") as ear:
        await hub.db.execute("UPDATE posts SET published_at = now() - interval '1 day' WHERE id = $1", old.id)
        await hub.db.execute("INSERT INTO happenings (kind, subject_id) VALUES ('post.new', $1)", old.id)
        new = await publish(hub, other)
        assert [status["id"] for _, _, status in await ear.heard()] == [str(new.id)]


async def test_subscriptions_are_taken_back_and_nonsense_is_answered(hub: ClientHub) -> None:
    me, other = await friends(hub)
    someone = await hub.newcomer()
    theirs = await hub.db.fetchval(
        "INSERT INTO lists (actor_id, title) VALUES ($1, 'Mine') RETURNING id", someone.actor.id
    )
    async with listening(await hub.client_of(me), "user", "public") as ear:
        for sent, status in (
            ({"stream": "hashtag"}, 400),
            ({"stream": "list"}, 400),
            ({"stream": "list", "list": str(theirs)}, 404),
            ({"stream": "user", "type": "dance"}, 400),
        ):
            await ear.socket.send_json({"type": "subscribe"} | sent)
            assert (await ear.message())["status"] == status, sent
        await ear.socket.send_str("{")
        assert (await ear.message())["status"] == 400
        await ear.say("unsubscribe", "user")
        post = await publish(hub, other)
        assert [(stream, status["id"]) for stream, _, status in await ear.heard()] == [("public", str(post.id))]


async def test_the_token_may_be_a_parameter_or_a_sub_protocol_which_comes_back(hub: ClientHub) -> None:
    me, other = await friends(hub)
    client = await hub.client_of(me)
    address, token = client.base + STREAMING, client.token or ""
    async with (
        client.session.ws_connect(f"{address}?stream=user&access_token={token}") as one,
        client.session.ws_connect(f"{address}?stream=user", protocols=(token,)) as two,
    ):
        assert two.protocol == token
        post = await publish(hub, other)
        for socket in (one, two):
            assert str(post.id) in await asyncio.wait_for(socket.receive_str(), PATIENCE)


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 401), ("?access_token=wrong", 401), ("?stream=nonsense&access_token={}", 400), ("?access_token={}", 400)],
)
async def test_who_may_not_listen_is_told_before_the_handshake(hub: ClientHub, query: str, status: int) -> None:
    client = await hub.client_of(await hub.newcomer())
    answer = await hub.stranger.get(STREAMING + query.format(client.token))
    assert answer.status == status and "error" in answer.json
    if status == 401:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await hub.session.ws_connect(client.base + STREAMING + query)


async def test_case_110_an_open_stream_ends_when_its_token_is_revoked(hub: ClientHub) -> None:
    me = await hub.newcomer()
    revoked, stays = await hub.client_of(me), await hub.client_of(me)
    async with listening(revoked, "user") as ear, listening(stays, "user") as other:
        newest = "SELECT max(id) - 1 FROM tokens WHERE account_id = $1"
        await hub.db.execute(f"UPDATE tokens SET revoked_at = now() WHERE id = ({newest})", me.account.id)
        async with asyncio.timeout(5):
            assert await ear.end() == aiohttp.WSCloseCode.POLICY_VIOLATION
        post = await publish(hub, me)
        assert (await other.heard())[0][2]["id"] == str(post.id)


@pytest.mark.parametrize("what", ["account", "actor", "right"])
async def test_an_open_stream_ends_with_its_account_or_right(hub: ClientHub, what: str) -> None:
    editor = await hub.newcomer("editor")
    client = await hub.client_of(editor, acting_as=await actors.hub(hub.db))
    statement, subject = {
        "account": ("UPDATE accounts SET disabled_at = now() WHERE id = $1", editor.account.id),
        "actor": ("UPDATE actors SET suspended_at = now() WHERE id = $1", editor.actor.id),
        "right": ("DELETE FROM mandates WHERE account_id = $1", editor.account.id),
    }[what]
    async with listening(client, "user") as ear:
        await hub.db.execute(statement, subject)
        async with asyncio.timeout(5):
            assert await ear.end() == aiohttp.WSCloseCode.POLICY_VIOLATION


async def test_who_takes_frames_too_slowly_is_cut_off_and_others_go_on(hub: ClientHub) -> None:
    me, other = await friends(hub)
    quick = await hub.client_of(me)
    streams = hub.app[STREAMS]
    async with listening(quick, "user") as ear, listening(await hub.client_of(me), "user") as slow:
        victim = next(one for one in streams.listeners if one.token_id == max(x.token_id for x in streams.listeners))
        for _ in range(STREAM_QUEUE + 1):
            victim.put(Frame(channel=next(iter(victim.channels)), event="delete", payload="1"))
        assert victim.end == "slow"
        await slow.end()
        post = await publish(hub, other)
        assert (await ear.heard())[0][2]["id"] == str(post.id)
        assert victim not in streams.listeners


async def test_messages_that_are_too_big_binary_or_too_many_end_the_stream(hub: ClientHub) -> None:
    client = await hub.client_of(await hub.newcomer())
    async with listening(client) as ear:
        await ear.socket.send_str("x" * 5000)
        assert await ear.end() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
    async with listening(client) as ear:
        await ear.socket.send_bytes(b"x")
        assert await ear.end() == aiohttp.WSCloseCode.POLICY_VIOLATION
    async with listening(client) as ear:
        for _ in range(100):
            await ear.say("unsubscribe", "user")
        assert await ear.end() == aiohttp.WSCloseCode.POLICY_VIOLATION


async def test_a_token_in_the_address_is_in_no_log(hub: ClientHub, capsys: pytest.CaptureFixture[str]) -> None:
    client = await hub.client_of(await hub.newcomer())
    async with client.session.ws_connect(f"{client.base}{STREAMING}?access_token={client.token}"):
        pass
    await hub.stranger.get(f"{STREAMING}?access_token={client.token}")
    written = capsys.readouterr()
    assert STREAMING in written.out + written.err
    assert client.token and client.token not in written.out + written.err


async def test_a_post_that_is_gone_again_is_only_deleted(hub: ClientHub) -> None:
    me, other = await friends(hub)
    async with listening(await hub.client_of(me), "user") as ear:
        async with hub.db.transaction():
            post = await a_post(hub.db, other.actor)
            await posts.tombstone(hub.db, post.id)
        hub.node.wake()
        assert await ear.heard() == [("user", "delete", str(post.id))]


async def test_what_the_hub_announces_comes_to_every_member(hub: ClientHub) -> None:
    me = await hub.newcomer()
    async with listening(await hub.client_of(me), "user", "public") as ear:
        async with hub.db.transaction():
            number = await announce.announce(hub.db, hub.urls, {"en": "We move on Friday."})
        hub.node.wake()
        [(stream, told)] = await ear.until("announcement")
        assert (stream, told["id"]) == ("user", str(number)) and "on Friday" in told["content"]
        async with hub.db.transaction():
            await announce.react(hub.db, me, number, "🐝")
        hub.node.wake()
        reacted = {"name": "🐝", "count": 1, "announcement_id": str(number)}
        assert await ear.until("announcement.reaction") == [("user", reacted)]
        async with hub.db.transaction():
            await announce.withdraw_announcement(hub.db, number)
        hub.node.wake()
        assert await ear.until("announcement.delete") == [("user", str(number))]


async def test_accepting_a_request_tells_that_notices_were_merged(hub: ClientHub) -> None:
    me, stranger = await hub.newcomer(), await a_remote_actor(hub.db)
    client = await hub.client_of(me)
    post = await a_post(hub.db, stranger, audience="direct", mention_ids=[me.actor.id], local=False)
    await notifications.tell_actor(hub.db, me.actor.id, "mention", from_id=stranger.id, post_id=post.id)
    async with listening(client, "user:notification") as ear:
        assert (await client.post(f"/api/v1/notifications/requests/{stranger.id}/accept")).status == 200
        assert await ear.until("notifications_merged") == [("user:notification", "1")]
