"""What is not for everybody leaks through no address of this door: whoever may not see a post is answered by each of
them as if it were not there (cases 106, 107 and 135)."""

from __future__ import annotations

import re

import pytest
import pytest_asyncio

from node.mastodon.routes import ENDPOINTS
from schemas.records import Viewer
from tests.factories import a_local_actor
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")
WORD = "Geheimnis"
HOUSE = "Hausgeheimnis"
"""What is said to all members, and so to none of the others."""
TAG = "whisper"
LINK = "https://secret.example/paper"
READS = sorted({one.path for one in ENDPOINTS if one.method == "GET"})
DEEDS = sorted({(one.method, one.path) for one in ENDPOINTS if one.method != "GET" and "{id}" in one.path})
MEANT = {"lists": "list", "filters": "filter", "scheduled": "scheduled", "conversations": "conversation"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def secrets(hub: ClientHub, ana: Viewer, client: Client, bos_client: Client) -> dict[str, str]:
    """What Ana wrote to Bo, to her followers, to a group and to the hub, and what she keeps; by what it is."""
    await bos_client.post(f"/api/v1/accounts/{ana.actor.id}/follow")
    made: dict[str, str] = {}
    text = f"{WORD} @bo #{TAG} {LINK}"
    for visibility in ("direct", "private"):
        poll = {"options": [f"{WORD} yes", "no"], "expires_in": 3600}
        sent = {"status": text, "visibility": visibility, "poll": poll}
        made[visibility] = (await client.post("/api/v1/statuses", sent)).json["id"]
        for deed in ("favourite", "bookmark"):
            assert (await bos_client.post(f"/api/v1/statuses/{made[visibility]}/{deed}")).status == 200
    reply = {"status": f"@ana {WORD}", "visibility": "direct", "in_reply_to_id": made["direct"]}
    made["reply"] = (await bos_client.post("/api/v1/statuses", reply)).json["id"]
    quoting = {"status": "Only those who may know read what is below.", "quoted_status_id": made["private"]}
    made["quoting"] = (await client.post("/api/v1/statuses", quoting)).json["id"]
    made |= await _inside(hub, ana, text)
    made["list"] = (await client.post("/api/v1/lists", {"title": WORD})).json["id"]
    keywords = {"title": WORD, "context": ["home"], "keywords_attributes": [{"keyword": WORD}]}
    made["filter"] = (await client.post("/api/v2/filters", keywords)).json["id"]
    later = {"status": WORD, "scheduled_at": "2099-01-01T00:00:00Z"}
    made["scheduled"] = (await client.post("/api/v1/statuses", later)).json["id"]
    made["conversation"] = (await client.get("/api/v1/conversations")).json[0]["id"]
    made["group"] = (await client.get("/api/v2/notifications")).json["notification_groups"][0]["group_key"]
    return made


async def _inside(hub: ClientHub, ana: Viewer, text: str) -> dict[str, str]:
    """What stays in the hub: for a group, and for all members."""
    group = await a_local_actor(hub.db, "bench", role="group", urls=hub.urls)
    await hub.db.execute("INSERT INTO group_members (group_id, actor_id) VALUES ($1, $2)", group.id, ana.actor.id)
    circle = await hub.publish(ana, text, audience="group", group="bench")
    house = await hub.publish(ana, f"{HOUSE} #{TAG} {LINK}", audience="hub")
    return {"circle": str(circle.id), "house": str(house.id)}


@pytest.mark.parametrize("path", READS)
async def test_nobody_reads_what_is_not_for_them(
    hub: ClientHub, ana: Viewer, secrets: dict[str, str], path: str
) -> None:
    other = await hub.client_of(await hub.newcomer())
    ids = [number for what, number in secrets.items() if what != "group"]
    for filled in {_filled(path, one, secrets) for one in (*ids, str(ana.actor.id))}:
        for asked in _asked(filled, ids, hub.base):
            for asker in (other, hub.stranger):
                answer = await asker.get(filled, **asked)
                assert answer.status < 500, (filled, asked, answer.text)
                assert WORD not in answer.text, (filled, asked)
                assert asker is other or HOUSE not in answer.text, (filled, asked)


async def test_whom_it_is_for_does_read_it(client: Client, bos_client: Client, secrets: dict[str, str]) -> None:
    for path in (
        "/api/v1/statuses/{id}",
        "/api/v1/statuses/{id}/context",
        "/api/v1/timelines/home",
        "/api/v1/bookmarks",
    ):
        assert WORD in (await bos_client.get(_filled(path, secrets["direct"], secrets))).text, path
    assert WORD in (await bos_client.get(f"/api/v1/statuses/{secrets['quoting']}")).text
    assert HOUSE in (await bos_client.get("/api/v1/timelines/public", local=True)).text
    assert WORD in (await client.get(f"/api/v1/statuses/{secrets['circle']}")).text


@pytest.mark.parametrize(("method", "path"), [one for one in DEEDS if one[1].startswith(("/api/v1/statuses/{id}/",))])
async def test_nobody_does_anything_with_what_they_may_not_see(
    hub: ClientHub, secrets: dict[str, str], method: str, path: str
) -> None:
    other = await hub.client_of(await hub.newcomer())
    missing = await other.ask(method, _filled(path, "77", secrets), json={"quote_approval_policy": "public"})
    for what in ("direct", "private", "reply", "circle"):
        answer = await other.ask(
            method, _filled(path, secrets[what], secrets), json={"quote_approval_policy": "public"}
        )
        assert (answer.status, answer.text) == (404, missing.text), path


@pytest.mark.parametrize(
    ("method", "path"), [one for one in DEEDS if any(f"/{kind}/{{id}}" in one[1] for kind in MEANT)]
)
async def test_nobody_touches_what_another_keeps(
    hub: ClientHub, client: Client, secrets: dict[str, str], method: str, path: str
) -> None:
    other = await hub.client_of(await hub.newcomer())
    kind = next(MEANT[part] for part in path.split("/") if part in MEANT)
    sent = {"title": "x", "phrase": "x", "keyword": "x", "context": ["home"], "scheduled_at": "2098-01-01T00:00:00Z"}
    answer = await other.ask(method, _filled(path, secrets[kind], secrets), json=sent | {"status_id": "77"})
    assert answer.status == 404, answer.text
    assert (await client.get(f"/api/v1/lists/{secrets['list']}")).json["title"] == WORD
    assert (await client.get(f"/api/v2/filters/{secrets['filter']}")).json["keywords"][0]["keyword"] == WORD


def _filled(path: str, number: str, secrets: dict[str, str]) -> str:
    path = path.replace("{hashtag}", TAG).replace("{group_key}", secrets["group"])
    return re.sub(r"\{\w+\}", number, path)


def _asked(path: str, ids: list[str], base: str) -> list[dict[str, object]]:
    """The questions with which an address is asked; what is searched for is not the word itself, which comes back."""
    asked: list[dict[str, object]] = [{"id[]": ids, "url": LINK, "limit": 40}]
    if "search" in path:
        asked += [{"q": TAG}, {"q": "yes", "type": "statuses"}]
        asked += [{"q": f"{base}/posts/{one}", "resolve": "true"} for one in ids[:3]]
    if path.endswith("/statuses"):
        asked += [{"pinned": "true"}, {"tagged": TAG}, {"only_media": "true"}]
    return asked
