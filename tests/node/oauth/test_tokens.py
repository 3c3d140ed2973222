"""Tokens for codes and for apps themselves: who gets one, who does not, and how they end (cases 127 and 129)."""

from __future__ import annotations

import asyncio
import base64
from typing import Any
from urllib.parse import quote

import pytest

from node.actions.accounts import change_password
from node.store import happenings
from node.store.access import authorization_codes, bearers, tokens
from schemas.records import Viewer
from schemas.redirects import OUT_OF_BAND
from tests.node.mastodon.conftest import Client
from tests.node.oauth.conftest import VERIFIER, ClientHub, Herd, a_herd, browser_of, challenge_of
from tests.node.pages.conftest import Browser

pytestmark = pytest.mark.asyncio(loop_scope="module")

S256 = {"code_challenge": challenge_of(VERIFIER), "code_challenge_method": "S256"}


async def works(hub: ClientHub, token: str) -> bool:
    return (await hub.client(token).get("/api/v1/apps/verify_credentials")).status == 200


def basic(client_id: str, secret: str) -> dict[str, str]:
    sent = base64.b64encode(f"{quote(client_id)}:{quote(secret)}".encode()).decode()
    return {"Authorization": f"Basic {sent}"}


async def test_a_code_becomes_a_token(hub: ClientHub, anas: Browser, ana: Viewer) -> None:
    herd = await a_herd(hub)
    answer = await herd.exchange(await herd.code(anas))
    assert answer.status == 200
    assert (answer.json["token_type"], answer.json["scope"]) == ("Bearer", "read write")
    assert isinstance(answer.json["created_at"], int)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    bearer = await bearers.find(hub.db, answer.json["access_token"])
    assert bearer
    assert bearer.viewer
    assert (bearer.viewer.account.id, bearer.viewer.acting.id) == (ana.account.id, ana.actor.id)
    kept = await hub.db.fetchval("SELECT token_hash FROM tokens WHERE id = $1", bearer.id)
    assert answer.json["access_token"].encode() not in kept


async def test_json_and_a_secret_in_the_header_do_as_well(hub: ClientHub, anas: Browser) -> None:
    herd = await a_herd(hub)
    sent = {"grant_type": "authorization_code", "redirect_uri": herd.app.redirect_uris[0], "scope": "read write"}
    whole = sent | {"client_id": herd.app.client_id, "client_secret": herd.secret, "code": await herd.code(anas)}
    assert (await hub.stranger.post("/oauth/token", whole)).status == 200
    header = basic(herd.app.client_id, herd.secret)
    bare = sent | {"code": await herd.code(anas)}
    assert (await hub.stranger.post("/oauth/token", data=bare, headers=header)).status == 200


async def test_the_scopes_are_those_that_were_allowed_whatever_is_asked_for_later(
    hub: ClientHub, anas: Browser
) -> None:
    herd = await a_herd(hub)
    answer = await herd.exchange(await herd.code(anas, scope="read:lists"), scope="read write follow")
    assert answer.json["scope"] == "read:lists"


async def test_a_public_app_proves_itself_by_its_verifier(hub: ClientHub, anas: Browser) -> None:
    herd = await a_herd(hub)
    for secret in (None, herd.secret):
        answer = await herd.exchange(await herd.code(anas, **S256), code_verifier=VERIFIER, client_secret=secret)
        assert answer.status == 200


async def test_a_code_shown_on_a_page_works_too(hub: ClientHub, anas: Browser) -> None:
    herd = await a_herd(hub, back=OUT_OF_BAND)
    assert (await herd.exchange(await herd.code(anas))).status == 200


async def test_case_127_a_code_that_comes_again_ends_the_token_it_led_to(hub: ClientHub, anas: Browser) -> None:
    herd = await a_herd(hub)
    code = await herd.code(anas)
    first = await herd.exchange(code)
    assert await works(hub, first.json["access_token"])
    second = await herd.exchange(code)
    assert (second.status, second.json["error"]) == (400, "invalid_grant")
    assert not await works(hub, first.json["access_token"])
    assert (await herd.exchange(code)).status == 400


