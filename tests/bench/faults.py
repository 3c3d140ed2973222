"""The same loads when things break: the node is killed, or hosts hang. What was promised must be there all the same."""

from __future__ import annotations

import asyncio
import time

import msgspec

from tests.bench.hosts import Hosts
from tests.bench.loads import a_post, arriving, known_senders, send, until, worked_off
from tests.journeys.conftest import Hub

HANGING = 10


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What was promised, and what of it was there in the end. `repeated`: deliveries that came twice."""

    name: str
    promised: int
    kept: int
    repeated: int = 0


class Slowed(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds until the last healthy host had a post: without faults, and for each post with HANGING hosts hanging."""

    name: str
    usual: float
    hanging: tuple[float, ...]


async def killed_after_accepting(hub: Hub, hosts: Hosts, count: int) -> Kept:
    """SIGKILL when the last of `count` posts has been answered 2xx; how many there are after a new start."""
    batch = await arriving(hub, hosts, count, "Create", "kill")
    await known_senders(hub, hosts)
    before = await _kept_posts(hub)
    await _leave_alone(hub)
    await send(f"{hub.base_url}/inbox", batch)
    await hub.kill()
    await hub.start()
    await worked_off(hub)
    return Kept(name=f"kill -9 after {count} accepted", promised=count, kept=await _kept_posts(hub) - before)


async def killed_in_fan_out(hub: Hub, hosts: Hosts, followers: int, share: float = 0.3) -> Kept:
    """SIGKILL when a share of the followers have a post; how many have it after a new start."""
    hosts.received.clear()
    await a_post(hub)

    async def begun() -> bool:
        return len(hosts.received) >= followers * share

    await until(begun, "deliveries have begun")
    await hub.kill()
    await hub.start()
    await worked_off(hub)
    reached = {one.inbox for one in hosts.received}
    return Kept(
        name=f"kill -9 in a fan-out to {followers}", promised=followers, kept=len(reached),
        repeated=len(hosts.received) - len(reached),
    )  # fmt: skip


async def with_hanging_hosts(hub: Hub, hosts: Hosts, followers: int, posts: int = 3) -> Slowed:
    """Posts to followers of whom those on the first HANGING hosts never answer: how long the others wait."""
    usual = await _until_healthy_have_it(hub, hosts, followers)
    hosts.hanging = frozenset(hosts.address(number) for number in range(HANGING))
    slowed = [await _until_healthy_have_it(hub, hosts, followers) for _ in range(posts)]
    return Slowed(
        name=f"fan-out to {followers}, {HANGING} of {hosts.count} hosts hanging", usual=usual, hanging=tuple(slowed)
    )


async def _until_healthy_have_it(hub: Hub, hosts: Hosts, followers: int) -> float:
    hosts.received.clear()
    healthy = sum(hosts.address(number % hosts.count) not in hosts.hanging for number in range(followers))

    async def reached() -> bool:
        return len({one.inbox for one in hosts.received if one.address not in hosts.hanging}) >= healthy

    start = time.monotonic()
    await a_post(hub)
    await until(reached, "all healthy hosts have it")
    return time.monotonic() - start


async def _kept_posts(hub: Hub) -> int:
    async with hub.node() as node, node.database.pool.acquire() as db:
        kept: int = await db.fetchval("SELECT count(*) FROM posts WHERE NOT local AND deleted_at IS NULL")
    return kept


async def _leave_alone(hub: Hub) -> None:
    """Close the node beside it, which shares its database: nothing is to soften the kill."""
    hub.opened = None
    await hub.beside.aclose()
    await asyncio.sleep(0)
