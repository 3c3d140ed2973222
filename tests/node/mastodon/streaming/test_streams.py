"""The streams of a process: how many there may be, what they cost, and clients that do not read."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from node.actions import follow
from node.errors import TooMany
from node.mastodon.streaming.channels import channel
from node.mastodon.streaming.dispatch import dispatch
from node.mastodon.streaming.keys import STREAMS
from node.mastodon.streaming.listener import Frame, Listener
from node.mastodon.streaming.streams import Streams
from node.store.access import bearers
from node.store.happenings import Happening
from schemas.limits import STREAMS_PER_ADDRESS, STREAMS_PER_TOKEN
from schemas.records import Viewer
from tests.factories import a_post
from tests.node.mastodon.conftest import ClientHub
from tests.node.mastodon.streaming.listening import PATIENCE, STREAMING

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Counting:
    """A connection that counts what it is asked."""

    def __init__(self, db: Any) -> None:
        self._db, self.count = db, 0

    def __getattr__(self, name: str) -> Any:
        self.count += name in ("fetch", "fetchrow", "fetchval", "execute")
        return getattr(self._db, name)


async def a_listener(hub: ClientHub, who: Viewer, *names: str, address: str = "192.0.2.1") -> Listener:
    """Somebody who listens, with a token of their own."""
    client = await hub.client_of(who)
    bearer = await bearers.find(hub.db, client.token or "")
    assert bearer is not None
    listener = Listener(bearer, who, address)
    for name in names:
        listener.listen(channel(name, "", ""))
    return listener


async def test_a_token_and_an_address_have_so_many_streams_and_no_more(hub: ClientHub) -> None:
    who = await hub.newcomer()
    limited = msgspec.structs.replace(hub.node, settings=msgspec.structs.replace(hub.node.settings, rate_limits=True))
    streams, one = Streams(limited), await a_listener(hub, who)
    async with AsyncExitStack() as stack:
        for number in range(STREAMS_PER_TOKEN):
            listener = await a_listener(hub, who, address=f"192.0.2.{number}")
            listener.token_id = one.token_id
            await stack.enter_async_context(streams.joined(listener))
        with pytest.raises(TooMany):
            await stack.enter_async_context(streams.joined(one))
    async with AsyncExitStack() as stack:
        for number in range(STREAMS_PER_ADDRESS):
            listener = Listener(bearers.Bearer(id=number, app_id=None, scopes=(), viewer=who), who, "192.0.2.1")
            await stack.enter_async_context(streams.joined(listener))
        with pytest.raises(TooMany):
            await stack.enter_async_context(streams.joined(one))
    assert streams.listeners == ()
    async with streams.joined(one):
        assert streams.listeners == (one,)


async def test_ten_posts_cost_as_many_queries_as_two_and_ten_listeners_ask_once(hub: ClientHub) -> None:
    me, other = await hub.newcomer(), await hub.newcomer()
    async with hub.db.transaction():
        await follow.follow(hub.node, hub.db, me.actor, other.actor)
    counted = []
    for posts, listeners in ((2, 1), (10, 1), (10, 10)):
        listening = [await a_listener(hub, me, "user", "public", "direct") for _ in range(listeners)]
        batch = [_new((await a_post(hub.db, other.actor)).id) for _ in range(posts)]
        db = Counting(hub.db)
        await dispatch(hub.node, db, listening, batch)
        counted.append(db.count)
        for listener in listening:
            heard = [await listener.next() for _ in range(2 * posts)]
            assert [one.event for one in heard] == ["update"] * len(heard)
    assert counted[0] == counted[1] == counted[2] <= 32


async def test_a_reader_that_cannot_be_served_keeps_nothing_from_the_others(hub: ClientHub) -> None:
    broken, other = await hub.newcomer(), await hub.newcomer()
    bad, good = await a_listener(hub, broken, "public"), await a_listener(hub, other, "public")
    sql = "INSERT INTO filters (actor_id, title, contexts, action) VALUES ($1, 'x', '{nowhere}', 'hide')"
    await hub.db.execute(sql, broken.actor.id)
    first, second = await a_post(hub.db, other.actor), await a_post(hub.db, other.actor)
    await dispatch(hub.node, hub.db, [bad, good], [_new(first.id)])
    await hub.db.execute("DELETE FROM filters WHERE actor_id = $1", broken.actor.id)
    await dispatch(hub.node, hub.db, [bad, good], [_new(second.id)])
    for listener, seen in ((bad, [second]), (good, [first, second])):
        heard = [msgspec.json.decode((await listener.next()).payload or "")["id"] for _ in seen]
        assert heard == [str(post.id) for post in seen]


async def test_a_client_that_never_reads_is_cut_off(hub: ClientHub) -> None:
    client = await hub.client_of(await hub.newcomer())
    there = urlsplit(hub.base)
    reader, writer = await asyncio.open_connection(there.hostname, there.port, limit=1024)
    head = f"GET {STREAMING}?stream=user&access_token={client.token} HTTP/1.1\r\nHost: {there.netloc}\r\n"
    upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    writer.write(f"{head}{upgrade}Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode())
    assert b"101" in await asyncio.wait_for(reader.readline(), PATIENCE)
    bearer = await bearers.find(hub.db, client.token or "")
    victim = next(one for one in hub.app[STREAMS].listeners if bearer and one.token_id == bearer.id)
    frame = Frame(channel=channel("user", "", ""), event="update", payload="x" * 100_000)
    async with asyncio.timeout(PATIENCE):
        while victim.end is None:
            victim.put(frame)
            await asyncio.sleep(0)
        assert victim.end == "slow"
        while victim in hub.app[STREAMS].listeners:  # noqa: ASYNC110 - its handler ends by itself
            await asyncio.sleep(0.01)
        with pytest.raises(ConnectionError):
            while await reader.read(65_536):
                pass
            raise ConnectionError("closed without a reset")
    writer.close()


def _new(post_id: int) -> Happening:
    return Happening(id=post_id, transaction=1, kind="post.new", subject_id=post_id, detail={}, at=datetime.now(UTC))
