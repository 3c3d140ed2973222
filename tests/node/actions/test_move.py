"""Moving in and out: who may, what others are told, and whom followers here follow afterwards."""

from __future__ import annotations

import msgspec
import pytest

from node.actions import follow
from node.actions.move import add_alias, move_back, move_out, remove_alias
from node.actions.publish import publish
from node.errors import Conflict, Forbidden
from node.node import Node
from node.store.db import Db
from node.store.people import actors, follows
from schemas.limits import ALIASES
from schemas.records import Actor, Viewer
from tests.drafts import a_draft
from tests.factories import a_member, a_remote_actor, the_hub


async def said(db: Db, verb: str) -> dict[str, object]:
    """The last activity of this type."""
    row = await db.fetchrow("SELECT document FROM activities WHERE type = $1 ORDER BY id DESC LIMIT 1", verb)
    assert row is not None, verb
    document: dict[str, object] = msgspec.json.decode(row["document"])
    return document


async def a_new_home(db: Db, ana: Viewer, **fields: object) -> Actor:
    """Ana's account elsewhere, which names the one here."""
    return await a_remote_actor(db, also_known_as=(ana.actor.uri,), **fields)


async def test_a_former_account_is_named_to_everybody_once_and_forgotten(node: Node, db: Db) -> None:
    ana, former = await a_member(db, urls=node.urls), await a_remote_actor(db)
    await add_alias(node, db, ana, ana.actor, former)
    after = await add_alias(node, db, ana, ana.actor, former)
    assert after.also_known_as == [former.uri]
    update = await said(db, "Update")
    assert isinstance(update["object"], dict)
    assert update["object"]["alsoKnownAs"] == [former.uri]
    assert (await remove_alias(node, db, ana, ana.actor, former.uri)).also_known_as == []


async def test_nobody_names_themselves_or_too_many_or_for_somebody_else(node: Node, db: Db) -> None:
    ana, bo, other = await a_member(db, urls=node.urls), await a_member(db, urls=node.urls), await a_remote_actor(db)
    with pytest.raises(Conflict):
        await add_alias(node, db, ana, ana.actor, ana.actor)
    with pytest.raises(Forbidden):
        await add_alias(node, db, bo, ana.actor, other)
    with pytest.raises(Forbidden):
        await add_alias(node, db, bo, await the_hub(db, node.urls), other)
    for _ in range(ALIASES):
        await add_alias(node, db, ana, ana.actor, await a_remote_actor(db))
    with pytest.raises(Conflict):
        await add_alias(node, db, ana, ana.actor, other)


async def test_followers_here_go_along_and_those_elsewhere_are_told(node: Node, db: Db) -> None:
    ana, bo = await a_member(db, urls=node.urls), await a_member(db, urls=node.urls)
    far = await a_remote_actor(db, host="https://far.example")
    await follow.follow(node, db, bo.actor, ana.actor)
    await follow.receive(node, db, far, ana.actor, f"{far.uri}/follows/1")
    target = await a_new_home(db, ana)
    moved = await move_out(node, db, ana, ana.actor, target)
    assert moved.moved_to == target.uri
    document = await said(db, "Move")
    assert (document["object"], document["target"]) == (ana.actor.uri, target.uri)
    owed = "SELECT inbox FROM deliveries JOIN activities a ON a.id = activity_id WHERE a.type = 'Move'"
    assert [row["inbox"] for row in await db.fetch(owed)] == [far.shared_inbox]
    assert await follows.find(db, bo.actor.id, ana.actor.id) is None
    assert await follows.find(db, bo.actor.id, target.id) is not None


async def test_who_has_moved_publishes_no_more_until_they_are_back(node: Node, db: Db) -> None:
    ana = await a_member(db, urls=node.urls)
    await move_out(node, db, ana, ana.actor, await a_new_home(db, ana))
    away = msgspec.structs.replace(ana, acting=await actors.get(db, ana.actor.id))
    with pytest.raises(Forbidden):
        await publish(node, db, away, a_draft("post", text="Still here"))
    back = await move_back(node, db, ana, ana.actor)
    assert back.moved_to is None
    assert await publish(node, db, msgspec.structs.replace(ana, acting=back), a_draft("post", text="Here again"))


async def test_a_move_is_refused_without_agreement_right_or_patience(node: Node, db: Db) -> None:
    ana, bo = await a_member(db, urls=node.urls), await a_member(db, urls=node.urls)
    target = await a_new_home(db, ana)
    for wrong in (await a_remote_actor(db), ana.actor, await a_new_home(db, ana, moved_to="https://x.example/users/y")):
        with pytest.raises(Conflict):
            await move_out(node, db, ana, ana.actor, wrong)
    with pytest.raises(Forbidden):
        await move_out(node, db, bo, ana.actor, target)
    assert await db.fetchval("SELECT count(*) FROM activities WHERE type = 'Move'") == 0
    await move_out(node, db, ana, ana.actor, target)
    await move_back(node, db, ana, ana.actor)
    with pytest.raises(Conflict):
        await move_out(node, db, ana, ana.actor, await a_new_home(db, ana))
