"""Timelines that need no follow: public, by tag, by link, direct, a list's; and that each costs the same whatever its
size."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from node.store.people import blocks, follows
from node.store.posts import posts
from node.store.posts.reading import Page
from node.store.timelines import feeds
from schemas.records import Actor, Viewer
from schemas.things import Attachment, Version
from tests.factories import a_local_actor, a_member, a_post, a_remote_actor, a_remote_object
from tests.node.mastodon.conftest import Answer, Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

PUBLIC = "/api/v1/timelines/public"
PICTURE = Attachment(url="https://hub.example/media/a.png", media_type="image/png")


def ids(answer: Answer) -> list[int]:
    assert answer.status == 200, answer.text
    return [int(one["id"]) for one in answer.json]


@pytest_asyncio.fixture(loop_scope="module")
async def author(hub: ClientHub) -> Actor:
    return await a_local_actor(hub.db, urls=hub.urls)


@pytest_asyncio.fixture(loop_scope="module")
async def reader(hub: ClientHub) -> Viewer:
    return await a_member(hub.db, urls=hub.urls)


async def test_public_holds_no_boosts_no_answers_to_others_and_nothing_private(
    hub: ClientHub, author: Actor, reader: Viewer
) -> None:
    post = await a_post(hub.db, author)
    event = await a_post(hub.db, author, kind="event")
    to_self = await a_post(hub.db, author, in_reply_to=post.uri)
    await a_post(hub.db, reader.actor, in_reply_to=post.uri)
    await a_post(hub.db, reader.actor, kind="boost", boost_of_id=post.id, versions=[])
    for audience in ("unlisted", "followers", "direct"):
        await a_post(hub.db, author, audience=audience)
    await a_post(hub.db, author, rsvp_for_id=event.id)
    answer = await hub.stranger.get(PUBLIC, since_id=post.id - 1)
    assert ids(answer) == [to_self.id, event.id, post.id]


async def test_what_is_for_the_hub_alone_stands_among_its_own_for_members(
    hub: ClientHub, author: Actor, reader: Viewer
) -> None:
    post = await a_post(hub.db, author, audience="hub")
    members = await hub.client_of(reader)
    assert ids(await members.get(PUBLIC, local=True, since_id=post.id - 1)) == [post.id]
    assert ids(await members.get(PUBLIC, since_id=post.id - 1)) == []
    assert ids(await hub.stranger.get(PUBLIC, local=True, since_id=post.id - 1)) == []


async def test_local_remote_and_media_narrow_it(hub: ClientHub, author: Actor) -> None:
    here = await a_post(hub.db, author)
    pictured = await a_post(hub.db, author, attachments=[PICTURE])
    far = await a_remote_actor(hub.db)
    there = await posts.upsert_remote(hub.db, a_remote_object(far, published=datetime.now(UTC)), far)
    assert there

    async def asked(**narrowed: bool) -> list[int]:
        return sorted(ids(await hub.stranger.get(PUBLIC, since_id=here.id - 1, **narrowed)))

    assert await asked() == sorted([here.id, pictured.id, there.id])
    assert await asked(local=True) == [here.id, pictured.id]
    assert await asked(remote=True) == [there.id]
    assert await asked(only_media=True) == [pictured.id]
    assert await asked(local=True, remote=True) == await asked()


async def test_whom_the_viewer_mutes_blocks_or_does_not_follow_though_limited_is_left_out(
    hub: ClientHub, author: Actor, reader: Viewer
) -> None:
    post = await a_post(hub.db, author)
    client = await hub.client_of(reader)
    asked = {"since_id": post.id - 1}
    assert ids(await client.get(PUBLIC, **asked)) == [post.id]
    await hub.db.execute("INSERT INTO mutes (actor_id, muted_id) VALUES ($1, $2)", reader.actor.id, author.id)
    assert ids(await client.get(PUBLIC, **asked)) == []
    await hub.db.execute("DELETE FROM mutes WHERE actor_id = $1", reader.actor.id)
    await blocks.insert(hub.db, reader.actor.id, author.id, None)
    assert ids(await client.get(PUBLIC, **asked)) == []
    await blocks.delete(hub.db, reader.actor.id, author.id)
    await hub.db.execute("UPDATE actors SET limited_at = now() WHERE id = $1", author.id)
    assert ids(await client.get(PUBLIC, **asked)) == ids(await hub.stranger.get(PUBLIC, **asked)) == []


async def test_a_tag_finds_public_posts_however_it_is_written(hub: ClientHub, author: Actor) -> None:
    post = await a_post(hub.db, author, tags=["lastenrad"])
    answer = await a_post(hub.db, author, tags=["lastenrad", "hamburg"], in_reply_to=post.uri)
    await a_post(hub.db, author, tags=["lastenrad"], audience="unlisted")

    async def tagged(name: str = "LastenRad", **more: object) -> list[int]:
        return ids(await hub.stranger.get(f"/api/v1/timelines/tag/{name}", **more))

    assert await tagged() == [answer.id, post.id]
    assert await tagged(**{"all[]": ["Hamburg"]}) == [answer.id]
    assert await tagged(**{"none[]": ["hamburg"]}) == [post.id]
    assert await tagged("hamburg", **{"any[]": ["lastenrad", "never"]}) == [answer.id, post.id]
    assert await tagged(max_id=answer.id) == [post.id]
    assert await tagged(min_id=post.id) == [answer.id]
    assert await tagged(remote=True) == await tagged(only_media=True) == await tagged("1.2") == []


async def test_a_deleted_or_changed_post_leaves_its_tags(hub: ClientHub, author: Actor) -> None:
    first, second = [await a_post(hub.db, author, tags=["vanishing", "staying"]) for _ in range(2)]
    await posts.tombstone(hub.db, first.id)
    await hub.db.execute("UPDATE posts SET tags = '{staying}' WHERE id = $1", second.id)
    assert ids(await hub.stranger.get("/api/v1/timelines/tag/vanishing")) == []
    assert ids(await hub.stranger.get("/api/v1/timelines/tag/staying")) == [second.id]


async def test_a_link_is_looked_for_in_so_many_posts_at_most(
    hub: ClientHub, author: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked = '<p><a href="https://coop.example/few">here</a></p>'
    post = await a_post(hub.db, author, versions=[Version(language="en", content=linked)])
    for _ in range(2):
        await a_post(hub.db, author)
    for most, found in ((3, [post.id]), (2, [])):
        monkeypatch.setattr(feeds, "LINK_POSTS", most)
        page = await feeds.list_linking(hub.db, None, "https://coop.example/few", Page(limit=20))
        assert list(page.ids) == found


async def test_a_link_finds_the_posts_that_hold_it(hub: ClientHub, author: Actor) -> None:
    linked = '<p><a href="https://coop.example/a?b=1&amp;c=2">here</a></p>'
    post = await a_post(hub.db, author, versions=[Version(language="en", content=linked)])
    await a_post(hub.db, author, versions=[Version(language="en", content="<p>https://coop.example/a?b=1&amp;c=2</p>")])
    found = await hub.stranger.get("/api/v1/timelines/link", url="https://coop.example/a?b=1&c=2")
    assert ids(found) == [post.id]
    assert ids(await hub.stranger.get("/api/v1/timelines/link", url="https://coop.example/a?b=1")) == []
    for nothing in ("", "javascript:alert(1)", "https://" + "x" * 3000):
        assert (await hub.stranger.get("/api/v1/timelines/link", url=nothing)).status == 404


async def test_direct_holds_what_was_written_to_few_by_or_to_oneself(
    hub: ClientHub, author: Actor, reader: Viewer
) -> None:
    to_me = await a_post(hub.db, author, audience="direct", mention_ids=[reader.actor.id])
    mine = await a_post(hub.db, reader.actor, audience="direct", mention_ids=[author.id])
    await a_post(hub.db, author, audience="direct")
    await a_post(hub.db, author, mention_ids=[reader.actor.id])
    client = await hub.client_of(reader)
    assert ids(await client.get("/api/v1/timelines/direct")) == [mine.id, to_me.id]
    assert ids(await client.get("/api/v1/timelines/direct", min_id=to_me.id)) == [mine.id]
    assert (await hub.stranger.get("/api/v1/timelines/direct")).status == 401


@pytest.mark.parametrize(("policy", "shown"), [("none", 1), ("list", 2), ("followed", 3)])
async def test_a_list_holds_the_answers_that_it_says(
    hub: ClientHub, author: Actor, reader: Viewer, policy: str, shown: int
) -> None:
    client, other, outside = await hub.client_of(reader), *[await a_local_actor(hub.db, urls=hub.urls) for _ in "ab"]
    for one in (author, other, outside):
        await follows.insert(hub.db, reader.actor.id, one.id, f"f/{reader.actor.id}/{one.id}", accepted=True)
    made = (await client.post("/api/v1/lists", {"title": "Some", "replies_policy": policy})).json
    members = {"account_ids": [str(author.id), str(other.id)]}
    assert (await client.post(f"/api/v1/lists/{made['id']}/accounts", members)).status == 200
    start = await a_post(hub.db, author)
    for answered in (other, outside):
        asked = await a_post(hub.db, answered, audience="direct")
        await a_post(hub.db, author, in_reply_to=asked.uri)
    await a_post(hub.db, reader.actor)
    found = ids(await client.get(f"/api/v1/timelines/list/{made['id']}"))
    assert (len(found), found[-1]) == (shown, start.id)


async def test_somebody_elses_list_is_not_there(hub: ClientHub, client: Client, bos_client: Client) -> None:
    made = (await client.post("/api/v1/lists", {"title": "Mine"})).json
    assert (await client.get(f"/api/v1/timelines/list/{made['id']}")).json == []
    assert (await bos_client.get(f"/api/v1/timelines/list/{made['id']}")).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "timelines/public",
        "timelines/tag/ends",
        "timelines/link?url=https://ends.example/",
        "timelines/direct",
        "favourites",
        "bookmarks",
        "conversations",
        "followed_tags",
    ],
)
async def test_odd_ends_and_numbers_are_taken(client: Client, path: str) -> None:
    for end in ("0", "9" * 19, "9" * 40, "-1", "null"):
        for cursor in ("max_id", "since_id", "min_id"):
            for limit in ("0", "-1", "9999"):
                mark = "&" if "?" in path else "?"
                answer = await client.get(f"/api/v1/{path}{mark}{cursor}={end}&limit={limit}")
                assert answer.status == 200, (end, cursor, limit, answer.text)


async def questions(client: Client, path: str, limit: int, asked: Counter[str]) -> int:
    """How often a page asks the database: what is remembered is not asked for again, so the least counts."""
    counts = []
    for _ in range(3):
        asked.clear()
        answer = await client.get(f"/api/v1/{path}", limit=limit)
        assert len(answer.json) == limit, path
        counts.append(asked["questions"])
    assert min(counts) > 0
    return min(counts)


async def test_each_timeline_asks_the_same_number_of_times_whatever_its_size(
    hub: ClientHub, author: Actor, reader: Viewer, asked: Counter[str]
) -> None:
    me, client = reader.actor, await hub.client_of(reader)
    await follows.insert(hub.db, me.id, author.id, f"f/{me.id}", accepted=True)
    lst = (await client.post("/api/v1/lists", {"title": "Counted"})).json["id"]
    await client.post(f"/api/v1/lists/{lst}/accounts", {"account_ids": [str(author.id)]})
    filtered = {"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": "nothing"}]}
    await client.post("/api/v2/filters", filtered)
    for minute in range(12):
        moment = datetime.now(UTC) - timedelta(minutes=minute)
        post = await a_post(hub.db, author, tags=["counted"], published_at=moment, mention_ids=[me.id])
        await a_post(hub.db, me, audience="direct", mention_ids=[author.id], published_at=moment)
        await hub.db.execute("INSERT INTO reactions (actor_id, post_id, kind) VALUES ($1, $2, 'like')", me.id, post.id)
        await hub.db.execute("INSERT INTO bookmarks (actor_id, post_id) VALUES ($1, $2)", me.id, post.id)
    for path in (
        "timelines/home",
        "timelines/public",
        "timelines/tag/counted",
        f"timelines/list/{lst}",
        "timelines/direct",
        f"accounts/{author.id}/statuses",
        "favourites",
        "bookmarks",
        "conversations",
    ):
        counts = [await questions(client, path, limit, asked) for limit in (2, 12)]
        assert counts[0] == counts[1] <= 16, path
