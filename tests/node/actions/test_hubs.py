"""Which hubs are named to everybody: heard of, suggested, approved or dismissed by editors."""

from __future__ import annotations

import msgspec
import pytest

from node.actions import follow, hubs
from node.errors import Forbidden, NotFound
from node.node import Node
from node.store.db import Db
from node.store.people import follows
from node.store.servers import known_hubs
from tests.factories import a_local_actor, a_member, a_remote_actor, the_hub


async def test_an_editor_approves_a_hub_and_those_that_follow_us_hear_of_it_once(node: Node, db: Db) -> None:
    ours, editor = await the_hub(db, node.urls), await a_member(db, roles=("editor",))
    bern, lyon, ana = [await a_remote_actor(db, kind=kind) for kind in ("Organization", "Organization", "Person")]
    for one in (bern, lyon, ana):
        await follows.insert(db, one.id, ours.id, f"{one.uri}/f", accepted=True)
    for _ in range(2):
        await hubs.approve(node, db, editor, bern.id)
    assert [one.id for one in await known_hubs.list_approved(db, 10)] == [bern.id]
    (said,) = await db.fetch("SELECT document FROM activities WHERE type = 'Announce'")
    document = msgspec.json.decode(said["document"])
    assert (document["actor"], document["object"], document["to"]) == (ours.uri, bern.uri, [lyon.uri])
    await hubs.dismiss(node, db, editor, bern.id)
    assert await known_hubs.list_approved(db, 10) == []
    assert [one.id for one in await known_hubs.list_dismissed(db, 10)] == [bern.id]


async def test_only_editors_decide_and_only_about_hubs_elsewhere(node: Node, db: Db) -> None:
    ours, editor, member = await the_hub(db, node.urls), await a_member(db, roles=("editor",)), await a_member(db)
    bern, ana = await a_remote_actor(db, kind="Organization"), await a_remote_actor(db)
    for decide in (hubs.approve, hubs.dismiss):
        with pytest.raises(Forbidden):
            await decide(node, db, member, bern.id)
        for other in (ours.id, ana.id, 1):
            with pytest.raises(NotFound):
                await decide(node, db, editor, other)
    assert await known_hubs.find(db, bern.id) is None


async def test_hubs_become_known_by_following_each_other(node: Node, db: Db) -> None:
    ours, group = await the_hub(db, node.urls), await a_local_actor(db, role="group", urls=node.urls)
    bern, lyon, ana = [await a_remote_actor(db, kind=kind) for kind in ("Organization", "Organization", "Person")]
    await follow.follow(node, db, ours, bern)
    for one in (lyon, ana):
        await follow.receive(node, db, one, ours, f"{one.uri}/follows/1")
    berlin = await a_remote_actor(db, kind="Organization")
    await follow.receive(node, db, berlin, group, f"{berlin.uri}/follows/1")
    heard = {one.id: await known_hubs.find(db, one.id) for one in (bern, lyon, ana, berlin)}
    assert {one for one, known in heard.items() if known} == {bern.id, lyon.id}
    checks = [row["once"] for row in await db.fetch("SELECT once FROM jobs WHERE kind = 'check_hub' ORDER BY id")]
    assert checks == [f"check hub {bern.id}", f"check hub {lyon.id}"]
