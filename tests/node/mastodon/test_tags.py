"""Tags: looked at, followed, shown on a profile; and how much they are used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from schemas.limits import FEATURED_TAGS, FOLLOWED_TAGS, TAG_HISTORY_DAYS
from tests.factories import a_local_actor, a_member, a_post
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_tag_tells_who_used_it_on_each_of_the_last_days(hub: ClientHub) -> None:
    one, other = [await a_local_actor(hub.db, urls=hub.urls) for _ in range(2)]
    today = datetime.now(UTC)
    for author in (one, one, other):
        await a_post(hub.db, author, tags=["gauge"])
    await a_post(hub.db, one, tags=["gauge"], published_at=today - timedelta(days=2))
    await a_post(hub.db, one, tags=["gauge"], published_at=today - timedelta(days=TAG_HISTORY_DAYS + 1))
    await a_post(hub.db, one, tags=["gauge"], audience="followers")
    tag = (await hub.stranger.get("/api/v1/tags/Gauge")).json
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
    assert tag["name"] == "gauge"
    assert tag["url"] == hub.urls.tag("gauge")
    assert tag["id"].isdecimal()
    assert "following" not in tag
    assert "featuring" not in tag
    assert [(day["uses"], day["accounts"]) for day in tag["history"]] == [
        ("3", "2"),
        ("0", "0"),
        ("1", "1"),
        *[("0", "0")] * 4,
    ]
    assert [day["day"] for day in tag["history"]][:2] == [str(int(midnight.timestamp()) - 86400 * n) for n in (0, 1)]


async def test_a_tag_is_followed_listed_and_let_go(hub: ClientHub) -> None:
    client = await hub.client_of(await a_member(hub.db, urls=hub.urls))
    for name in ("Boats", "bikes", "boats"):
        assert (await client.post(f"/api/v1/tags/{name}/follow")).json["following"] is True
    first = await client.get("/api/v1/followed_tags", limit=1)
    assert [one["name"] for one in first.json] == ["bikes"]
    rest = await client.get(first.links["next"])
    assert [(one["name"], one["following"]) for one in rest.json] == [("boats", True)]
    assert [one["name"] for one in (await client.get(rest.links["prev"])).json] == ["bikes"]
    assert (await client.post("/api/v1/tags/BOATS/unfollow")).json["following"] is False
    assert [one["name"] for one in (await client.get("/api/v1/followed_tags")).json] == ["bikes"]


async def test_what_can_be_no_tag_is_not_there(client: Client) -> None:
    for name in ("2026", "a-b", "x" * 200, "%20"):
        assert (await client.get(f"/api/v1/tags/{name}")).status == 404
        assert (await client.post(f"/api/v1/tags/{name}/follow")).status == 404
        assert (await client.post(f"/api/v1/tags/{name}/feature")).status == 404


async def test_nobody_follows_more_tags_than_anybody_needs(hub: ClientHub) -> None:
    who = await a_member(hub.db, urls=hub.urls)
    await hub.db.execute(
        "INSERT INTO followed_tags (actor_id, tag) SELECT $1, 'tag' || one FROM generate_series(1, $2) one",
        who.actor.id,
        FOLLOWED_TAGS,
    )
    assert (await (await hub.client_of(who)).post("/api/v1/tags/more/follow")).status == 422


async def test_tags_are_shown_on_a_profile_with_their_uses(hub: ClientHub) -> None:
    who = await a_member(hub.db, urls=hub.urls)
    client = await hub.client_of(who)
    post = await a_post(hub.db, who.actor, tags=["repair"])
    made = await client.post("/api/v1/featured_tags", data={"name": "#Repair"})
    assert made.json == {
        "id": made.json["id"],
        "name": "Repair",
        "url": hub.urls.tag("repair"),
        "statuses_count": "1",
        "last_status_at": post.published_at.date().isoformat(),
    }
    assert (await client.post("/api/v1/featured_tags", {"name": "repair"})).json == made.json
    assert (await client.get("/api/v1/featured_tags")).json == [made.json]
    assert (await hub.stranger.get(f"/api/v1/accounts/{who.actor.id}/featured_tags")).json == [made.json]
    assert (await client.delete(f"/api/v1/featured_tags/{made.json['id']}")).json == {}
    assert (await client.delete(f"/api/v1/featured_tags/{made.json['id']}")).status == 404
    assert (await client.get("/api/v1/featured_tags")).json == []
    for nothing in ({}, {"name": " "}, {"name": "1.2"}):
        assert (await client.post("/api/v1/featured_tags", nothing)).status == 422


async def test_the_newer_way_to_feature_a_tag_does_the_same(hub: ClientHub) -> None:
    client = await hub.client_of(await a_member(hub.db, urls=hub.urls))
    shown = (await client.post("/api/v1/tags/Lathe/feature")).json
    assert (shown["name"], shown["featuring"], shown["following"]) == ("lathe", True, False)
    assert [one["name"] for one in (await client.get("/api/v1/featured_tags")).json] == ["Lathe"]
    assert (await client.post("/api/v1/tags/lathe/unfeature")).json["featuring"] is False
    for number in range(FEATURED_TAGS):
        assert (await client.post(f"/api/v1/tags/tag{number}/feature")).status == 200
    assert (await client.post("/api/v1/tags/onemore/feature")).status == 422
    assert (await client.post("/api/v1/tags/tag0/feature")).status == 200


async def test_what_one_uses_most_and_does_not_show_is_suggested(hub: ClientHub) -> None:
    who = await a_member(hub.db, urls=hub.urls)
    client = await hub.client_of(who)
    for tags in (["rare", "often"], ["often", "shown"]):
        await a_post(hub.db, who.actor, tags=tags)
    await client.post("/api/v1/tags/shown/feature")
    assert [one["name"] for one in (await client.get("/api/v1/featured_tags/suggestions")).json] == ["often", "rare"]


async def test_featured_tags_of_others_stay_theirs(hub: ClientHub, bos_client: Client) -> None:
    client = await hub.client_of(await a_member(hub.db, urls=hub.urls))
    made = (await client.post("/api/v1/featured_tags", {"name": "mine"})).json
    assert (await bos_client.delete(f"/api/v1/featured_tags/{made['id']}")).status == 404
    assert (await client.get("/api/v1/featured_tags")).json == [made]
    assert (await client.get("/api/v1/accounts/1/featured_tags")).status == 404


async def test_tags_ask_for_their_scopes(hub: ClientHub) -> None:
    reads = await hub.client_of(await a_member(hub.db, urls=hub.urls), "read")
    assert (await reads.get("/api/v1/followed_tags")).status == 200
    for path in ("tags/a/follow", "tags/a/unfollow", "tags/a/feature", "tags/a/unfeature", "featured_tags"):
        assert (await reads.post(f"/api/v1/{path}")).status == 403, path
        assert (await hub.stranger.post(f"/api/v1/{path}")).status == 401, path
