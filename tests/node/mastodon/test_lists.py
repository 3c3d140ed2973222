"""Lists of people: made and changed by their owner, with people in them whom the owner follows."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from node.store.people import follows
from schemas.limits import LIST_TITLE_CHARS, LISTS
from schemas.records import Actor, Viewer
from tests.factories import a_local_actor, a_member
from tests.node.mastodon.conftest import Client, ClientHub

pytestmark = pytest.mark.asyncio(loop_scope="module")

LISTS_AT = "/api/v1/lists"


class Owner:
    """A new member with a client."""

    def __init__(self, hub: ClientHub, who: Viewer, client: Client) -> None:
        self.hub, self.who, self.client = hub, who, client

    async def friend(self, *, followed: bool = True) -> Actor:
        """Somebody new, whom the owner follows."""
        friend = await a_local_actor(self.hub.db, urls=self.hub.urls)
        if followed:
            await follows.insert(self.hub.db, self.who.actor.id, friend.id, f"f/{friend.id}", accepted=True)
        return friend

    async def list_of(self, *members: Actor, **said: Any) -> str:
        """The id of a new list with these in it."""
        made = (await self.client.post(LISTS_AT, {"title": "Some"} | said)).json["id"]
        if members:
            answer = await self.add(made, *members)
            assert (answer.status, answer.json) == (200, {})
        return str(made)

    async def add(self, list_id: str, *members: Actor) -> Any:
        return await self.client.post(f"{LISTS_AT}/{list_id}/accounts", {"account_ids": [str(m.id) for m in members]})

    async def members(self, list_id: str, **asked: Any) -> list[str]:
        return [one["id"] for one in (await self.client.get(f"{LISTS_AT}/{list_id}/accounts", **asked)).json]


@pytest_asyncio.fixture(loop_scope="module")
async def owner(hub: ClientHub) -> Owner:
    who = await a_member(hub.db, urls=hub.urls)
    return Owner(hub, who, await hub.client_of(who))


async def test_a_list_is_made_read_changed_and_dropped(owner: Owner) -> None:
    made = await owner.client.post(LISTS_AT, data={"title": " Neighbours ", "exclusive": "true"})
    shape = {"id": made.json["id"], "title": "Neighbours", "replies_policy": "list", "exclusive": True}
    assert made.json == shape
    one = f"{LISTS_AT}/{made.json['id']}"
    assert (await owner.client.get(one)).json == shape
    changed = await owner.client.put(one, {"title": "Street", "replies_policy": "none"})
    assert changed.json == shape | {"title": "Street", "replies_policy": "none"}
    assert (await owner.client.patch(one, {"exclusive": False})).json["exclusive"] is False
    assert len((await owner.client.get(LISTS_AT)).json) == 1
    assert (await owner.client.delete(one)).json == {}
    assert (await owner.client.get(LISTS_AT)).json == []
    assert (await owner.client.get(one)).status == 404


@pytest.mark.parametrize("said", [{}, {"title": " "}, {"title": "x" * (LIST_TITLE_CHARS + 1)}])
async def test_a_list_has_a_title_of_some_length(owner: Owner, said: dict[str, str]) -> None:
    answer = await owner.client.post(LISTS_AT, said)
    assert answer.status == 422
    assert answer.json["error"].startswith("Validation failed: Title")


async def test_a_policy_that_nobody_knows_is_refused(owner: Owner) -> None:
    assert (await owner.client.post(LISTS_AT, {"title": "a", "replies_policy": "all"})).status == 422


async def test_nobody_has_more_lists_than_anybody_needs(owner: Owner) -> None:
    for _ in range(LISTS):
        await owner.list_of()
    assert (await owner.client.post(LISTS_AT, {"title": "One more"})).status == 422


async def test_only_whom_one_follows_and_oneself_can_be_in_a_list(owner: Owner) -> None:
    friend, stranger = await owner.friend(), await owner.friend(followed=False)
    made = await owner.list_of(friend, owner.who.actor)
    refused = await owner.add(made, stranger)
    assert (refused.status, refused.json) == (404, {"error": "Record not found"})
    assert (await owner.add(made, friend)).status == 422
    assert set(await owner.members(made)) == {str(friend.id), str(owner.who.actor.id)}


async def test_of_several_all_are_added_or_none(owner: Owner) -> None:
    made = await owner.list_of()
    assert (await owner.add(made, await owner.friend(), await owner.friend(followed=False))).status == 404
    assert await owner.members(made) == []


async def test_members_are_taken_out_as_any_client_says_it(owner: Owner) -> None:
    first, second = await owner.friend(), await owner.friend()
    made = await owner.list_of(first, second)
    one = f"{LISTS_AT}/{made}/accounts"
    assert (await owner.client.ask("DELETE", one, data={"account_ids[]": str(first.id)})).json == {}
    assert await owner.members(made) == [str(second.id)]
    assert (await owner.client.ask("DELETE", one, params={"account_ids[]": str(second.id)})).status == 200
    assert await owner.members(made) == []


async def test_whoever_is_no_longer_followed_leaves_the_lists(owner: Owner) -> None:
    friend = await owner.friend()
    made = await owner.list_of(friend)
    await follows.delete(owner.hub.db, owner.who.actor.id, friend.id)
    assert await owner.members(made) == []


async def test_members_come_in_pages_or_all_at_once(owner: Owner) -> None:
    friends = [await owner.friend() for _ in range(5)]
    made = await owner.list_of()
    for friend in friends:
        await owner.add(made, friend)
    newest = [str(one.id) for one in friends[::-1]]
    first = await owner.client.get(f"{LISTS_AT}/{made}/accounts", limit=3)
    assert [one["id"] for one in first.json] == newest[:3]
    assert [one["id"] for one in (await owner.client.get(first.links["next"])).json] == newest[3:]
    assert await owner.members(made, limit=0) == newest


async def test_it_is_told_in_which_of_ones_lists_somebody_is(owner: Owner, bos_client: Client) -> None:
    friend = await owner.friend()
    made = await owner.list_of(friend, title="With")
    await owner.list_of(title="Without")
    assert [one["id"] for one in (await owner.client.get(f"/api/v1/accounts/{friend.id}/lists")).json] == [made]
    assert (await bos_client.get(f"/api/v1/accounts/{friend.id}/lists")).json == []
    assert (await owner.client.get("/api/v1/accounts/1/lists")).status == 404


async def test_lists_of_others_are_not_there(owner: Owner, bos_client: Client) -> None:
    made = f"{LISTS_AT}/{await owner.list_of(await owner.friend())}"
    for method, path in (("GET", made), ("PUT", made), ("DELETE", made), ("GET", f"{made}/accounts")):
        assert (await bos_client.ask(method, path, data={"title": "Mine"})).status == 404, method
    assert (await owner.client.get(made)).json["title"] == "Some"


async def test_lists_ask_for_their_scopes(hub: ClientHub, owner: Owner) -> None:
    reads = await hub.client_of(owner.who, "read:lists")
    assert (await reads.get(LISTS_AT)).status == 200
    assert (await reads.post(LISTS_AT, {"title": "a"})).status == 403
    assert (await hub.stranger.get(LISTS_AT)).status == 401
