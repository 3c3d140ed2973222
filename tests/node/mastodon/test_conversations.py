"""Conversations: threads of what was written to few, how far they were read, and that they are theirs alone."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from node.store.posts import posts
from schemas.records import Actor, Post, Viewer
from tests.factories import a_member, a_post
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

ALL = "/api/v1/conversations"


class Two:
    """Two members who write to each other, and a third."""

    def __init__(self, hub: ClientHub, me: Viewer, other: Viewer, third: Viewer, client: Client) -> None:
        self.hub, self.me, self.other, self.third, self.client = hub, me.actor, other.actor, third.actor, client
        self.others_viewer = other

    async def writes(self, author: Actor, *to: Actor, **more: Any) -> Post:
        named = {"audience": "direct", "mention_ids": [one.id for one in to]}
        return await a_post(self.hub.db, author, **(named | more))

    async def listed(self) -> list[tuple[str, bool, list[str]]]:
        """Of each conversation the last status, whether it is unread, and who is in it."""
        found = (await self.client.get(ALL)).json
        return [(one["last_status"]["id"], one["unread"], [a["id"] for a in one["accounts"]]) for one in found]


@pytest_asyncio.fixture(loop_scope="module")
async def two(hub: ClientHub) -> Two:
    me, other, third = [await a_member(hub.db, urls=hub.urls) for _ in range(3)]
    return Two(hub, me, other, third, await hub.client_of(me))


async def test_each_thread_stands_once_by_its_last_status(two: Two) -> None:
    first = await two.writes(two.other, two.me)
    second = await two.writes(two.third, two.me)
    answer = await two.writes(two.me, two.other, in_reply_to=first.uri, context=first.context)
    assert await two.listed() == [
        (str(answer.id), False, [str(two.other.id)]),
        (str(second.id), True, [str(two.third.id)]),
    ]
    await a_post(two.hub.db, two.third, mention_ids=[two.me.id])
    await two.writes(two.other, two.third)
    assert len(await two.listed()) == 2


async def test_a_conversation_is_read_unread_and_read_again(two: Two) -> None:
    await two.writes(two.other, two.me)
    (one,) = (await two.client.get(ALL)).json
    read = await two.client.post(f"{ALL}/{one['id']}/read")
    assert (read.json["unread"], read.json["id"]) == (False, one["id"])
    assert (await two.client.post(f"{ALL}/{one['id']}/unread")).json["unread"] is True
    await two.client.post(f"{ALL}/{one['id']}/read")
    assert [unread for _, unread, _ in await two.listed()] == [False]


async def test_a_conversation_put_away_comes_back_with_the_next_status(two: Two) -> None:
    first = await two.writes(two.other, two.me)
    (one,) = (await two.client.get(ALL)).json
    assert (await two.client.delete(f"{ALL}/{one['id']}")).json == {}
    assert await two.listed() == []
    assert (await two.client.post(f"{ALL}/{one['id']}/read")).status == 404
    again = await two.writes(two.other, two.me, context=first.context)
    assert await two.listed() == [(str(again.id), True, [str(two.other.id)])]


async def test_it_goes_on_when_its_last_status_is_deleted(two: Two) -> None:
    first = await two.writes(two.other, two.me)
    last = await two.writes(two.other, two.me, context=first.context)
    await posts.tombstone(two.hub.db, last.id)
    assert [number for number, *_ in await two.listed()] == [str(first.id)]


async def test_whoever_is_muted_or_only_silently_addressed_shows_nothing(two: Two) -> None:
    await two.writes(two.other, two.me)
    silent = await two.writes(two.third, two.me)
    await two.hub.db.execute("UPDATE mentions SET silent = true WHERE post_id = $1", silent.id)
    await two.hub.db.execute("INSERT INTO mutes (actor_id, muted_id) VALUES ($1, $2)", two.me.id, two.other.id)
    assert await two.listed() == []


async def test_they_come_in_pages_by_their_last_status(two: Two) -> None:
    made = [str((await two.writes(two.other, two.me)).id) for _ in range(5)][::-1]
    made.sort(key=int, reverse=True)
    first = await two.client.get(ALL, limit=3)
    second = await two.client.get(first.links["next"])
    assert [one["last_status"]["id"] for one in [*first.json, *second.json]] == made
    assert "next" not in second.links
    assert [one["last_status"]["id"] for one in (await two.client.get(second.links["prev"])).json] == made[:3]


async def test_conversations_of_others_are_not_there(two: Two, bos_client: Client) -> None:
    await two.writes(two.other, two.me)
    (one,) = (await two.client.get(ALL)).json
    assert (await bos_client.get(ALL)).json == []
    for deed in ("read", "unread"):
        assert (await bos_client.post(f"{ALL}/{one['id']}/{deed}")).status == 404
    assert (await bos_client.delete(f"{ALL}/{one['id']}")).status == 404
    assert (await two.client.post(f"{ALL}/1/read")).status == 404


async def test_they_ask_for_their_scopes(hub: ClientHub, two: Two) -> None:
    reads = await hub.client_of(two.others_viewer, "read")
    assert (await reads.get(ALL)).status == 200
    assert (await reads.post(f"{ALL}/1/read")).status == 403
    assert (await hub.stranger.get(ALL)).status == 401
