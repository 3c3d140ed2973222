"""Every endpoint of the Mastodon API by a row of its own: what comes back has the shape that strict decoders want, and
who may not gets Mastodon's errors."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from node.mastodon.routes import ENDPOINTS
from schemas.records import Viewer
from tests.node.mastodon.conformance import rows_of_accounts, rows_of_admin, rows_of_statuses
from tests.node.mastodon.conformance.rows import Row
from tests.node.mastodon.conformance.world import World
from tests.node.mastodon.conftest import EVERYTHING, Answer, Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROWS = (*rows_of_accounts.ROWS, *rows_of_statuses.ROWS, *rows_of_admin.ROWS)
ELSEWHERE = {
    # Multipart and streams have tests of their own.
    "POST /api/v1/media", "POST /api/v2/media",
}  # fmt: skip
NOBODYS = "424242424242"
UNFIT = "write:nothing"
"""A scope that opens none of these endpoints."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(hub: ClientHub, ana: Viewer, bo: Viewer, client: Client, bos_client: Client) -> AsyncIterator[World]:
    """The world of the rows, settled."""
    world = World(hub, ana, bo, client, bos_client)
    await world.settle()
    yield world


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
async def test_an_endpoint_answers_what_clients_decode_and_refuses_who_may_not(row: Row, world: World) -> None:
    path = await world.fill(row.path)
    sent = await world.fill(dict(row.sent))
    await _refuse_strangers(row, world, path, sent)
    await _refuse_members(row, world, path, sent)
    await _refuse_what_is_not_there(row, world, sent)
    asker = await _asker(row, world)
    for bad, status in row.bad:
        wrong = await _call(asker, row.method, path, await world.fill(dict(bad)))
        _is_refused(wrong, status, f"{row.name} with {bad}")
    answer = await _call(asker, row.method, path, sent)
    assert answer.status == row.status, f"{row.name}: {answer.status} {answer.text}"
    assert row.shape(answer.json, "") == [], answer.text


async def test_every_endpoint_has_a_row() -> None:
    def pattern(method: str, path: str) -> str:
        return f"{method} {re.sub(r'{[^}]*}', '{}', path)}".replace("👍", "{}")

    rows = {pattern(row.method, row.path) for row in ROWS} | ELSEWHERE
    described = [re.compile(re.escape(one).replace(r"\{\}", "[^/]+")) for one in rows]
    # PUT and PATCH mean the same and share their handler: one row is enough.
    twins = {"PATCH": "PUT", "PUT": "PATCH"}
    mine = {pattern(one.method, one.path) for one in ENDPOINTS if "/streaming" not in one.path}
    met = {f"{twins[verb]} {path}" for verb, _, path in (one.partition(" ") for one in rows) if verb in twins}
    filled = {one for one in mine if any(each.fullmatch(one) for each in described)}
    # A path with a name for a variable part is met by a row with a word there: tags/bench for tags/{name}.
    words = {re.sub(r"/(bench|wood)(?=/|$)", "/{}", one) for one in rows}
    assert sorted(mine - filled - words - met) == []


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/api/v1/annual_reports", "/api/v2/nowhere", "/api/v1/statuses/1/translations/en"])
async def test_what_is_not_there_answers_404_in_json_by_every_method(client: Client, method: str, path: str) -> None:
    _is_refused(await client.ask(method, path), 404, path)


async def _refuse_strangers(row: Row, world: World, path: str, sent: Any) -> None:
    if row.asker != "anyone" and row.scope is not None:
        _is_refused(await _call(world.hub.stranger, row.method, path, sent), 401, "no token")
        _is_refused(await _call(world.hub.client("wrong"), row.method, path, sent), 401, "not a token")
    if row.scope:
        narrow = await world.hub.client_of(world.ana, UNFIT)
        _is_refused(await _call(narrow, row.method, path, sent), 403, "wrong scope")
    if row.asker == "member" and row.scope is not None:
        _is_refused(await _call(await _app(world), row.method, path, sent), 422, "an app without a member")


async def _refuse_members(row: Row, world: World, path: str, sent: Any) -> None:
    if row.asker == "steward" and row.scope:
        _is_refused(await _call(await world.client_for_staff(world.ana), row.method, path, sent), 403, "no office")


async def _refuse_what_is_not_there(row: Row, world: World, sent: Any) -> None:
    if "{" in row.path and row.missing:
        nowhere = re.sub(r"{[^}]*}", NOBODYS, row.path)
        _is_refused(await _call(await _asker(row, world), row.method, nowhere, sent), 404, nowhere)
    for name, foreign in row.foreign.items():
        path = await world.fill(row.path.replace(f"{{{name}}}", f"{{{foreign}}}"))
        _is_refused(await _call(world.mine, row.method, path, sent), 404, f"{foreign} at {path}")


async def _asker(row: Row, world: World) -> Client:
    if row.asker == "app":
        return await _app(world)
    return await world.steward() if row.asker == "steward" else world.mine


async def _app(world: World) -> Client:
    app, secret = await world.hub.app_named()
    form = {
        "grant_type": "client_credentials", "client_id": app.client_id, "client_secret": secret,
        "scope": " ".join(EVERYTHING),
    }  # fmt: skip
    answer = await world.hub.stranger.ask("POST", "/oauth/token", data=form)
    assert answer.status == 200, answer.text
    return world.hub.client(answer.json["access_token"])


async def _call(client: Client, method: str, path: str, sent: dict[str, Any]) -> Answer:
    if method == "GET":
        return await client.get(path, **sent)
    return await client.ask(method, path, json=sent)


def _is_refused(answer: Answer, status: int, why: str) -> None:
    assert answer.status == status, f"{why}: {answer.status} {answer.text}"
    assert isinstance(answer.json["error"], str), why
    assert answer.headers["Content-Type"].startswith("application/json"), why
