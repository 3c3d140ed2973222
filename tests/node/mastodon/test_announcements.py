"""What the hub tells its members in their apps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from node.actions import announce as deeds
from node.errors import Invalid, NotFound
from node.store.files import emojis
from schemas.limits import ANNOUNCEMENT_CHARS, ANNOUNCEMENT_REACTIONS
from tests import files
from tests.node.mastodon.conftest import Client, ClientHub
from tests.node.mastodon.test_media import a_form

pytestmark = pytest.mark.asyncio(loop_scope="module")
PATH = "/api/v1/announcements"


async def told(hub: ClientHub, **texts: str) -> int:
    async with hub.db.transaction():
        return await deeds.announce(hub.db, hub.urls, texts or {"en": "We **move** on Friday. #moving"})


async def test_an_announcement_is_read_and_put_away(hub: ClientHub, client: Client, bos_client: Client) -> None:
    number = await told(hub, en="We **move**. #Moving", de="Wir **ziehen um**.")
    shown = (await client.get(PATH)).json[-1]
    assert shown == shown | {
        "id": str(number),
        "content": shown["content"],
        "starts_at": None,
        "ends_at": None,
        "all_day": False,
        "read": False,
        "mentions": [],
        "statuses": [],
        "emojis": [],
        "reactions": [],
    }
    assert shown["content"].startswith("<p>We <strong>move</strong>.")
    assert shown["tags"] == [{"name": "moving", "url": hub.urls.tag("moving")}]
    assert (await client.post(f"{PATH}/{number}/dismiss")).json == {}
    assert (await client.get(PATH)).json[-1]["read"] is True
    assert (await bos_client.get(PATH)).json[-1]["read"] is False


async def test_members_react_with_emoji(hub: ClientHub, client: Client, bos_client: Client) -> None:
    number = await told(hub)
    path = f"{PATH}/{number}/reactions"
    assert (await client.put(f"{path}/👍")).json == {}
    await client.put(f"{path}/👍")
    await bos_client.put(f"{path}/👍")
    uploaded = await client.post("/api/v2/media", data=a_form(files.image()))
    await emojis.insert_own(hub.db, "bench", int(uploaded.json["id"]))
    assert (await bos_client.put(f"{path}/bench")).status == 200
    assert (await client.get(PATH)).json[-1]["reactions"] == [
        {"name": "👍", "count": 2, "me": True},
        {"name": "bench", "count": 1, "me": False}
        | {"url": uploaded.json["url"], "static_url": uploaded.json["preview_url"]},
    ]
    assert (await client.delete(f"{path}/👍")).json == {}
    assert (await client.get(PATH)).json[-1]["reactions"][0]["me"] is False


@pytest.mark.parametrize("name", ["a", "nobody", "👍 👍", "<b>", "👍" * 40, "%20"])
async def test_what_is_no_emoji_is_refused(hub: ClientHub, client: Client, name: str) -> None:
    number = await told(hub)
    assert (await client.put(f"{PATH}/{number}/reactions/{name}")).status == 422


@pytest.mark.parametrize("name", ["👍🏽", "👨‍👩‍👧", "🇩🇪", "❤️", "1️⃣", "✔️"])
async def test_emoji_are_put_together_in_many_ways(hub: ClientHub, client: Client, name: str) -> None:
    number = await told(hub)
    assert (await client.put(f"{PATH}/{number}/reactions/{name}")).status == 200


async def test_there_are_only_so_many_different_reactions(hub: ClientHub, client: Client) -> None:
    number = await told(hub)
    signs = ["👍", "👏", "🎉", "💡", "🔥", "🌳", "🍞", "🚲", "🍀"]
    done = [(await client.put(f"{PATH}/{number}/reactions/{sign}")).status for sign in signs]
    assert done == [200] * ANNOUNCEMENT_REACTIONS + [422]


async def test_what_is_over_or_taken_back_is_told_no_more(hub: ClientHub, client: Client) -> None:
    number = await told(hub)
    async with hub.db.transaction():
        await deeds.withdraw_announcement(hub.db, number)
        over = await deeds.announce(hub.db, hub.urls, {"en": "Over."}, ends_at=datetime.now(UTC) + timedelta(hours=1))
        past = datetime.now(UTC) - timedelta(hours=1)
        await hub.db.execute("UPDATE announcements SET ends_at = $2, starts_at = NULL WHERE id = $1", over, past)
    shown = {one["id"] for one in (await client.get(PATH)).json}
    assert not shown & {str(number), str(over)}
    for one in (number, over, 999_999):
        assert (await client.post(f"{PATH}/{one}/dismiss")).status == 404
        assert (await client.put(f"{PATH}/{one}/reactions/👍")).status == 404
    with pytest.raises(NotFound):
        await deeds.withdraw_announcement(hub.db, number)


@pytest.mark.parametrize("texts", [{}, {"en": " "}, {"qqq": "Hello"}, {"en": "x" * (ANNOUNCEMENT_CHARS + 1)}])
async def test_an_announcement_needs_words_in_a_language(hub: ClientHub, texts: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        await deeds.announce(hub.db, hub.urls, texts)


async def test_announcements_are_for_members(hub: ClientHub) -> None:
    assert (await hub.stranger.get(PATH)).status == 401
    reader = await hub.client_of(await hub.newcomer(), "read")
    number = await told(hub)
    assert (await reader.get(PATH)).status == 200
    assert (await reader.post(f"{PATH}/{number}/dismiss")).status == 403
    assert (await reader.put(f"{PATH}/{number}/reactions/👍")).status == 403
