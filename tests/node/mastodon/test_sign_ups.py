"""Accounts made from a client: usable at once where they are allowed, and refused in the words that clients show."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from node.actions import admit
from node.settings import SettingsError, load
from node.store.access import bearers, tokens
from node.store.members import applications
from node.store.members import sign_ups as kept
from node.web.keys import NODE
from schemas.records import Viewer
from schemas.sign_ups import SignUps
from tests.factories import keys
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEW: dict[str, Any] = {"password": "password", "agreement": True, "locale": "de-AT"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def app_client(hub: ClientHub) -> AsyncIterator[Client]:
    """An app that acts on nobody's behalf."""
    app, _ = await hub.app_named("Herd", "read", "write")
    yield hub.client((await tokens.issue(hub.db, app.id, ("read", "write"))).token)


async def test_a_new_member_is_there_at_once(hub: ClientHub, app_client: Client) -> None:
    answer = await app_client.post("/api/v1/accounts", data=NEW | {"username": "cleo", "email": "cleo@x.example"})
    assert answer.status == 200
    assert answer.json["token_type"] == "Bearer"
    assert answer.json["scope"] == "read write"
    assert isinstance(answer.json["created_at"], int)
    hers = hub.client(answer.json["access_token"])
    assert (await hers.get("/api/v1/apps/verify_credentials")).json["name"] == "Herd"
    assert await hub.db.fetchval("SELECT language FROM accounts WHERE email = 'cleo@x.example'") == "de"
    page = await hub.browser().post("/sign-in", {"who": "cleo", "password": "password"})
    assert page.url == f"{hub.base}/desk"


@pytest.mark.parametrize(
    ("wrong", "field", "error"),
    [
        ({"username": ""}, "username", "ERR_BLANK"),
        ({"username": "not a name"}, "username", "ERR_INVALID"),
        ({"username": "x" * 31}, "username", "ERR_INVALID"),
        ({"username": "ana"}, "username", "ERR_TAKEN"),
        ({"username": "admin"}, "username", "ERR_TAKEN"),
        ({"email": ""}, "email", "ERR_BLANK"),
        ({"email": "nowhere"}, "email", "ERR_INVALID"),
        ({"email": "ANA@hub.example"}, "email", "ERR_TAKEN"),
        ({"password": ""}, "password", "ERR_BLANK"),
        ({"password": "seven77"}, "password", "ERR_TOO_SHORT"),
        ({"password": "x" * 257}, "password", "ERR_TOO_LONG"),
        ({"password": "dora@x.example"}, "password", "ERR_INVALID"),
        ({"agreement": False}, "agreement", "ERR_ACCEPTED"),
    ],
)
async def test_what_is_wrong_is_said_field_by_field(
    hub: ClientHub, app_client: Client, ana: Viewer, wrong: dict[str, Any], field: str, error: str
) -> None:
    sent = NEW | {"username": "dora", "email": "dora@x.example"} | wrong
    answer = await app_client.post("/api/v1/accounts", sent)
    assert answer.status == 422
    assert [one["error"] for one in answer.json["details"][field]] == [error]
    assert answer.json["details"][field][0]["description"] in answer.json["error"]
    assert answer.json["error"].startswith("Validation failed: ")
    assert not await hub.db.fetchval("SELECT count(*) FROM accounts WHERE email = 'dora@x.example'")


async def test_case_135_nobody_gives_themselves_a_role(hub: ClientHub, app_client: Client) -> None:
    wishes = {"role": "steward", "roles": ["steward"], "confirmed": True, "id": "1", "actor_id": "1"}
    sent = NEW | {"username": "greta", "email": "greta@x.example"}
    token = (await app_client.post("/api/v1/accounts", sent | wishes)).json["access_token"]
    bearer = await bearers.find(hub.db, token)
    assert bearer
    assert bearer.viewer
    assert bearer.viewer.account.roles == ["member"]
    assert bearer.viewer.acting.name == "greta"


