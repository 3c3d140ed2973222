"""How apps register, what is refused, and what they learn about themselves."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from node.jobs.chores import do_chores
from node.store.access import apps, attempts, tokens
from node.store.notices import vapid
from node.web.keys import SETTINGS
from schemas.limits import APP_NAME_CHARS, APP_RATE_COUNT, APP_RATE_SECONDS, REDIRECT_URIS
from schemas.records import Viewer
from schemas.redirects import OUT_OF_BAND
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEW: dict[str, Any] = {"client_name": "Herd", "redirect_uris": "herd://back"}
ODD_SCHEMES = ["herd://", "com.example.app:/back", "oauth2redirect://com.keylesspalace.tusky/", "http://[::1]:8000/"]


@pytest.mark.parametrize("body", ["json", "data"])
async def test_an_app_registers_by_json_and_by_form(hub: ClientHub, body: str) -> None:
    new = NEW | {"scopes": "read write:statuses", "website": "https://herd.example"}
    answer = await hub.stranger.post("/api/v1/apps", **{body: new})
    assert answer.status == 200
    made = answer.json
    assert (made["name"], made["website"]) == ("Herd", "https://herd.example")
    assert (made["redirect_uri"], made["redirect_uris"]) == ("herd://back", ["herd://back"])
    assert made["scopes"] == ["read", "write:statuses"]
    assert made["client_secret_expires_at"] == 0
    assert isinstance(made["id"], str)
    assert made["vapid_key"] == await vapid.public_key(hub.db)
    kept = await apps.find(hub.db, made["client_id"])
    assert kept
    assert kept.has_secret(made["client_secret"])
    assert made["client_secret"].encode() not in kept.secret_hash


@pytest.mark.parametrize("written", ["a://one\nb://two", ["a://one", "b://two"], {"0": "a://one", "1": "b://two"}])
async def test_several_addresses_come_as_lines_or_as_a_list(hub: ClientHub, written: Any) -> None:
    answer = await hub.stranger.post("/api/v1/apps", NEW | {"redirect_uris": written})
    assert answer.json["redirect_uris"] == ["a://one", "b://two"]
    assert answer.json["redirect_uri"] == "a://one\nb://two"
    form = await hub.stranger.post("/api/v1/apps", data="client_name=X&redirect_uris[]=a://one&redirect_uris[]=b://two",
                                   headers={"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert form.json["redirect_uris"] == ["a://one", "b://two"]


@pytest.mark.parametrize("address", [*ODD_SCHEMES, OUT_OF_BAND])
async def test_any_honest_scheme_may_be_sent_back_to(hub: ClientHub, address: str) -> None:
    answer = await hub.stranger.post("/api/v1/apps", NEW | {"redirect_uris": address})
    assert answer.json["redirect_uris"] == [address]


async def test_without_scopes_it_may_read(hub: ClientHub) -> None:
    assert (await hub.stranger.post("/api/v1/apps", NEW)).json["scopes"] == ["read"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uris": one}
        for one in (
            "",
            "javascript:alert(1)",
            "JavaScript://x/%0aalert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "https://good.example/#at",
            "https://",
            "https:good.example",
            "//good.example/",
            "/back",
            "good.example",
            "https://good.example@evil.example/",
            "https://evil.example\\@good.example/",
            "https://gööd.example/",
            "https://x.example/" + "a" * 2000,
            [f"a://{number}" for number in range(REDIRECT_URIS + 1)],
        )
    ]
    + [
        {"client_name": ""},
        {"client_name": "x" * (APP_NAME_CHARS + 1)},
        {"client_name": "a\u202eb"},
        {"scopes": "read everything"},
        {"website": "javascript:alert(1)"},
        {"website": "nowhere"},
    ],
)
async def test_what_is_no_app_is_refused(hub: ClientHub, wrong: dict[str, Any]) -> None:
    answer = await hub.stranger.post("/api/v1/apps", NEW | wrong)
    assert answer.status == 422
    assert answer.json["error"].startswith("Validation failed: ")


async def test_case_135_an_app_does_not_choose_its_own_id_or_secret(hub: ClientHub) -> None:
    wishes = {"id": "1", "client_id": "mine", "client_secret": "mine", "created_at": "1970-01-01", "trusted": True}
    made = (await hub.stranger.post("/api/v1/apps", NEW | wishes)).json
    assert made["client_id"] != "mine"
    assert made["client_secret"] != "mine"
    assert made["id"] != "1" or await hub.db.fetchval("SELECT min(id) FROM apps") == 1


@pytest.mark.parametrize(
    "odd", [{"client_name": ["a"]}, {"client_name": {"a": 1}}, {"redirect_uris": [["a://"]]}, {"scopes": ["read"]}]
)
async def test_case_134_lists_and_objects_where_a_text_belongs_are_refused(hub: ClientHub, odd: dict[str, Any]) -> None:
    assert (await hub.stranger.post("/api/v1/apps", NEW | odd)).status == 422


async def test_case_134_what_looks_like_sql_is_a_text(hub: ClientHub) -> None:
    name = "x'); DELETE FROM apps; --"
    assert (await hub.stranger.post("/api/v1/apps", NEW | {"client_name": name})).json["name"] == name


async def test_an_app_sees_itself_by_its_own_and_by_a_members_token(hub: ClientHub, ana: Viewer) -> None:
    app, _ = await hub.app_named("Mirror", "read")
    for account_id in (None, ana.account.id):
        issued = await tokens.issue(hub.db, app.id, ("read",), account_id=account_id)
        answer = await hub.client(issued.token).get("/api/v1/apps/verify_credentials")
        assert answer.status == 200
        assert (answer.json["name"], answer.json["id"]) == ("Mirror", str(app.id))
        assert "client_secret" not in answer.json


async def test_a_stranger_and_a_token_without_app_see_none(hub: ClientHub, client: Client) -> None:
    for one in (hub.stranger, hub.client("nonsense"), client):
        answer = await one.get("/api/v1/apps/verify_credentials")
        assert (answer.status, answer.json["error"]) == (401, "The access token is invalid")


async def test_one_network_registers_only_so_many(hub: ClientHub) -> None:
    settings = hub.app[SETTINGS]
    limited = msgspec.structs.replace(settings, rate_limits=True)
    hub.app._state[SETTINGS] = limited
    try:
        for _ in range(APP_RATE_COUNT):
            await attempts.wait(hub.db, "register an app", "127.0.0.1", count=APP_RATE_COUNT, seconds=APP_RATE_SECONDS)
        answer = await hub.stranger.post("/api/v1/apps", NEW)
    finally:
        hub.app._state[SETTINGS] = settings
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) > 0


async def test_apps_by_which_nobody_came_are_forgotten(hub: ClientHub, ana: Viewer) -> None:
    unused, _ = await hub.app_named("Unused")
    used, _ = await hub.app_named("Used")
    fresh, _ = await hub.app_named("Fresh")
    await tokens.issue(hub.db, used.id, ("read",), account_id=ana.account.id)
    await hub.db.execute("UPDATE apps SET used_at = now() - interval '61 days' WHERE id <> $1", fresh.id)
    async with hub.db.transaction():
        await do_chores(hub.db)
    left = [row["id"] for row in await hub.db.fetch("SELECT id FROM apps")]
    assert unused.id not in left
    assert {used.id, fresh.id} <= set(left)


async def test_tokens_that_ended_long_ago_are_forgotten(hub: ClientHub, ana: Viewer) -> None:
    app, _ = await hub.app_named("Ended")
    issued = [await tokens.issue(hub.db, app.id, ("read",), account_id=ana.account.id) for _ in range(3)]
    for one in issued[:2]:
        await tokens.revoke_one(hub.db, one.id)
    await hub.db.execute("UPDATE tokens SET revoked_at = now() - interval '31 days' WHERE id = $1", issued[0].id)
    async with hub.db.transaction():
        await do_chores(hub.db)
    left = await hub.db.fetch("SELECT id FROM tokens WHERE app_id = $1 ORDER BY id", app.id)
    assert [row["id"] for row in left] == [one.id for one in issued[1:]]
