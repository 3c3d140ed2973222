"""Answering calls by program."""

from __future__ import annotations

import pytest

from node.store.posts import posts
from schemas.limits import ANSWER_CHARS
from tests.drafts import json_of
from tests.factories import a_post, a_remote_actor, a_remote_object
from tests.node.api.conftest import Hub, Program

TEXT = "I can help.\n\nI bring <b>tools</b>."


@pytest.fixture
async def call(program: Program) -> str:
    """The address of a call with two places."""
    return f"/calls/{(await program.post('/calls', json_of('call', places=2))).json['id']}/answers"


@pytest.fixture
async def bo(hub: Hub) -> Program:
    """The program of somebody else."""
    return await hub.program_of(await hub.member("bo"))


async def test_an_answer_is_read_by_who_called_and_accepted(program: Program, bo: Program, call: str) -> None:
    given = await bo.post(call, {"text": TEXT})
    assert (given.status, given.json["state"]) == (201, "offered")
    assert given.json["text"] == "<p>I can help.</p><p>I bring &lt;b&gt;tools&lt;/b&gt;.</p>"
    read = (await program.get(call)).json
    assert [(one["who"]["handle"].partition("@")[0], one["state"]) for one in read] == [("bo", "offered")]
    decided = await program.post(f"{call}/{given.json['id']}/accept")
    assert decided.json["state"] == "accepted"
    assert [one["state"] for one in (await bo.get(call)).json] == ["accepted"]


async def test_others_see_only_their_own_answers(hub: Hub, bo: Program, call: str) -> None:
    await bo.post(call, {"text": TEXT})
    other = await hub.program_of(await hub.member("cy"))
    assert (await other.get(call)).json == []
    assert (await hub.stranger.get(call)).status == 401


async def test_only_who_called_decides(hub: Hub, program: Program, bo: Program, call: str) -> None:
    given = (await bo.post(call, {"text": TEXT})).json
    assert (await bo.post(f"{call}/{given['id']}/accept")).status == 403
    assert (await program.post(f"{call}/{int(given['id']) + 1}/accept")).status == 404
    other = f"/calls/{(await program.post('/calls', json_of('call'))).json['id']}/answers"
    assert (await program.post(f"{other}/{given['id']}/accept")).status == 404
    assert (await program.post(f"{call}/{given['id']}/reject")).json["state"] == "rejected"
    assert (await program.post(f"{call}/{given['id']}/accept")).status == 409


async def test_an_answer_is_taken_back_by_who_gave_it(program: Program, bo: Program, call: str) -> None:
    given = (await bo.post(call, {"text": TEXT})).json
    assert (await program.post(f"{call}/{given['id']}/withdraw")).status == 404
    assert (await bo.post(f"{call}/{given['id']}/withdraw")).json["state"] == "withdrawn"


async def test_a_repeated_request_gives_one_answer(program: Program, bo: Program, call: str) -> None:
    for _ in range(2):
        assert (await bo.post(call, {"text": TEXT}, Idempotency_Key="once")).status == 201
    assert len((await program.get(call)).json) == 1


async def test_an_answer_to_a_call_elsewhere_travels_as_an_offer(hub: Hub, program: Program) -> None:
    remote = await a_remote_actor(hub.db)
    call = await posts.upsert_remote(hub.db, a_remote_object(remote, kind="call"), remote)
    assert call is not None
    given = await program.post(f"/calls/{call.id}/answers", {"text": TEXT, "hours": 3})
    assert (given.status, given.json["hours"]) == (201, 3)
    owed = await hub.db.fetch("SELECT type, inbox FROM deliveries JOIN activities a ON a.id = activity_id")
    assert [(row["type"], row["inbox"]) for row in owed] == [("Offer", remote.shared_inbox)]


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": "x" * (ANSWER_CHARS + 1)}, {"text": "x", "quantity": 0}, {"text": "x", "a": 1}]
)
async def test_what_is_no_answer_is_refused(program: Program, bo: Program, call: str, body: dict[str, object]) -> None:
    assert (await bo.post(call, body)).status == 422
    assert (await program.get(call)).json == []


async def test_more_places_than_there_are_cannot_be_asked_for(bo: Program, call: str) -> None:
    refused = await bo.post(call, {"text": TEXT, "quantity": 3})
    assert (refused.status, refused.json["error"]) == (409, "There are not enough places left.")


async def test_what_is_no_call_cannot_be_answered(hub: Hub, bo: Program) -> None:
    event = await a_post(hub.db, (await hub.member("cy")).actor, kind="event")
    assert (await bo.post(f"/calls/{event.id}/answers", {"text": TEXT})).status == 404
