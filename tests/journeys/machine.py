"""A hub and its PostgreSQL on a machine whose disk is small, whose clock can be set and whose name server can be taken
away, for tests of what happens when something is missing for a while."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

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
from tests.peer import Peer, hostile_peer, raw_server
from tests.ports import free_port
from tests.postgres import Server, may_mount

DISK_MIB = 400
NAMES = ("one.test", "two.test", "three.test", "four.test")
RUBBISH = (
    (b"", 0),
    (os.urandom(4096), 4),
    (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n<h1>hello", 1),
    (b"HTTP/1.1 200 OK\r\nContent-Type: application/activity+json\r\nContent-Length: 9\r\n\r\n" + b'{"id": [[', 1),
    (b"HTTP/1.1 200 OK\r\nX-Endless: " + b"x" * 65536, 64),
    (b"HTTP/1.1 999 Fine\r\nContent-Length: -4\r\n\r\n", 1),
)
"""What servers say that are no servers of ours: a piece, and how often."""

SANDBOX = 'mount --bind "$0" /etc/hosts && mount --bind "$1" /etc/resolv.conf && shift && exec "$@"'


@dataclass
class Machine:
    """A hub and its database; where the machine's name server, clock and disk are played with."""

    hub: Hub
    server: Server
    others: Hosts
    token: str
    folder: Path
    disk: Path

    async def health(self) -> tuple[int, list[str]]:
        """The status of /health, and what is wrong."""
        status, body, _ = await self.get("/health", Accept="application/json")
        try:
            return status, [one["kind"] for one in json.loads(body).get("troubles", ())]
        except ValueError:
            return status, []

    async def get(self, path: str, **headers: str) -> tuple[int, str, str]:
        """Status, body and Retry-After."""
        async with aiohttp.ClientSession() as session, session.get(self.hub.base_url + path, headers=headers) as answer:
            return answer.status, await answer.text(), answer.headers.get("Retry-After", "")

    async def say(self, text: str) -> int:
        """A member publishes a post; the status."""
        headers = {"Authorization": f"Bearer {self.token}"}
        address = f"{self.hub.base_url}/api/v1/statuses"
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(address, json={"status": text}) as answer,
        ):
            return answer.status

    async def troubled(self, kind: str) -> None:
        """Wait until /health says so."""

        async def said() -> bool:
            return kind in (await self.health())[1]

        await eventually(said, f"{kind} is told")

    async def well(self, *besides: str) -> None:
        """Wait until nothing is wrong any more, or no more than this."""

        async def said() -> bool:
            status, troubles = await self.health()
            return status == 200 and set(troubles) <= set(besides)

        await eventually(said, "all is well again")

    def told(self, kind: str) -> dict[str, object]:
        """The last line of the log about a trouble."""
        lines = [json.loads(line) for line in self.hub.log.read_text().splitlines() if line.startswith("{")]
        return next(line for line in reversed(lines) if line.get("trouble") == kind and line["event"] == "trouble")

    async def count(self, where: str) -> int:
        """How many of something the database holds."""
        db = await asyncpg.connect(self.server.url)
        try:
            found: int = await db.fetchval(f"SELECT count(*) FROM {where}")
        finally:
            await db.close()
        return found

    async def send(self, count: int, name: str) -> int:
        """Activities of others, one after the other; how many were accepted."""
        batch = await loads.arriving(self.hub, self.others, count, "Create", name)
        taken = 0
        async with aiohttp.ClientSession() as session:
            for one in batch:
                async with session.post(f"{self.hub.base_url}/inbox", data=one.body, headers=one.headers) as answer:
                    assert answer.status in (202, 503), answer.status
                    taken += answer.status == 202
        return taken

    async def holds(self, name: str, count: int) -> None:
        """Wait until so many posts of a batch are there."""

        async def there() -> bool:
            return await self.count(f"posts WHERE NOT local AND uri LIKE '%Create-{name}-%'") == count

        await eventually(there, f"{count} posts of {name}")

    @asynccontextmanager
    async def named_peers(self) -> AsyncIterator[list[Peer]]:
        """Other servers that the hub must look up, and on each of them somebody who follows the member."""
        async with AsyncExitStack() as stack:
            peers = []
            for number, name in enumerate(NAMES):
                peer = await stack.enter_async_context(hostile_peer(f"127.0.0.4{number}"))
                peer.base_url = peer.base_url.replace(f"127.0.0.4{number}", name)
                peers.append(peer)
            await self.followed([peer.base_url for peer in peers])
            yield peers

    @asynccontextmanager
    async def rubbish(self) -> AsyncIterator[tuple[list[str], Peer]]:
        """Servers that answer what nobody can read, and one that is well; on each somebody follows the member."""
        async with AsyncExitStack() as stack:
            healthy = await stack.enter_async_context(hostile_peer("127.0.0.7"))
            urls = [
                await stack.enter_async_context(raw_server(_talk(said, times), f"127.0.0.{50 + n}"))
                for n, (said, times) in enumerate(RUBBISH)
            ]
            await self.followed([healthy.base_url, *urls])
            yield urls, healthy

    async def followed(self, bases: Sequence[str]) -> None:
        """Let somebody on each of these servers follow the member."""
        async with open_database(self.hub.settings) as database, database.pool.acquire() as db:
            member = await actors.find_local(db, "ada")
            assert member is not None
            for base in bases:
                fan = await a_remote_actor(db, host=base, inbox=f"{base}/inbox", shared_inbox=f"{base}/inbox")
                await follows.insert(db, fan.id, member.id, f"{fan.uri}/follow", accepted=True)

    async def told_by(self, base: str) -> int:
        """The answer to an activity whose key lies at such a server."""
        actor, target = f"{base}/u/0", f"{self.hub.base_url}/inbox"
        like = {"id": f"{actor}/like", "type": "Like", "object": f"{self.hub.base_url}/posts/1"}
        signed = self.others.signed(actor, target, like)
        async with (
            aiohttp.ClientSession() as session,
            session.post(target, data=signed.body, headers=signed.headers) as answer,
        ):
            return answer.status


