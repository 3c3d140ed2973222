"""Following from here: asking, deciding, ending and blocking; what others hear of it, and that once is enough."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from node.actions.follow import (
    accept_follow,
    accepted_elsewhere,
    block,
    follow,
    receive,
    reject_follow,
    unblock,
    unfollow,
)
from node.errors import Forbidden, NotFound
from node.node import Node
from node.store.db import Db
from node.store.people import blocks, follows
from schemas.records import Actor
from tests.factories import a_local_actor, a_member, a_remote_actor


async def said(db: Db) -> list[dict[str, Any]]:
    """All that was said, in order; each to one inbox."""
    rows = await db.fetch("SELECT document FROM activities ORDER BY id")
    return [msgspec.json.decode(row["document"]) for row in rows]


async def verbs(db: Db) -> list[str]:
    return [one["type"] for one in await said(db)]


async def told(db: Db, actor: Actor) -> list[str]:
    """The kinds of what somebody here was told."""
    rows = await db.fetch(
        "SELECT kind FROM notifications n JOIN accounts a ON a.id = n.account_id WHERE a.actor_id = $1 ORDER BY n.id",
        actor.id,
    )
    return [row["kind"] for row in rows]


async def lock(db: Db, actor: Actor) -> Actor:
    await db.execute("UPDATE actors SET locked = true WHERE id = $1", actor.id)
    return msgspec.structs.replace(actor, locked=True)


async def test_following_somebody_here_needs_no_answer(node: Node, db: Db) -> None:
    ana, bo = (await a_member(db)).actor, (await a_member(db)).actor
    for _ in range(2):
        assert (await follow(node, db, ana, bo)).state == "accepted"
    assert (await told(db, bo), await said(db)) == (["follow"], [])
    await unfollow(node, db, ana, bo)
    await unfollow(node, db, ana, bo)
    assert await follows.find(db, ana.id, bo.id) is None


async def test_following_somebody_elsewhere_asks_once_and_is_undone_once(node: Node, db: Db) -> None:
    ana, bo = (await a_member(db)).actor, await a_remote_actor(db)
    asked = [await follow(node, db, ana, bo) for _ in range(2)]
    assert [one.state for one in asked] == ["pending", "pending"]
    await unfollow(node, db, ana, bo)
    await unfollow(node, db, ana, bo)
    first, undo = await said(db)
    assert (first["type"], first["object"], undo["type"], undo["object"]["id"]) == (
        "Follow",
        bo.uri,
        "Undo",
        first["id"],
    )
    assert await db.fetchval("SELECT count(*) FROM deliveries WHERE inbox = $1", bo.shared_inbox) == 2


async def test_whoever_is_locked_decides(node: Node, db: Db) -> None:
    ana, bo = (await a_member(db)).actor, await lock(db, (await a_member(db)).actor)
    assert (await follow(node, db, ana, bo)).state == "pending"
    await accept_follow(node, db, bo, ana)
    assert (await told(db, bo), await told(db, ana)) == (["follow_request"], ["follow_accepted"])
    with pytest.raises(NotFound):
        await accept_follow(node, db, bo, ana)
    await reject_follow(node, db, bo, ana)
    assert await follows.find(db, ana.id, bo.id) is None
    with pytest.raises(NotFound):
        await reject_follow(node, db, bo, ana)


async def test_nobody_follows_themselves(node: Node, db: Db) -> None:
    ana = (await a_member(db)).actor
    with pytest.raises(Forbidden):
        await follow(node, db, ana, ana)


@pytest.mark.parametrize("who", ["I", "they"])
@pytest.mark.parametrize("where", ["here", "elsewhere"])
async def test_where_one_blocks_the_other_nobody_follows(node: Node, db: Db, who: str, where: str) -> None:
    ana = (await a_member(db)).actor
    bo = await a_local_actor(db) if where == "here" else await a_remote_actor(db)
    blocker, blocked = (ana, bo) if who == "I" else (bo, ana)
    await blocks.insert(db, blocker.id, blocked.id, None)
    with pytest.raises(Forbidden):
        await follow(node, db, ana, bo)
    if where == "elsewhere":
        with pytest.raises(Forbidden):
            await receive(node, db, bo, ana, f"{bo.uri}/f")
    assert (await db.fetchval("SELECT count(*) FROM follows"), await said(db)) == (0, [])


async def test_somebody_elsewhere_is_let_in_or_not(node: Node, db: Db) -> None:
    ana, bo = await lock(db, (await a_member(db)).actor), await a_remote_actor(db)
    assert (await receive(node, db, bo, ana, f"{bo.uri}/f/1")).state == "pending"
    assert await verbs(db) == []
    await accept_follow(node, db, ana, bo)
    assert (await receive(node, db, bo, ana, f"{bo.uri}/f/2")).state == "accepted"  # a follower stays one
    await reject_follow(node, db, ana, bo)
    assert await verbs(db) == ["Accept", "Accept", "Reject"]
    assert (await said(db))[0]["object"]["id"] == f"{bo.uri}/f/1"
    assert await told(db, ana) == ["follow_request"]


async def test_an_acceptance_counts_where_one_was_asked_for(node: Node, db: Db) -> None:
    ana, bo = (await a_member(db)).actor, await a_remote_actor(db)
    assert not await accepted_elsewhere(db, ana, bo)
    await follow(node, db, ana, bo)
    assert [await accepted_elsewhere(db, ana, bo) for _ in range(2)] == [True, False]
    backfills = await db.fetchval("SELECT count(*) FROM jobs WHERE kind = 'backfill_actor'")
    assert (backfills, await told(db, ana)) == (1, ["follow_accepted"])


async def test_a_block_ends_both_follows_says_so_and_can_be_lifted(node: Node, db: Db) -> None:
    ana, bo = (await a_member(db)).actor, await a_remote_actor(db)
    await follows.insert(db, ana.id, bo.id, "https://hub.example/f/1", accepted=True)
    await follows.insert(db, bo.id, ana.id, f"{bo.uri}/f", accepted=True)
    await block(node, db, ana, bo)
    assert await blocks.exists(db, ana.id, bo.id)
    assert await db.fetchval("SELECT count(*) FROM follows") == 0
    for _ in range(2):
        await unblock(node, db, ana, bo)
    blocked, undone = await said(db)
    assert (blocked["type"], undone["type"], undone["object"]["id"]) == ("Block", "Undo", blocked["id"])
    assert not await blocks.exists(db, ana.id, bo.id)
    assert await db.fetchval("SELECT count(*) FROM follows") == 0


async def test_a_block_here_is_nobody_elses_business(node: Node, db: Db) -> None:
    ana, bo = (await a_member(db)).actor, (await a_member(db)).actor
    await block(node, db, ana, bo)
    assert (await said(db), await told(db, bo)) == ([], [])
