"""Collections of others: read in order, on their own origin, once, and not for ever."""

from typing import Any

import pytest
from aiohttp import web

from federation.client import GuardedClient
from federation.collections_walk import FetchPage, walk_collection
from federation.fetch import Fetched, fetch_page
from federation.knocking import RecentSchemes
from federation.outcomes import FetchGone
from federation.signing import KeySigner
from schemas.limits import COLLECTION_ITEMS, COLLECTION_PAGES
from tests.peer import Peer, hostile_peer


@pytest.fixture
def fetch(client: GuardedClient, signer: KeySigner) -> FetchPage:
    memory = RecentSchemes()

    async def page(url: str) -> Fetched:
        return await fetch_page(client, url, signer, memory)

    return page


async def walk(fetch: FetchPage, collection: Any, peer: Peer, **limits: int) -> list[Any]:
    return [item async for item in walk_collection(fetch, collection, peer.actor_id, **limits)]


async def test_pages_follow_each_other(fetch: FetchPage, peer: Peer) -> None:
    peer.serve("/c", {"type": "OrderedCollection", "totalItems": 5, "first": peer.url("/c?page=1")})
    peer.serve(
        "/c?page=1", {"orderedItems": ["a", {"id": "b"}], "next": peer.url("/c?page=2"), "first": peer.url("/c?page=1")}
    )
    peer.serve("/c?page=2", {"orderedItems": ["c"], "prev": peer.url("/c?page=1"), "first": peer.url("/c?page=1")})
    assert await walk(fetch, peer.url("/c"), peer) == ["a", {"id": "b"}, "c"]
    assert [one.target for one in peer.received] == ["/c", "/c?page=1", "/c?page=2"]


async def test_a_collection_found_embedded_is_read_where_it_stands(fetch: FetchPage, peer: Peer) -> None:
    peer.serve("/r?page=2", {"type": "CollectionPage", "items": "c"})
    first = {"type": "CollectionPage", "partOf": peer.url("/r"), "next": peer.url("/r?page=2"), "items": ["a", "b"]}
    replies = {"id": peer.url("/r"), "type": "Collection", "first": first}
    assert await walk(fetch, replies, peer) == ["a", "b", "c"]


async def test_a_collection_named_but_empty_is_fetched(fetch: FetchPage, peer: Peer) -> None:
    peer.serve("/c", {"type": "Collection", "items": ["a"]})
    assert await walk(fetch, {"id": peer.url("/c"), "type": "Collection"}, peer) == ["a"]


async def test_pages_of_other_origins_are_not_read(fetch: FetchPage, peer: Peer) -> None:
    async with hostile_peer("127.0.0.9") as other:
        other.serve("/c", {"items": ["x"]})
        peer.serve("/c", {"items": ["a"], "next": other.url("/c")})
        assert await walk(fetch, peer.url("/c"), peer) == ["a"]
        assert await walk(fetch, other.url("/c"), peer) == []
        assert other.received == []


async def test_case_59_circles_of_pages_end(fetch: FetchPage, peer: Peer) -> None:
    peer.serve("/c", {"items": ["a"], "next": peer.url("/d")})
    peer.serve("/d", {"items": ["b"], "next": peer.url("/c#again")})
    assert await walk(fetch, peer.url("/c"), peer) == ["a", "b"]
    peer.serve("/e", {"items": ["e"], "first": peer.url("/e")})
    assert await walk(fetch, peer.url("/e"), peer) == ["e"]


async def test_case_59_endless_pages_end(fetch: FetchPage, peer: Peer) -> None:
    async def page(request: web.Request) -> web.StreamResponse:
        number = int(request.query.get("n", 0))
        document = {"items": [str(number)], "next": peer.url(f"/c?n={number + 1}")}
        return web.json_response(document, content_type="application/activity+json")

    url = peer.answer_with("/c", page)
    assert len(await walk(fetch, url, peer)) == COLLECTION_PAGES + 1
    assert await walk(fetch, url, peer, max_pages=2) == ["0", "1", "2"]


async def test_case_59_a_page_nested_in_itself_ends(fetch: FetchPage, peer: Peer) -> None:
    page: dict[str, Any] = {"items": ["x"]}
    for _ in range(COLLECTION_PAGES * 2):
        page = {"items": ["x"], "next": page}
    assert len(await walk(fetch, page, peer)) == COLLECTION_PAGES + 1


async def test_case_63_more_items_than_the_limit_are_left(fetch: FetchPage, peer: Peer) -> None:
    peer.serve("/c", {"items": [str(n) for n in range(10_000)], "next": peer.url("/d")})
    assert len(await walk(fetch, peer.url("/c"), peer)) == COLLECTION_ITEMS
    assert await walk(fetch, peer.url("/c"), peer, max_items=2) == ["0", "1"]
    assert peer.requests("/d") == []


@pytest.mark.parametrize(
    "page", [{}, {"items": None}, {"items": 5}, {"items": [None, 5, []]}, {"first": 5}, {"next": "x"}]
)
async def test_oddities_are_no_items(fetch: FetchPage, peer: Peer, page: dict[str, Any]) -> None:
    peer.serve("/c", page)
    assert await walk(fetch, peer.url("/c"), peer) == []


async def test_items_before_a_failure_are_given(fetch: FetchPage, peer: Peer) -> None:
    peer.serve("/c", {"items": ["a"], "next": peer.url("/gone")})
    found = []
    with pytest.raises(FetchGone):
        async for item in walk_collection(fetch, peer.url("/c"), peer.actor_id):
            found.append(item)  # noqa: PERF401 - what came before the error is the point
    assert found == ["a"]
