"""Following by program."""

from __future__ import annotations

import pytest

from node.store.people import follows
from schemas.limits import ADDRESS_BYTES
from tests.factories import a_remote_actor, the_hub
from tests.node.api.conftest import Hub, Program
from tests.peer import hostile_peer


async def test_a_member_here_is_followed_at_once(hub: Hub, program: Program) -> None:
    bo = await hub.member("bo")
    made = await program.post("/follows", {"who": "@bo"})
    assert (made.status, made.json["state"]) == (200, "accepted")
    assert made.json["who"]["uri"] == bo.actor.uri
    assert [one["who"]["uri"] for one in (await program.get("/follows")).json] == [bo.actor.uri]


async def test_somebody_elsewhere_is_looked_up_and_asked(hub: Hub, program: Program, ana: object) -> None:
    async with hostile_peer("127.0.0.7") as peer:
        made = await program.post("/follows", {"who": f"@{peer.handle}"})
        again = await program.post("/follows", {"who": peer.actor_id})
    assert (made.json["state"], again.json["state"]) == ("pending", "pending")
    assert made.json["who"]["handle"] == peer.handle
    said = await hub.db.fetch("SELECT type FROM activities")
    assert [row["type"] for row in said] == ["Follow"]


async def test_a_token_of_the_hub_follows_as_the_hub(hub: Hub) -> None:
    editor = await hub.member("ed", roles=("editor",))
    itself = await the_hub(hub.db)
    remote = await a_remote_actor(hub.db, "bo")
    program = await hub.program_of(editor, acting_as=itself.id)
    assert (await program.post("/follows", {"who": remote.uri})).status == 200
    assert await follows.find(hub.db, itself.id, remote.id) is not None
    assert await follows.find(hub.db, editor.actor.id, remote.id) is None


async def test_who_may_not_speak_for_the_hub_does_not_follow_for_it(hub: Hub) -> None:
    member = await hub.member("mo")
    itself = await the_hub(hub.db)
    remote = await a_remote_actor(hub.db, "bo")
    program = await hub.program_of(member, acting_as=itself.id)
    assert (await program.post("/follows", {"who": remote.uri})).status in (401, 403)
    assert await follows.find(hub.db, itself.id, remote.id) is None


async def test_following_ends(hub: Hub, program: Program) -> None:
    await hub.member("bo")
    await program.post("/follows", {"who": "bo"})
    assert (await program.ask("DELETE", "/follows?who=bo")).status == 204
    assert (await program.ask("DELETE", "/follows?who=@bo")).status == 204
    assert (await program.get("/follows")).json == []
    assert (await program.ask("DELETE", "/follows?who=nobody")).status == 404
    assert (await program.ask("DELETE", "/follows")).status == 422


@pytest.mark.parametrize(
    "body", [{"who": "nobody@127.0.0.7:1"}, {"who": ""}, {"who": "x" * (ADDRESS_BYTES + 1)}, {}, {"who": "bo", "x": 1}]
)
async def test_who_cannot_be_found_is_not_followed(program: Program, body: dict[str, object]) -> None:
    refused = await program.post("/follows", body)
    assert refused.status == 422
    assert refused.json["problems"]


async def test_nobody_follows_themselves(program: Program) -> None:
    assert (await program.post("/follows", {"who": "ana"})).status == 403


async def test_strangers_and_readers_follow_nobody(hub: Hub, ana: object) -> None:
    bo = await hub.member("bo")
    reader = await hub.program_of(bo, "read")
    assert (await hub.stranger.post("/follows", {"who": "ana"})).status == 401
    assert (await hub.stranger.get("/follows")).status == 401
    assert (await reader.post("/follows", {"who": "ana"})).status == 403


async def test_long_lists_come_in_pages(hub: Hub, program: Program) -> None:
    for name in ("bo", "cy", "di"):
        await hub.member(name)
        await program.post("/follows", {"who": name})
    first = await program.get("/follows?limit=2")
    assert [one["who"]["handle"].partition("@")[0] for one in first.json] == ["bo", "cy"]
    link = first.headers["Link"].partition(">")[0].removeprefix("<")
    path = "/follows?" + link.partition("?")[2]
    assert [one["who"]["handle"].partition("@")[0] for one in (await program.get(path)).json] == ["di"]
