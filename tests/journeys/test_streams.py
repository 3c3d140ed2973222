"""Two nodes and their members' apps: what one posts, another hears at once on the other node, and nobody else does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec

from node.actions import accounts as logins
from node.actions import follow
from node.actions.accounts import NewAccount
from node.remote import learn_actor
from node.store.access import tokens
from node.store.members import accounts
from node.store.people import actors
from tests.journeys.conftest import PATIENCE, Hub, eventually

MakeHub = Callable[..., Awaitable[Hub]]
SCOPES = ("read", "write", "follow")


class App:
    """A member's app."""

    def __init__(self, hub: Hub, session: aiohttp.ClientSession, token: str) -> None:
        self.hub, self.session, self.token = hub, session, token

    async def do(self, method: str, path: str, **sent: Any) -> Any:
        """One call that succeeds."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.session.request(method, self.hub.base_url + path, headers=headers, json=sent) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def post(self, status: str, **more: Any) -> Any:
        """A new status."""
        return await self.do("POST", "/api/v1/statuses", status=status, **more)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Callable[[], Awaitable[tuple[str, Any]]]]:
        """What comes home, one event after the other."""
        address = f"{self.hub.base_url}/api/v1/streaming?stream=user"
        async with self.session.ws_connect(address, protocols=(self.token,)) as socket:

            async def heard() -> tuple[str, Any]:
                frame = msgspec.json.decode(await asyncio.wait_for(socket.receive_str(), PATIENCE))
                payload = frame["payload"]
                return frame["event"], msgspec.json.decode(payload) if payload[0] == "{" else payload

            yield heard


async def app_of(hub: Hub, session: aiohttp.ClientSession, name: str) -> App:
    """The app of a member, who is made if there is none of that name."""
    async with hub.node() as node, node.database.pool.acquire() as db:
        actor = await actors.find_local(db, name)
        if actor is None:
            new = NewAccount(name=name, email=f"{name}@hub.example", password="a long enough phrase")
            async with db.transaction():
                await logins.create(db, node.urls, new, await logins.prepare(new))
            actor = await actors.find_local(db, name)
        assert actor is not None
        account = await accounts.find_by_actor(db, actor.id)
        assert account is not None
        return App(hub, session, await tokens.insert(db, account.id, SCOPES))


async def follows(one: Hub, name: str, other: Hub, followed: str) -> None:
    """A member of one hub follows one of the other, and both know."""
    async with one.node() as node:
        target = await learn_actor(node, f"{other.base_url}/actors/{followed}")
        assert target is not None
        async with node.database.pool.acquire() as db, db.transaction():
            follower = await actors.find_local(db, name)
            assert follower is not None
            await follow.follow(node, db, follower, target)
        node.wake()

    async def accepted() -> bool:
        async with one.node() as node, node.database.pool.acquire() as db:
            return bool(await db.fetchval("SELECT bool_and(state = 'accepted') FROM follows"))

    await eventually(accepted, f"{name} follows {followed}")


async def test_what_one_posts_another_hears_at_once_on_the_other_node(hubs: MakeHub) -> None:
    bern, lyon = await hubs("Bern", "127.0.0.2"), await hubs("Lyon", "127.0.0.3", workers=2)
    async with aiohttp.ClientSession() as session:
        writer, friend = await app_of(bern, session, "ada"), await app_of(bern, session, "carl")
        reader, stranger = await app_of(lyon, session, "ada"), await app_of(lyon, session, "bea")
        await follows(lyon, "ada", bern, "ada")
        await follows(lyon, "bea", bern, "carl")
        async with reader.listening() as heard, reader.listening() as again, stranger.listening() as beside:
            post = await writer.post("The first bench stands.")
            event, status = await heard()
            assert (event, status["uri"]) == ("update", post["uri"]) and "first bench" in status["content"]
            assert (await again())[1]["id"] == status["id"]
            await writer.do("PUT", f"/api/v1/statuses/{post['id']}", status="The first two benches stand.")
            event, edited = await heard()
            assert (event, edited["id"]) == ("status.update", status["id"]) and "two benches" in edited["content"]
            close = await writer.post("For those who follow me.", visibility="private")
            event, seen = await heard()
            assert (event, seen["uri"], seen["visibility"]) == ("update", close["uri"], "private")
            passed = await friend.post("Carl was here.")
            await writer.do("POST", f"/api/v1/statuses/{passed['id']}/reblog")
            event, boost = await heard()
            assert (event, boost["reblog"]["uri"]) == ("update", passed["uri"])
            await writer.do("DELETE", f"/api/v1/statuses/{post['id']}")
            assert await heard() == ("delete", status["id"])
            only = await writer.post(f"@ada@127.0.0.3:{lyon.port} Between us.", visibility="direct")
            events = dict([await heard(), await heard()])
            assert events["update"]["uri"] == events["notification"]["status"]["uri"] == only["uri"]
            first, gone = await beside(), await beside()
            assert (first[0], first[1]["uri"]) == ("update", passed["uri"])
            assert gone == ("delete", status["id"])
            last = await friend.post("Carl leaves.")
            event, seen = await beside()
            assert (event, seen["uri"]) == ("update", last["uri"])
            async with asyncio.timeout(PATIENCE):
                assert await lyon.stop() == 0  # open streams do not hold it up
