"""The directory, suggestions and preferences."""

from __future__ import annotations

import pytest

from node.store.people import actors
from node.store.servers import known_hubs
from schemas.records import Viewer
from tests.factories import a_remote_actor
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_only_who_wants_to_be_found_stands_in_the_directory(hub: ClientHub) -> None:
    shy, away = await hub.newcomer(), await a_remote_actor(hub.db, discoverable=True)
    found = await hub.newcomer()
    await hub.db.execute("UPDATE actors SET discoverable = false WHERE id = $1", shy.actor.id)
    await hub.db.execute("UPDATE actors SET discoverable = true WHERE id = $1", found.actor.id)
    listed = [one["id"] for one in (await hub.stranger.get("/api/v1/directory", order="new")).json]
    assert listed[:2] == [str(found.actor.id), str(away.id)]
    assert str(shy.actor.id) not in listed
    local = [one["acct"] for one in (await hub.stranger.get("/api/v1/directory", local=True)).json]
    assert local
    assert not [acct for acct in local if "@" in acct]
    assert len((await hub.stranger.get("/api/v1/directory", limit=1, offset=1)).json) == 1


async def test_the_hub_its_areas_and_approved_hubs_are_suggested_until_dismissed_or_followed(hub: ClientHub) -> None:
    me = await hub.newcomer()
    client = await hub.client_of(me)
    other_hub = await a_remote_actor(hub.db, "hub", host="https://otherhub.example", kind="Organization")
    await known_hubs.decide(hub.db, other_hub.id, "approved", me.account.id)
    suggested = (await client.get("/api/v2/suggestions", limit=80)).json
    assert suggested[0]["account"]["username"] == "hub"
    assert (suggested[0]["source"], suggested[0]["sources"]) == ("staff", ["featured"])
    ids = {one["account"]["id"] for one in suggested}
    assert str(other_hub.id) in ids
    assert str(me.actor.id) not in ids
    assert {"housing", "it"} <= {one["account"]["username"] for one in suggested}
    ours = await actors.hub(hub.db)
    await client.post(f"/api/v1/accounts/{ours.id}/follow")
    assert (await client.delete(f"/api/v1/suggestions/{other_hub.id}")).json == {}
    assert (await client.delete("/api/v1/suggestions/1")).json == {}
    left = {one["id"] for one in (await client.get("/api/v1/suggestions", limit=80)).json}
    assert not left & {str(ours.id), str(other_hub.id)}
    assert (await hub.stranger.get("/api/v2/suggestions")).status == 401


async def test_preferences_are_those_of_the_profile(hub: ClientHub) -> None:
    client = await hub.client_of(await hub.newcomer())
    usual = (await client.get("/api/v1/preferences")).json
    assert usual == {
        "posting:default:visibility": "public",
        "posting:default:sensitive": False,
        "posting:default:language": None,
        "posting:default:quote_policy": "public",
        "reading:expand:media": "default",
        "reading:expand:spoilers": False,
        "reading:autoplay:gifs": False,
    }
    await client.patch("/api/v1/accounts/update_credentials", {"source": {"privacy": "private", "language": "fr"}})
    changed = (await client.get("/api/v1/preferences")).json
    assert (changed["posting:default:visibility"], changed["posting:default:language"]) == ("private", "fr")


async def test_preferences_need_a_member_and_the_scope(hub: ClientHub, ana: Viewer, client: Client) -> None:
    assert (await hub.stranger.get("/api/v1/preferences")).status == 401
    assert (await (await hub.client_of(ana, "write")).get("/api/v1/preferences")).status == 403
    assert (await client.get("/api/v1/preferences")).status == 200
