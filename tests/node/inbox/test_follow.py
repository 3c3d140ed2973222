"""Follow and Block from elsewhere: who is let in, who is not and hears nothing of it."""

from __future__ import annotations

import pytest

from node.store.people import blocks, follows
from schemas.records import Actor
from tests.factories import a_local_actor, a_remote_actor, an_area
from tests.node.inbox.conftest import Hub, an_activity

TAKEN = ("accepted", None)


async def is_followed_by(hub: Hub, followed: Actor, follower: Actor) -> str | None:
    found = await follows.find(hub.db, follower.id, followed.id)
    return found.state if found else None


@pytest.mark.parametrize("role", ["hub", "member", "area"])
async def test_whoever_is_open_is_followed_and_says_so_each_time_it_is_asked(hub: Hub, role: str) -> None:
    followed = {"hub": hub.actor, "member": hub.member}.get(role) or await an_area(hub.db, urls=hub.node.urls)
    bo = await a_remote_actor(hub.db)
    asked = an_activity(bo, "Follow", followed.uri)
    assert await hub.hear(asked) == TAKEN
    assert await hub.hear(asked) == TAKEN  # the first Accept may have been lost
    assert await is_followed_by(hub, followed, bo) == "accepted"
    said = await hub.said("Accept")
    assert [(one["actor"], one["object"]["id"], one["to"]) for one in said] == [
        (followed.uri, asked["id"], [bo.uri])
    ] * 2
    assert await hub.db.fetchval("SELECT count(*) FROM follows") == 1
    assert await hub.notices() == (["follow"] if role == "member" else [])


async def test_a_new_follow_of_a_follower_takes_the_place_of_the_old_one(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    for _ in range(2):
        assert await hub.says(bo, "Follow", hub.actor.uri) == TAKEN
    assert await hub.db.fetchval("SELECT count(*) FROM follows") == 1


async def test_whoever_is_locked_is_asked_first(hub: Hub) -> None:
    await hub.db.execute("UPDATE actors SET locked = true WHERE id = $1", hub.member.id)
    bo = await a_remote_actor(hub.db)
    assert await hub.says(bo, "Follow", hub.member.uri) == TAKEN
    assert (await is_followed_by(hub, hub.member, bo), await hub.notices()) == ("pending", ["follow_request"])
    assert await hub.said("Accept") == []


@pytest.mark.parametrize("which", ["nobody", "elsewhere", "suspended", "deleted"])
async def test_nobody_who_is_not_here_is_followed(hub: Hub, which: str) -> None:
    bo, other = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    if which in ("suspended", "deleted"):
        await hub.db.execute(f"UPDATE actors SET {which}_at = now() WHERE id = $1", hub.member.id)
    uri = {"nobody": f"{hub.node.urls.base_url}/actors/nobody", "elsewhere": other.uri}.get(which, hub.member.uri)
    assert await hub.says(bo, "Follow", uri) == ("ignored", "nobody of ours")
    assert await hub.db.fetchval("SELECT count(*) FROM follows") == 0
    assert await hub.said("Accept") == []


async def test_case_102_the_blocked_follow_nobody_and_are_told_nothing(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    await blocks.insert(hub.db, hub.member.id, bo.id, None)
    assert await hub.says(bo, "Follow", hub.member.uri) == ("ignored", "blocked")
    assert await hub.db.fetchval("SELECT count(*) FROM activities") == 0
    assert await is_followed_by(hub, hub.member, bo) is None


async def test_the_id_of_another_follow_is_not_taken_over(hub: Hub) -> None:
    bo, neighbour = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    first = an_activity(bo, "Follow", hub.actor.uri)
    assert await hub.hear(first) == TAKEN
    assert await hub.says(neighbour, "Follow", hub.actor.uri, id=first["id"]) == ("refused", "its id was used before")
    assert await hub.says(bo, "Follow", hub.member.uri, id=first["id"]) == ("refused", "its id was used before")
    assert await is_followed_by(hub, hub.actor, bo) == "accepted"
    assert await is_followed_by(hub, hub.member, bo) is None


@pytest.mark.parametrize("kind", ["Application", "Service", "Group"])
async def test_servers_follow_the_server(hub: Hub, kind: str) -> None:
    relay = await a_remote_actor(hub.db, kind=kind)
    assert await hub.says(relay, "Follow", hub.node.instance.uri) == TAKEN
    assert await is_followed_by(hub, hub.node.instance, relay) == "accepted"


@pytest.mark.parametrize("kind", ["Person", "Organization"])
async def test_people_are_told_that_they_cannot_follow_the_server(hub: Hub, kind: str) -> None:
    bo = await a_remote_actor(hub.db, kind=kind)
    assert await hub.says(bo, "Follow", hub.node.instance.uri) == ("ignored", "only servers follow the server")
    assert [one["object"]["actor"] for one in await hub.said("Reject")] == [bo.uri]
    assert await is_followed_by(hub, hub.node.instance, bo) is None


async def test_a_block_ends_both_follows_and_is_kept_in_silence(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.follow(bo)
    await hub.followed_by(bo, hub.member)
    said = await hub.db.fetchval("SELECT count(*) FROM activities")
    block = an_activity(bo, "Block", hub.member.uri)
    assert await hub.hear(block) == TAKEN
    before = await hub.memory()
    assert await hub.hear(block) == TAKEN
    assert await hub.memory() == before
    assert await blocks.exists(hub.db, bo.id, hub.member.id)
    assert await hub.db.fetchval("SELECT count(*) FROM follows") == 0
    assert (await hub.notices(), await hub.db.fetchval("SELECT count(*) FROM activities")) == ([], said)


async def test_a_block_among_others_is_none_of_ours(hub: Hub) -> None:
    bo, other = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    assert await hub.says(bo, "Block", other.uri) == ("ignored", "nobody of ours")
    assert not await blocks.exists(hub.db, bo.id, other.id)


async def test_a_group_is_followed_like_anybody(hub: Hub) -> None:
    group = await a_local_actor(hub.db, role="group", urls=hub.node.urls)
    bo = await a_remote_actor(hub.db)
    assert await hub.says(bo, "Follow", group.uri) == TAKEN
    assert await is_followed_by(hub, group, bo) is not None
