"""Collections: people recommended together, as long as they want to be found; whoever is in one may leave for good."""

from __future__ import annotations

from typing import Any

import pytest

from node.store.people import actors
from schemas.limits import COLLECTION_PEOPLE, COLLECTIONS
from schemas.records import Viewer
from tests.factories import a_remote_actor
from tests.node.mastodon.conftest import Client, ClientHub
from tests.node.pages.conftest import PASSWORD, Browser

pytestmark = pytest.mark.asyncio(loop_scope="module")
C = "/api/v1/collections"


async def somebody(hub: ClientHub, **more: Any) -> tuple[Viewer, Client]:
    """A newcomer and their client."""
    who = await hub.newcomer(**more)
    return who, await hub.client_of(who)


async def signed_in(hub: ClientHub, who: Viewer) -> Browser:
    """Their browser."""
    browser = hub.browser()
    await browser.post("/sign-in", {"who": who.actor.name, "password": PASSWORD})
    return browser


async def made(client: Client, *people: Viewer, **more: Any) -> Any:
    """A new collection with these people in it."""
    ids = [str(one.actor.id) for one in people]
    answer = await client.post(C, {"name": "Makers", "account_ids": ids} | more)
    assert answer.status == 200, answer.text
    return answer.json["collection"]


async def test_it_is_made_shown_changed_and_dropped(hub: ClientHub) -> None:
    (owner, mine), (friend, _) = await somebody(hub), await somebody(hub)
    collection = await made(mine, friend, tag_name="#Wood", description="<b>They</b> build.", language="de")
    assert collection["tag"] == {"name": "wood", "url": f"{hub.base}/tags/wood"}
    assert (collection["description"], collection["language"], collection["item_count"]) == ("They build.", "de", 1)
    shown = (await hub.stranger.get(f"{C}/{collection['id']}")).json
    assert shown["collection"] == collection
    assert [one["id"] for one in shown["accounts"]] == [str(owner.actor.id), str(friend.actor.id)]
    changed = (await mine.patch(f"{C}/{collection['id']}", {"name": "Builders", "tag_name": ""})).json["collection"]
    assert (changed["name"], changed["tag"], changed["description"]) == ("Builders", None, "They build.")
    assert (await mine.delete(f"{C}/{collection['id']}")).json == {}
    assert (await mine.get(f"{C}/{collection['id']}")).status == 404


async def test_only_its_owner_changes_it_and_only_whom_it_is_about_leaves_it(hub: ClientHub) -> None:
    (_, mine), (friend, theirs), (other, others) = await somebody(hub), await somebody(hub), await somebody(hub)
    collection = await made(mine, friend)
    path, item = f"{C}/{collection['id']}", collection["items"][0]["id"]
    for method, where, sent in (
        ("PATCH", path, {"name": "Mine now"}),
        ("DELETE", path, {}),
        ("POST", f"{path}/items", {"account_id": str(other.actor.id)}),
        ("DELETE", f"{path}/items/{item}", {}),
        ("POST", f"{path}/items/{item}/revoke", {}),
    ):
        assert (await others.ask(method, where, json=sent)).status == 403, where
    assert (await mine.post(f"{path}/items/{item}/revoke")).status == 403
    assert (await theirs.post(f"{path}/items/{item}/revoke")).json == {}
    assert (await mine.get(path)).json["collection"]["items"] == []
    again = await mine.post(f"{path}/items", {"account_id": str(friend.actor.id)})
    assert again.status == 422, "who has left is not taken in again"
    assert (await theirs.post(f"{path}/items/{item}/revoke")).status == 404


async def test_who_does_not_want_to_be_found_is_neither_taken_in_nor_shown(hub: ClientHub) -> None:
    (owner, mine), (shy, shys), (far, fars) = await somebody(hub), await somebody(hub), await somebody(hub)
    await shys.patch("/api/v1/accounts/update_credentials", {"discoverable": "false"})
    remote = await a_remote_actor(hub.db)
    blocker, blockers = await somebody(hub)
    await blockers.post(f"/api/v1/accounts/{owner.actor.id}/block")
    collection = await made(mine, far)
    for one in (shy.actor, remote, blocker.actor):
        refused = await mine.post(f"{C}/{collection['id']}/items", {"account_id": str(one.id)})
        assert refused.status == 422, one.name
    approval = {
        one.id: (await mine.get(f"/api/v1/accounts/{one.id}")).json["feature_approval"]["current_user"]
        for one in (far.actor, shy.actor, remote)
    }
    assert list(approval.values()) == ["automatic", "denied", "missing"]
    await fars.patch("/api/v1/accounts/update_credentials", {"discoverable": "false"})
    shown = (await hub.stranger.get(f"{C}/{collection['id']}")).json
    assert (shown["collection"]["item_count"], len(shown["accounts"])) == (0, 1), "what was said later counts, too"


