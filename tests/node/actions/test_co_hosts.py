"""Nobody is shown as holding an event who has not agreed to it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from node.actions.co_hosts import answer
from node.actions.edit import edit
from node.actions.publish import publish
from node.errors import Forbidden, NotFound
from node.node import Node
from node.store.db import Db
from node.store.events import co_hosts, events
from node.store.posts import posts
from schemas.check import decode
from schemas.drafts import Draft
from schemas.records import Actor, Post, Viewer
from tests.drafts import json_of
from tests.factories import a_local_actor, a_member, a_remote_actor, the_hub


@pytest.fixture
async def ana(node: Node, db: Db) -> Viewer:
    """Who publishes."""
    await the_hub(db, node.urls)
    return await a_member(db, "ana", urls=node.urls)


def a_draft(**fields: Any) -> Draft:
    return decode(msgspec.json.encode(json_of("event", **fields)))


async def told(db: Db, who: Viewer) -> list[tuple[str, dict[str, str]]]:
    rows = await db.fetch("SELECT kind, detail FROM notifications WHERE account_id = $1 ORDER BY id", who.account.id)
    return [(row["kind"], row["detail"]) for row in rows]


async def held_by(db: Db, post: Post) -> tuple[str, ...]:
    found = (await posts.get(db, post.id, post.actor.id)).event
    assert found is not None
    return found.organisers


async def said(db: Db) -> list[dict[str, Any]]:
    rows = await db.fetch("SELECT document FROM activities WHERE type = 'Update' ORDER BY id")
    return [msgspec.json.decode(row["document"])["object"] for row in rows]


async def test_a_member_who_is_named_is_asked_and_listed_once_they_agree(node: Node, db: Db, ana: Viewer) -> None:
    bo = await a_member(db, "bo", urls=node.urls)
    post = await publish(node, db, ana, a_draft(co_hosts=["bo"]))
    assert (await held_by(db, post), await told(db, bo)) == ((), [("co_host", {})])
    await answer(node, db, bo, post.id, "bo", agrees=True)
    assert await held_by(db, post) == (ana.actor.uri, bo.actor.uri)
    (document,) = await said(db)
    assert document["organizers"]["items"] == document["contacts"] == [ana.actor.uri, bo.actor.uri]
    assert await told(db, ana) == [("co_host_answer", {"state": "accepted"})]


async def test_who_declines_is_not_listed_nor_asked_again_but_may_change_their_mind(
    node: Node, db: Db, ana: Viewer
) -> None:
    bo = await a_member(db, "bo", urls=node.urls)
    post = await publish(node, db, ana, a_draft(co_hosts=["bo"]))
    await answer(node, db, bo, post.id, "bo", agrees=False)
    await edit(node, db, ana, post.id, a_draft(co_hosts=["bo"], capacity=9))
    assert (await held_by(db, post), await told(db, bo)) == ((), [("co_host", {})])
    assert await told(db, ana) == [("co_host_answer", {"state": "rejected"})]
    await answer(node, db, bo, post.id, "bo", agrees=True)
    assert await held_by(db, post) == (ana.actor.uri, bo.actor.uri)


async def test_an_edit_keeps_who_agreed_asks_who_is_new_and_drops_who_is_named_no_more(
    node: Node, db: Db, ana: Viewer
) -> None:
    bo, cy = [await a_member(db, name, urls=node.urls) for name in ("bo", "cy")]
    post = await publish(node, db, ana, a_draft(co_hosts=["bo"]))
    await answer(node, db, bo, post.id, "bo", agrees=True)
    await edit(node, db, ana, post.id, a_draft(co_hosts=["bo", "cy"]))
    assert await held_by(db, post) == (ana.actor.uri, bo.actor.uri)
    assert await co_hosts.list_of(db, post.id) == {cy.actor.id: "asked"}
    await edit(node, db, ana, post.id, a_draft())
    assert (await held_by(db, post), await co_hosts.list_of(db, post.id)) == ((), {})
    with pytest.raises(NotFound):
        await answer(node, db, cy, post.id, "cy", agrees=True)


async def test_one_answer_is_for_all_dates_of_a_series(node: Node, db: Db, ana: Viewer) -> None:
    bo = await a_member(db, "bo", urls=node.urls)
    first = await publish(node, db, ana, a_draft(co_hosts=["bo"], repeat={"every": "week", "count": 3}))
    assert await told(db, bo) == [("co_host", {})] and first.series is not None
    await answer(node, db, bo, first.id, "bo", agrees=True)
    dates = await events.list_series(db, first.series, viewer=None)
    assert [date.event.organisers for date in dates if date.event] == [(ana.actor.uri, bo.actor.uri)] * 3


async def test_somebody_of_another_server_is_named_but_not_as_organiser(node: Node, db: Db, ana: Viewer) -> None:
    bo = await a_remote_actor(db, "bo")
    post = await publish(node, db, ana, a_draft(co_hosts=["@bo@peer.example"]))
    assert (await held_by(db, post), await co_hosts.list_of(db, post.id)) == ((), {bo.id: "named"})


@pytest.mark.parametrize("named", ["organisers", "co_hosts"])
async def test_only_who_may_speak_for_the_hub_agrees_for_it(node: Node, db: Db, ana: Viewer, named: str) -> None:
    editor = await a_member(db, "ed", roles=("editor",), urls=node.urls)
    hub = await the_hub(db)
    post = await publish(node, db, ana, a_draft(**{named: ["hub"]}))
    assert await held_by(db, post) == () and await told(db, editor) == [("co_host", {})]
    with pytest.raises(Forbidden):
        await answer(node, db, ana, post.id, "hub", agrees=True)
    await answer(node, db, editor, post.id, "hub", agrees=True)
    assert await held_by(db, post) == (ana.actor.uri, hub.uri)


async def test_whoever_may_speak_for_somebody_has_agreed_for_them(node: Node, db: Db, ana: Viewer) -> None:
    editor = await a_member(db, "ed", roles=("editor",), urls=node.urls)
    group: Actor = await a_local_actor(db, "bench", role="group", urls=node.urls)
    post = await publish(node, db, editor, a_draft(co_hosts=["hub", "bench"]))
    assert await held_by(db, post) == (editor.actor.uri, (await the_hub(db)).uri, group.uri)


async def test_nobody_answers_who_was_not_asked_or_may_not_see_it(node: Node, db: Db, ana: Viewer) -> None:
    bo, cy = [await a_member(db, name, urls=node.urls) for name in ("bo", "cy")]
    post = await publish(node, db, ana, a_draft(co_hosts=["bo"]))
    hidden = await publish(node, db, ana, a_draft(co_hosts=["bo"], audience="followers"))
    for viewer, event_id, name in ((cy, post.id, "cy"), (bo, hidden.id, "bo"), (bo, 1, "bo"), (bo, post.id, "nobody")):
        with pytest.raises(NotFound):
            await answer(node, db, viewer, event_id, name, agrees=True)
    with pytest.raises(Forbidden):
        await answer(node, db, cy, post.id, "bo", agrees=True)
