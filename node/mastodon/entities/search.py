"""What was found: all lists are always there."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from node.mastodon.entities.account import Account
from node.mastodon.entities.collection import Collection
from node.mastodon.entities.status import Status
from node.mastodon.entities.tag import Tag


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """Results of version 2."""

    accounts: list[Account] = []
    statuses: Sequence[Status | msgspec.Raw] = ()
    hashtags: list[Tag] = []
    collections: list[Collection] = []


class V1Search(msgspec.Struct, frozen=True, kw_only=True):
    """Results of version 1: of hashtags only the names."""

    accounts: list[Account] = []
    statuses: Sequence[Status | msgspec.Raw] = ()
    hashtags: list[str] = []