async def test_lists_of_them_hold_what_is_meant_to_be_found_page_by_page(hub: ClientHub) -> None:
    (owner, mine), (friend, theirs) = await somebody(hub), await somebody(hub)
    names = ["One", "Two", "Three", "Hidden"]
    for name in names:
        await made(mine, friend, name=name, discoverable=name != "Hidden")
    for path, asker in ((f"{owner.actor.id}/collections", mine), (f"{friend.actor.id}/in_collections", theirs)):
        assert await _names(hub.stranger, path) == ["Three", "Two", "One"]
        assert await _names(asker, path) == ["Hidden", "Three", "Two", "One"]
    first = await hub.stranger.get(f"/api/v1/accounts/{owner.actor.id}/collections", limit=2)
    assert set(first.links) == {"next"}
    second = await hub.stranger.get(first.links["next"])
    assert [one["name"] for one in second.json["collections"]] == ["One"] and set(second.links) == {"prev"}
    assert (await hub.stranger.get("/api/v1/accounts/4242/collections")).status == 404


async def test_there_are_not_too_many_of_them_nor_people_in_one(hub: ClientHub) -> None:
    owner, mine = await somebody(hub)
    collection = await made(mine, owner)
    people = "INSERT INTO collection_items (id, collection_id, actor_id) VALUES ($1, $2, $3)"
    for number in range(COLLECTION_PEOPLE - 1):
        remote = await a_remote_actor(hub.db)
        await hub.db.execute(people, int(collection["id"]) + 1 + number, int(collection["id"]), remote.id)
    other = await hub.newcomer()
    full = await mine.post(f"{C}/{collection['id']}/items", {"account_id": str(other.actor.id)})
    assert full.status == 422
    for _ in range(COLLECTIONS - 1):
        await made(mine)
    assert (await mine.post(C, {"name": "One too many"})).status == 422


async def test_search_finds_them_by_name_tag_and_address(hub: ClientHub) -> None:
    _, mine = await somebody(hub)
    open_one = await made(mine, name="Schreinerinnen am Fluss", tag_name="hobelbank")
    await made(mine, name="Schreinerinnen im Verborgenen", discoverable=False)
    for words in ("schreinerinnen", "#hobelbank", f"{hub.base}/collections/{open_one['id']}"):
        for more in ({}, {"type": "collections"}):
            if words.startswith("#") and not more:
                continue  # a tag without a type asks for tags
            found = (await mine.get("/api/v2/search", q=words, **more)).json
            assert [one["id"] for one in found["collections"]] == [open_one["id"]], (words, more)
    assert (await mine.get("/api/v2/search", q="schreinerinnen", type="accounts")).json["collections"] == []
    assert (await mine.get("/api/v2/search", q=f"{hub.base}/collections/4242")).json["collections"] == []


async def test_who_is_taken_in_is_told_by_apps_that_know_it(hub: ClientHub) -> None:
    (owner, mine), (friend, theirs) = await somebody(hub), await somebody(hub)
    collection = await made(mine, friend, name="Neighbours")
    asked = {"supported_types[]": ["mention", "added_to_collection"]}
    [notice] = (await theirs.get("/api/v1/notifications", **asked)).json
    assert (notice["type"], notice["account"]["id"]) == ("added_to_collection", str(owner.actor.id))
    assert notice["collection"]["id"] == collection["id"] and "Neighbours" in notice["fallback"]["title"]
    grouped = (await theirs.get("/api/v2/notifications", **asked)).json
    assert grouped["notification_groups"][0]["collection"]["id"] == collection["id"]
    assert (await theirs.get("/api/v1/notifications")).json == [], "older apps know no such type"
    await theirs.post(f"{C}/{collection['id']}/items/{collection['items'][0]['id']}/revoke")
    assert (await theirs.get("/api/v1/notifications", **asked)).json == []


