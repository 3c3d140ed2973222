"""Walk another server's collection page by page: its own origin only, no page twice, and not for ever (case 59)."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from federation.addresses import BadAddress, parse
from federation.fetch import Fetched
from schemas.limits import COLLECTION_ITEMS, COLLECTION_PAGES, COLLECTION_SECONDS

FetchPage = Callable[[str], Awaitable[Fetched]]
"""`fetch.fetch_page` with its client, signer and memory filled in."""

Page = Mapping[str, Any]


async def walk_collection(
    fetch: FetchPage,
    collection: str | Page,
    owner: str,
    *,
    max_items: int = COLLECTION_ITEMS,
    max_pages: int = COLLECTION_PAGES,
) -> AsyncIterator[str | dict[str, Any]]:
    """The items of a collection in the order it gives them, ids or embedded objects, each as received.

    `collection` is its address, or the object as found embedded; `owner` is the id of whose it is, and every page
    must be on that origin. Embedded items are claims: what is of another origin must be fetched from there. Raises
    what `fetch` raises; items given before remain good.
    """
    origin = parse(owner).origin
    visited: set[str] = set()
    given = 0
    give_up = time.monotonic() + COLLECTION_SECONDS
    following: Any = collection
    root = True
    while following is not None and len(visited) <= max_pages and time.monotonic() < give_up:
        page = await _open(fetch, following, origin, visited)
        if page is None:
            return
        for item in _items(page):
            if given >= max_items:
                return
            given += 1
            yield item
        following = page.get("next") or (page.get("first") if root else None)
        root = False


async def _open(fetch: FetchPage, page: Any, origin: str, visited: set[str]) -> Page | None:
    if isinstance(page, Mapping) and _has_content(page):
        visited.add(f"embedded page {len(visited)}")
        return page
    address = page.get("id") if isinstance(page, Mapping) else page
    try:
        url = parse(address) if isinstance(address, str) else None
    except BadAddress:
        return None
    if url is None or url.origin != origin or url.document in visited:
        return None
    visited.add(url.document)
    return (await fetch(url.document)).document


def _has_content(page: Page) -> bool:
    return any(key in page for key in ("items", "orderedItems", "first", "next"))


def _items(page: Page) -> list[str | dict[str, Any]]:
    found = page.get("orderedItems") or page.get("items") or []
    entries = found if isinstance(found, list) else [found]
    return [entry for entry in entries if isinstance(entry, str | dict)]
