"""Two hubs meet: one follows the other, whatever happens to the processes meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from node.actions import follow
from node.remote import learn_actor
from node.store.queues import queues
from tests.journeys.conftest import Hub, eventually

MakeHub = Callable[..., Awaitable[Hub]]


async def ask_to_follow(one: Hub, other: Hub) -> None:
    """Let the hub `one` follow the hub `other`."""
    async with one.node() as node:
        followed = await learn_actor(node, f"{other.base_url}/actors/hub")
        assert followed is not None
        follower = await one.actor()
        async with node.database.pool.acquire() as db, db.transaction():
            await follow.follow(node, db, follower, followed)
        node.wake()


async def state_of(hub: Hub, follower_uri: str, followed_uri: str) -> str | None:
    """How the follow stands in this hub's own database."""
    async with hub.node() as node, node.database.pool.acquire() as db:
        row = await db.fetchrow(
            """
            SELECT state FROM follows
            JOIN actors a ON a.id = follower_id
            JOIN actors b ON b.id = followed_id
            WHERE a.uri = $1 AND b.uri = $2
            """,
            follower_uri,
            followed_uri,
        )
    return row["state"] if row else None


async def is_mutually_known(one: Hub, other: Hub) -> bool:
    """Whether both hubs hold the follow for accepted."""
    pair = (f"{one.base_url}/actors/hub", f"{other.base_url}/actors/hub")
    return await state_of(one, *pair) == "accepted" and await state_of(other, *pair) == "accepted"


async def nothing_waits(hub: Hub) -> bool:
    """Whether this hub has worked off what it received and delivered what it owed."""
    async with hub.node() as node, node.database.pool.acquire() as db:
        found = await queues.depths(db)
    return found.arrivals == found.deliveries == found.dead == 0


async def test_one_hub_follows_another(hubs: MakeHub) -> None:
    bern, lyon = await hubs("Bern", "127.0.0.2"), await hubs("Lyon", "127.0.0.3")
    await ask_to_follow(bern, lyon)
    await eventually(lambda: is_mutually_known(bern, lyon), "both hold the follow for accepted")
    await eventually(lambda: nothing_waits(bern), "nothing waits in Bern")
    await eventually(lambda: nothing_waits(lyon), "nothing waits in Lyon")


async def test_a_follow_survives_sigkill_on_both_sides(hubs: MakeHub) -> None:
    bern, lyon = await hubs("Bern", "127.0.0.2"), await hubs("Lyon", "127.0.0.3")
    async with bern.node() as node:
        followed = await learn_actor(node, f"{lyon.base_url}/actors/hub")
    assert followed is not None
    follower = await bern.actor()
    await lyon.kill()
    await bern.kill()
    async with bern.node() as node, node.database.pool.acquire() as db, db.transaction():
        await follow.follow(node, db, follower, followed)
    await lyon.start()
    await bern.start()
    await bern.kill()
    await lyon.kill()
    await lyon.start()
    await bern.start()
    await eventually(lambda: is_mutually_known(bern, lyon), "both hold the follow for accepted")


async def test_a_stopped_node_ends_in_order_and_comes_back(hubs: MakeHub) -> None:
    bern = await hubs("Bern", "127.0.0.2")
    assert await bern.stop() == 0
    await bern.start()
    assert (await bern.actor()).display_name == "Bern"
