"""Move: followers here go along where the new place knows the old one, once, and not in circles (cases 20, 62)."""

from __future__ import annotations

from typing import Any

import pytest

from federation.outcomes import FetchFailed
from node.store.people import actors, follows
from schemas.records import Actor
from tests.factories import a_remote_actor
from tests.node.inbox.conftest import Hub, known
from tests.peer import Peer

TAKEN = ("accepted", None)
UNKNOWN = ("refused", "the new place does not know the old one")


def new_place(peer: Peer, old: Actor, **fields: Any) -> str:
    """An actor of the peer that says it is the old one too."""
    peer.serve("/users/new", peer.actor | {"id": peer.url("/users/new"), "preferredUsername": "new",
        "inbox": peer.url("/users/new/inbox"), "alsoKnownAs": [old.uri],
        "publicKey": peer.actor["publicKey"] | {"id": peer.url("/users/new#main-key"), "owner": peer.url("/users/new")},
        } | fields)  # fmt: skip
    return peer.url("/users/new")


async def whom_the_member_follows(hub: Hub) -> list[str]:
    rows = await hub.db.fetch(
        "SELECT a.uri FROM follows f JOIN actors a ON a.id = f.followed_id WHERE f.follower_id = $1", hub.member.id
    )
    return [row["uri"] for row in rows]


async def test_followers_go_along_to_a_place_that_knows_the_old_one(hub: Hub, peer: Peer) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.follow(bo)
    target = new_place(peer, bo)
    assert await hub.says(bo, "Move", bo.uri, target=target) == TAKEN
    assert await whom_the_member_follows(hub) == [target]
    assert [one["object"] for one in await hub.said("Follow")] == [target]
    assert len(await hub.said("Undo")) == 1
    assert (await known(hub.db, bo.uri)).moved_to == target


async def test_a_move_is_made_once(hub: Hub, peer: Peer) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.follow(bo)
    target = new_place(peer, bo)
    assert await hub.says(bo, "Move", bo.uri, target=target) == TAKEN
    before = await hub.memory()
    assert await hub.says(bo, "Move", bo.uri, target=target) == ("ignored", "moved before")
    elsewhere = await a_remote_actor(hub.db, also_known_as=(bo.uri,))
    assert await hub.says(bo, "Move", bo.uri, target=elsewhere.uri) == ("ignored", "moved a short while ago")
    assert await hub.memory() == before


@pytest.mark.parametrize("known_as", [[], ["https://other.example/users/x"], "not a list"])
async def test_case_20_a_place_that_does_not_know_the_old_one_gets_no_followers(
    hub: Hub, peer: Peer, known_as: Any
) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.follow(bo)
    target = new_place(peer, bo, alsoKnownAs=known_as)
    assert await hub.says(bo, "Move", bo.uri, target=target) == UNKNOWN
    assert await whom_the_member_follows(hub) == [bo.uri]
    assert (await known(hub.db, bo.uri)).moved_to is None


@pytest.mark.parametrize("answer", [404, 410])
async def test_a_place_that_is_not_there_gets_no_followers(hub: Hub, peer: Peer, answer: int) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.follow(bo)
    peer.serve("/users/new", b"", status=answer)
    ended = await hub.says(bo, "Move", bo.uri, target=peer.url("/users/new"))
    assert ended[0] != "accepted"
    assert await whom_the_member_follows(hub) == [bo.uri]


async def test_a_place_that_fails_for_the_moment_is_asked_again_later(hub: Hub, peer: Peer) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.follow(bo)
    peer.serve("/users/new", b"", status=500)
    with pytest.raises(FetchFailed):  # the worker tries again
        await hub.says(bo, "Move", bo.uri, target=peer.url("/users/new"))
    assert await whom_the_member_follows(hub) == [bo.uri]


async def test_case_20_an_actor_moves_only_itself_and_somewhere(hub: Hub) -> None:
    bo, neighbour = await a_remote_actor(hub.db), await a_remote_actor(hub.db)
    await hub.follow(neighbour)
    evil = await a_remote_actor(hub.db, host="https://evil.example", also_known_as=(neighbour.uri, bo.uri))
    for about, target in ((neighbour.uri, evil.uri), (bo.uri, None), (bo.uri, bo.uri), (hub.member.uri, evil.uri)):
        assert (await hub.says(bo, "Move", about, target=target))[0] == "refused"
    assert await whom_the_member_follows(hub) == [neighbour.uri]


async def test_case_62_nobody_follows_on_to_a_place_that_has_moved_on(hub: Hub, peer: Peer) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.follow(bo)
    target = new_place(peer, bo, movedTo=bo.uri)
    assert await hub.says(bo, "Move", bo.uri, target=target) == UNKNOWN
    assert await whom_the_member_follows(hub) == [bo.uri]


@pytest.mark.parametrize("column", ["suspended_at = now()", "host_suspended = true", "deleted_at = now()"])
async def test_nobody_follows_on_to_whom_nobody_may_follow(hub: Hub, column: str) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.follow(bo)
    target = await a_remote_actor(hub.db, host="https://bad.example", also_known_as=(bo.uri,))
    await hub.db.execute(f"UPDATE actors SET {column} WHERE id = $1", target.id)
    assert (await hub.says(bo, "Move", bo.uri, target=target.uri))[0] == "refused"
    assert await whom_the_member_follows(hub) == [bo.uri]


async def test_who_blocked_the_new_place_stays(hub: Hub) -> None:
    bo = await a_remote_actor(hub.db)
    await hub.follow(bo)
    target = await a_remote_actor(hub.db, host="https://new.example", also_known_as=(bo.uri,))
    await hub.db.execute(
        "INSERT INTO blocks (blocker_id, blocked_id, uri) VALUES ($1, $2, NULL)", hub.member.id, target.id
    )
    assert await hub.says(bo, "Move", bo.uri, target=target.uri) == TAKEN
    assert await follows.find(hub.db, hub.member.id, target.id) is None
    assert (await actors.get(hub.db, bo.id)).moved_to == target.uri
