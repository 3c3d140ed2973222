"""Drafts for tests: whole ones of each kind, as people send them."""

from __future__ import annotations

from typing import Any

from schemas.check import decode
from schemas.drafts import Draft

WHOLE: dict[str, dict[str, Any]] = {
    "event": {
        "kind": "event",
        "versions": [{"language": "en", "name": "Repair café", "text": "Bring **lamps**. #Repair"}],
        "starts": "2027-03-09T14:00",
        "ends": "2027-03-09T17:00",
        "zone": "Europe/Berlin",
        "place": {"name": "Hall", "street": "Gasse 1", "locality": "Bern", "country": "CH"},
    },
    "finding": {
        "kind": "finding",
        "versions": [{"language": "en", "name": "Heat pumps", "text": "Bills fell by a third."}],
        "claim": "Heat pumps cut bills.",
    },
    "call": {
        "kind": "call",
        "versions": [{"language": "en", "name": "Carpenters wanted", "text": "We build benches."}],
        "skills": ["carpentry"],
        "remote": True,
        "places": 2,
    },
    "post": {"kind": "post", "text": "The benches are ready."},
}


def json_of(kind: str, /, **changes: Any) -> dict[str, Any]:
    """The JSON of a whole draft with some fields changed; None takes a field out."""
    changed = WHOLE[kind] | changes
    return {name: value for name, value in changed.items() if value is not None}


def a_draft(kind: str, /, **changes: Any) -> Draft:
    """The same as a draft."""
    return decode(json_of(kind, **changes))
