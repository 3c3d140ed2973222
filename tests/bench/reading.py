"""What members do most: read. One client asks for one page after the other, as apps do when they are opened."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

import aiohttp
import msgspec

from node.ids import new_id
from node.store.db import Db
from node.store.notices import notifications
from node.store.people import actors, follows
from node.store.posts import writing
from node.store.posts.writing import NewPost
from schemas.records import Actor
from schemas.things import Version
from tests.bench.cost import Cost
from tests.bench.hosts import Hosts
from tests.bench.loads import a_token, senders, spent
from tests.journeys.conftest import Hub

Change = Callable[[], Awaitable[None]]

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
    asked for again and again: with nothing happening in between, with a new status every time, and with a change every
    time of which nobody knows what it concerns."""
    token, people = await a_token(hub), await _followed(hub, hosts)
    member, pages, results = await hub.actor("ada"), _pages(people), []
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(headers=headers) as session, hub.node() as node, node.database.direct() as db:
        changes: dict[str, Change | None] = {
            "": None,
            ", after a status": partial(a_status, db, member, people),
            ", after any change": partial(anything, db),
        }
        for name, path in pages.items():
            for title, change in changes.items():
                await asked(session, f"{hub.base_url}{path}", WARMING, change)
                before = spent(hub)
                taken, size = await asked(session, f"{hub.base_url}{path}", count, change)
                cost = spent(hub) - before - await _alone(hub, change, count)
                p50 = sorted(taken)[len(taken) // 2] * 1000
                results.append(Read(name=name + title, count=count, kib=size / 1024, p50_ms=p50, cost=cost))
    return results


async def anything(db: Db) -> None:
    """Something is written, and nobody knows what it concerns."""
    await db.execute("INSERT INTO changes (xid) VALUES (pg_current_xact_id())")


async def a_status(db: Db, member: Actor, people: Sequence[Actor]) -> None:
    """A status arrives that names the member, of one of many, and is kept with its notice in one transaction."""
    number, now = new_id(), datetime.now(UTC)
    uri, author = f"urn:status:{number}", people[number % len(people)]
    new = NewPost(
        id=number, uri=uri, url=uri, kind="post", type="Note", local=False, actor_id=author.id, audience="public",
        versions=[Version(language="en", content="<p>Hello from <b>elsewhere</b>.</p>")], language="en", context=uri,
        published_at=now, updated_at=now, mention_ids=[member.id],
    )  # fmt: skip
    async with db.transaction():
        await writing.insert_row(db, new)
        await notifications.tell_named(db, number, answered_id=None)


async def _alone(hub: Hub, change: Change | None, count: int) -> Cost:
    """What so many changes cost with nobody asking for anything."""
    before = spent(hub)
    for _ in range(count) if change else ():
        await change()
    return spent(hub) - before


async def _followed(hub: Hub, hosts: Hosts) -> list[Actor]:
    member = await hub.actor("ada")
    async with hub.node() as node, node.database.pool.acquire() as db:
        people = list((await actors.find_many(db, senders(hosts))).values())
        for one in people:
            uri = f"{hub.base_url}/follows/bench-{one.id}"
            await follows.insert(db, member.id, one.id, uri, accepted=True)
    return people


def _pages(people: Sequence[Actor]) -> Mapping[str, str]:
    return {
        "home timeline": "/api/v1/timelines/home?limit=20",
        "notifications": "/api/v1/notifications?limit=20",
        "account page": f"/api/v1/accounts/{people[0].id}/statuses?limit=20",
        "public timeline": "/api/v1/timelines/public?limit=20",
        "search": "/api/v2/search?q=elsewhere&limit=20",
    }


async def asked(
    session: aiohttp.ClientSession, url: str, count: int, change: Change | None = None
) -> tuple[list[float], int]:
    """How long each answer took, and how many bytes the last one had. `change`: what happens before each request, so
    that no answer is given again."""
    taken, size = [], 0
    for _ in range(count):
        if change is not None:
            await change()
        start = time.perf_counter()
        async with session.get(url) as answer:
            if answer.status != 200:
                raise SystemExit(f"{url} answered {answer.status}: {await answer.text()}")
            size = len(await answer.read())
        taken.append(time.perf_counter() - start)
    return taken, size