async def test_who_is_in_it_is_told_what_it_says_now_and_only_of_changes(hub: ClientHub) -> None:
    (owner, mine), (friend, theirs), (muter, muters) = [await somebody(hub) for _ in range(3)]
    collection = await made(mine, owner, friend, muter, name="Neighbours")
    await muters.post(f"/api/v1/accounts/{owner.actor.id}/mute")
    asked = {"types[]": "collection_update", "supported_types[]": "collection_update"}
    path = f"{C}/{collection['id']}"
    await mine.patch(path, {"name": "Neighbours", "sensitive": False})
    assert (await theirs.get("/api/v1/notifications", **asked)).json == [], "nothing has changed"
    for words in ("They help.", "They help at once."):
        await mine.patch(path, {"description": words})
    told = (await theirs.get("/api/v1/notifications", **asked)).json
    assert [one["collection"]["description"] for one in told] == ["They help at once."] * 2
    assert (told[0]["account"]["id"], "Neighbours" in told[0]["fallback"]["title"]) == (str(owner.actor.id), True)
    for client in (mine, muters):
        assert (await client.get("/api/v1/notifications", **asked)).json == []
    page = await (await signed_in(hub, friend)).get("/notifications")
    assert f'href="/collections/{collection["id"]}"' in page.text


async def test_a_status_that_links_to_collections_says_which(hub: ClientHub) -> None:
    (_, mine), (reader, theirs) = await somebody(hub), await somebody(hub)
    one, two = await made(mine, name="One"), await made(mine, reader, name="Two")
    wrong = (f"{one['url']}0", f"{one['url']}?page=2", f"{C}/42", f"{hub.base}/collections/{'9' * 19}")
    text = f"Look: {two['url']} and {one['url']}, not {' nor '.join(wrong)}"
    status = (await mine.post("/api/v1/statuses", {"status": text})).json
    assert [found["name"] for found in status["tagged_collections"]] == ["Two", "One"]
    assert (await theirs.get(f"/api/v1/statuses/{status['id']}")).json["tagged_collections"] == [two, one]
    boost = (await theirs.post(f"/api/v1/statuses/{status['id']}/reblog")).json
    assert (boost["tagged_collections"], len(boost["reblog"]["tagged_collections"])) == ([], 2)
    await mine.delete(f"{C}/{one['id']}")
    shown = (await hub.stranger.get(f"/api/v1/statuses/{status['id']}")).json
    assert [found["name"] for found in shown["tagged_collections"]] == ["Two"]


async def test_collections_are_reported_with_their_owner(hub: ClientHub) -> None:
    (owner, mine), (_, theirs), (_, others) = [await somebody(hub) for _ in range(3)]
    collection, other = await made(mine), await made(others)
    sent = {"account_id": str(owner.actor.id), "collection_ids": [collection["id"], other["id"], "x"]}
    report = (await theirs.post("/api/v1/reports", sent)).json
    assert report["status_ids"] == []
    sol = await signed_in(hub, await hub.newcomer("steward"))
    page = (await sol.get(f"/admin/reports/{report['id']}")).text
    assert f'href="{collection["url"]}"' in page and other["url"] not in page
    me = (await mine.get("/api/v1/accounts/verify_credentials")).json
    assert me["role"]["collection_limit"] == COLLECTIONS


async def test_who_blocked_its_owner_does_not_see_it(hub: ClientHub) -> None:
    (owner, mine), (other, theirs) = await somebody(hub), await somebody(hub)
    collection = await made(mine)
    await mine.post(f"/api/v1/accounts/{other.actor.id}/block")
    assert (await theirs.get(f"{C}/{collection['id']}")).status == 404
    assert await _names(theirs, f"{owner.actor.id}/collections") == []


async def test_what_is_shown_of_a_profile_is_chosen_and_seen_by_others(hub: ClientHub) -> None:
    who, mine = await somebody(hub)
    sent = {"show_media": "false", "show_media_replies": "false", "show_featured": "false"}
    profile = (await mine.patch("/api/v1/profile", sent)).json
    seen = (await hub.stranger.get(f"/api/v1/accounts/{who.actor.id}")).json
    for name in sent:
        assert (profile[name], seen[name]) == (False, False), name
    editor = await hub.newcomer("steward")
    hubs = await hub.client_of(editor, acting_as=await actors.hub(hub.db))
    assert (await hubs.patch("/api/v1/profile", {"show_media": "false"})).status == 422


async def _names(client: Client, path: str) -> list[str]:
    answer = await client.get(f"/api/v1/accounts/{path}")
    return [one["name"] for one in answer.json["collections"]]
