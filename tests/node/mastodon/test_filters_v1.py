"""Filters as older clients know them: each keyword a filter of its own."""

from __future__ import annotations

import pytest

from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

V1, V2 = "/api/v1/filters", "/api/v2/filters"


async def test_a_phrase_is_made_read_changed_and_dropped(client: Client) -> None:
    made = await client.post(V1, data={"phrase": "tea", "context[]": "home", "irreversible": "true"})
    shape = {
        "id": made.json["id"],
        "phrase": "tea",
        "context": ["home"],
        "expires_at": None,
        "irreversible": True,
        "whole_word": False,
    }
    assert made.json == shape
    one = f"{V1}/{made.json['id']}"
    assert (await client.get(one)).json == shape
    assert (await client.get(V1)).json == [shape]
    (modern,) = (await client.get(V2)).json
    assert (modern["title"], modern["filter_action"]) == ("tea", "hide")
    changed = await client.put(one, {"phrase": "milk", "irreversible": False, "whole_word": True, "expires_in": 60})
    assert changed.json["expires_at"].endswith("Z")
    assert changed.json | {"expires_at": None} == shape | {"phrase": "milk", "irreversible": False, "whole_word": True}
    assert (await client.delete(one)).json == {}
    assert (await client.get(one)).status == 404
    assert (await client.get(V2)).json == []


async def test_what_concerns_many_keywords_cannot_be_changed_through_one(bos_client: Client) -> None:
    words = [{"keyword": "tea"}, {"keyword": "milk"}]
    made = (await bos_client.post(V2, {"title": "a", "context": ["home"], "keywords_attributes": words})).json
    first = f"{V1}/{made['keywords'][0]['id']}"
    assert (await bos_client.put(first, {"context": ["public"]})).status == 422
    assert (await bos_client.put(first, {"phrase": "cocoa", "context": ["home"]})).json["phrase"] == "cocoa"
    assert (await bos_client.delete(first)).status == 200
    assert [one["phrase"] for one in (await bos_client.get(V1)).json] == ["milk"]


@pytest.mark.parametrize("said", [{}, {"phrase": "a"}, {"phrase": " ", "context": ["home"]}])
async def test_what_makes_no_sense_is_refused(client: Client, said: dict[str, object]) -> None:
    assert (await client.post(V1, said)).status == 422


async def test_they_ask_for_their_scopes(hub: ClientHub) -> None:
    reads = await hub.client_of(await hub.newcomer(), "read:filters")
    assert (await reads.get(V1)).status == 200
    assert (await reads.post(V1, {"phrase": "a", "context": ["home"]})).status == 403
    assert (await hub.stranger.get(V1)).status == 401
