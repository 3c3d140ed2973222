"""A clock for drafts, and full drafts (every field is used once) to change one thing in."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

VERSIONS: list[dict[str, Any]] = [
    {"language": "de", "name": "Repair-Café", "summary": "Bring Kaputtes mit.", "text": "Bring **Kaputtes** mit."},
    {"language": "en", "name": "Repair café", "text": "Bring what is broken."},
]

PLACE: dict[str, Any] = {
    "name": "Halle",
    "street": "Gasse 1",
    "postal_code": "3011",
    "locality": "Bern",
    "region": "BE",
    "country": "CH",
    "latitude": 46.95,
    "longitude": 7.44,
}

EVENT: dict[str, Any] = {
    "kind": "event",
    "versions": VERSIONS,
    "starts": "2026-03-07T14:00",
    "ends": "2026-03-07T17:00",
    "zone": "Europe/Zurich",
    "place": PLACE,
    "online_url": "https://meet.example/r",
    "organisers": ["ana"],
    "co_hosts": ["@bo@other.example", "https://other.example/actors/cy"],
    "status": "tentative",
    "capacity": 40,
    "waiting_list": False,
    "join_mode": "external",
    "external_url": "https://tickets.example/1",
    "categories": ["COMMUNITY", "DIY_MAKER_SPACES"],
    "area": "items-sharing",
    "tags": ["repair", "#energy"],
    "repeat": {"every": "month", "interval": 1, "by": "weekday", "count": 3},
    "image": {"media_id": "17", "alt": "A bench with tools", "focus": [0.1, -0.5]},
    "audience": "public",
    "acting_as": "hub",
}

FINDING: dict[str, Any] = {
    "kind": "finding",
    "versions": VERSIONS,
    "finding_kind": "open question",
    "claim": "Bills fall by a third.",
    "reasons": ["Measured for two winters."],
    "scope": "Shared houses",
    "born_of": "https://hub.example/events/17",
    "sources": [{"url": "https://doi.org/10.1000/x", "name": "Doe 2024"}],
    "license": "CC-BY-SA-4.0",
    "contributors": ["Ana", "@bo@other.example"],
    "area": "housing",
    "tags": ["energy"],
    "image": {"path": "bench.jpg", "alt": "A bench"},
    "attachments": [{"media_id": "18"}],
    "audience": "group",
    "group": "bench",
}

CALL: dict[str, Any] = {
    "kind": "call",
    "versions": VERSIONS,
    "purpose": "offer",
    "skills": ["carpentry", "planning"],
    "effort": "two weekends",
    "effort_hours": 20,
    "place": PLACE,
    "remote": True,
    "zone": "Europe/Zurich",
    "deadline": "2026-04-15T23:59",
    "begins": "2026-05-01T09:00",
    "ends": "2026-05-31T18:00",
    "places": 2,
    "respond_by": ["reply", "mail"],
    "contact": "calls@hub.example",
    "area": "housing",
    "tags": ["wood"],
    "image": {"media_id": "19"},
    "audience": "direct",
    "to": ["@bo@other.example"],
}

POST: dict[str, Any] = {
    "kind": "post",
    "text": "Hello @bo@other.example #repair",
    "language": "fr-CA",
    "summary": "noise",
    "sensitive": True,
    "in_reply_to": "https://other.example/notes/1",
    "attachments": [{"media_id": "20", "alt": "x"}],
    "area": "housing",
    "audience": "followers",
}

POLL: dict[str, Any] = {
    "kind": "post",
    "text": "When?",
    "poll": {"options": ["Saturday", "Sunday"], "multiple": True, "minutes": 60},
}

FULL = {"event": EVENT, "finding": FINDING, "call": CALL, "post": POST, "poll": POLL}


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.fixture
def draft() -> Callable[..., dict[str, Any]]:
    """`draft("event", capacity=0, place=None)`: a full draft with fields changed; None takes a field away."""

    def changed(kind: str, **fields: Any) -> dict[str, Any]:
        made = copy.deepcopy(FULL[kind])
        made.update(fields)
        return {name: value for name, value in made.items() if value is not None}

    return changed
