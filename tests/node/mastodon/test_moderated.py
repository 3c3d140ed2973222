"""What moderation hides is hidden from apps, too, and what only some may know is told to nobody else."""

from __future__ import annotations

import pytest

from node.actions import moderate
from node.actions.moderate import Order
from schemas.records import Viewer
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_case_117_nothing_of_a_suspended_member_is_served(hub: ClientHub, client: Client) -> None:
    mo = await hub.newcomer()
    post = await hub.publish(mo, "Nobody reads this #vanished")
    mine = await hub.client_of(mo)
    assert (await client.get(f"/api/v1/statuses/{post.id}")).status == 200
    async with hub.db.transaction():
        await moderate.take(hub.db, None, Order(kind="suspend", target_kind="actor", target=mo.actor.uri))
    for path in ("", "/context", "/history", "/card"):
        assert (await client.get(f"/api/v1/statuses/{post.id}{path}")).status == 404
    for path in (f"accounts/{mo.actor.id}/statuses", "timelines/public", "timelines/tag/vanished"):
        assert "Nobody reads this" not in (await client.get(f"/api/v1/{path}")).text
    assert (await client.get("/api/v2/search", q="Nobody reads")).json["statuses"] == []
    shown = (await client.get(f"/api/v1/accounts/{mo.actor.id}")).json
    assert (shown["suspended"], shown["display_name"], shown["note"]) == (True, "", "")
    assert (await mine.get("/api/v1/timelines/home")).status == 401


async def test_case_114_reports_are_for_who_made_them_and_private_reasons_for_staff(
    hub: ClientHub, ana: Viewer, client: Client, bos_client: Client
) -> None:
    spammer = await hub.newcomer()
    sent = {"account_id": str(spammer.actor.id), "comment": "sells chairs"}
    made = await client.post("/api/v1/reports", sent)
    assert made.status == 200
    assert made.json["id"] in [one["id"] for one in (await client.get("/api/v1/reports")).json]
    assert (await bos_client.get("/api/v1/reports")).json == []
    reasons = {"private_reason": "told by Cem", "public_reason": "spam"}
    async with hub.db.transaction():
        order = Order(kind="suspend", target_kind="domain", target="spam.example", **reasons)
        await moderate.take(hub.db, None, order)
    told = await hub.stranger.get("/api/v1/instance/domain_blocks")
    assert [(one["domain"], one["comment"]) for one in told.json] == [("spam.example", "spam")]
    assert "Cem" not in told.text
