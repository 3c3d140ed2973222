"""A hub on six machines: a PostgreSQL primary and its synchronous standby, two that answer requests and two that work,
with others who talk to it all the time. For tests in which any of them is killed or cut off."""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
import asyncpg

from node.store.access import tokens
from node.store.members import accounts
from node.store.people import actors, follows
from node.store.pool import open_database
from tests.bench import loads
from tests.bench.hosts import Hosts, hosts
from tests.factories import a_remote_actor
from tests.journeys.conftest import Hub, eventually, open_folder, tell_end_of
from tests.network import Network
from tests.postgres import Server

PORT = 8080
HOSTS = 4
FANS = 8
PATIENT = aiohttp.ClientTimeout(total=20)
LOST = (aiohttp.ClientError, OSError, TimeoutError)


@dataclass
class Hubs:
    """All of it. `taken` and `said` are what was accepted: activities of others, posts of the member."""

    network: Network
    primary: Server
    standby: Server
    webs: list[Hub]
    workers: list[Hub]
    others: Hosts
    token: str = ""
    taken: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    heard: dict[int, set[str]] = field(default_factory=lambda: {0: set(), 1: set()})

    def address(self, web: int) -> str:
        """Where one of the webs itself listens, whatever the hub's public address is."""
        return f"http://{self.webs[web].address}:{PORT}"

    async def well(self, web: int) -> bool:
        """Whether one of the webs takes things."""
        try:
            async with (
                aiohttp.ClientSession(timeout=PATIENT) as session,
                session.get(f"{self.address(web)}/health") as answer,
            ):
                return answer.status == 200
        except LOST:
            return False

    async def all_well(self) -> None:
        """Wait until both webs take things."""
        for web in range(len(self.webs)):
            await eventually(lambda web=web: self.well(web), f"web {web} is well")  # type: ignore[misc]

    async def ask(self, question: str) -> list[asyncpg.Record]:
        """Of whichever database takes what is new."""
        for server in (self.standby, self.primary):
            with suppress(*LOST, asyncpg.PostgresError, asyncpg.TargetServerAttributeNotMatched):
                url = f"{server.url}?target_session_attrs=read-write"
                db = await asyncpg.connect(url, timeout=3)
                try:
                    return list(await db.fetch(question))
                finally:
                    await db.close()
        raise AssertionError("no database takes anything")

    async def talk(self) -> None:
        """Others mention the member again and again, at one web and the other."""
        public, member = self.webs[0].base_url, f"{self.webs[0].base_url}/actors/ada"
        async with aiohttp.ClientSession(timeout=PATIENT) as session:
            for number in itertools.count():
                actor = self.others.actor(number % HOSTS, 0)
                made = loads.MADE["Create"](actor, f"talk-{number}", member, "")
                one = self.others.signed(actor, f"{public}/inbox", made)
                headers = {**one.headers, "Host": public.partition("://")[2]}
                with suppress(*LOST):
                    async with session.post(
                        f"{self.address(number % 2)}/inbox", data=one.body, headers=headers
                    ) as took:
                        if took.status == 202:
                            self.taken.add(made["object"]["id"])
                await asyncio.sleep(0.1)

    async def say(self, number: int) -> bool:
        """The member says something, at one web or the other; whether that was accepted."""
        headers = {"Authorization": f"Bearer {self.token}"}
        with suppress(*LOST):
            async with (
                aiohttp.ClientSession(timeout=PATIENT, headers=headers) as session,
                session.post(f"{self.address(number % 2)}/api/v1/statuses", json={"status": f"Word {number}"}) as said,
            ):
                if said.status == 200:
                    self.said.add((await said.json())["uri"])
                    return True
        return False

    async def keep_saying(self) -> None:
        """The member talks, too."""
        for number in itertools.count():
            await self.say(number)
            await asyncio.sleep(0.5)

    async def listen(self, web: int) -> None:
        """A client streams the member's home, and connects again whenever it is cut off."""
        address = f"{self.address(web)}/api/v1/streaming/user?access_token={self.token}"
        while True:
            with suppress(*LOST):
                timeout = aiohttp.ClientTimeout(total=None, sock_read=20)
                async with aiohttp.ClientSession(timeout=timeout) as session, session.get(address) as stream:
                    async for line in stream.content:
                        if line.startswith(b"data: {") and b'"uri"' in line:
                            self.heard[web].add(json.loads(line[6:]).get("uri", ""))
            await asyncio.sleep(0.5)

    def repeated(self) -> int:
        """Deliveries that came more than once."""
        counts = Counter((one.inbox, json.loads(one.body).get("id")) for one in self.others.received)
        return sum(count - 1 for count in counts.values())

    def reached(self, uri: str) -> int:
        """How many fans have a post."""
        return len({one.inbox for one in self.others.received if f'"{uri}"'.encode() in one.body})


