"""One real node in its own process, two other servers on loopback, one of them evil, and the eyes of a stranger."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import msgspec
import pytest_asyncio

from node.actions import follow, publish
from node.node import Node
from node.remote import learn_actor
from node.store.db import Db
from node.store.members import accounts
from node.store.people import actors
from node.store.posts import posts
from schemas.records import Actor, Post, Viewer
from tests.conftest import database_of
from tests.databases import Databases
from tests.drafts import a_draft
from tests.journeys.conftest import Hub, eventually, open_folder
from tests.peer import AS2, Answer, Peer, hostile_peer
from tests.ports import free_port

PUBLIC = f"{AS2}#Public"
_numbers = itertools.count(1)


class Outcome(msgspec.Struct, frozen=True):
    """What became of an activity: the status of the answer, and how the node's work on it ended; "" where it was not
    even kept."""

    status: int
    state: str = ""
    reason: str | None = None


class World:
    """The hub with its steward `ada`, who follows the actors of both other servers; `db` is the hub's own database."""

    def __init__(self, hub: Hub, node: Node, db: Db, evil: Peer, good: Peer) -> None:
        self.hub, self.node, self.db, self.evil, self.good = hub, node, db, evil, good

    @property
    def inbox(self) -> str:
        """The hub's shared inbox."""
        return f"{self.hub.base_url}/inbox"

    @property
    def ada(self) -> str:
        """The steward's id."""
        return f"{self.hub.base_url}/actors/ada"

    # Other servers

    def actor(self, peer: Peer, **fields: Any) -> dict[str, Any]:
        """One more actor on a server, under its id; it signs with the server's one key under its own key id."""
        name = fields.pop("preferredUsername", f"one{next(_numbers)}")
        uri = peer.url(f"/users/{name}")
        key = {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": peer.keys.public_pem}
        usual = {"id": uri, "preferredUsername": name, "inbox": f"{uri}/inbox", "publicKey": key}
        followers = {"outbox": f"{uri}/outbox", "followers": f"{uri}/followers"}
        document = peer.actor | usual | followers | {"name": name} | fields
        peer.serve(f"/users/{name}", document)
        return document

    def note(self, peer: Peer, **fields: Any) -> dict[str, Any]:
        """A public note of the server's first actor, also under its own id."""
        number = next(_numbers)
        usual = {
            "@context": AS2,
            "id": peer.url(f"/notes/{number}"),
            "type": "Note",
            "attributedTo": peer.actor_id,
            "content": f"<p>Note {number}</p>",
            "published": "2026-10-01T10:00:00Z",
            "to": [PUBLIC],
        }
        document = usual | fields
        if document["id"].startswith(peer.base_url):
            peer.serve(document["id"].removeprefix(peer.base_url), document)
        return document

    def event(self, peer: Peer, **fields: Any) -> dict[str, Any]:
        """A public event."""
        usual = {"type": "Event", "name": "Meeting", "startTime": "2027-05-01T18:00:00Z", "timezone": "Europe/Paris"}
        return self.note(peer, **(usual | fields))

    def activity(self, peer: Peer, kind: str, about: Any, **fields: Any) -> dict[str, Any]:
        """A sentence of the server's first actor."""
        usual = {"@context": AS2, "id": peer.url(f"/activities/{next(_numbers)}"), "type": kind}
        return usual | {"actor": peer.actor_id, "object": about, "to": [PUBLIC]} | fields

    async def says(self, peer: Peer, kind: str, about: Any, **fields: Any) -> Outcome:
        """Let the server's first actor say something, and wait until the hub has dealt with it."""
        return await self.send(peer, self.activity(peer, kind, about, **fields))

    async def send(self, peer: Peer, activity: Mapping[str, Any], **signing: Any) -> Outcome:
        """Deliver an activity, signed by the server, and wait until the hub has dealt with it."""
        answer = await peer.post(self.inbox, activity, **signing)
        await self.settled()
        row = await self.db.fetchrow("SELECT outcome, reason FROM arrivals WHERE uri = $1", str(activity.get("id")))
        return Outcome(answer.status, *(row or ("", None)))

    async def settled(self) -> None:
        """Nothing that arrived waits any more, and no job is due."""

        async def quiet() -> bool:
            waiting = await self.db.fetchval(
                """
                SELECT (SELECT count(*) FROM arrivals
                         WHERE done_at IS NULL AND (next_at <= now() OR leased_until > now()))
                     + (SELECT count(*) FROM jobs
                         WHERE dead_at IS NULL AND (next_at <= now() OR leased_until > now()))
                """
            )
            return waiting == 0

        await eventually(quiet, "all that arrived is dealt with")

    async def befriend(self, uri: str) -> Actor:
        """Let the hub's steward follow an actor elsewhere, and that one accept."""
        found = await learn_actor(self.node, uri, refresh=True)
        me = await actors.find_local(self.db, "ada")
        assert found and me
        async with self.db.transaction():
            await follow.follow(self.node, self.db, me, found)
            await self.db.execute(
                "UPDATE follows SET state = 'accepted' WHERE follower_id = $1 AND followed_id = $2", me.id, found.id
            )
        return found

    async def publish(self, kind: str, **changes: Any) -> Post:
        """Publish something as the steward; the running node tells whom it concerns."""
        me = await actors.find_local(self.db, "ada")
        account = await accounts.find_by_actor(self.db, me.id) if me else None
        assert me and account
        viewer = Viewer(account=account, actor=me, acting=me, scopes=("*",))
        async with self.db.transaction():
            made = await publish.publish(self.node, self.db, viewer, a_draft(kind, **changes))
        self.node.wake()
        return made

    # What is in the hub

    async def post(self, uri: str) -> Post | None:
        """The hub's copy of a thing."""
        return await posts.find_by_uri(self.db, uri)

    async def known(self, uri: str) -> Actor | None:
        """The hub's record of an actor."""
        return await actors.find(self.db, uri)

    async def count(self, question: str, *values: object) -> int:
        """How many rows."""
        return int(await self.db.fetchval(question, *values))

    # What a stranger sees

    async def look(self, path: str, accept: str = "text/html") -> Answer:
        """GET without signature and cookies."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(self.hub.base_url + path, headers={"Accept": accept}) as answer,
        ):
            return Answer(answer.status, answer.headers, await answer.read())

    async def pages(self, *more: str) -> dict[str, str]:
        """All the pages and feeds where something of others may show, and these."""
        lists = ["/", "/events", "/events?when=past", "/findings", "/calls?when=all", "/hubs"]
        feeds = [f"/{kind}.atom?from=network" for kind in ("events", "findings", "calls")]
        found = {}
        for path in (*lists, *feeds, "/events.ics?from=network", *more):
            answer = await self.look(path)
            assert answer.status == 200, path
            found[path] = answer.body.decode()
        return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(databases: Databases) -> AsyncIterator[World]:
    """The world of all attacks of this folder; each uses things and actors of its own."""
    async with AsyncExitStack() as stack:
        url = stack.enter_context(database_of(databases))
        folder = open_folder()
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        extra = {"ALLMENDE_DATABASE_URL": url, "ALLMENDE_RATE_LIMITS": "off"}
        hub = Hub(name="Bern", address="127.0.0.2", port=free_port("127.0.0.2"), folder=folder, extra=extra)
        await hub.start()
        stack.push_async_callback(hub.stop)
        await hub.found()
        node = await stack.enter_async_context(hub.node())
        db = await stack.enter_async_context(node.database.pool.acquire())
        evil = await stack.enter_async_context(hostile_peer("127.0.0.7"))
        good = await stack.enter_async_context(hostile_peer("127.0.0.9"))
        good.actor |= {"preferredUsername": "mallory", "name": "Gwen"}
        world = World(hub, node, db, evil, good)
        for peer in (evil, good):
            await world.befriend(peer.actor_id)
        yield world
