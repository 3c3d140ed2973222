"""Server-sent events: one stream a connection."""

from __future__ import annotations

import asyncio

import aiohttp
import msgspec
import pytest

from node.actions import follow, react
from node.mastodon.streaming.keys import STREAMS
from schemas.things import Attachment
from tests.factories import a_post
from tests.node.mastodon.conftest import ClientHub
from tests.node.mastodon.streaming.listening import PATIENCE, STREAMING, reading_events

CUT = (StopAsyncIteration, ConnectionError, aiohttp.ClientError)
"""How the end of a stream looks from outside: there is no farewell."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_happens_comes_as_events(hub: ClientHub) -> None:
    me, other = await hub.newcomer(), await hub.newcomer()
    async with hub.db.transaction():
        await follow.follow(hub.node, hub.db, me.actor, other.actor)
    mine = await a_post(hub.db, me.actor, audience="unlisted")
    client = await hub.client_of(me)
    async with (
        reading_events(client, "user") as home,
        reading_events(client, "user/notification") as notices,
        reading_events(client, "hashtag", tag="honey") as tagged,
        reading_events(client, "public", only_media="true") as pictures,
    ):
        post = await hub.publish(other, "Sweet #honey")
        async with hub.db.transaction():
            await react.like(hub.node, hub.db, other.actor, mine.id)
        hub.node.wake()
        seen = {}
        while not {"update", "notification"} <= set(seen):
            event, data = await anext(home)
            seen[event] = data
        event, data = await anext(notices)
        assert (event, msgspec.json.decode(data)["type"]) == ("notification", "favourite")
        event, data = await anext(tagged)
        assert (event, msgspec.json.decode(data)["id"]) == ("update", str(post.id))
        picture = Attachment(url="https://media.example/1.png", media_type="image/png")
        shown = await a_post(hub.db, other.actor, attachments=[picture])
        hub.node.wake()
        event, data = await anext(pictures)
        assert (event, msgspec.json.decode(data)["id"]) == ("update", str(shown.id))


async def test_a_stream_without_a_right_to_it_is_refused_in_json(hub: ClientHub) -> None:
    client = await hub.client_of(await hub.newcomer(), "read:statuses")
    for path, status in (
        ("user/notification", 401),
        ("hashtag", 400),
        ("list", 400),
        ("list?list=1", 404),
        ("hashtag/local?tag=", 400),
    ):
        answer = await client.get(f"{STREAMING}/{path}")
        assert answer.status == status and answer.json["error"], path
    for path in ("user", "public", "public/local", "public/remote", "direct"):
        assert (await hub.stranger.get(f"{STREAMING}/{path}")).status == 401
    assert (await hub.stranger.get("/api/v1/streaming/user", access_token="wrong")).status == 401
    assert (await client.get(f"{STREAMING}/nonsense")).status == 404


async def test_case_110_it_ends_when_its_token_is_revoked_and_when_the_node_stops(hub: ClientHub) -> None:
    me = await hub.newcomer()
    client, stays = await hub.client_of(me), await hub.client_of(me)
    async with reading_events(client, "user") as events, reading_events(stays, "direct") as other:
        first = "SELECT min(id) FROM tokens WHERE account_id = $1"
        await hub.db.execute(f"UPDATE tokens SET revoked_at = now() WHERE id = ({first})", me.account.id)
        async with asyncio.timeout(5):
            with pytest.raises(CUT):
                await anext(events)
        hub.app[STREAMS].close()
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(CUT):
                await anext(other)


async def test_the_stream_says_that_it_is_well(hub: ClientHub) -> None:
    answer = await hub.stranger.get("/api/v1/streaming/health")
    assert (answer.status, answer.text) == (200, "OK")
