"""Accounts as clients read them."""

from __future__ import annotations

import asyncio

import pytest

from node.mastodon.entities.account import render_accounts
from node.mastodon.eyes import Eyes
from node.store.members import mandates
from node.store.people import actors
from schemas.records import Viewer
from tests.factories import a_remote_actor
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_who_a_token_stands_for(client: Client, ana: Viewer, hub: ClientHub) -> None:
    account = (await client.get("/api/v1/accounts/verify_credentials")).json
    assert (account["id"], account["username"], account["acct"]) == (str(ana.actor.id), "ana", "ana")
    assert account["avatar"].endswith("/avatars/original/missing.png")
    assert account["header"].endswith("/headers/original/missing.png")
    assert account["source"] | {"note": ""} == {
        "privacy": "public",
        "sensitive": False,
        "language": None,
        "note": "",
        "fields": [],
        "follow_requests_count": 0,
        "hide_collections": False,
        "discoverable": ana.actor.discoverable,
        "indexable": ana.actor.indexable,
        "attribution_domains": [],
        "quote_policy": "public",
    }
    assert account["role"]["name"] == "member"
    assert (await client.ask("HEAD", account["avatar"])).headers["Content-Type"] == "image/png"


async def test_an_account_by_its_id_by_its_handle_and_several_at_once(hub: ClientHub, client: Client) -> None:
    away = await a_remote_actor(hub.db, "kim", display_name="Kim", summary="<p>I bake.</p>")
    found = (await client.get(f"/api/v1/accounts/{away.id}")).json
    assert (found["acct"], found["display_name"], found["note"]) == ("kim@peer.example", "Kim", "<p>I bake.</p>")
    assert (await hub.stranger.get("/api/v1/accounts/lookup", acct="kim@peer.example")).json["id"] == str(away.id)
    assert (await hub.stranger.get("/api/v1/accounts/lookup", acct="@ana")).json["username"] == "ana"
    several = await client.get("/api/v1/accounts", **{"id[]": [away.id, "1", "x", away.id]})
    assert [one["id"] for one in several.json] == [str(away.id)]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/accounts/1",
        "/api/v1/accounts/x",
        "/api/v1/accounts/99999999999999999999",
        "/api/v1/accounts/1/followers",
    ],
)
async def test_nobody_is_404(client: Client, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status, answer.json) == (404, {"error": "Record not found"})


async def test_who_is_gone_suspended_or_only_signs_is_not_shown(hub: ClientHub, client: Client) -> None:
    gone, away = await a_remote_actor(hub.db), await a_remote_actor(hub.db, summary="secret")
    await actors.mark_deleted(hub.db, gone.id)
    await hub.db.execute("UPDATE actors SET suspended_at = now() WHERE id = $1", away.id)
    assert (await client.get(f"/api/v1/accounts/{gone.id}")).status == 404
    assert (await client.get(f"/api/v1/accounts/{hub.node.instance.id}")).status == 404
    assert (await client.get("/api/v1/accounts/lookup", acct="nobody")).status == 404
    shown = (await client.get(f"/api/v1/accounts/{away.id}")).json
    assert (shown["suspended"], shown["note"], shown["display_name"]) == (True, "", "")


async def test_who_moved_is_shown_with_where_to(hub: ClientHub, client: Client) -> None:
    new = await a_remote_actor(hub.db)
    old = await a_remote_actor(hub.db, moved_to=new.uri)
    assert (await client.get(f"/api/v1/accounts/{old.id}")).json["moved"]["id"] == str(new.id)
    assert "moved" not in (await client.get(f"/api/v1/accounts/{new.id}")).json


async def test_an_office_stands_beside_the_name(hub: ClientHub, client: Client) -> None:
    who = await hub.newcomer()
    await mandates.insert(hub.db, who.account.id, "editor")
    assert [one["name"] for one in (await client.get(f"/api/v1/accounts/{who.actor.id}")).json["roles"]] == ["editor"]


async def test_pictures_of_others_are_shown_from_here_or_not_at_all(hub: ClientHub, client: Client) -> None:
    away = await a_remote_actor(hub.db, icon_url="https://peer.example/face.png")
    shown = (await client.get(f"/api/v1/accounts/{away.id}")).json
    assert shown["avatar"] == f"{hub.base}/static/avatars/original/missing.png"


async def test_rendering_many_accounts_asks_no_more_than_rendering_two(hub: ClientHub, ana: Viewer) -> None:
    eyes = Eyes(node=hub.node, db=hub.db, who=ana, language="en")
    new = await a_remote_actor(hub.db)
    many = [await a_remote_actor(hub.db, display_name=":blob:", moved_to=new.uri) for _ in range(12)]
    counts = []
    await render_accounts(eyes, many[:1])  # a connection looks up a type when it meets it
    for some in (many[:2], many):
        asked: list[object] = []
        with hub.db.query_logger(asked.append):
            assert len(await render_accounts(eyes, some)) == len(some)
            await asyncio.sleep(0)  # asyncpg tells its loggers in the loop's next turn
        counts.append(len(asked))
    assert counts == [3, 3]


async def test_search_finds_people_by_the_beginning_of_their_name(hub: ClientHub, client: Client, bo: Viewer) -> None:
    shy = await a_remote_actor(hub.db, "shy_one", display_name="Wanda Quill")
    open_one = await a_remote_actor(hub.db, "openone", display_name="Wanda Quill", discoverable=True)
    found = await client.get("/api/v1/accounts/search", q="Quill")
    assert [one["id"] for one in found.json] == [str(open_one.id)]
    assert [one["id"] for one in (await client.get("/api/v1/accounts/search", q="@shy_")).json] == [str(shy.id)]
    assert (await client.get("/api/v1/accounts/search", q="shy%")).json == []
    assert (await client.get("/api/v1/accounts/search", q="quill", following=True)).json == []
    assert (await client.get("/api/v1/accounts/search", q="bo")).json[0]["username"] == "bo"
    assert (await client.get("/api/v1/accounts/search", q="bo", resolve=True, limit=1)).json[0]["username"] == "bo"
    assert (await hub.stranger.get("/api/v1/accounts/search", q="bo")).status == 401


async def test_the_scope_profile_is_enough_to_know_who_one_is_and_for_nothing_else(hub: ClientHub, ana: Viewer) -> None:
    narrow = await hub.client_of(ana, "profile")
    assert (await narrow.get("/api/v1/accounts/verify_credentials")).json["username"] == "ana"
    assert (await narrow.get(f"/api/v1/accounts/{ana.actor.id}")).status == 403
    other = await hub.client_of(ana, "write")
    assert (await other.get("/api/v1/accounts/verify_credentials")).status == 403


async def test_an_editors_token_stands_for_the_hub(hub: ClientHub) -> None:
    editor, ours = await hub.newcomer("editor"), await actors.hub(hub.db)
    acting = await hub.client_of(editor, acting_as=ours)
    assert (await acting.get("/api/v1/accounts/verify_credentials")).json["username"] == "hub"
