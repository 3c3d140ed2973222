"""What an account published, as each viewer may see it, and narrowed as clients ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from node.store.people import blocks, featured, follows
from schemas.records import Actor, Viewer
from schemas.things import Attachment
from tests.factories import a_local_actor, a_member, a_post
from tests.node.mastodon.conftest import Answer, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

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


def of(actor: Actor) -> str:
    return f"/api/v1/accounts/{actor.id}/statuses"


async def test_each_viewer_sees_what_is_meant_for_them(hub: ClientHub, author: Actor, reader: Viewer) -> None:
    open_to_all = [await a_post(hub.db, author, audience=one) for one in ("public", "unlisted")]
    followers = await a_post(hub.db, author, audience="followers")
    to_reader = await a_post(hub.db, author, audience="direct", mention_ids=[reader.actor.id])
    await a_post(hub.db, author, audience="direct")
    seen = [one.id for one in open_to_all][::-1]
    client = await hub.client_of(reader)
    assert ids(await hub.stranger.get(of(author))) == seen
    assert ids(await client.get(of(author))) == [to_reader.id, *seen]
    assert ids(await client.get(of(author), exclude_direct=True)) == seen
    await follows.insert(hub.db, reader.actor.id, author.id, f"f/{author.id}", accepted=True)
    assert ids(await client.get(of(author))) == [to_reader.id, followers.id, *seen]
    await blocks.insert(hub.db, author.id, reader.actor.id, None)
    assert ids(await client.get(of(author))) == []
    mine = await a_post(hub.db, reader.actor, audience="direct")
    assert ids(await client.get(of(reader.actor))) == [mine.id]


async def test_answers_boosts_pictures_and_tags_can_be_asked_for(hub: ClientHub, author: Actor, reader: Viewer) -> None:
    far = await a_post(hub.db, reader.actor)
    post = await a_post(hub.db, author, tags=["saege"], attachments=[PICTURE])
    boost = await a_post(hub.db, author, kind="boost", boost_of_id=far.id, versions=[])
    answer = await a_post(hub.db, author, in_reply_to=far.uri)
    to_self = await a_post(hub.db, author, in_reply_to=post.uri)
    client = await hub.client_of(reader)
    assert ids(await client.get(of(author))) == [to_self.id, answer.id, boost.id, post.id]
    assert ids(await client.get(of(author), exclude_replies=True)) == [to_self.id, boost.id, post.id]
    assert ids(await client.get(of(author), exclude_reblogs="1")) == [to_self.id, answer.id, post.id]
    assert ids(await client.get(of(author), only_media=True)) == [post.id]
    assert ids(await client.get(of(author), tagged="Saege")) == [post.id]
    assert ids(await client.get(of(author), tagged="no tag")) == []


async def test_boosts_of_whom_the_viewer_mutes_are_left_out(hub: ClientHub, author: Actor, reader: Viewer) -> None:
    muted = await a_local_actor(hub.db, urls=hub.urls)
    await a_post(hub.db, author, kind="boost", boost_of_id=(await a_post(hub.db, muted)).id, versions=[])
    await hub.db.execute("INSERT INTO mutes (actor_id, muted_id) VALUES ($1, $2)", reader.actor.id, muted.id)
    assert ids(await (await hub.client_of(reader)).get(of(author))) == []


async def test_pins_come_in_the_order_of_pinning(hub: ClientHub, author: Actor) -> None:
    first, second = [await a_post(hub.db, author) for _ in range(2)]
    hidden = await a_post(hub.db, author, audience="followers")
    for one in (second, first, hidden):
        await featured.insert(hub.db, author.id, one.id)
    assert ids(await hub.stranger.get(of(author), pinned=True)) == [first.id, second.id]


async def test_pages_are_right_at_both_ends(hub: ClientHub, author: Actor) -> None:
    now = datetime.now(UTC)
    made = [(await a_post(hub.db, author, published_at=now - timedelta(minutes=one))).id for one in range(5)]
    first = await hub.stranger.get(of(author), limit=2)
    second = await hub.stranger.get(first.links["next"])
    third = await hub.stranger.get(second.links["next"])
    assert [ids(one) for one in (first, second, third)] == [made[:2], made[2:4], made[4:]]
    assert "next" not in third.links
    assert ids(await hub.stranger.get(third.links["prev"])) == made[2:4]
    assert ids(await hub.stranger.get(of(author), min_id=made[0])) == []


async def test_of_whoever_is_suspended_there_is_nothing_and_of_nobody_not_even_that(
    hub: ClientHub, author: Actor
) -> None:
    await a_post(hub.db, author)
    await hub.db.execute("UPDATE actors SET suspended_at = now() WHERE id = $1", author.id)
    assert ids(await hub.stranger.get(of(author))) == []
    assert (await hub.stranger.get("/api/v1/accounts/1/statuses")).status == 404
    assert (await hub.stranger.get("/api/v1/accounts/none/statuses")).status == 404
