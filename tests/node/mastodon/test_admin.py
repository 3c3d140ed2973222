"""Moderation clients: the same deeds and permissions as in the panel, and nothing beside them."""

from __future__ import annotations

import pytest

from node.store import log, measures
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")
ADMIN = ("admin:read", "admin:write")


async def staff(hub: ClientHub, role: str = "moderator") -> Client:
    return await hub.client_of(await hub.newcomer(role), *ADMIN)


async def test_a_suspension_by_an_app_waits_for_a_second_person_and_stands_in_the_log(hub: ClientHub) -> None:
    about = await hub.newcomer()
    app, _ = await staff(hub), await staff(hub)
    answer = await app.post(f"/api/v1/admin/accounts/{about.actor.id}/action", {"type": "suspend", "text": "Enough."})
    assert (answer.status, answer.json) == (200, {})
    assert not (await app.get(f"/api/v1/admin/accounts/{about.actor.id}")).json["suspended"]
    waiting = [one for one in await measures.list_proposed(hub.db, "actor") if one.target == about.actor.uri]
    assert [(one.kind, one.public_reason) for one in waiting] == [("suspend", "Enough.")]
    assert (await log.list_newest(hub.db, before=None, limit=1))[0].kind == "measure.proposed"
    twice = await app.post(f"/api/v1/admin/accounts/{about.actor.id}/action", {"type": "suspend"})
    assert twice.status in (409, 422)


async def test_a_limit_is_in_force_closes_its_report_and_is_lifted(hub: ClientHub) -> None:
    about, reporter = await hub.newcomer(), await hub.client_of(await hub.newcomer())
    made = await reporter.post("/api/v1/reports", {"account_id": str(about.actor.id), "comment": "Loud"})
    app, path = await staff(hub), f"/api/v1/admin/accounts/{about.actor.id}"
    await app.post(f"{path}/action", {"type": "sensitive", "report_id": made.json["id"]})
    assert (await app.get(path)).json["sensitized"]
    assert (await app.get(f"/api/v1/admin/reports/{made.json['id']}")).json["action_taken"]
    lifted = await app.post(f"{path}/unsensitive")
    assert lifted.status == 200 and not lifted.json["sensitized"]


async def test_an_office_that_ended_or_does_not_hold_the_permission_opens_nothing(hub: ClientHub) -> None:
    who = await hub.newcomer("editor")
    app = await hub.client_of(who, *ADMIN)
    for path in ("accounts", "reports", "domain_blocks", "domain_allows", "ip_blocks"):
        assert (await app.get(f"/api/v1/admin/{path}")).status == 403, path
    mo = await hub.newcomer("moderator")
    once = await hub.client_of(mo, *ADMIN)
    assert (await once.get("/api/v1/admin/accounts")).status == 200
    await hub.db.execute("UPDATE mandates SET ends_at = now() WHERE account_id = $1", mo.account.id)
    assert (await once.get("/api/v1/admin/accounts")).status == 403


async def test_people_are_found_by_name_mail_and_office(hub: ClientHub) -> None:
    app, who = await staff(hub), await hub.newcomer()
    for wanted in ({"username": who.actor.name}, {"email": f"{who.actor.name}@hub.example"}):
        found = await app.get("/api/v2/admin/accounts", origin="local", **wanted)
        assert [one["username"] for one in found.json] == [who.actor.name], wanted
    offices = await app.get("/api/v2/admin/accounts", permissions="staff", limit=40)
    assert who.actor.name not in [one["username"] for one in offices.json] and offices.json
    assert (await app.get("/api/v2/admin/accounts", username="50%")).json == []
    assert (await app.get("/api/v1/admin/email_domain_blocks/1")).status == 404


async def test_a_block_of_a_domain_is_several_measures_that_change_and_end_together(hub: ClientHub) -> None:
    app, path = await staff(hub), "/api/v1/admin/domain_blocks"
    sent = {"domain": "LOUD.example", "severity": "silence", "reject_media": True, "public_comment": "Too loud"}
    made = (await app.post(path, sent)).json
    assert (made["domain"], made["severity"], made["reject_media"]) == ("loud.example", "silence", True)
    changed = (await app.put(f"{path}/{made['id']}", {"severity": "noop", "reject_reports": True})).json
    assert (changed["severity"], changed["reject_media"], changed["reject_reports"]) == ("noop", True, True)
    assert (await app.delete(f"{path}/{changed['id']}")).json == {}
    assert (await app.get(f"{path}/{made['id']}")).status == 404
    assert "loud.example" not in [one.target for one in await measures.list_in_force(hub.db, "domain")]