@asynccontextmanager
async def six_machines() -> AsyncIterator[Hubs]:
    """Everything runs, and is well."""
    async with AsyncExitStack() as stack:
        network = Network()
        stack.callback(network.close)
        primary, standby = await _databases(network, stack)
        url = primary.url.replace(f"{primary.address}:", f"{primary.address}:{primary.port},{standby.address}:")
        webs = [_hub(network, stack, "web", 20 + number, url) for number in range(2)]
        workers = [_hub(network, stack, "worker", 30 + number, url) for number in range(2)]
        for number in range(HOSTS):
            network.answer_at(f"{network.start}.{100 + number}")
        others = await stack.enter_async_context(hosts(HOSTS, place=lambda number: f"{network.start}.{100 + number}"))
        hubs = Hubs(network, primary, standby, webs, workers, others)
        for one in (*webs, *workers):
            await one.start()
            stack.push_async_callback(_end, one)
        await hubs.all_well()
        await webs[0].found()
        hubs.token = await _fans(hubs)
        await webs[0].beside.aclose()
        yield hubs


async def _databases(network: Network, stack: AsyncExitStack) -> tuple[Server, Server]:
    both = []
    for name, last in (("first", 11), ("second", 12)):
        folder = open_folder()
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        address = f"{network.start}.{last}"
        both.append(Server(folder=folder, port=5432, address=address, prefix=network.add(name, address)))
    primary, standby = both
    await asyncio.to_thread(primary.make)
    await asyncio.to_thread(primary.start)
    stack.callback(primary.stop)
    await asyncio.to_thread(standby.copy, primary, "second")
    await asyncio.to_thread(standby.start)
    stack.callback(standby.stop)
    await primary.execute("ALTER SYSTEM SET synchronous_standby_names = 'second'")
    await primary.execute("SELECT pg_reload_conf()")
    return primary, standby


def _hub(network: Network, stack: AsyncExitStack, only: str, last: int, url: str) -> Hub:
    folder = open_folder()
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    address, public = f"{network.start}.{last}", f"http://{network.start}.20:{PORT}"
    hub = Hub(name=f"{only}{last}", address=address, port=PORT, folder=folder, only=only)
    hub.prefix = network.add(f"{only}{last}", address)
    hub.extra = {
        "ALLMENDE_BASE_URL": public,
        "ALLMENDE_DATABASE_URL": url,
        "ALLMENDE_ALLOW_NETWORKS": f"{network.start}.0/24",
        "ALLMENDE_RATE_LIMITS": "off",
    }
    stack.callback(tell_end_of, hub.log)
    return hub


async def _end(hub: Hub) -> None:
    if hub.process is not None and hub.process.returncode is None:
        await hub.kill()


async def _fans(hubs: Hubs) -> str:
    """People elsewhere who follow the member, and a token of the member's."""
    async with open_database(hubs.webs[0].settings) as database, database.pool.acquire() as db:
        member = await actors.find_local(db, "ada")
        assert member is not None
        for number in range(FANS):
            base = hubs.others.actor(number % HOSTS, 1 + number // HOSTS)
            fan = await a_remote_actor(db, host=base, inbox=f"{base}/inbox")
            await follows.insert(db, fan.id, member.id, f"{fan.uri}/follow", accepted=True)
        account = await accounts.find_by_actor(db, member.id)
        assert account is not None
        return await tokens.insert(db, account.id, ["read", "write"], name="machines")
