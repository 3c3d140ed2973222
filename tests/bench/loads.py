"""The loads: activities that arrive, and one post to many followers. Bounded in count and time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from typing import Any

import msgspec

from node.actions import publish
from node.store.access import tokens
from node.store.members import accounts
from node.store.people import actors
from node.store.queues import queues
from schemas.drafts import PostDraft
from schemas.records import Viewer
from tests.bench.cost import Cost, cost_of
from tests.bench.hosts import AS2, Hosts, Request
from tests.bench.wire import Caller
from tests.journeys.conftest import Hub

CONNECTIONS = 16
PATIENCE = 300.0
SENDERS = 50
SENDING_HOSTS = 10
LIVED_IN = 250
PUBLIC = f"{AS2}#Public"

Make = Callable[[str, str, str, str], dict[str, Any]]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One load: how many, how long until accepted and until worked off, and what it cost."""

    name: str
    count: int
    accepted_seconds: float
    done_seconds: float
    cost: Cost

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds per unit, database included."""
        return (self.cost.node + self.cost.database) / self.count * 1000


async def inbox(hub: Hub, hosts: Hosts, count: int, kind: str, name: str = "load") -> Result:
    """`count` signed activities of one kind (of MADE) from 50 actors on 10 hosts to a member and the hub."""
    target, batch = f"{hub.base_url}/inbox", await arriving(hub, hosts, count, kind, name)
    await known_senders(hub, hosts)
    before, start = spent(hub), time.monotonic()
    await send(target, batch)
    accepted = time.monotonic() - start
    await worked_off(hub)
    return Result(
        name=f"inbox {kind}", count=count, accepted_seconds=accepted, done_seconds=time.monotonic() - start,
        cost=spent(hub) - before,
    )  # fmt: skip


async def lived_in(hub: Hub, hosts: Hosts) -> None:
    """Let the hub be no longer new: some activities of every kind, the figures about tables that autovacuum gathers a
    minute later, by which statements are planned, and some more, for which each connection plans them again."""
    await known_senders(hub, hosts)
    await _some_of_each(hub, hosts, "before")
    async with hub.node() as node, node.database.pool.acquire() as db:
        await db.execute("ANALYZE")
    await _some_of_each(hub, hosts, "after")


async def _some_of_each(hub: Hub, hosts: Hosts, name: str) -> None:
    for kind in MADE:
        await send(f"{hub.base_url}/inbox", await arriving(hub, hosts, LIVED_IN, kind, name))
        await worked_off(hub)


async def arriving(hub: Hub, hosts: Hosts, count: int, kind: str, name: str) -> list[Request]:
    """That many activities of a kind, signed and ready; `name` tells them from those of other loads. No two of an actor
    are about the same post of ours."""
    member, target = f"{hub.base_url}/actors/ada", f"{hub.base_url}/inbox"
    needs_posts = kind in ("Like", "Announce")
    posts = await some_posts(hub, -(-count // SENDERS)) if needs_posts else [""]
    people, made = senders(hosts), []
    for number in range(count):
        actor, post = people[number % SENDERS], posts[number // SENDERS % len(posts)]
        made.append(hosts.signed(actor, target, MADE[kind](actor, f"{kind}-{name}-{number}", member, post)))
    return made


async def known_senders(hub: Hub, hosts: Hosts) -> None:
    """Let the hub look up all keys, a few at a time per host: not part of any load."""
    target = f"{hub.base_url}/inbox"
    warm = [hosts.signed(one, target, _like(one, "warm", "", f"{hub.base_url}/posts/1")) for one in senders(hosts)]
    await send(target, warm, 1)
    await worked_off(hub)


async def followed(hub: Hub, hosts: Hosts, followers: int) -> None:
    """Let so many actors, spread over all hosts, follow the hub."""
    target, hub_actor = f"{hub.base_url}/inbox", f"{hub.base_url}/actors/hub"
    asked = []
    for number in range(followers):
        actor = hosts.actor(number % hosts.count, number // hosts.count)
        asked.append(hosts.signed(actor, target, {"id": f"{actor}/follow", "type": "Follow", "object": hub_actor}))
    await send(target, asked, 4)
    await worked_off(hub)


async def fan_out(hub: Hub, hosts: Hosts, followers: int) -> Result:
    """One post to the followers, an inbox each."""
    hosts.received.clear()
    before, start = spent(hub), time.monotonic()
    await a_post(hub)
    await until(lambda: _received(hosts, followers), "every follower got it")
    done = max(one.moment for one in hosts.received) - start
    await worked_off(hub)
    return Result(
        name=f"fan-out to {followers} on {hosts.count} hosts", count=followers, accepted_seconds=0.0,
        done_seconds=done, cost=spent(hub) - before,
    )  # fmt: skip


async def a_post(hub: Hub) -> str:
    """The hub publishes a short public post; its id."""
    return (await some_posts(hub, 1))[0]


async def some_posts(hub: Hub, count: int) -> list[str]:
    """The same, so many of them."""
    async with hub.node() as node:
        async with node.database.pool.acquire() as db:
            actor = await actors.find_local(db, "ada")
            account = await accounts.find_by_actor(db, actor.id) if actor else None
            assert actor is not None
            assert account is not None
            viewer = Viewer(account=account, actor=actor, acting=await actors.hub(db), scopes=("*",))
            draft = PostDraft(language="en", text="Hello everybody", audience="public", acting_as="hub")
            made = []
            for _ in range(count):
                async with db.transaction():
                    made.append(await publish.publish(node, db, viewer, draft))
        node.wake()
    return [one.uri for one in made]


async def a_token(hub: Hub) -> str:
    """A token of the hub's first member, for reading."""
    async with hub.node() as node, node.database.pool.acquire() as db:
        actor = await actors.find_local(db, "ada")
        account = await accounts.find_by_actor(db, actor.id) if actor else None
        assert account is not None
        return await tokens.insert(db, account.id, ["read"], name="bench")


