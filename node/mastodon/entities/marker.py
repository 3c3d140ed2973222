"""How far a timeline was read, as clients see it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from node.mastodon.answers import moment
from node.store.timelines import markers


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    """`version` counts how often the place was set."""

    last_read_id: str
    version: int
    updated_at: str


def by_timeline(found: Iterable[markers.Marker]) -> dict[str, Marker]:
    """Places by the name of their timeline."""
    return {
        one.timeline: Marker(last_read_id=str(one.last_read_id), version=one.version, updated_at=moment(one.updated_at))
        for one in found
    }
