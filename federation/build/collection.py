"""Collections and their pages, and those of which only the number is told."""

from collections.abc import Sequence
from typing import Any, Literal

from federation.build import parts
from federation.build.parts import Document

Inverse = Literal["inboxOf", "outboxOf", "followersOf", "followingOf", "repliesOf"]
Items = Sequence[Any]


def collection(
    uri: str,
    *,
    ordered: bool = True,
    total: int | None = None,
    items: Items | None = None,
    first: str | Document | None = None,
    last: str | None = None,
    owner: str | None = None,
    of: tuple[Inverse, str] | None = None,
) -> Document:
    """A collection. `items` stand in it, or `first` (an address or an embedded page) leads to them, or neither: then
    only `total` is told. `owner` is its `attributedTo`; `of` points back to whose it is (FEP-5711).
    """
    told = _named(uri, "OrderedCollection" if ordered else "Collection")
    told |= {"attributedTo": owner} if owner else {}
    told |= {of[0]: of[1]} if of else {}
    told |= {"totalItems": total} if total is not None else {}
    if items is not None:
        told |= _items(items, ordered=ordered)
    first = _bare(first) if isinstance(first, dict) else first
    return told | {key: value for key, value in (("first", first), ("last", last)) if value is not None}


def page(
    uri: str,
    part_of: str,
    items: Items,
    *,
    ordered: bool = True,
    total: int | None = None,
    next: str | None = None,
    prev: str | None = None,
) -> Document:
    """One page. `next` is given only where there is more: a walk ends where it is missing."""
    told = _named(uri, "OrderedCollectionPage" if ordered else "CollectionPage") | {"partOf": part_of}
    told |= {"totalItems": total} if total is not None else {}
    told |= {key: value for key, value in (("next", next), ("prev", prev)) if value is not None}
    return told | _items(items, ordered=ordered)


def counted(uri: str, total: int, *, of: tuple[Inverse, str] | None = None, ordered: bool = True) -> Document:
    """A collection whose members are nobody's business: the number only."""
    return collection(uri, ordered=ordered, total=total, of=of)


def _named(uri: str, kind: str) -> Document:
    return parts.at_context("collection") | {"id": uri, "type": kind}


def _items(items: Items, *, ordered: bool) -> Document:
    return {"orderedItems" if ordered else "items": [_bare(one) for one in items]}


def _bare(item: Any) -> Any:
    """An embedded document without its own `@context`: the collection's covers addresses and our things alike."""
    if isinstance(item, dict):
        return {key: value for key, value in item.items() if key != "@context"}
    return item
