"""/health for the supervisor; /metrics for whoever may look, and for nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from node.settings import Settings
from tests.node.activitypub.conftest import Served, serving
from tests.peer import Peer

TOKEN = "a long enough token"


@pytest.fixture
async def guarded(settings: Settings) -> AsyncIterator[Served]:
    """A node with a metrics token."""
    async with serving(msgspec.structs.replace(settings, metrics_token=TOKEN), work=False) as served:
        yield served


async def metrics(served: Served, peer: Peer, **headers: str) -> int:
    return (await peer.request("GET", served.url("/metrics"), headers)).status


async def test_health_says_that_the_database_answers(served: Served, peer: Peer) -> None:
    assert (await peer.get(served.url("/health"), signed=False)).body == b"OK"


async def test_health_fails_when_the_database_is_away(served: Served, peer: Peer) -> None:
    await served.node.database.pool.close()
    assert (await peer.get(served.url("/health"), signed=False)).status == 503


async def test_metrics_count_what_waits(served: Served, peer: Peer) -> None:
    like = {"id": peer.url("/1"), "type": "Like", "actor": peer.actor_id, "object": peer.url("/2")}
    await peer.post(served.inbox, like)
    answer = await peer.request("GET", served.url("/metrics"), {})
    lines = answer.body.decode().splitlines()
    assert "allmende_arrivals_waiting 1.0" in lines
    assert "allmende_mails_waiting 0.0" in lines
    (held,) = (float(line.split()[1]) for line in lines if line.startswith("allmende_memory_bytes"))
    assert held > 10_000_000


async def test_what_is_wrong_stands_at_health_and_in_metrics(
    served: Served, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served.node.troubles, "end", lambda kind: None)  # the database is well, as its pulse would find
    served.node.troubles.begin("names")
    said = await peer.get(served.url("/health"), signed=False, accept="application/json")
    assert (said.status, said.json["state"], said.json["troubles"][0]["kind"]) == (200, "troubled", "names")
    served.node.troubles.begin("database")
    said = await peer.get(served.url("/health"), signed=False, accept="text/plain")
    assert (said.status, said.body.decode().splitlines()[0]) == (503, "DOWN")
    lines = (await peer.request("GET", served.url("/metrics"), {})).body.decode().splitlines()
    assert 'allmende_trouble{kind="names"} 1.0' in lines
    assert not any(line.startswith("allmende_arrivals") for line in lines)
    assert (await peer.post(served.inbox, {"id": peer.url("/1"), "type": "Like"})).status == 503


async def test_a_proxy_on_this_machine_speaks_for_somebody_else(guarded: Served, peer: Peer) -> None:
    assert await metrics(guarded, peer) == 200
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip"):
        assert await metrics(guarded, peer, **{name: "203.0.113.5"}) == 404


async def test_the_token_opens_and_another_does_not(guarded: Served, peer: Peer) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.5"}
    assert await metrics(guarded, peer, Authorization=f"Bearer {TOKEN}", **forwarded) == 200
    for wrong in ("Bearer ", "Bearer x", f"Basic {TOKEN}", TOKEN):
        assert await metrics(guarded, peer, Authorization=wrong, **forwarded) == 404


async def test_requests_are_told_by_door_status_and_time(served: Served, peer: Peer) -> None:
    asked = {"/about": "website", "/api/v1/instance": "client_api", "/actor": "activitypub"}
    before = await samples(served, peer)
    for path in asked:
        await peer.request(
            "GET", served.url(path), {"Accept": "application/activity+json" if path == "/actor" else "*/*"}
        )
    await peer.request("POST", served.inbox, {}, b"{}")
    more = {key: value - before[key] for key, value in (await samples(served, peer)).items()}
    for door, status in (*((door, "2xx") for door in asked.values()), ("activitypub", "4xx"), ("other", "2xx")):
        labels = frozenset({("door", door), ("status", status), ("le", "+Inf")})
        assert more["allmende_request_seconds_bucket", labels] == 1, door
    assert more["allmende_signatures_refused_total", frozenset()] == 1


async def samples(served: Served, peer: Peer) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """All figures as a strict reader takes them, by name and labels; what only grows is called a total."""
    text = (await peer.request("GET", served.url("/metrics"), {})).body.decode()
    found = list(text_string_to_metric_families(text))
    assert all((one.type == "counter") == one.samples[0].name.endswith("_total") for one in found)
    return {(one.name, frozenset(one.labels.items())): one.value for family in found for one in family.samples}
