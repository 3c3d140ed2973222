"""Collections: what was said in public page by page, and only numbers where members are nobody's business."""

from __future__ import annotations

from typing import Any

import pytest

from federation.build import activities as say
from federation.build.thing import thing
from node.outbox import new_activity_id, tell
from node.store.people import featured
from node.store.posts import posts
from schemas.limits import COLLECTION_PAGE_ITEMS
from schemas.records import Post
from tests.factories import a_remote_actor, a_remote_object
from tests.node.activitypub.conftest import Served
from tests.node.activitypub.test_objects import followed_by, published
from tests.peer import Peer


async def said(served: Served, post: Post) -> None:
    """The Create of a post of the hub."""
    _, uri = new_activity_id(served.node.urls)
    async with served.node.database.pool.acquire() as db:
        create = say.create(uri, served.hub.uri, thing(post, served.node.urls))
        await tell(db, served.hub, create, post=post, audience=post.audience, followers=True)


async def walk(peer: Peer, url: str) -> list[Any]:
    """All items of a collection, in their order."""
    collection = (await peer.get(url, signed=False)).json
    page = collection["first"]
    items: list[Any] = []
    while page:
        found = (await peer.get(page, signed=False)).json if isinstance(page, str) else page
        items += found.get("orderedItems", found.get("items", []))
        page = found.get("next")
    return items


async def test_the_outbox_holds_what_is_public_newest_first_on_pages(served: Served, peer: Peer) -> None:
    public = [await published(served, text=str(number)) for number in range(COLLECTION_PAGE_ITEMS + 3)]
    for post in public:
        await said(served, post)
    await said(served, await published(served, audience="followers"))
    outbox = served.hub.outbox or ""
    assert (await peer.get(outbox, signed=False)).json["totalItems"] == len(public)
    items = await walk(peer, outbox)
    assert [item["object"]["id"] for item in items] == [post.uri for post in reversed(public)]
    assert {item["type"] for item in items} == {"Create"}


async def test_followers_are_a_number_only(served: Served, peer: Peer) -> None:
    await followed_by(served, peer)
    followers = (await peer.get(served.hub.followers or "", signed=False)).json
    assert followers["totalItems"] == 1
    assert not {"first", "items", "orderedItems"} & followers.keys()
    following = (await peer.get(served.hub.following or "", signed=False)).json
    assert following["totalItems"] == 0


async def test_pins_and_coming_events_are_named_if_everybody_may_see_them(served: Served, peer: Peer) -> None:
    pinned, hidden = await published(served), await published(served, audience="followers")
    event = await published(served, "event")
    await published(served, "event", audience="followers")
    async with served.node.database.pool.acquire() as db:
        for post in (pinned, hidden):
            await featured.insert(db, served.hub.id, post.id)
    assert (await peer.get(served.hub.featured or "", signed=False)).json["orderedItems"] == [pinned.uri]
    assert (await peer.get(served.hub.upcoming or "", signed=False)).json["orderedItems"] == [event.uri]


async def test_answers_are_listed_on_pages_as_far_as_the_asker_may_see_them(served: Served, peer: Peer) -> None:
    post = await published(served)
    answers = [(await published(served, in_reply_to=post.uri)).uri for _ in range(COLLECTION_PAGE_ITEMS + 2)]
    await published(served, in_reply_to=post.uri, audience="direct")
    assert await walk(peer, f"{post.uri}/replies") == answers


async def test_a_thread_is_listed_and_an_unknown_one_is_not_there(served: Served, peer: Peer) -> None:
    context = served.node.urls.context(17)
    post = await published(served, context=context)
    assert await walk(peer, context) == [post.uri]
    hidden = served.node.urls.context(18)
    await published(served, context=hidden, audience="followers")
    for url in (hidden, served.node.urls.context(19), served.url("/contexts/x")):
        assert (await peer.get(url, signed=False)).status == 404


async def test_numbers_of_likes_boosts_and_guests(served: Served, peer: Peer) -> None:
    event = await published(served, "event")
    for below in ("likes", "shares", "attendees"):
        assert (await peer.get(f"{event.uri}/{below}", signed=False)).json["totalItems"] == 0
    assert (await peer.get(f"{event.uri}/organizers", signed=False)).json["orderedItems"] == [served.hub.uri]
    note = await published(served)
    assert (await peer.get(served.url(f"/events/{note.id}/attendees"), signed=False)).status == 404


async def test_a_tag_lists_our_public_things(served: Served, peer: Peer) -> None:
    tagged = await published(served, tags=["housing"])
    await published(served, tags=["housing"], audience="followers")
    assert await walk(peer, served.url("/tags/Housing")) == [tagged.uri]


async def test_only_approved_hubs_are_named(served: Served, peer: Peer) -> None:
    async with served.node.database.pool.acquire() as db:
        friend = await a_remote_actor(db, "friend", kind="Organization")
        other = await a_remote_actor(db, "other", kind="Organization", host="https://other.example")
        await db.execute(
            "INSERT INTO known_hubs (actor_id, state) VALUES ($1, 'approved'), ($2, 'suggested')", friend.id, other.id
        )
    hubs = (await peer.get(served.url("/hubs"), signed=False)).json
    assert [item["id"] for item in hubs["orderedItems"]] == [friend.uri]


async def test_actors_that_are_not_there_have_no_collections(served: Served, peer: Peer) -> None:
    for path in ("/actors/nobody/outbox", "/actors/hub2/followers", "/areas/hub/outbox", "/groups/x/featured"):
        assert (await peer.get(served.url(path), signed=False)).status == 404


@pytest.mark.parametrize("query", ["before=x", "before=-1", "before=" + "9" * 30])
async def test_a_page_that_cannot_be_is_not_there(served: Served, peer: Peer, query: str) -> None:
    assert (await peer.get(f"{served.hub.outbox}?{query}", signed=False)).status == 404


async def test_remote_posts_are_in_no_outbox_and_at_no_address_of_ours(served: Served, peer: Peer) -> None:
    async with served.node.database.pool.acquire() as db:
        bo = await a_remote_actor(db)
        foreign = await posts.upsert_remote(db, a_remote_object(bo), bo)
    assert foreign is not None
    assert (await peer.get(served.url(f"/posts/{foreign.id}"), signed=False)).status == 404
