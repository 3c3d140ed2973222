"""What becomes of things, by JSON."""

from __future__ import annotations

import pytest

from tests.drafts import json_of
from tests.node.api.conftest import Hub, Program

DEEDS = {
    ("event", "cancel"): ("status", "cancelled"),
    ("event", "postpone"): ("status", "postponed"),
    ("call", "close"): ("state", "closed"),
    ("call", "fill"): ("state", "filled"),
    ("call", "withdraw"): ("state", "withdrawn"),
    ("finding", "retract"): ("state", "retracted"),
    ("finding", "correct"): ("state", "corrected"),
}
BACK = {"event": ("reinstate", "scheduled"), "call": ("reopen", "open"), "finding": ("restore", "valid")}


@pytest.mark.parametrize(("kind", "deed"), DEEDS)
async def test_a_thing_changes_its_state_and_back(hub: Hub, program: Program, kind: str, deed: str) -> None:
    made = await program.post(f"/{kind}s", json_of(kind))
    path = f"/{kind}s/{made.json['id']}"
    field, state = DEEDS[kind, deed]
    done = await program.post(f"{path}/{deed}")
    assert (done.status, done.json[kind][field]) == (200, state)
    assert (await hub.stranger.get(path)).json == done.json
    back, before = BACK[kind]
    assert (await program.post(f"{path}/{back}")).json[kind][field] == before


async def test_a_deed_is_for_its_kind(program: Program) -> None:
    made = await program.post("/calls", json_of("call"))
    assert (await program.post(f"/events/{made.json['id']}/cancel")).status == 404
    assert (await program.post(f"/calls/{made.json['id']}/cancel")).status == 404


async def test_a_series_is_cancelled_from_one_date_on(hub: Hub, program: Program) -> None:
    first = await program.post("/events", json_of("event", repeat={"every": "week", "count": 3}))
    dates = (await hub.stranger.get(f"/events/{first.json['id']}/series")).json
    await program.post(f"/events/{dates[1]['id']}/cancel?following=true")
    after = (await hub.stranger.get(f"/events/{first.json['id']}/series")).json
    assert [date["event"]["status"] for date in after] == ["scheduled", "cancelled", "cancelled"]
    assert (await program.ask("DELETE", f"/events/{dates[1]['id']}?following=true")).status == 204
    assert len((await hub.stranger.get(f"/events/{first.json['id']}/series")).json) == 1
    assert (await program.post(f"/events/{dates[0]['id']}/cancel?folowing=true")).status == 422
