"""Favourites and bookmarks: the last mark first, walked by the mark, and nobody else's business."""

from __future__ import annotations

import pytest

from schemas.records import Viewer
from tests.factories import a_local_actor, a_member, a_post
from tests.node.mastodon.conftest import Answer, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

MARKS = {
    "favourites": "INSERT INTO reactions (actor_id, post_id, kind) VALUES ($1, $2, 'like')",
    "bookmarks": "INSERT INTO bookmarks (actor_id, post_id) VALUES ($1, $2)",
}


def ids(answer: Answer) -> list[int]:
    assert answer.status == 200, answer.text
    return [int(one["id"]) for one in answer.json]


async def marked(hub: ClientHub, who: Viewer, kind: str, count: int) -> list[int]:
    """The ids of so many posts of somebody else, marked in an order that is not theirs."""
    author = await a_local_actor(hub.db, urls=hub.urls)
    made = [(await a_post(hub.db, author)).id for _ in range(count)]
    for post_id in reversed(made):
        await hub.db.execute(MARKS[kind], who.actor.id, post_id)
    return made


@pytest.mark.parametrize("kind", MARKS)
async def test_the_last_mark_stands_first_and_links_go_through_all(hub: ClientHub, kind: str) -> None:
    who = await a_member(hub.db, urls=hub.urls)
    made, client = await marked(hub, who, kind, 5), await hub.client_of(who)
    first = await client.get(f"/api/v1/{kind}", limit=2)
    second = await client.get(first.links["next"])
    third = await client.get(second.links["next"])
    assert [ids(one) for one in (first, second, third)] == [made[:2], made[2:4], made[4:]]
    assert "next" not in third.links
    assert ids(await client.get(third.links["prev"])) == made[2:4]
    assert ids(await client.get(first.links["prev"])) == []


@pytest.mark.parametrize("kind", MARKS)
async def test_what_one_may_no_longer_see_is_left_out(hub: ClientHub, kind: str) -> None:
    who = await a_member(hub.db, urls=hub.urls)
    hidden, shown = await marked(hub, who, kind, 2)
    await hub.db.execute("UPDATE posts SET audience = 'followers' WHERE id = $1", hidden)
    assert ids(await (await hub.client_of(who)).get(f"/api/v1/{kind}")) == [shown]


@pytest.mark.parametrize("kind", MARKS)
async def test_they_are_their_owners_alone(hub: ClientHub, kind: str) -> None:
    who, other = [await a_member(hub.db, urls=hub.urls) for _ in range(2)]
    await marked(hub, who, kind, 1)
    assert ids(await (await hub.client_of(other)).get(f"/api/v1/{kind}")) == []
    assert (await hub.stranger.get(f"/api/v1/{kind}")).status == 401
    assert (await (await hub.client_of(who, "read:lists")).get(f"/api/v1/{kind}")).status == 403
