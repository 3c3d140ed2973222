"""The same loads against any other server with a Mastodon API and ActivityPub: activities that arrive and mention an
account there, one post of that account to many followers, and its pages. For comparing servers on one machine.

The server must be able to call the fake hosts on loopback (127.1.0.0/16, plain http)."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import msgspec

from tests.bench.cost import Cost, cost_of
from tests.bench.hosts import Hosts
from tests.bench.loads import MADE, SENDERS, send, senders, until

PAGES = ("/api/v1/timelines/home", "/api/v1/notifications", "/api/v1/timelines/public")
TIMES = 100
NOWHERE = Path("/nowhere")


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A server: its address, a token of an account there (read, write), and its first process, to see what it costs;
    `folder`: where its PostgreSQL has its data."""

    base_url: str
    token: str
    pid: int | None = None
    folder: Path = NOWHERE

    def spent(self) -> Cost:
        """What it has cost so far; nothing where its process is not known."""
        return cost_of(self.pid, self.folder) if self.pid else Cost(0.0, 0.0)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One load. `p50_ms` for pages; CPU milliseconds each, node and database apart."""

    name: str
    count: int
    accepted_per_second: float | None = None
    done_per_second: float | None = None
    p50_ms: float | None = None
    node_ms: float
    database_ms: float


async def against(target: Target, hosts: Hosts, count: int, followers: int) -> list[Row]:
    """All loads, one after the other. What is wrong with the target ends the run with a sentence."""
    _look_at(target)
    headers = {"Authorization": f"Bearer {target.token}"}
    async with aiohttp.ClientSession(target.base_url, headers=headers) as client:
        try:
            return await _all_of(target, hosts, client, count, followers)
        except (OSError, aiohttp.ClientError, TimeoutError, ValueError, LookupError) as error:
            raise SystemExit(f"{target.base_url}: {_advice(error)}") from None


def _look_at(target: Target) -> None:
    parts = urlsplit(target.base_url)
    if parts.scheme != "http" or not parts.hostname:
        raise SystemExit(f"--target {target.base_url}: give an address that begins with http://, without TLS.")
    if target.pid is not None and not Path(f"/proc/{target.pid}/stat").exists():
        raise SystemExit(f"--pid {target.pid}: there is no such process.")
    if target.folder != NOWHERE and not target.folder.is_dir():
        raise SystemExit(f"--database {target.folder}: there is no such folder.")


def _advice(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientResponseError):
        asked = f"{error.request_info.method} {error.request_info.url.path} was answered {error.status}"
        wrong = {401: "--token is wrong, or none.", 403: "--token needs the scopes read and write."}
        return f"{asked}. {wrong.get(error.status, 'Is it a server with a Mastodon API and ActivityPub?')}"
    if isinstance(error, aiohttp.ClientConnectionError | OSError):
        return f"it cannot be reached, or hung up ({error})."
    return f"it does not answer as a Mastodon API and ActivityPub do ({type(error).__name__}: {error})."


async def _all_of(target: Target, hosts: Hosts, client: aiohttp.ClientSession, count: int, followers: int) -> list[Row]:
    async with client.get("/api/v1/accounts/verify_credentials") as answer:
        answer.raise_for_status()
        account = await answer.json()
    actor = await _actor_of(client, account["acct"])
    rows = [
        await _inbox(target, hosts, client, actor, count),
        await _fan_out(target, hosts, client, actor, followers),
    ]
    return [*rows, *[await _page(target, client, path) for path in PAGES]]


async def _actor_of(client: aiohttp.ClientSession, name: str) -> str:
    host = urlsplit(str(client._base_url)).netloc
    async with client.get("/.well-known/webfinger", params={"resource": f"acct:{name}@{host}"}) as answer:
        answer.raise_for_status()
        found = await answer.json(content_type=None)
    return next(str(one["href"]) for one in found["links"] if one["rel"] == "self")


async def _inbox(target: Target, hosts: Hosts, client: aiohttp.ClientSession, actor: str, count: int) -> Row:
    """Mentions; they are worked off when all of them are notices of the account."""
    inbox, people = await _inbox_of(client, actor), senders(hosts)
    warm = [hosts.signed(one, inbox, MADE["Create"](one, "warm", actor, "")) for one in people]
    await send(inbox, warm, 1)
    batch = [
        hosts.signed(people[n % SENDERS], inbox, MADE["Create"](people[n % SENDERS], f"target-{n}", actor, ""))
        for n in range(count)
    ]
    last = {f"{people[n % SENDERS]}/notes/target-{n}" for n in range(max(count - SENDERS, 0), count)}
    before, start = target.spent(), time.monotonic()
    await send(inbox, batch)
    accepted = time.monotonic() - start

    async def told() -> bool:
        async with client.get("/api/v1/notifications", params={"limit": "80", "types[]": "mention"}) as answer:
            answer.raise_for_status()
            notices = await answer.json()
        return last <= {(one.get("status") or {}).get("uri") for one in notices}

    await until(told, "the last mentions are notices")
    done, cost = time.monotonic() - start, target.spent() - before
    return Row(
        name="inbox Create", count=count, accepted_per_second=count / accepted, done_per_second=count / done,
        node_ms=cost.node / count * 1000, database_ms=cost.database / count * 1000,
    )  # fmt: skip


async def _fan_out(target: Target, hosts: Hosts, client: aiohttp.ClientSession, actor: str, followers: int) -> Row:
    inbox = await _inbox_of(client, actor)
    fans = [hosts.actor(number % hosts.count, number // hosts.count) for number in range(followers)]
    asked = [hosts.signed(fan, inbox, {"id": f"{fan}/follow", "type": "Follow", "object": actor}) for fan in fans]
    await send(inbox, asked, 4)

    async def answered() -> bool:
        return len({one.inbox for one in hosts.received}) >= followers

    await until(answered, "every follower was accepted")
    hosts.received.clear()
    before, start = target.spent(), time.monotonic()
    async with client.post("/api/v1/statuses", json={"status": "Hello everybody"}) as answer:
        answer.raise_for_status()
    await until(answered, "every follower has it")
    done, cost = max(one.moment for one in hosts.received) - start, target.spent() - before
    return Row(
        name=f"fan-out to {followers} on {hosts.count} hosts", count=followers, done_per_second=followers / done,
        node_ms=cost.node / followers * 1000, database_ms=cost.database / followers * 1000,
    )  # fmt: skip


async def _page(target: Target, client: aiohttp.ClientSession, path: str) -> Row:
    waits = []
    before = target.spent()
    for _ in range(TIMES):
        start = time.monotonic()
        async with client.get(path) as answer:
            await answer.read()
            answer.raise_for_status()
        waits.append(time.monotonic() - start)
    cost = target.spent() - before
    return Row(
        name=path, count=TIMES, p50_ms=statistics.median(waits) * 1000,
        node_ms=cost.node / TIMES * 1000, database_ms=cost.database / TIMES * 1000,
    )  # fmt: skip


async def _inbox_of(client: aiohttp.ClientSession, actor: str) -> str:
    async with client.get(actor, headers={"Accept": "application/activity+json"}) as answer:
        answer.raise_for_status()
        found = await answer.json(content_type=None)
    return str((found.get("endpoints") or {}).get("sharedInbox") or found["inbox"])