async def test_case_127_of_two_at_the_same_moment_one_gets_a_token_and_it_ends(hub: ClientHub, anas: Browser) -> None:
    herd = await a_herd(hub)
    code = await herd.code(anas)
    answers = await asyncio.gather(*(herd.exchange(code) for _ in range(4)))
    assert sorted(one.status for one in answers) == [200, 400, 400, 400]
    made = await hub.db.fetch("SELECT revoked_at FROM tokens WHERE app_id = $1", herd.app.id)
    assert [row["revoked_at"] is not None for row in made] == [True]


@pytest.mark.parametrize(
    ("asked", "brought"),
    [
        (S256, {"code_verifier": None}),
        (S256, {"code_verifier": ""}),
        (S256, {"code_verifier": "another"}),
        (S256, {"code_verifier": challenge_of(VERIFIER)}),
        (S256, {"code_verifier": None, "client_secret": None}),
        ({}, {"code_verifier": VERIFIER}),
        ({}, {"client_secret": None}),
        ({}, {"redirect_uri": None}),
        ({}, {"redirect_uri": "https://herd.example/back"}),
        ({}, {"redirect_uri": "https://evil.example/"}),
    ],
)
async def test_case_127_a_code_without_its_proof_is_refused_and_void(
    hub: ClientHub, anas: Browser, asked: dict[str, Any], brought: dict[str, Any]
) -> None:
    herd = await a_herd(hub)
    code = await herd.code(anas, **asked)
    answer = await herd.exchange(code, **brought)
    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")
    right = {"code_verifier": VERIFIER} if asked else {}
    assert (await herd.exchange(code, **right)).status == 400
    assert not await hub.db.fetchval("SELECT count(*) FROM tokens WHERE app_id = $1", herd.app.id)


async def test_case_127_another_app_cannot_use_the_code_and_the_right_one_still_can(
    hub: ClientHub, anas: Browser
) -> None:
    herd, evil = await a_herd(hub), await a_herd(hub, name="Evil")
    code = await herd.code(anas)
    assert (await evil.exchange(code)).json["error"] == "invalid_grant"
    assert (await herd.exchange(code, client_id=evil.app.client_id)).json["error"] == "invalid_client"
    assert (await herd.exchange(code)).status == 200


async def test_case_127_an_old_code_is_refused(hub: ClientHub, anas: Browser) -> None:
    herd = await a_herd(hub)
    code = await herd.code(anas)
    await hub.db.execute("UPDATE authorization_codes SET created_at = now() - interval '11 minutes'")
    assert (await herd.exchange(code)).json["error"] == "invalid_grant"
    await hub.db.execute("UPDATE authorization_codes SET created_at = now() - interval '2 days'")
    await authorization_codes.forget(hub.db)
    assert not await hub.db.fetchval("SELECT count(*) FROM authorization_codes WHERE app_id = $1", herd.app.id)


async def test_case_121_a_suspended_members_code_is_refused(hub: ClientHub) -> None:
    who, herd = await hub.newcomer(), await a_herd(hub)
    code = await herd.code(await browser_of(hub, who))
    await hub.db.execute("UPDATE actors SET suspended_at = now() WHERE id = $1", who.actor.id)
    assert (await herd.exchange(code)).json["error"] == "invalid_grant"


