"""What stands around every endpoint for clients: what is not there, and that browsers elsewhere may read it."""

from __future__ import annotations

import pytest

from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_what_is_not_there_is_404_in_json_whatever_the_method(client: Client, method: str) -> None:
    answer = await client.ask(method, "/api/v1/no/such/thing")
    assert (answer.status, answer.json) == (404, {"error": "Record not found"})


async def test_a_client_on_another_host_may_read_errors_too(hub: ClientHub) -> None:
    answer = await hub.stranger.ask("GET", "/api/v2/nothing", headers={"Origin": "https://client.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Link" in answer.headers["Access-Control-Expose-Headers"]


async def test_a_browser_is_told_that_it_may_ask(hub: ClientHub) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    answer = await hub.stranger.ask("OPTIONS", "/api/v1/statuses", headers=asked | {"Origin": "https://c.example"})
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Headers"] == "authorization,content-type"
    assert "DELETE" in answer.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("path", ["/api/v1/apps/verify_credentials", "/api/v1/accounts/verify_credentials"])
async def test_a_slash_at_the_end_changes_nothing(hub: ClientHub, client: Client, path: str) -> None:
    for asker in (hub.stranger, client):
        assert (await asker.get(f"{path}/")).status == (await asker.get(path)).status
    assert (await client.ask("HEAD", "/api/v1/accounts/verify_credentials/")).status == 200
    assert (await client.get("/api/v1/accounts/verify_credentials//")).status == 404
