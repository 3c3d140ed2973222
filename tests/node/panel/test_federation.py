"""Whom the hub federates with, the desk and the table of servers, as staff use them."""

from __future__ import annotations

from node.store.moderation import log
from node.store.people import actors, follows
from node.store.queues import deliveries
from node.store.queues.deliveries import Owed
from node.store.queues.queues import depths
from node.store.servers import held, hosts, hub_mode
from tests.factories import a_remote_actor
from tests.node.pages.conftest import Browser, Hub
from tests.peer import hostile_peer

MODES = "/admin/federation"


async def test_a_steward_switches_and_those_we_know_stay_in(hub: Hub, ana: Browser, mo: Browser) -> None:
    cy = await a_remote_actor(hub.db, "cy", host="https://friend.example")
    await follows.insert(hub.db, cy.id, (await actors.hub(hub.db)).id, "https://friend.example/f", accepted=True)
    assert "Our public pages stay public." in (await ana.post(MODES, {"mode": "ask", "keep": "true"})).words
    assert await hub_mode.get(hub.db) == "ask"
    await hub.node.policy.refresh(hub.db)
    assert hub.node.policy.may_federate("friend.example")
    assert hub.node.policy.waits("new.example")
    assert (await ana.post(MODES, {"mode": "ask"})).status == 409
    assert (await ana.post(MODES, {"mode": "shut"})).status == 422
    assert (await mo.post(MODES, {"mode": "open"}, form=MODES)).status == 403
    assert "A steward switches this." in (await mo.get(MODES)).words
    said = await log.list_newest(hub.db, before=None, limit=1)
    assert (said[0].kind, said[0].public) == ("federation.mode", "ask")
    assert (await hub.browser().get("/events")).status == 200


async def test_a_server_that_waits_is_let_in_or_not(hub: Hub, ana: Browser, mo: Browser) -> None:
    await hub_mode.put(hub.db, "ask")
    for name in ("a.example", "b.example"):
        await hosts.ask_about(hub.db, name)
        await held.insert(hub.db, name, "{}", name)
    assert "/admin/servers/a.example" in (await mo.get("/admin")).text
    assert "1 activity" in (await mo.get("/admin/servers/a.example")).words
    assert "a.example" in (await mo.get(MODES)).words
    await mo.post("/admin/servers/a.example", {"deed": "let_in", "return_to": MODES}, form=MODES)
    await mo.post("/admin/servers/b.example", {"deed": "keep_out"})
    await hub.node.policy.refresh(hub.db)
    assert [hub.node.policy.may_federate(one) for one in ("a.example", "b.example")] == [True, False]
    assert (await held.heap(hub.db, "b.example")).number == 0
    assert await hub.db.fetchval("SELECT arguments ->> 'host' FROM jobs WHERE kind = 'take_held'") == "a.example"
    assert "No server waits." in (await mo.get(MODES)).words


async def owe(hub: Hub, host: str) -> None:
    """Something waits for a host, which fails."""
    itself = await actors.hub(hub.db)
    number = await hub.db.fetchval(
        """
        INSERT INTO activities (id, uri, type, actor_id, audience, document, published_at)
        VALUES (77, 'https://hub.example/activities/77', 'Create', $1, 'public', '{}', now()) RETURNING id
        """,
        itself.id,
    )
    await deliveries.insert_many(hub.db, number, itself.id, [Owed(inbox=f"https://{host}/inbox", host=host)])
    await hosts.remember_scheme(hub.db, host, "draft")
    await hub.db.execute("UPDATE deliveries SET next_at = now() + interval '1 day', last_error = 'timeout'")
    await hub.db.execute("UPDATE hosts SET open_until = now() + interval '1 day', last_error = 'status 403'")


async def test_what_a_server_is_owed_is_paused_hurried_and_thrown_away(hub: Hub, mo: Browser) -> None:
    there = "/admin/servers/peer.example"
    await owe(hub, "peer.example")
    assert "it does not let us in" in (await mo.get(there)).words
    await mo.post(there, {"deed": "pause"})
    await mo.post(there, {"deed": "hurry"})
    assert await deliveries.due_hosts(hub.db, 9) == []
    assert "Paused" in (await mo.get("/admin/servers?state=paused")).words
    await mo.post(there, {"deed": "resume"})
    assert [one.host for one in await deliveries.due_hosts(hub.db, 9)] == ["peer.example"]
    assert "did not answer in time" in (await mo.get("/admin/desk?q=https://hub.example/activities/77")).words
    await mo.post(there, {"deed": "throw_away"})
    assert (await depths(hub.db)).deliveries == 0
    assert (await mo.post(there, {"deed": "burn"})).status == 422


async def test_several_servers_are_handled_at_once_after_a_look(hub: Hub, mo: Browser) -> None:
    for name in ("a.example", "b.example"):
        await hosts.ask_about(hub.db, name)
    sent = {"deed": "pause", "chosen": ["a.example", "b.example"], "return_to": "/admin/servers?sort=-host"}
    assert "a.example" in (await mo.post("/admin/servers", sent)).words
    assert not await hub.db.fetchval("SELECT count(*) FROM hosts WHERE paused_at IS NOT NULL")
    after = await mo.post("/admin/servers", sent | {"sure": "yes"})
    assert after.url == f"{hub.base}/admin/servers?sort=-host"
    assert await hub.db.fetchval("SELECT count(*) FROM hosts WHERE paused_at IS NOT NULL") == 2
    assert after.text.index("b.example") < after.text.index("a.example")
    assert "a.example" in (await mo.get("/admin/servers?format=csv")).text


async def test_the_desk_fetches_by_hand_and_shows_what_happened(hub: Hub, mo: Browser) -> None:
    async with hostile_peer() as peer:
        page = await mo.post("/admin/desk", {"what": peer.actor_id})
        assert page.url == f"{hub.base}/@{peer.name}@{peer.domain}"
        uri = peer.url("/activities/1")
        follow = {"id": uri, "type": "Follow", "actor": peer.actor_id, "object": (await actors.hub(hub.db)).uri}
        assert (await peer.post(f"{hub.base}/inbox", follow)).status == 202
        bad = {**follow, "id": peer.url("/activities/2")}
        spoilt = f'keyId="{peer.key_id}",headers="(request-target) host date digest",signature="AAAA"'
        assert (await peer.post(f"{hub.base}/inbox", bad, headers={"Signature": spoilt})).status == 401
        assert "signature by" in (await mo.get(f"/admin/desk?q={uri}")).words
        refused = (await mo.get(f"/admin/desk?q={bad['id']}")).words
        assert "not 401 The signature was not accepted" in " ".join(refused.split())
    assert "Nothing was found there" in (await mo.post("/admin/desk", {"what": "https://peer.example/nobody"})).words
    assert "Nothing is known" in (await mo.get("/admin/desk?q=https://x.example/1")).words