async def test_case_129_a_new_password_makes_codes_void(hub: ClientHub) -> None:
    who, herd = await hub.newcomer(), await a_herd(hub)
    code = await herd.code(await browser_of(hub, who))
    await change_password(hub.db, who.account, "")
    assert (await herd.exchange(code)).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": None}, 401, "invalid_client"),
        ({"client_id": "a\0b"}, 400, "invalid_request"),
        ({"code": "x" * 5000}, 400, "invalid_request"),
        ({"code": "nonsense"}, 400, "invalid_grant"),
        ({"code": None}, 400, "invalid_grant"),
        ({"grant_type": None}, 400, "invalid_request"),
        ({"grant_type": "password", "username": "ana", "password": "x"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials", "scope": "read follow"}, 400, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": "everything"}, 400, "invalid_scope"),
        ({"grant_type": "client_credentials", "client_secret": None}, 401, "invalid_client"),
    ],
)
async def test_refusals_are_read_by_apps(hub: ClientHub, changes: dict[str, Any], status: int, error: str) -> None:
    herd = await a_herd(hub)
    answer = await herd.exchange("x", **changes)
    assert (answer.status, answer.json["error"]) == (status, error)
    assert answer.json["error_description"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


async def test_one_way_of_proving_at_a_time(hub: ClientHub) -> None:
    herd = await a_herd(hub)
    right, wrong = basic(herd.app.client_id, herd.secret), basic(herd.app.client_id, "wrong")
    assert (await herd.exchange("x", headers=right)).json["error"] == "invalid_request"
    for header in (wrong, {"Authorization": "Basic !"}, {"Authorization": "Basic " + "eA=="}):
        assert (await herd.exchange("x", headers=header, client_secret=None)).json["error"] == "invalid_client"
    other = await a_herd(hub)
    changes = {"client_id": other.app.client_id, "client_secret": None}
    assert (await herd.exchange("x", headers=right, **changes)).json["error"] == "invalid_client"


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000])
async def test_what_cannot_be_read_is_refused(hub: ClientHub, body: bytes) -> None:
    answer = await hub.stranger.post("/oauth/token", data=body, headers={"Content-Type": "application/json"})
    assert (answer.status, answer.json["error"]) == (400, "invalid_request")


async def test_an_app_gets_a_token_of_its_own_that_is_nobodys(hub: ClientHub) -> None:
    herd = await a_herd(hub)
    answer = await herd.exchange("", grant_type="client_credentials", scope="read")
    assert (answer.status, answer.json["scope"]) == (200, "read")
    bearer = await bearers.find(hub.db, answer.json["access_token"])
    assert bearer
    assert bearer.viewer is None
    assert await works(hub, answer.json["access_token"])


async def issued(hub: ClientHub, herd: Herd, browser: Browser) -> tuple[str, int]:
    answer = await herd.exchange(await herd.code(browser))
    bearer = await bearers.find(hub.db, answer.json["access_token"])
    assert bearer
    return answer.json["access_token"], bearer.id


async def test_case_129_a_revoked_token_ends_with_its_push_messages_and_streams(hub: ClientHub, anas: Browser) -> None:
    herd = await a_herd(hub)
    token, token_id = await issued(hub, herd, anas)
    await hub.db.execute(
        "INSERT INTO push_subscriptions (token_id, endpoint, p256dh, auth) VALUES ($1, 'https://push', '', '')",
        token_id,
    )
    place = await happenings.end(hub.db)
    sent = {"client_id": herd.app.client_id, "client_secret": herd.secret, "token": token}
    answer = await hub.stranger.post("/oauth/revoke", data=sent)
    assert (answer.status, answer.json) == (200, {})
    assert not await works(hub, token)
    assert not await hub.db.fetchval("SELECT count(*) FROM push_subscriptions WHERE token_id = $1", token_id)
    happened = await happenings.list_after(hub.db, place, 100)
    assert [one.subject_id for one in happened if one.kind == "token.revoked"] == [token_id]


@pytest.mark.parametrize("wrong", ["another app", "a wrong secret", "no app", "no such token"])
async def test_whoever_may_not_revoke_a_token_is_told_nothing(hub: ClientHub, anas: Browser, wrong: str) -> None:
    herd, evil = await a_herd(hub), await a_herd(hub)
    token, _ = await issued(hub, herd, anas)
    sent = {"client_id": herd.app.client_id, "client_secret": herd.secret, "token": token}
    changes: dict[str, dict[str, str]] = {
        "another app": {"client_id": evil.app.client_id, "client_secret": evil.secret},
        "a wrong secret": {"client_secret": "wrong"},
        "no app": {"client_id": "nobody"},
        "no such token": {"token": "nonsense"},
    }
    answer = await hub.stranger.post("/oauth/revoke", sent | changes[wrong])
    assert (answer.status, answer.json) == (200, {})
    assert await works(hub, token)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE accounts SET disabled_at = now() WHERE id = $1",
        "UPDATE actors SET suspended_at = now() FROM accounts WHERE actors.id = actor_id AND accounts.id = $1",
        "UPDATE actors SET deleted_at = now() FROM accounts WHERE actors.id = actor_id AND accounts.id = $1",
    ],
)
async def test_case_129_a_token_ends_with_its_account(hub: ClientHub, change: str) -> None:
    who = await hub.newcomer()
    herd = await a_herd(hub)
    token = (await tokens.issue(hub.db, herd.app.id, ("read",), account_id=who.account.id)).token
    assert await works(hub, token)
    await hub.db.execute(change, who.account.id)
    assert not await works(hub, token)


