"""Our actors and their keys are there for everybody who must verify us."""

from __future__ import annotations

from tests.factories import a_local_actor, an_area
from tests.node.activitypub.conftest import Served
from tests.peer import Peer


async def test_an_actor_is_served_with_both_keys_and_no_secret(served: Served, peer: Peer) -> None:
    answer = await peer.get(served.hub.uri, signed=False)
    assert (answer.json["id"], answer.json["type"]) == (served.hub.uri, "Organization")
    assert answer.json["publicKey"]["publicKeyPem"] == served.hub.public_key
    assert answer.json["assertionMethod"][0]["publicKeyMultibase"] == served.hub.multikey
    assert b"PRIVATE" not in answer.body


async def test_the_instance_actor_is_served_to_everybody_whatever_they_sign(served: Served, peer: Peer) -> None:
    url = served.node.urls.instance_actor
    garbage = {"Accept": "application/activity+json", "Signature": "nonsense"}
    for answer in (await peer.get(url, signed=False), await peer.request("GET", url, garbage)):
        assert (answer.status, answer.json["type"]) == (200, "Application")


async def test_areas_live_in_their_own_folder(served: Served, peer: Peer) -> None:
    async with served.node.database.pool.acquire() as db:
        await an_area(db, "housing", urls=served.node.urls)
    assert (await peer.get(served.url("/areas/housing"), signed=False)).json["type"] == "Service"
    assert (await peer.get(served.url("/actors/housing"), signed=False)).status == 404


async def test_who_is_gone_leaves_a_tombstone_and_who_is_suspended_says_nothing(served: Served, peer: Peer) -> None:
    async with served.node.database.pool.acquire() as db:
        for name in ("gone", "suspended"):
            await a_local_actor(db, name, urls=served.node.urls)
        await db.execute("UPDATE actors SET summary = '<p>Of me</p>' WHERE name = 'suspended'")
        await db.execute("UPDATE actors SET deleted_at = now() WHERE name = 'gone'")
        await db.execute("UPDATE actors SET suspended_at = now() WHERE name = 'suspended'")
    gone = await peer.get(served.url("/actors/gone"), signed=False)
    assert (gone.status, gone.json["type"], gone.json["formerType"]) == (410, "Tombstone", "Person")
    suspended = await peer.get(served.url("/actors/suspended"), signed=False)
    assert (suspended.status, suspended.json["suspended"]) == (200, True)
    assert not suspended.json.get("summary")
    assert (await peer.get(served.url("/actors/nobody"), signed=False)).status == 404


async def test_a_remote_actor_is_not_served_as_ours(served: Served, peer: Peer) -> None:
    await peer.post(
        served.inbox, {"id": peer.url("/1"), "type": "Like", "actor": peer.actor_id, "object": peer.url("/2")}
    )
    assert (await peer.get(served.url(f"/actors/{peer.name}"), signed=False)).status == 404
