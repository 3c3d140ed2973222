"""Moderation clients: the same deeds and permissions as in the panel, and nothing beside them."""

from __future__ import annotations

import pytest

from node.mastodon.routes import ENDPOINTS
from node.store.moderation import log, measures
from tests.factories import an_application
from tests.node.mastodon.conftest import Client, ClientHub
from tests.node.panel.test_rules import EVERY

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


async def test_who_applied_is_pending_and_is_let_in_or_turned_down_by_an_app(hub: ClientHub) -> None:
    app, moderator = await staff(hub, "steward"), await staff(hub)
    kim, lou = await an_application(hub.db, "kim"), await an_application(hub.db, "lou")
    for path, wanted in (("v1", {"pending": "true"}), ("v2", {"status": "pending"})):
        found = (await app.get(f"/api/{path}/admin/accounts", **wanted)).json
        assert [(one["username"], one["approved"]) for one in found] == [("lou", False), ("kim", False)]
    assert (await app.get("/api/v2/admin/accounts", status="pending", origin="remote")).json == []
    assert (await app.get("/api/v2/admin/accounts", status="pending", username="lou", limit=1)).json[0]["id"] == str(
        lou.id
    )
    older = (await app.get("/api/v1/admin/accounts", pending="true", max_id=lou.id)).json
    assert [one["invite_request"] for one in older] == ["Why?\nI am kim."]
    let_in = await app.post(f"/api/v1/admin/accounts/{kim.id}/approve")
    assert let_in.status == 200 and let_in.json["approved"] and let_in.json["username"] == "kim"
    assert (await app.get(f"/api/v1/admin/accounts/{let_in.json['id']}")).json["email"] == "kim@post.example"
    assert (await app.post(f"/api/v1/admin/accounts/{lou.id}/reject")).json["username"] == "lou"
    letters = await hub.db.fetch("SELECT kind FROM mails WHERE recipient LIKE '%@post.example' ORDER BY id")
    assert [one["kind"] for one in letters] == ["application_accepted", "application_declined"]
    assert (await app.post(f"/api/v1/admin/accounts/{kim.id}/approve")).status == 422
    assert (await app.post(f"/api/v1/admin/accounts/{lou.id}/reject")).status == 404
    max_ = await an_application(hub.db, "max")
    for deed in ("approve", "reject"):
        assert (await moderator.post(f"/api/v1/admin/accounts/{max_.id}/{deed}")).status == 403
    assert (await moderator.get(f"/api/v1/admin/accounts/{max_.id}")).status == 403


async def test_nobody_sees_by_an_app_who_reported_them(hub: ClientHub) -> None:
    mo, reporter = await hub.newcomer("moderator"), await hub.client_of(await hub.newcomer())
    mos, app = await hub.client_of(mo, *ADMIN), await staff(hub)
    made = (await reporter.post("/api/v1/reports", {"account_id": str(mo.actor.id), "comment": "Rude"})).json
    path = f"/api/v1/admin/reports/{made['id']}"
    assert (await mos.get(path)).status == 403
    assert made["id"] not in [one["id"] for one in (await mos.get("/api/v1/admin/reports", limit=40)).json]
    assert (await mos.post(f"{path}/resolve")).status == 403
    assert (await app.get(path)).status == 200
    for _ in range(2):
        assert (await app.post(f"{path}/assign_to_self")).status == 200


RIGHTS = {
    "accounts": "moderate_accounts",
    "reports": "see_cases",
    "domain_blocks": "moderate_servers",
    "domain_allows": "moderate_servers",
    "approve": "manage_members",
    "reject": "manage_members",
}
"""Which permission opens which part of the administrative API, by a part of its address; the last that fits counts."""
STAFF = {"ip_blocks", "email_domain_blocks", "canonical_email_blocks", "trends", "measures", "dimensions", "retention"}
"""Lists that are always empty: for all of the staff."""


def right_of(path: str) -> str | None:
    parts = path.split("/")
    found = [RIGHTS[part] for part in parts if part in RIGHTS]
    assert found or not STAFF.isdisjoint(parts), f"{path} has no rule"
    return found[-1] if found else None


async def only(hub: ClientHub, name: str, permissions: list[str]) -> Client:
    await hub.db.execute("INSERT INTO roles (name, permissions) VALUES ($1, $2)", name, permissions)
    return await hub.client_of(await hub.newcomer(name), *ADMIN)


async def test_each_address_opens_to_one_permission_and_to_no_other(hub: ClientHub) -> None:
    addresses = [one for one in ENDPOINTS if "/admin/" in one.path]
    rights = {right_of(one.path) for one in addresses} - {None}
    every = sorted({*EVERY, *rights})
    having = {right: await only(hub, f"only_{right}", [right]) for right in rights}
    lacking = {right: await only(hub, f"but_{right}", [one for one in every if one != right]) for right in rights}
    nobody = await only(hub, "no_staff", ["publish", "attend"])
    for one in addresses:
        right, path = right_of(one.path), one.path.replace("{id}", "1")
        if right is None:
            assert (await nobody.ask(one.method, path, json={})).status == 403, path
            continue
        assert (await having[right].ask(one.method, path, json={})).status in (200, 404, 422), path
        assert (await lacking[right].ask(one.method, path, json={})).status == 403, path
