"""An app that asks again hears what the database says at that moment, whoever changed it, and only its own answers."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from node.store.people import follows, mutes
from schemas.records import Viewer
from tests.factories import a_local_actor, a_member, a_post
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOME = "/api/v1/timelines/home"


async def test_what_did_not_change_is_asked_of_the_database_in_one_query(
    hub: ClientHub, client: Client, ana: Viewer, asked: Counter[str]
) -> None:
    await hub.publish(ana, "Said once.")
    for path in (HOME, "/api/v1/timelines/public", "/api/v1/notifications", "/api/v2/search?q=said", HOME):
        first = await client.get(path)
        asked.clear()
        again = await client.get(path)
        assert (again.status, again.text) == (first.status, first.text)
        assert {name: again.headers.get(name) for name in ("Content-Type", "Link", "Cache-Control", "Vary")} == {
            name: first.headers.get(name) for name in ("Content-Type", "Link", "Cache-Control", "Vary")
        }
        assert asked["questions"] == 1, path


async def test_every_change_shows_at_once(hub: ClientHub, client: Client, ana: Viewer) -> None:
    friend = await a_local_actor(hub.db, urls=hub.urls)
    await follows.insert(hub.db, ana.actor.id, friend.id, f"{friend.uri}/follows/1", accepted=True)
    post = await a_post(hub.db, friend, text="First")

    async def seen() -> dict[str, Any]:
        shown = await client.get(HOME)
        return next((one for one in shown.json if one["id"] == str(post.id)), {})

    assert (await seen())["favourited"] is (await seen())["favourited"] is False
    await client.post(f"/api/v1/statuses/{post.id}/favourite")
    assert ((await seen())["favourited"], (await seen())["favourites_count"]) == (True, 1)
    await hub.db.execute("UPDATE actors SET display_name = 'Another' WHERE id = $1", friend.id)
    assert (await seen())["account"]["display_name"] == "Another"
    await mutes.insert(hub.db, ana.actor.id, friend.id, notifications=True, ends_at=None)
    assert await seen() == {}


async def test_who_may_no_longer_ask_is_told_nothing(hub: ClientHub) -> None:
    who = await a_member(hub.db, urls=hub.urls)
    client = await hub.client_of(who)
    assert (await client.get(HOME)).status == (await client.get(HOME)).status == 200
    await hub.db.execute("UPDATE tokens SET revoked_at = now() WHERE account_id = $1", who.account.id)
    assert (await client.get(HOME)).status == 401


async def test_answers_belong_to_a_token_a_language_and_an_address(hub: ClientHub, client: Client) -> None:
    other = await hub.client_of(await a_member(hub.db, urls=hub.urls))
    mine, theirs = await client.get(HOME), await other.get(HOME)
    assert theirs.json == []
    assert (await client.get(HOME)).text == mine.text
    assert (await hub.stranger.get(HOME)).status == 401
    assert len((await client.get(HOME, limit=1)).json) == 1
    spaces = await client.get("/api/v1/timelines/public", limit=1)
    assert (await client.ask("HEAD", "/api/v1/timelines/public?limit=1")).text == "" != spaces.text


async def test_a_change_by_another_process_counts_as_well(hub: ClientHub, client: Client) -> None:
    friend = await a_local_actor(hub.db, urls=hub.urls)
    path = f"/api/v1/accounts/{friend.id}/statuses"
    assert (await client.get(path)).json == (await client.get(path)).json == []
    async with hub.node.database.direct() as another, another.transaction():
        post = await a_post(another, friend)
        assert (await client.get(path)).json == [], "not committed yet"
    assert [one["id"] for one in (await client.get(path)).json] == [str(post.id)]
