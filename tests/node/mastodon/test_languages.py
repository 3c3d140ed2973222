"""One status has one language: whoever reads German finds the German version, text, language, history and source, at
every address and on the stream; whoever reads what there is no version in finds the primary one."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from node.actions.edit import edit
from schemas.records import Post, Viewer
from tests.drafts import a_draft
from tests.node.mastodon.conftest import Client, ClientHub
from tests.node.mastodon.streaming.listening import listening

pytestmark = pytest.mark.asyncio(loop_scope="module")

BEFORE = {"en": "Bring lamps.", "de": "Bringt Lampen."}
AFTER = {"en": "Bring chairs.", "de": "Bringt Stühle."}
NAMES = {"en": "Repair café", "de": "Reparaturcafé"}
READERS = (("de", "de"), ("en", "en"), ("fr", "en"))
"""What somebody reads, and the version they find of a thing whose primary language is English."""


def versions(texts: dict[str, str], named: str) -> list[dict[str, str]]:
    """Both versions; whoever is named is named in both."""
    return [{"language": one, "name": NAMES[one], "text": f"{texts[one]} {named}"} for one in texts]


@pytest_asyncio.fixture(loop_scope="module", params=READERS, ids=[one for one, _ in READERS])
async def reader(request: pytest.FixtureRequest, hub: ClientHub, ana: Viewer) -> tuple[Viewer, Client, str]:
    """A member who reads this language and follows Ana, and the language of the version for them."""
    spoken, found = request.param
    who = await hub.newcomer(language=spoken)
    client = await hub.client_of(who)
    assert (await client.post(f"/api/v1/accounts/{ana.actor.id}/follow")).status == 200
    return who, client, found


async def told(hub: ClientHub, ana: Viewer, who: Viewer, kind: str) -> Post:
    """An event or the like that Ana changed after publishing, and that a comment stands under."""
    named = f"@{who.actor.name}"
    made = await hub.publish(ana, kind=kind, versions=versions(BEFORE, named))
    async with hub.db.transaction():
        await edit(hub.node, hub.db, ana, made.id, a_draft(kind, versions=versions(AFTER, named)))
    return made


@pytest.mark.parametrize("kind", ["event", "finding", "call"])
async def test_every_address_shows_the_same_version(
    hub: ClientHub, ana: Viewer, reader: tuple[Viewer, Client, str], kind: str
) -> None:
    who, client, spoken = reader
    made = await told(hub, ana, who, kind)
    reply = await client.post("/api/v1/statuses", {"status": "I come", "in_reply_to_id": str(made.id)})
    await client.post(f"/api/v1/statuses/{made.id}/bookmark")
    shown: dict[str, Any] = {
        "status": (await client.get(f"/api/v1/statuses/{made.id}")).json,
        "many": (await client.get("/api/v1/statuses", **{"id[]": made.id})).json[0],
        "thread": (await client.get(f"/api/v1/statuses/{reply.json['id']}/context")).json["ancestors"][0],
        "bookmark": (await client.get("/api/v1/bookmarks")).json[0],
        "account": _of(made, (await client.get(f"/api/v1/accounts/{ana.actor.id}/statuses")).json),
    }
    for timeline in ("home", "public"):
        shown[timeline] = _of(made, (await client.get(f"/api/v1/timelines/{timeline}")).json)
    notices = (await client.get("/api/v1/notifications", **{"types[]": "mention"})).json
    shown["notice"] = _of(made, [one["status"] for one in notices])
    shown["notices"] = _of(made, (await client.get("/api/v2/notifications")).json["statuses"])
    shown["favourited"] = (await client.post(f"/api/v1/statuses/{made.id}/favourite")).json
    for where, status in shown.items():
        assert status["language"] == spoken, where
        assert AFTER[spoken] in status["content"] and NAMES[spoken] in status["content"], where
        assert not [one for one in AFTER if one != spoken and AFTER[one] in status["content"]], where
        assert status["card"]["title"] == NAMES[spoken] or kind != "event", where
    source = (await client.get(f"/api/v1/statuses/{made.id}/source")).json
    assert source["text"].startswith(AFTER[spoken])
    history = (await client.get(f"/api/v1/statuses/{made.id}/history")).json
    assert [BEFORE[spoken] in history[0]["content"], AFTER[spoken] in history[1]["content"]] == [True, True]
    assert history[-1]["content"] == shown["status"]["content"]


async def test_the_stream_speaks_as_the_timeline_does(
    hub: ClientHub, ana: Viewer, reader: tuple[Viewer, Client, str]
) -> None:
    who, client, spoken = reader
    async with listening(client, "user", "public") as ear:
        made = await hub.publish(ana, kind="event", versions=versions(BEFORE, f"@{who.actor.name}"))
        hub.node.wake()
        heard = await ear.heard(3)
        async with hub.db.transaction():
            draft = a_draft("event", versions=versions(AFTER, f"@{who.actor.name}"))
            await edit(hub.node, hub.db, ana, made.id, draft)
        hub.node.wake()
        changed = await ear.until("status.update", 2)
    for _, event, payload in heard:
        status = payload["status"] if event == "notification" else payload
        assert (status["language"], BEFORE[spoken] in status["content"]) == (spoken, True), event
    shown = (await client.get(f"/api/v1/statuses/{made.id}")).json
    assert [(one["language"], one["content"]) for _, one in changed] == [(spoken, shown["content"])] * 2


async def test_a_stranger_reads_what_their_client_asks_for(hub: ClientHub, ana: Viewer) -> None:
    made = await hub.publish(ana, kind="event", versions=versions(AFTER, ""))
    for accepted, spoken in (("de-AT,de;q=0.9", "de"), ("fr", "en"), ("", "en")):
        headers = {"Accept-Language": accepted}
        status = await hub.stranger.ask("GET", f"/api/v1/statuses/{made.id}", headers=headers)
        history = await hub.stranger.ask("GET", f"/api/v1/statuses/{made.id}/history", headers=headers)
        assert status.json["language"] == spoken
        assert history.json[-1]["content"] == status.json["content"]


def _of(made: Post, statuses: list[Any]) -> Any:
    return next(one for one in statuses if one["id"] == str(made.id))
