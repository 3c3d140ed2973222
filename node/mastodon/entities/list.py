"""Lists of people as clients know them."""

from __future__ import annotations

import msgspec

from node.store.people import own_lists
from node.store.people.own_lists import RepliesPolicy


class List(msgspec.Struct, frozen=True, kw_only=True):
    """A list, without those in it."""

    id: str
    title: str
    replies_policy: RepliesPolicy
    exclusive: bool


def from_list(one: own_lists.List) -> List:
    """As clients see it."""
    return List(id=str(one.id), title=one.title, replies_policy=one.replies_policy, exclusive=one.exclusive)
