"""What stewards set about the hub in the panel, and where everybody sees it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import aiohttp
import msgspec

from node.actions import announce
from node.actions.publish import publish
from node.jobs.chores import do_chores
from node.jobs.media import trim_media
from node.store.hub import areas, hub_settings
from node.store.moderation import log
from schemas.retention import Retention
from tests.drafts import a_draft
from tests.factories import a_post, a_remote_actor
from tests.files import image
from tests.node.pages.conftest import TOKEN, Browser, Hub

SETTINGS = "/admin/settings"
CARD = {
    "name": "Werkhof Süd",
    "description.en": "We share.",
    "description.de": "Wir teilen.",
    "contact": "a@hub.example",
}
CARD |= {
    "language": "en",
    "zone": "Europe/Vienna",
    "place.name": "Hall",
    "place.locality": "Graz",
    "place.country": "AT",
}
RULES = {"rule.0.text.en": "Be kind.", "rule.0.hint.en": "Ask first.", "rule.0.text.de": "Sei freundlich."}
RULES |= {"rule.1.text.en": "Clean the bench.", "rule.1.place": "0", "rule.2.text.en": ""}


async def test_the_card_is_what_readers_apps_and_followers_see(hub: Hub, ana: Browser, stranger: Browser) -> None:
    saved = await ana.post(f"{SETTINGS}/card", CARD | {"languages": ["en", "de"]}, form=f"{SETTINGS}/card")
    assert "Saved." in saved.text and "Card of the hub" in saved.words
    assert "Wir teilen." in (await stranger.get("/about?lang=de")).words
    told = msgspec.json.decode((await stranger.get("/api/v2/instance", Accept_Language="de")).text)
    assert (told["title"], told["languages"]) == ("Werkhof Süd", ["en", "de"])
    assert await hub.db.fetchval("SELECT display_name FROM actors WHERE role_here = 'hub'") == "Werkhof Süd"
    assert (await log.list_newest(hub.db, before=None, limit=1))[0].kind == "hub.card"
    again = (await ana.get(f"{SETTINGS}/card")).text
    assert 'value="Graz"' in again and "Wir teilen." in again


async def test_a_card_without_a_name_or_with_a_wrong_zone_is_given_back(ana: Browser) -> None:
    wrong = CARD | {"name": "", "zone": "Mars/Olympus", "contact": "me"}
    page = await ana.post(f"{SETTINGS}/card", wrong, form=f"{SETTINGS}/card")
    assert page.status == 422
    assert "This must not be empty." in page.words and "no time zone" in page.words and "Write a mail" in page.words
    assert "Werkhof Süd" not in (await ana.get("/")).text


async def test_rules_stand_in_order_in_the_readers_language(ana: Browser, stranger: Browser) -> None:
    await ana.post(f"{SETTINGS}/rules", RULES, form=f"{SETTINGS}/rules")
    told = msgspec.json.decode((await stranger.get("/api/v1/instance/rules")).text)
    assert [one["text"] for one in told] == ["Clean the bench.", "Be kind."]
    assert told[1]["translations"]["de"]["text"] == "Sei freundlich."
    assert "Sei freundlich." in (await stranger.get("/about?lang=de")).words
    assert "Ask first." in (await ana.get(f"{SETTINGS}/rules")).text
    page = await ana.post(f"{SETTINGS}/rules", {"rule.0.text.en": "x" * 301}, form=f"{SETTINGS}/rules")
    assert page.status == 422 and "Rule 1 (English) : This may have 300 characters" in page.words


async def test_an_area_is_added_renamed_merged_and_retired(hub: Hub, ana: Browser, stranger: Browser) -> None:
    page = f"{SETTINGS}/areas"
    await ana.post(page, {"deed": "add", "label.en": "Food", "label.de": "Essen"}, form=page)
    assert "Essen" in (await stranger.get("/areas/food?lang=de")).text
    again = await ana.post(page, {"deed": "add", "label.en": "Food"}, form=page)
    assert again.status == 422 and "already" in again.words and 'value="Food"' in again.text
    sent = {"deed": "rename", "area": "it", "label.en": "I" * 201, "label.de": "Rechner", "position": "first"}
    wrong = await ana.post(page, sent, form=page)
    assert wrong.status == 422 and 'id="position-wrong"' in wrong.text and "Name (English)" not in wrong.words
    assert 'value="Rechner"' in wrong.text and 'value="first"' in wrong.text and "<details open>" in wrong.text
    wrong = await ana.post(page, {**sent, "position": "1"}, form=page)
    assert 'id="label-en-wrong"' in wrong.text and "I" * 201 in wrong.text and 'id="label-0-en"' in wrong.text
    await ana.post(page, {"deed": "rename", "area": "food", "label.en": "Food & fields", "position": "0"}, form=page)
    assert "Food &amp; fields" in (await stranger.get("/areas/food")).text
    await ana.post(page, {"deed": "merge", "area": "it", "into": "food"}, form=page)
    assert [one.name for one in await areas.list_all(hub.db)] == ["food", "housing"]
    assert (await stranger.get("/areas/it")).status == 200, "its page stays"
    await ana.post(page, {"deed": "take_up", "area": "it"}, form=page)
    assert "it" in [one.name for one in await areas.list_all(hub.db)]
    twice = await ana.post(page, {"deed": "take_up", "area": "it"}, form=page)
    assert twice.status == 422 and "not retired" in twice.words


async def test_an_announcement_waits_for_its_hour_and_can_be_taken_back(hub: Hub, ana: Browser) -> None:
    page = f"{SETTINGS}/announcements"
    soon = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    await ana.post(page, {"deed": "tell", "text.en": "We move.", "text.de": "Wir ziehen um.", "at": soon}, form=page)
    said = "SELECT count(*) FROM happenings WHERE kind = 'announcement.new'"
    assert await announce.tell_due(hub.db) == 0 and await hub.db.fetchval(said) == 0
    await hub.db.execute("UPDATE announcements SET published_at = now() - interval '1 minute'")
    await do_chores(hub.db)
    assert await announce.tell_due(hub.db) == 0 and await hub.db.fetchval(said) == 1
    number = await hub.db.fetchval("SELECT id FROM announcements")
    ticked = {"deed": "take_back", "chosen": str(number)}
    assert "Take it back" in (await ana.post(page, ticked, form=page)).words
    back = await ana.post(page, ticked | {"sure": "yes"}, form=page)
    assert "Taken back." in back.text
    wrong = await ana.post(page, {"deed": "tell", "text.en": "", "at": "soon"}, form=page)
    assert wrong.status == 422 and "Write date and time" in wrong.words


async def test_an_emoji_is_drawn_here_and_elsewhere_until_it_is_switched_off(hub: Hub, ana: Browser) -> None:
    page = f"{SETTINGS}/emoji"
    assert (await _upload(ana, page, "Bench!", image())).status == 422
    assert (await _upload(ana, page, "bench", b"no picture")).status == 422
    assert (await _upload(ana, page, "bench", image())).status == 200
    listed = msgspec.json.decode((await ana.get("/api/v1/custom_emojis")).text)
    assert [one["shortcode"] for one in listed] == ["bench"]
    await tell_a_bench(hub)
    document = msgspec.json.decode(
        await hub.db.fetchval("SELECT document::text FROM activities ORDER BY id DESC LIMIT 1"), type=dict
    )
    assert [one["name"] for one in document["object"]["tag"] if one["type"] == "Emoji"] == [":bench:"]
    assert ":bench:" in (await ana.post(page, {"deed": "off", "chosen": "bench"}, form=page)).words
    await ana.post(page, {"deed": "off", "chosen": "bench", "sure": "yes"}, form=page)
    assert (await ana.get("/api/v1/custom_emojis")).text == "[]"


async def test_what_is_kept_is_bounded_by_the_operator_and_obeyed(hub: Hub, ana: Browser) -> None:
    page = f"{SETTINGS}/keeping"
    wrong = await ana.post(page, {"remote_days": "3", "trace_days": "soon"}, form=page)
    assert wrong.status == 422 and "whole number" in wrong.words
    assert (await ana.post(page, {"remote_days": "3"}, form=page)).status == 422
    await ana.post(page, {"remote_days": "40", "cache_megabytes": "100"}, form=page)
    kept = await hub_settings.retention(hub.db)
    assert kept == Retention(remote_days=40, cache_megabytes=100)
    assert kept.cache_bytes(5) == 5 and kept.cache_bytes(10**12) == 100_000_000
    await trim_media(hub.node)
    author = await a_remote_actor(hub.db)
    past = datetime.now(UTC) - timedelta(days=41)
    await a_post(hub.db, author, published_at=past)
    marked, fresh = await a_post(hub.db, author, published_at=past), await a_post(hub.db, author)
    await hub.db.execute("UPDATE posts SET local = false WHERE actor_id = $1", author.id)
    me = await hub.db.fetchval("SELECT id FROM actors WHERE name = 'ana'")
    await hub.db.execute("INSERT INTO bookmarks (actor_id, post_id) VALUES ($1, $2)", me, marked.id)
    await do_chores(hub.db)
    left = await hub.db.fetch("SELECT id FROM posts WHERE NOT local")
    assert {row["id"] for row in left} == {marked.id, fresh.id}


async def tell_a_bench(hub: Hub) -> None:
    who = await hub.member("bo")
    async with hub.db.transaction():
        await publish(hub.node, hub.db, who, a_draft("post", text="A :bench: for :nobody:"))


async def _upload(browser: Browser, page: str, name: str, content: bytes) -> aiohttp.ClientResponse:
    token = TOKEN.search((await browser.get(page)).text)
    assert token
    form = aiohttp.FormData({"deed": "add", "shortcode": name, "form_token": token[1]})
    form.add_field("file", content, filename="bench.png", content_type="image/png")
    async with browser.session.post(browser.base + page, data=form, headers={"Origin": browser.base}) as answer:
        await answer.read()
        return answer