@asynccontextmanager
async def a_machine() -> AsyncIterator[Machine]:
    """A machine on which everything is well. Without root its disk is large and its name server that of all."""
    async with AsyncExitStack() as stack:
        folder = open_folder()
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        disk = stack.enter_context(_small_disk(folder))
        environment = _clock(folder)
        (folder / "hosts").write_text("".join(f"127.0.0.4{n} {name}\n" for n, name in enumerate(NAMES)))
        (folder / "resolv").write_text("nameserver 127.0.0.250\noptions timeout:1 attempts:1\n")
        server = Server(folder=disk / "postgres", port=free_port(), environment=environment, options={"fsync": "off"})
        server.folder.mkdir()
        await asyncio.to_thread(server.make)
        await asyncio.to_thread(server.start)
        stack.callback(server.stop)
        hub = Hub(name="Bern", address="127.0.0.2", port=free_port("127.0.0.2"), folder=folder)
        hub.extra = {"ALLMENDE_DATABASE_URL": server.url, "ALLMENDE_DATA": str(disk / "data"), **environment}
        if may_mount():
            command = ("unshare", "--mount", "--propagation", "private", "sh", "-c", SANDBOX)
            hub.prefix = (*command, str(folder / "hosts"), str(folder / "resolv"))
        stack.callback(tell_end_of, hub.log)
        await hub.start()
        stack.push_async_callback(hub.stop)
        await hub.found()
        others = await stack.enter_async_context(hosts(loads.SENDING_HOSTS))
        await loads.known_senders(hub, others)
        machine = Machine(hub, server, others, await _token(hub), folder, disk)
        await hub.beside.aclose()
        hub.opened = None
        yield machine


def _talk(said: bytes, times: int) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1 << 16)
        for _ in range(times):
            writer.write(said)
            await writer.drain()

    return talk


def set_clock(machine: Machine, seconds: int) -> None:
    """Set the clock of the hub and its database so far from ours."""
    (machine.folder / "clock").write_text(f"{seconds:+d}")


def clock_can_be_set() -> bool:
    """Whether the library for that is here."""
    return _faketime() is not None


@contextmanager
def names_away(machine: Machine) -> Iterator[None]:
    """Nobody answers where the hub asks for addresses."""
    file = machine.folder / "hosts"
    known = file.read_text()
    file.write_text("")
    try:
        yield
    finally:
        file.write_text(known)


@contextmanager
def disk_full(machine: Machine) -> Iterator[None]:
    """There is not a byte left on the disk of the hub and its database."""
    file = machine.disk / "much"
    try:
        with file.open("wb") as much:
            while True:
                much.write(bytes(1 << 20))
                much.flush()
    except OSError:
        pass
    try:
        yield
    finally:
        file.unlink()


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    disk = folder / "disk"
    disk.mkdir()
    if not may_mount():
        yield disk
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m,mode=755", "tmpfs", disk], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def _clock(folder: Path) -> dict[str, str]:
    """What has a program read its time from a file."""
    library = _faketime()
    if library is None:
        return {}
    (folder / "clock").write_text("+0")
    (folder / "clock").chmod(0o644)
    shutil.copy(library, folder / "faketime.so")
    return {
        "LD_PRELOAD": str(folder / "faketime.so"),
        "FAKETIME_TIMESTAMP_FILE": str(folder / "clock"),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DISABLE_SHM": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }


def _faketime() -> Path | None:
    spec = find_spec("libfaketime")
    if spec is None or spec.origin is None:
        return None
    library = Path(spec.origin).parent / "vendor/libfaketime/src/libfaketime.so.1"
    return library if library.exists() else None


async def _token(hub: Hub) -> str:
    async with hub.node() as node, node.database.pool.acquire() as db:
        actor = await actors.find_local(db, "ada")
        account = await accounts.find_by_actor(db, actor.id) if actor else None
        assert account is not None
        return await tokens.insert(db, account.id, ["read", "write"], name="troubles")