async def test_case_129_a_token_that_acts_as_the_hub_ends_with_the_mandate(hub: ClientHub) -> None:
    editor = await hub.newcomer("editor")
    hubs = await hub.db.fetchval("SELECT id FROM actors WHERE local AND name = 'hub'")
    herd = await a_herd(hub)
    issued = await tokens.issue(hub.db, herd.app.id, ("read",), account_id=editor.account.id, acting_actor_id=hubs)
    assert await works(hub, issued.token)
    await hub.db.execute(
        "UPDATE mandates SET ends_at = now() WHERE account_id = $1 AND role = 'editor'", editor.account.id
    )
    assert not await works(hub, issued.token)


async def test_what_a_member_tells_of_themselves(hub: ClientHub, ana: Viewer, client: Client) -> None:
    answer = await client.get("/oauth/userinfo")
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json["iss"] == f"{hub.base}/"
    assert (answer.json["sub"], answer.json["profile"]) == (ana.actor.uri, ana.actor.url)
    assert (answer.json["preferred_username"], answer.json["name"]) == ("ana", "Ana")


async def test_nobody_else_is_told(hub: ClientHub, ana: Viewer, anas: Browser) -> None:
    assert (await hub.stranger.get("/oauth/userinfo")).status == 401
    assert (await hub.client("nonsense").get("/oauth/userinfo")).json == {"error": "The access token is invalid"}
    assert (await anas.get("/oauth/userinfo")).status == 401  # a cookie is no token
    reader = await hub.client_of(ana, "read")
    answer = await reader.get("/oauth/userinfo")
    assert (answer.status, answer.json["error"]) == (403, "This action is outside the authorized scopes")


async def test_the_door_describes_itself(hub: ClientHub) -> None:
    answer = await hub.stranger.get("/.well-known/oauth-authorization-server")
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    said = answer.json
    assert said["issuer"] == f"{hub.base}/"
    assert said["authorization_endpoint"] == f"{hub.base}/oauth/authorize"
    assert said["token_endpoint"] == f"{hub.base}/oauth/token"
    assert said["revocation_endpoint"] == f"{hub.base}/oauth/revoke"
    assert said["userinfo_endpoint"] == f"{hub.base}/oauth/userinfo"
    assert said["app_registration_endpoint"] == f"{hub.base}/api/v1/apps"
    assert said["grant_types_supported"] == ["authorization_code", "client_credentials"]
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert {"read", "write:statuses", "push", "profile"} <= set(said["scopes_supported"])


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke", "/oauth/userinfo"])
async def test_browsers_elsewhere_may_ask(hub: ClientHub, path: str) -> None:
    headers = {"Origin": "https://client.example", "Access-Control-Request-Method": "POST"}
    answer = await hub.stranger.ask("OPTIONS", path, headers=headers)
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
async def test_another_method_finds_nothing_there(hub: ClientHub, method: str, path: str) -> None:
    answer = await hub.stranger.ask(method, path)
    assert (answer.status, answer.headers["Content-Type"]) == (404, "application/json")


async def test_who_a_member_is_is_only_read(hub: ClientHub) -> None:
    for method in ("POST", "PUT", "DELETE"):
        answer = await hub.stranger.ask(method, "/oauth/userinfo")
        assert (answer.status, answer.headers["Content-Type"]) == (404, "application/json")
