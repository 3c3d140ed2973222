"""Collections of people (Mastodon 4.6): alone, with their people, and one item. A page takes three queries."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

import msgspec

from node.mastodon.answers import moment
from node.mastodon.entities.account import Account
from node.mastodon.eyes import Eyes
from node.store.people import collections
from node.store.people.collections import Collection as Row
from node.store.people.collections import Item as ItemRow
from schemas.limits import ID_MOST

Key = TypeVar("Key", bound=Hashable)


class ShallowTag(msgspec.Struct, frozen=True, kw_only=True):
    """A hashtag and its page."""

    name: str
    url: str


class CollectionItem(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a collection. All of ours may be in one without asking, so none is ever `pending`."""

    id: str
    account_id: str
    state: str = "accepted"
    created_at: str


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """A collection with those of its items that the viewer is shown. It stays on this hub: its address is a page."""

    id: str
    account_id: str
    uri: str
    url: str | None = None
    name: str
    description: str
    language: str | None
    local: bool = True
    sensitive: bool
    discoverable: bool
    tag: ShallowTag | None
    created_at: str
    updated_at: str
    item_count: int
    items: list[CollectionItem]


class WrappedCollection(msgspec.Struct, frozen=True, kw_only=True):
    """A collection, where only it is answered."""

    collection: Collection


class WrappedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item, where only it is answered."""

    collection_item: CollectionItem


class Collections(msgspec.Struct, frozen=True, kw_only=True):
    """A page of them."""

    collections: list[Collection]


class CollectionWithAccounts(msgspec.Struct, frozen=True, kw_only=True):
    """A collection with its owner and its people."""

    collection: Collection
    accounts: list[Account]


async def render_collections(eyes: Eyes, rows: Sequence[Row]) -> list[Collection]:
    """One per row, in their order."""
    items = await collections.items_of(eyes.db, [one.id for one in rows], eyes.me) if rows else {}
    return [_collection(eyes, one, items[one.id]) for one in rows]


async def collections_in(eyes: Eyes, texts: Mapping[Key, str]) -> dict[Key, list[Collection]]:
    """By key the collections whose exact address this HTML links to, as far as the viewer may see them; two queries
    for all, none where nothing is linked."""
    if not any("/collections/" in text for text in texts.values()):
        return {key: [] for key in texts}
    link = re.compile(re.escape(f'href="{eyes.node.urls.base_url}/collections/') + r'([0-9]{1,19})"')
    named = {key: list(dict.fromkeys(int(one) for one in link.findall(text))) for key, text in texts.items()}
    wanted = sorted({one for ids in named.values() for one in ids if one <= ID_MOST})
    rows = await collections.get_many(eyes.db, wanted, eyes.me) if wanted else []
    known = dict(zip((row.id for row in rows), await render_collections(eyes, rows), strict=True))
    return {key: [known[one] for one in ids if one in known] for key, ids in named.items()}


def from_item(item: ItemRow) -> CollectionItem:
    """One item."""
    return CollectionItem(id=str(item.id), account_id=str(item.actor_id), created_at=moment(item.created_at))


def _collection(eyes: Eyes, row: Row, items: Sequence[ItemRow]) -> Collection:
    urls = eyes.node.urls
    address = urls.collection(row.id)
    return Collection(
        id=str(row.id),
        account_id=str(row.actor_id),
        uri=address,
        url=address,
        name=row.name,
        description=row.description,
        language=row.language,
        sensitive=row.sensitive,
        discoverable=row.discoverable,
        tag=ShallowTag(name=row.tag, url=urls.tag(row.tag)) if row.tag else None,
        created_at=moment(row.created_at),
        updated_at=moment(row.updated_at),
        item_count=len(items),
        items=[from_item(one) for one in items],
    )
