"""How one presents oneself, changed from client apps."""

from __future__ import annotations

from typing import Any

import aiohttp
import msgspec
import pytest

from node.store.people import actors, follows
from schemas.limits import PROFILE_FIELDS, PROFILE_NAME_CHARS
from schemas.records import Viewer
from tests import files
from tests.factories import a_remote_actor
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")
PATH = "/api/v1/accounts/update_credentials"


async def test_everything_can_be_changed_and_is_read_back(client: Client) -> None:
    wanted = {
        "display_name": "Ana of the *yard*",
        "note": "I **bake** with @bo.\n\nhttps://bread.example",
        "locked": True,
        "bot": True,
        "discoverable": False,
        "indexable": False,
        "hide_collections": True,
        "attribution_domains": ["Bread.example", "no host"],
        "fields_attributes": {"0": {"name": "Site", "value": "https://bread.example"}, "1": {"name": "", "value": ""}},
        "source": {"privacy": "unlisted", "sensitive": True, "language": "de", "quote_policy": "followers"},
    }
    answer = await client.patch(PATH, wanted)
    assert answer.status == 200
    assert answer.json["display_name"] == "Ana of the *yard*"
    assert "<strong>bake</strong>" in answer.json["note"]
    assert [one["name"] for one in answer.json["fields"]] == ["Site"]
    assert answer.json["fields"][0]["value"].startswith("<a href=")
    assert (answer.json["locked"], answer.json["bot"], answer.json["hide_collections"]) == (True, True, True)
    source = answer.json["source"]
    assert (source["privacy"], source["sensitive"], source["language"], source["quote_policy"]) == (
        "unlisted",
        True,
        "de",
        "followers",
    )
    assert (source["note"], source["attribution_domains"]) == (wanted["note"], ["bread.example"])
    assert source["fields"] == [{"name": "Site", "value": "https://bread.example", "verified_at": None}]
    again = (await client.get("/api/v1/accounts/verify_credentials")).json
    assert again == answer.json
    kept = (await client.patch(PATH, data={"source[privacy]": "private", "note": ""})).json
    assert (kept["source"]["privacy"], kept["source"]["language"], kept["note"]) == ("private", "de", "")
    assert [one["name"] for one in kept["fields"]] == ["Site"]
    assert (await client.patch(PATH, {"fields_attributes": []})).json["fields"] == []


async def test_pictures_are_sent_and_taken_away(hub: ClientHub) -> None:
    client = await hub.client_of(await hub.newcomer())
    form = aiohttp.FormData({"avatar_description": "my face"}, default_to_multipart=True)
    form.add_field("avatar", files.image(size=(900, 900)), filename="face.png")
    form.add_field("header", files.image(size=(3000, 1000)), filename="yard.png")
    answer = await client.patch(PATH, data=form)
    assert answer.json["avatar"].startswith(f"{hub.base}/media/")
    assert answer.json["header"].startswith(f"{hub.base}/media/")
    async with hub.session.get(answer.json["avatar"]) as got:
        assert files.opened(await got.read()).size == (400, 400)
    profile = (await client.get("/api/v1/profile")).json
    assert (profile["avatar"], profile["avatar_description"]) == (answer.json["avatar"], "my face")
    changed = await client.put("/api/v1/profile", {"header_description": "the yard"})
    assert changed.json["header_description"] == "the yard"
    assert (await client.delete("/api/v1/profile/avatar")).json["avatar"].endswith("/missing.png")
    assert (await client.delete("/api/v1/profile/header")).json["header"].endswith("/missing.png")
    assert (await client.get("/api/v1/profile")).json["avatar"] is None


async def test_others_hear_of_it_once(hub: ClientHub) -> None:
    me = await hub.newcomer()
    client, fan = await hub.client_of(me), await a_remote_actor(hub.db, host="https://reader.example")
    await follows.insert(hub.db, fan.id, me.actor.id, f"{fan.uri}#follow", accepted=True)
    await client.patch(PATH, {"display_name": "New", "bot": True})
    await client.patch(PATH, {})
    rows = await hub.db.fetch("SELECT document FROM activities WHERE actor_id = $1", me.actor.id)
    (said,) = [msgspec.json.decode(row["document"]) for row in rows]
    assert (said["type"], said["object"]["name"], said["object"]["type"]) == ("Update", "New", "Service")
    owed = "SELECT count(*) FROM deliveries WHERE inbox = $1"
    assert await hub.db.fetchval(owed, "https://reader.example/inbox") == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"display_name": "x" * (PROFILE_NAME_CHARS + 1)},
        {"fields_attributes": [{"name": "a", "value": "b"}] * (PROFILE_FIELDS + 1)},
        {"fields_attributes": [{"name": "a", "value": "b" * 256}]},
        {"source": {"privacy": "world"}},
        {"source": {"quote_policy": "world"}},
        {"source": {"language": "klingonish-?"}},
        {"locked": {"a": 1}},
        {"avatar_description": "x" * 1501},
    ],
)
async def test_what_makes_no_sense_is_refused(client: Client, wrong: dict[str, Any]) -> None:
    if "avatar_description" in wrong:
        form = aiohttp.FormData(wrong, default_to_multipart=True)
        form.add_field("avatar", files.image(), filename="a.png")
        answer = await client.patch(PATH, data=form)
    else:
        answer = await client.patch(PATH, wrong)
    assert answer.status == 422
    assert answer.json["error"].startswith("Validation failed")


async def test_a_sound_is_no_face(client: Client) -> None:
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("avatar", files.sound(), filename="a.mp3")
    assert (await client.patch(PATH, data=form)).status == 422


async def test_only_who_runs_the_hub_changes_how_it_presents_itself(hub: ClientHub) -> None:
    ours = await actors.hub(hub.db)
    editor = await hub.client_of(await hub.newcomer("editor"), acting_as=ours)
    assert (await editor.patch(PATH, {"note": "We own this."})).status == 403
    assert (await editor.delete("/api/v1/profile/avatar")).status == 403
    steward = await hub.client_of(await hub.newcomer("steward"), acting_as=ours)
    assert (await steward.patch(PATH, {"note": "We share."})).json["note"] == "<p>We share.</p>"


async def test_changing_needs_the_scope(hub: ClientHub, ana: Viewer) -> None:
    reader = await hub.client_of(ana, "read", "profile")
    assert (await reader.patch(PATH, {"note": "x"})).status == 403
    assert (await reader.get("/api/v1/profile")).status == 200
    assert (await hub.stranger.get("/api/v1/profile")).status == 401
    assert (await (await hub.client_of(ana, "write")).get("/api/v1/profile")).status == 403
