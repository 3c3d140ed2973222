"""The page of other hubs: everybody sees the approved ones, editors decide."""

from __future__ import annotations

import re

from node.store.servers import known_hubs
from schemas.records import Actor
from tests.factories import a_remote_actor
from tests.node.pages.conftest import Browser, Hub


async def suggested(hub: Hub, name: str) -> Actor:
    actor = await a_remote_actor(hub.db, name, kind="Organization", display_name=name.title())
    await known_hubs.hear(hub.db, actor.id, "https://far.example/actors/hub")
    await known_hubs.checked(hub.db, actor.id, "suggested")
    return actor


def names(text: str) -> list[str]:
    return re.findall(r"<h[23]><a[^>]*>([^<]+)</a>", text)


async def test_an_editor_approves_one_and_dismisses_another(hub: Hub, stranger: Browser) -> None:
    bern, lyon = await suggested(hub, "bern"), await suggested(hub, "lyon")
    editor = await hub.signed_in("ed", "editor")
    assert (
        names((await editor.get("/hubs")).text) == ["Bern", "Lyon"] and names((await stranger.get("/hubs")).text) == []
    )
    await editor.post("/hubs", {"actor": bern.uri, "decision": "approve"})
    page = await editor.post("/hubs", {"actor": lyon.uri, "decision": "dismiss"})
    assert (page.url, names(page.text)) == (f"{hub.base}/hubs", ["Bern", "Lyon"])
    assert "Suggested" not in page.words and "Not on the list" in page.words
    assert names((await stranger.get("/hubs")).text) == ["Bern"]
    await editor.post("/hubs", {"actor": lyon.uri, "decision": "approve"})
    await editor.post("/hubs", {"actor": bern.uri, "decision": "dismiss"})
    assert names((await stranger.get("/hubs")).text) == ["Lyon"]


async def test_members_and_strangers_see_no_buttons_and_cannot_decide(hub: Hub, stranger: Browser) -> None:
    bern = await suggested(hub, "bern")
    member = await hub.signed_in("bo")
    wish = {"actor": bern.uri, "decision": "approve"}
    for browser in (member, stranger):
        page = await browser.get("/hubs")
        assert names(page.text) == [] and 'name="decision"' not in page.text
    assert (await member.post("/hubs", wish, form="/follow")).status == 403
    assert (await stranger.post("/hubs", wish, form="/sign-in")).status == 401
    assert await known_hubs.list_approved(hub.db, 9) == []


async def test_a_decision_needs_the_form_and_a_hub(hub: Hub, stranger: Browser) -> None:
    bern, editor = await suggested(hub, "bern"), await hub.signed_in("ed", "editor")
    wish = {"actor": bern.uri, "decision": "approve"}
    assert (await editor.post_bare("/hubs", wish, Origin="https://evil.example")).status == 403
    assert (await editor.post("/hubs", wish | {"decision": "adopt"})).status == 422
    assert (await editor.post("/hubs", wish | {"actor": "https://nobody.example/"})).status == 404
    assert await known_hubs.list_approved(hub.db, 9) == []
