"""Tags as clients know them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import sha256

import msgspec

from federation.build.urls import Urls
from node.mastodon.eyes import Eyes
from node.store.posts import tags
from schemas.limits import ID_MOST


class History(msgspec.Struct, frozen=True, kw_only=True):
    """The uses of a tag on one day, whose first second (UTC, since 1970) is `day`. All are texts."""

    day: str
    uses: str
    accounts: str


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """A tag. `following` and `featuring` are absent for strangers, never null."""

    id: str
    name: str
    url: str
    history: list[History]
    following: bool | msgspec.UnsetType = msgspec.UNSET
    featuring: bool | msgspec.UnsetType = msgspec.UNSET


class FeaturedTag(msgspec.Struct, frozen=True, kw_only=True):
    """A tag on a profile. `statuses_count` is a text."""

    id: str
    name: str
    url: str
    statuses_count: str
    last_status_at: str | None


async def render_tags(eyes: Eyes, names: Sequence[str]) -> list[Tag]:
    """One per tag (in stored form), in their order, in one query."""
    return [_tag(eyes, one) for one in await tags.describe(eyes.db, names, eyes.me)] if names else []


def from_featured(one: tags.Featured, urls: Urls) -> FeaturedTag:
    """As clients see it."""
    return FeaturedTag(
        id=str(one.id),
        name=one.name,
        url=urls.tag(one.tag),
        statuses_count=str(one.posts),
        last_status_at=one.last_on.isoformat() if one.last_on else None,
    )


def _tag(eyes: Eyes, one: tags.Known) -> Tag:
    stranger = eyes.me is None
    return Tag(
        id=_id(one.name),
        name=one.name,
        url=eyes.node.urls.tag(one.name),
        history=[_history(day) for day in one.history],
        following=msgspec.UNSET if stranger else one.following,
        featuring=msgspec.UNSET if stranger else one.featuring,
    )


def _history(one: tags.Day) -> History:
    return History(day=_seconds(one.day), uses=str(one.uses), accounts=str(one.accounts))


def _seconds(day: date) -> str:
    return str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()))


def _id(name: str) -> str:
    """A number for a name: tags are no rows here, and clients want one that stays the same."""
    return str(int.from_bytes(sha256(name.encode()).digest()[:8]) & ID_MOST)
