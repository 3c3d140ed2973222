"""The page of a collection: who is in it, and that whoever is may leave it without an app."""

from __future__ import annotations

from node.actions import collections as deeds
from node.store.people import actors, collections
from node.store.people.collections import Described
from tests.node.pages.conftest import Browser, Hub


async def recommended(hub: Hub, *names: str) -> str:
    """The path of a collection of the hub's steward with these members in it."""
    people = [actor for name in names if (actor := await actors.find_local(hub.db, name))]
    owner = await actors.find_local(hub.db, "ana")
    assert owner is not None
    async with hub.db.transaction():
        made = await deeds.create(hub.db, owner, Described(name="Makers <&>", tag="wood"), people)
    return f"/collections/{made.id}"


async def test_everybody_sees_who_is_in_it(hub: Hub, stranger: Browser) -> None:
    await hub.member("bo")
    path = await recommended(hub, "bo")
    page = await stranger.get(path)
    assert (page.status, "Makers &lt;&amp;&gt;" in page.text, "Take me out" in page.text) == (200, True, False)
    assert "@bo" in page.words and "@ana" in page.words and "#wood" in page.words
    assert (await stranger.get("/collections/4242")).status == 404


async def test_who_is_in_it_is_told_and_leaves_it_for_good(hub: Hub, ana: Browser) -> None:
    bo = await hub.signed_in("bo")
    path = await recommended(hub, "bo")
    assert f'href="{path}"' in (await bo.get("/notifications")).text
    assert "Take me out" in (await bo.get(path)).words
    left = await bo.post(path, {})
    assert (left.status, "You are not in this collection any more." in left.text) == (200, True)
    assert "@bo" not in left.words
    assert (await bo.post(path, {}, form="/settings/profile")).status == 404
    row = await hub.db.fetchrow("SELECT revoked_at FROM collection_items")
    assert row["revoked_at"] is not None
    assert (await collections.items_of(hub.db, [int(path.rpartition("/")[2])], None)).popitem()[1] == []


async def test_nobody_takes_out_anybody_else(hub: Hub, ana: Browser) -> None:
    await hub.member("bo")
    path = await recommended(hub, "bo")
    assert (await ana.post(path, {}, form="/settings/profile")).status == 404
    assert await hub.db.fetchval("SELECT revoked_at FROM collection_items") is None
