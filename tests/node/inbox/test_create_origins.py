"""What came of something of ours is kept although nobody follows its author, as far as they may know of ours."""

from __future__ import annotations

from typing import Any

import pytest

from node.store.people import blocks
from node.store.posts import origins, posts
from schemas.things import Audience
from tests.factories import a_post, a_remote_actor
from tests.node.inbox.conftest import PUBLIC, Hub, a_note, an_event

NOBODY = ("ignored", "nobody here follows its author")
TAKEN = ("accepted", None)


async def test_what_came_of_ours_is_shown_there(hub: Hub) -> None:
    bo, ours = await a_remote_actor(hub.db), await a_post(hub.db, hub.member, kind="finding")
    event = an_event(bo, **{"coop:origin": ours.uri})
    assert await hub.says(bo, "Create", event) == TAKEN
    chain = await origins.chain_of(hub.db, ours, None)
    assert [one.uri for _, one in chain.after] == [event["id"]]


@pytest.mark.parametrize(("audience", "blocked"), [("hub", False), ("followers", False), ("public", True)])
async def test_nobody_learns_of_ours_or_comes_in_by_naming_it(hub: Hub, audience: Audience, blocked: bool) -> None:
    bo, ours = await a_remote_actor(hub.db), await a_post(hub.db, hub.member, kind="finding", audience=audience)
    if blocked:
        await blocks.insert(hub.db, hub.member.id, bo.id, None)
    assert await hub.says(bo, "Create", an_event(bo, **{"coop:origin": ours.uri})) == NOBODY


@pytest.mark.parametrize(
    "fields", [{"to": ["https://far.example/followers"]}, {"coop:origin": "https://far.example/1"}]
)
async def test_only_what_is_public_and_came_of_ours_comes_in(hub: Hub, fields: dict[str, Any]) -> None:
    bo, ours = await a_remote_actor(hub.db), await a_post(hub.db, hub.member, kind="finding")
    assert await hub.says(bo, "Create", an_event(bo, **({"coop:origin": ours.uri} | fields))) == NOBODY


async def test_a_short_post_comes_from_nothing(hub: Hub) -> None:
    bo, ours = await a_remote_actor(hub.db), await a_post(hub.db, hub.member, kind="finding")
    assert await hub.says(bo, "Create", a_note(bo, **{"coop:origin": ours.uri})) == NOBODY


async def test_what_it_came_from_elsewhere_is_learnt_once(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    far = "https://far.example/findings/1"
    event = an_event(bo, to=[PUBLIC, hub.member.uri], **{"coop:origin": far})
    assert await hub.says(bo, "Create", event) == TAKEN
    rows = await hub.db.fetch("SELECT arguments FROM jobs WHERE kind = 'learn_post'")
    assert [row["arguments"]["uri"] for row in rows] == [far]
    kept = await posts.find_by_uri(hub.db, event["id"])
    assert kept
    assert kept.born_of == far


async def test_a_chain_that_bites_its_tail_ends(hub: Hub) -> None:
    first, second = [await a_post(hub.db, hub.member, kind="finding") for _ in range(2)]
    await origins.write(hub.db, first.id, second.uri)
    await origins.write(hub.db, second.id, first.uri)
    chain = await origins.chain_of(hub.db, first, None)
    assert [one.id for one in chain.before] == [second.id]
    assert list(chain.after) == []
