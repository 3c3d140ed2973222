"""Holding an event together, agreed by program."""

from __future__ import annotations

from tests.drafts import json_of
from tests.node.api.conftest import Hub, Program


async def test_who_is_named_agrees_and_nobody_else_can(hub: Hub, program: Program) -> None:
    bo, cy = [await hub.program_of(await hub.member(name)) for name in ("bo", "cy")]
    event = (await program.post("/events", json_of("event", co_hosts=["bo"]))).json
    address = f"/events/{event['id']}/co-hosts/bo"
    assert (await cy.ask("PUT", address, {"agrees": True})).status == 403
    assert (await bo.ask("PUT", address.replace("bo", "cy"), {"agrees": True})).status == 404
    assert (await bo.ask("PUT", address, {"agrees": "yes"})).status == 422
    agreed = await bo.ask("PUT", address, {"agrees": True})
    assert (agreed.status, len(agreed.json["event"]["organisers"])) == (200, 2)


async def test_who_declines_is_not_named_as_holding_it(hub: Hub, program: Program) -> None:
    bo = await hub.program_of(await hub.member("bo"))
    event = (await program.post("/events", json_of("event", co_hosts=["bo"]))).json
    declined = await bo.ask("PUT", f"/events/{event['id']}/co-hosts/bo", {"agrees": False})
    assert (declined.status, declined.json["event"]) == (200, event["event"])
