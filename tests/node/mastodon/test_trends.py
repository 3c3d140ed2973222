"""Tags in use; and that neither people nor what they write is ranked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from schemas.limits import TAG_HISTORY_DAYS
from tests.factories import a_local_actor, a_post
from tests.node.mastodon.conftest import ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_tags_that_most_people_used_this_week_come_first(hub: ClientHub) -> None:
    one, other, limited, shy = [await a_local_actor(hub.db, urls=hub.urls) for _ in range(4)]
    await hub.db.execute("UPDATE actors SET limited_at = now() WHERE id = $1", limited.id)
    await hub.db.execute("UPDATE actors SET discoverable = false WHERE id = $1", shy.id)
    for author, tag in ((one, "loud"), (one, "loud"), (one, "loud"), (one, "shared"), (other, "shared")):
        await a_post(hub.db, author, tags=[tag])
    for author in (limited, shy):
        await a_post(hub.db, author, tags=["unwanted"])
    await a_post(hub.db, one, tags=["old"], published_at=datetime.now(UTC) - timedelta(days=TAG_HISTORY_DAYS + 1))
    await a_post(hub.db, one, tags=["private"], audience="unlisted")
    found = (await hub.stranger.get("/api/v1/trends/tags")).json
    assert [tag["name"] for tag in found] == ["shared", "loud"]
    assert found[0]["history"][0]["accounts"] == "2"
    assert (await hub.stranger.get("/api/v1/trends")).json == found
    assert (await hub.stranger.get("/api/v1/trends/tags", limit=1, offset=1)).json == found[1:]
    assert (await hub.stranger.get("/api/v1/trends/tags", limit=0, offset=-5)).json == found[:1]


@pytest.mark.parametrize("kind", ["statuses", "links"])
async def test_nothing_else_is_ranked(hub: ClientHub, kind: str) -> None:
    answer = await hub.stranger.get(f"/api/v1/trends/{kind}")
    assert (answer.status, answer.json) == (200, [])
