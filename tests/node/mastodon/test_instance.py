"""What clients learn about the hub before they do anything else."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import msgspec
import pytest

from node.store.db import Db
from node.store.files import emojis
from node.store.hub import hub_texts
from node.store.moderation import measures
from node.store.posts import posts
from tests import files
from tests.factories import a_remote_actor, a_remote_object
from tests.node.mastodon.conftest import Client, ClientHub
from tests.node.mastodon.test_media import a_form

BLOB = "https://blobs.example/blob.png"
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_version_2_has_every_field_that_strict_clients_need(hub: ClientHub) -> None:
    told = (await hub.stranger.get("/api/v2/instance")).json
    assert re.fullmatch(r"4\.5\.0 \(compatible; Allmende [0-9.a-z]+\)", told["version"])
    assert (told["domain"], told["title"], told["api_versions"]) == (hub.urls.domain, "Werkhof", {"mastodon": 10})
    assert told["languages"] == ["en", "de"]
    assert told["usage"]["users"]["active_month"] >= 0
    assert told["thumbnail"]["url"].startswith(hub.base)
    assert told["icon"][0]["size"] == "512x512"
    assert told["contact"]["email"] == ""
    assert told["contact"]["account"]["username"] == "hub"
    assert told["registrations"] == {
        "enabled": True,
        "approval_required": False,
        "reason_required": False,
        "message": None,
        "min_age": None,
        "url": None,
    }
    limits = told["configuration"]
    assert limits["urls"]["streaming"] == hub.base.replace("http", "ws")
    assert len(limits["vapid"]["public_key"]) == 88
    assert limits["statuses"]["max_characters"] == 5000
    assert limits["translation"] == {"enabled": False}
    assert limits["limited_federation"] is False
    assert limits["timelines_access"]["live_feeds"] == {"local": "public", "remote": "public"}
    assert all(isinstance(value, int) for value in limits["polls"].values())
    assert "image/png" in limits["media_attachments"]["supported_mime_types"]
    assert (await hub.stranger.get("/api/v2/instance")).json["configuration"]["vapid"] == limits["vapid"]
    assert (await hub.stranger.ask("HEAD", told["thumbnail"]["url"])).status == 200
    assert (await hub.stranger.ask("HEAD", told["icon"][0]["src"])).status == 200


async def test_version_1_for_older_clients(hub: ClientHub) -> None:
    told = (await hub.stranger.get("/api/v1/instance")).json
    assert (told["uri"], told["title"], told["registrations"]) == (hub.urls.domain, "Werkhof", True)
    assert told["urls"]["streaming_api"].startswith("ws://")
    assert all(told["stats"][name] >= 0 for name in ("user_count", "status_count", "domain_count"))
    assert isinstance(told["thumbnail"], str)
    assert told["max_toot_chars"] == told["configuration"]["statuses"]["max_characters"] == 5000


async def test_rules_come_in_the_readers_language_with_all_translations(hub: ClientHub) -> None:
    rules = [{"id": 7, "text": {"en": "Be kind.", "de": "Sei nett."}, "hint": {"en": "Always."}}, {"text": "No spam."}]
    await hub.db.execute("UPDATE hub SET rules = $1", rules)
    told = (await hub.stranger.ask("GET", "/api/v1/instance/rules", headers={"Accept-Language": "de"})).json
    assert [(one["id"], one["text"], one["hint"]) for one in told] == [
        ("7", "Sei nett.", "Always."),
        ("2", "No spam.", ""),
    ]
    assert told[0]["translations"]["en"] == {"text": "Be kind.", "hint": "Always."}
    assert [one["id"] for one in (await hub.stranger.get("/api/v2/instance")).json["rules"]] == ["7", "2"]
    assert (await hub.stranger.get("/api/v1/instance")).json["rules"][0]["text"] == "Be kind."
    await hub.db.execute("UPDATE hub SET rules = '[]'")


async def test_texts_are_there_once_the_hub_has_written_them(hub: ClientHub) -> None:
    about = "/api/v1/instance/extended_description"
    assert (await hub.stranger.get(about)).json["content"] == "<p>We share workshops.</p>"
    for path in ("privacy_policy", "terms_of_service", "terms_of_service/2026-01-01"):
        assert (await hub.stranger.get(f"/api/v1/instance/{path}")).status == 404
    await hub_texts.put(hub.db, "about", {"en": "**Tools** for all.", "de": "Werkzeug für alle."})
    await hub_texts.put(hub.db, "privacy", {"en": "We keep little."})
    await hub_texts.put(hub.db, "terms", {"en": "Share."}, effective_on=date(2026, 1, 1))
    assert (await hub.stranger.get(about)).json["content"] == "<p><strong>Tools</strong> for all.</p>"
    german = await hub.stranger.ask("GET", about, headers={"Accept-Language": "de"})
    assert german.json["content"] == "<p>Werkzeug für alle.</p>"
    assert (await hub.stranger.get("/api/v1/instance/privacy_policy")).json["content"] == "<p>We keep little.</p>"
    terms = (await hub.stranger.get("/api/v1/instance/terms_of_service/2026-01-01")).json
    assert terms == {
        "effective_date": "2026-01-01",
        "effective": True,
        "content": "<p>Share.</p>",
        "succeeded_by": None,
    }
    assert (await hub.stranger.get("/api/v1/instance/terms_of_service/2025-01-01")).status == 404


async def test_measures_on_servers_are_told_with_their_public_reasons_only(hub: ClientHub) -> None:
    for kind, target in (("limit", "loud.example"), ("suspend", "loud.example"), ("limit", "quiet.example")):
        made = await measures.insert(
            hub.db, kind, "domain", target, proposed_by=None, private_reason="secret", public_reason="spam"
        )
        await measures.confirm(hub.db, made.id, None, stands_alone=True, review_at=None)
        await measures.set_executed(hub.db, made.id)
    answer = await hub.stranger.get("/api/v1/instance/domain_blocks")
    assert [(one["domain"], one["severity"], one["comment"]) for one in answer.json] == [
        ("loud.example", "suspend", "spam"),
        ("quiet.example", "silence", "spam"),
    ]
    assert "secret" not in answer.text


async def test_servers_weeks_and_languages(hub: ClientHub) -> None:
    await a_remote_actor(hub.db, host="https://known.example")
    assert "known.example" in (await hub.stranger.get("/api/v1/instance/peers")).json
    weeks = (await hub.stranger.get("/api/v1/instance/activity")).json
    assert len(weeks) == 12
    assert set(weeks[0]) == {"week", "statuses", "logins", "registrations"}
    assert all(isinstance(value, str) for week in weeks for value in week.values())
    begins = datetime.fromtimestamp(int(weeks[0]["week"]), UTC)
    assert (begins.weekday(), begins <= datetime.now(UTC)) == (0, True)
    assert int(weeks[0]["registrations"]) >= 1
    assert {"code": "de", "name": "German"} in (await hub.stranger.get("/api/v1/instance/languages")).json
    assert (await hub.stranger.get("/api/v1/instance/translation_languages")).json == {}


async def test_emoji_of_the_hub_are_listed_and_drawn_in_names(hub: ClientHub, client: Client) -> None:
    assert (await client.get("/api/v1/custom_emojis")).json == []
    uploaded = await client.post("/api/v2/media", data=a_form(files.image(size=(64, 64))))
    await emojis.insert_own(hub.db, "bench", int(uploaded.json["id"]), "things")
    (emoji,) = (await hub.stranger.get("/api/v1/custom_emojis")).json
    assert (emoji["shortcode"], emoji["visible_in_picker"], emoji["category"]) == ("bench", True, "things")
    assert emoji["url"] == uploaded.json["url"]
    changed = await client.patch("/api/v1/accounts/update_credentials", {"display_name": "Ana :bench: :other:"})
    assert [one["shortcode"] for one in changed.json["emojis"]] == ["bench"]


async def test_emoji_of_other_servers_are_learnt_and_shown_once_their_picture_is_here(
    hub: ClientHub, client: Client
) -> None:
    known = {"host": "https://blobs.example", "display_name": "Kim :blob:", "emoji": (("blob", BLOB),)}
    await a_remote_actor(hub.db, "kim", **known)
    away = await a_remote_actor(hub.db, "kim", **known)
    path = f"/api/v1/accounts/{away.id}"
    assert (await client.get(path)).json["emojis"] == []
    assert await _waiting(hub.db) == 1
    await hub.db.execute("UPDATE media SET state = 'ready', path = 'aa/blob.png' WHERE remote_url = $1", BLOB)
    (emoji,) = (await client.get(path)).json["emojis"]
    assert (emoji["shortcode"], emoji["url"]) == ("blob", f"{hub.base}/media/aa/blob.png")


async def test_emoji_of_a_server_whose_media_are_refused_are_not_learnt(hub: ClientHub) -> None:
    made = await measures.insert(hub.db, "reject_media", "domain", "rude.example", proposed_by=None)
    await measures.confirm(hub.db, made.id, None, stands_alone=True, review_at=None)
    await measures.set_executed(hub.db, made.id)
    await emojis.learn(hub.db, "rude.example", [("rude", "https://rude.example/a.png")])
    assert await hub.db.fetchval("SELECT count(*) FROM emojis WHERE host = 'rude.example'") == 0


async def test_emoji_of_a_status_are_learnt_from_it(hub: ClientHub) -> None:
    author = await a_remote_actor(hub.db, host="https://posts.example")
    thing = a_remote_object(author, text=":cat:", emoji=(("cat", "https://posts.example/cat.png"),))
    async with hub.db.transaction():
        assert await posts.upsert_remote(hub.db, thing, author)
    assert await hub.db.fetchval("SELECT shortcode FROM emojis WHERE host = 'posts.example'") == "cat"


async def _waiting(db: Db) -> int:
    rows = await db.fetch("SELECT arguments::text FROM jobs WHERE kind = 'fetch_media'")
    ids = [msgspec.json.decode(row["arguments"])["medium_id"] for row in rows]
    count: int = await db.fetchval("SELECT count(*) FROM media WHERE remote_url = $1 AND id = ANY ($2)", BLOB, ids)
    return count
