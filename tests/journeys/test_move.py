"""A member moves from one hub to another, with real nodes: her followers on a third account go with her."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable

from node.actions import follow
from node.actions.accounts import NewAccount, create, prepare
from node.actions.look_up import look_up
from node.store.people import actors, follows
from tests.journeys.conftest import Hub, eventually


async def a_member_at(hub: Hub, name: str) -> None:
    """A member's account there."""
    new = NewAccount(name=name, email=f"{name}@hub.example", password="eine lange Losung")
    ready = await prepare(new)
    async with hub.node() as node, node.database.pool.acquire() as db, db.transaction():
        await create(db, node.urls, new, ready)


async def allmende(hub: Hub, *arguments: str) -> None:
    """A command on the hub's machine, beside the running node."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "node", *arguments, cwd=hub.folder, env=hub.environment, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()


async def follows_at(hub: Hub, follower: str, uri: str) -> bool:
    """Whether somebody there follows the actor with this id, accepted."""
    async with hub.node() as node, node.database.pool.acquire() as db:
        one, other = await actors.find_local(db, follower), await actors.find(db, uri)
        found = await follows.find(db, one.id, other.id) if one and other else None
        return found is not None and found.state == "accepted"


async def test_followers_go_along_to_the_new_hub(hubs: Callable[..., Awaitable[Hub]]) -> None:
    old, new = await hubs("Old", "127.0.0.2"), await hubs("New", "127.0.0.3")
    await a_member_at(old, "mo")
    await a_member_at(new, "mo")
    before, after = await old.actor("mo"), await new.actor("mo")
    async with new.node() as node:  # ada of the new hub follows mo at the old one
        found = await look_up(node, before.uri)
        assert found is not None
        async with node.database.pool.acquire() as db, db.transaction():
            ada = await actors.find_local(db, "ada")
            assert ada is not None
            await follow.follow(node, db, ada, found)
        node.wake()
    await eventually(lambda: follows_at(new, "ada", before.uri), "ada follows mo at the old hub")
    await allmende(new, "account", "alias", "mo", before.uri)
    await allmende(old, "account", "move", "mo", after.uri)
    await eventually(lambda: follows_at(new, "ada", after.uri), "ada follows mo at the new hub")
    assert not await follows_at(new, "ada", before.uri)
