"""Fixtures of the reader's tests: read a raw document the way the node does."""

from collections.abc import Callable
from typing import Any

import pytest

from federation import read
from federation.normalise import document
from schemas.objects import RemoteObject

AUTHOR = "https://a.example/u/ana"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"

Reading = Callable[..., RemoteObject]


@pytest.fixture
def thing() -> Reading:
    """Read a Note, or another type, with these keys on top of what every thing has."""

    def reading(**keys: Any) -> RemoteObject:
        common = {"id": "https://a.example/n/1", "type": "Note", "attributedTo": AUTHOR, "to": [PUBLIC]}
        dated = {"published": "2026-03-01T10:00:00Z", "content": "<p>Text</p>"}
        return read.thing(document(common | dated | keys))

    return reading


@pytest.fixture
def event(thing: Reading) -> Reading:
    """The same for an Event."""

    def reading(**keys: Any) -> RemoteObject:
        common = {"id": "https://a.example/e/1", "type": "Event", "name": "Repair café"}
        return thing(**(common | {"startTime": "2026-03-07T14:00:00+01:00", "timezone": "Europe/Zurich"} | keys))

    return reading