async def send(url: str, batch: Sequence[Request], connections: int = CONNECTIONS) -> None:
    """POST all, so many at a time; anything but 2xx ends the run."""
    waiting = iter([one.to(url) for one in batch])

    async def one_after_the_other() -> None:
        with closing(Caller(url)) as caller:
            for request in waiting:
                status, body = await caller.post(request)
                if status // 100 != 2:
                    raise SystemExit(f"{url} answered {status}: {body.decode(errors='replace')}")

    await asyncio.gather(*(one_after_the_other() for _ in range(connections)))


async def worked_off(hub: Hub) -> None:
    """Wait until nothing is waiting at the hub."""
    async with hub.node() as node:

        async def quiet() -> bool:
            async with node.database.pool.acquire() as db:
                return not await queues.any_waiting(db)

        await until(quiet, "everything is worked off", pause=0.1)


async def until(check: Callable[[], Awaitable[bool]], what: str, *, pause: float = 0.02) -> None:
    """Wait, bounded; a look every `pause` seconds, since looks at the database cost it something."""
    deadline = time.monotonic() + PATIENCE
    while not await check():
        if time.monotonic() > deadline:
            raise SystemExit(f"waited in vain: {what}")
        await asyncio.sleep(pause)


def spent(hub: Hub) -> Cost:
    """What the hub has cost so far."""
    assert hub.process is not None
    return cost_of(hub.process.pid, hub.folder)


async def _received(hosts: Hosts, count: int) -> bool:
    return len(hosts.received) >= count


def senders(hosts: Hosts) -> list[str]:
    """The actors who send."""
    each = SENDERS // SENDING_HOSTS
    return [hosts.actor(host, number) for host in range(SENDING_HOSTS) for number in range(each)]


def _note(actor: str, name: str, member: str, post: str) -> dict[str, Any]:
    note = {
        "id": f"{actor}/notes/{name}",
        "type": "Note",
        "attributedTo": actor,
        "content": "<p>Hello from <b>elsewhere</b>.</p>",
        "published": "2026-11-01T10:00:00Z",
        "to": [PUBLIC],
        "cc": [member],
        "tag": [{"type": "Mention", "href": member, "name": "@ada"}],
    }
    return {"id": f"{actor}/{name}", "type": "Create", "to": note["to"], "cc": note["cc"], "object": note}


def _event(actor: str, name: str, member: str, post: str) -> dict[str, Any]:
    said = _note(actor, name, member, post)
    place = {"type": "Place", "name": "Workshop", "address": {"type": "PostalAddress", "addressLocality": "Bern"}}
    when = {"startTime": "2027-05-01T18:00:00Z", "endTime": "2027-05-01T20:00:00Z", "timezone": "Europe/Paris"}
    event = said["object"] | when | {"type": "Event", "name": "Meeting of the carsharing", "location": place}
    return said | {"object": event}


def _like(actor: str, name: str, member: str, post: str) -> dict[str, Any]:
    return {"id": f"{actor}/{name}", "type": "Like", "object": post}


def _announce(actor: str, name: str, member: str, post: str) -> dict[str, Any]:
    passed_on = {"type": "Announce", "object": post, "published": "2026-11-01T09:00:00Z"}
    return {"id": f"{actor}/{name}", "to": [PUBLIC], "cc": [f"{actor}/followers"]} | passed_on


MADE: dict[str, Make] = {"Create": _note, "Like": _like, "Announce": _announce, "Event": _event}
