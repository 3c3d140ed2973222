"""What members do most: read. One client asks for one page after the other, as apps do when they are opened."""

from __future__ import annotations

import time
from collections.abc import Mapping

import aiohttp
import msgspec

from node.store import actors, follows
from node.store.db import Db
from tests.bench.cost import Cost
from tests.bench.hosts import Hosts
from tests.bench.loads import a_token, senders, spent
from tests.journeys.conftest import Hub

WARMING = 20
"""Pages asked for before the clock starts: statements are planned for each connection once."""


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of page: how often it was asked for, how large it was, and how long half of the answers took at most."""

    name: str
    count: int
    kib: float
    p50_ms: float
    cost: Cost

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds per page, database included."""
        return (self.cost.node + self.cost.database) / self.count * 1000


async def reading(hub: Hub, hosts: Hosts, count: int) -> list[Read]:
    """Pages of a member who follows all who sent something in the loads before: of 20 statuses or notices each. Each is
    asked for again and again, first with nothing happening in between and then with something every time."""
    token, pages = await a_token(hub), await _pages(hub, hosts)
    headers = {"Authorization": f"Bearer {token}"}
    results = []
    async with aiohttp.ClientSession(headers=headers) as session, hub.node() as node, node.database.direct() as db:
        for name, path in pages.items():
            for title, change in ((name, None), (f"{name}, after a change", db)):
                await asked(session, f"{hub.base_url}{path}", WARMING, change)
                before = spent(hub)
                taken, size = await asked(session, f"{hub.base_url}{path}", count, change)
                cost = spent(hub) - before
                p50 = sorted(taken)[len(taken) // 2] * 1000
                results.append(Read(name=title, count=count, kib=size / 1024, p50_ms=p50, cost=cost))
    return results


async def _pages(hub: Hub, hosts: Hosts) -> Mapping[str, str]:
    member = await hub.actor("ada")
    async with hub.node() as node, node.database.pool.acquire() as db:
        people = list((await actors.find_many(db, senders(hosts))).values())
        for one in people:
            uri = f"{hub.base_url}/follows/bench-{one.id}"
            await follows.insert(db, member.id, one.id, uri, accepted=True)
    return {
        "home timeline": "/api/v1/timelines/home?limit=20",
        "notifications": "/api/v1/notifications?limit=20",
        "account page": f"/api/v1/accounts/{people[0].id}/statuses?limit=20",
        "public timeline": "/api/v1/timelines/public?limit=20",
        "search": "/api/v2/search?q=elsewhere&limit=20",
    }


async def asked(
    session: aiohttp.ClientSession, url: str, count: int, change: Db | None = None
) -> tuple[list[float], int]:
    """How long each answer took, and how many bytes the last one had. `change`: before each request something else is
    written there, so that no answer is given again."""
    taken, size = [], 0
    for _ in range(count):
        if change is not None:
            await change.execute("INSERT INTO changes (xid) VALUES (pg_current_xact_id())")
        start = time.perf_counter()
        async with session.get(url) as answer:
            if answer.status != 200:
                raise SystemExit(f"{url} answered {answer.status}: {await answer.text()}")
            size = len(await answer.read())
        taken.append(time.perf_counter() - start)
    return taken, size