async def test_it_takes_an_app_with_the_right_scope(hub: ClientHub, client: Client) -> None:
    sent = NEW | {"username": "emil", "email": "emil@x.example"}
    assert (await hub.stranger.post("/api/v1/accounts", sent)).status == 401
    assert (await client.post("/api/v1/accounts", sent)).status == 401  # a token without an app
    app, _ = await hub.app_named("Reader", "read")
    reader = hub.client((await tokens.issue(hub.db, app.id, ("read",))).token)
    assert (await reader.post("/api/v1/accounts", sent)).status == 403
    assert not await hub.db.fetchval("SELECT count(*) FROM accounts WHERE email = 'emil@x.example'")


@pytest_asyncio.fixture(loop_scope="module")
async def for_real(hub: ClientHub) -> AsyncIterator[None]:
    """The hub as it is anywhere but in the trials of client suites."""
    node = hub.node
    hub.app._state[NODE] = msgspec.structs.replace(
        node, settings=msgspec.structs.replace(node.settings, test_signups=False)
    )
    yield
    hub.app._state[NODE] = node
    await kept.put(hub.db, SignUps())


async def test_where_it_is_not_allowed_nobody_gets_in(hub: ClientHub, app_client: Client, for_real: None) -> None:
    for mode in ("closed", "invitation"):
        await kept.put(hub.db, SignUps(mode=mode))  # type: ignore[arg-type]
        answer = await app_client.post("/api/v1/accounts", NEW | {"username": "finn", "email": "finn@x.example"})
        assert (answer.status, answer.json) == (403, {"error": "This action is not allowed"})
    assert not await hub.db.fetchval("SELECT count(*) FROM applications WHERE email = 'finn@x.example'")


async def test_what_an_app_sends_waits_and_its_token_counts_once_somebody_says_yes(
    hub: ClientHub, app_client: Client, ana: Viewer, for_real: None
) -> None:
    await kept.put(hub.db, SignUps(mode="open"))
    sent = NEW | {"username": "finn", "email": "finn@x.example", "password": "twelve quiet carrots"}
    answer = await app_client.post("/api/v1/accounts", sent)
    assert (answer.status, answer.json["details"]["reason"][0]["error"]) == (422, "ERR_BLANK")
    wrong = sent | {"reason": "Bicycles", "email": "finn@mailinator.com", "agreement": False}
    answer = await app_client.post("/api/v1/accounts", wrong)
    assert [answer.json["details"][one][0]["error"] for one in ("email", "agreement")] == [
        "ERR_BLOCKED",
        "ERR_ACCEPTED",
    ]
    answer = await app_client.post("/api/v1/accounts", sent | {"reason": "Bicycles"})
    assert (answer.status, answer.json["scope"]) == (200, "read write")
    theirs = hub.client(answer.json["access_token"])
    answer = await theirs.get("/api/v1/accounts/verify_credentials")
    assert (answer.status, "confirmed e-mail" in answer.json["error"]) == (403, True)
    number = await hub.db.fetchval("SELECT id FROM applications WHERE name = 'finn'")
    await applications.confirm(hub.db, number)
    answer = await theirs.get("/api/v1/accounts/verify_credentials")
    assert (answer.status, "pending approval" in answer.json["error"]) == (403, True)
    async with hub.db.transaction():
        steward = msgspec.structs.replace(ana.account, permissions=[admit.RIGHT])
        await admit.accept(hub.db, hub.urls, msgspec.structs.replace(ana, account=steward), number, keys(), "")
    assert (await theirs.get("/api/v1/accounts/verify_credentials")).json["username"] == "finn"
    waiting = await hub.db.fetchval("SELECT answers FROM applications WHERE id = $1", number)
    assert [one["answer"] for one in waiting] == ["Bicycles"]


async def test_only_a_hub_on_loopback_may_allow_it() -> None:
    with pytest.raises(SettingsError, match="loopback"):
        load({"ALLMENDE_TEST_SIGNUPS": "1", "ALLMENDE_BASE_URL": "https://hub.example"})
    assert load({"ALLMENDE_TEST_SIGNUPS": "1", "ALLMENDE_BASE_URL": "http://127.0.0.1:8080"}).test_signups
