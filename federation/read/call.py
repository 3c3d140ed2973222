"""A call for collaboration: a Note or Proposal that publishes a ValueFlows Intent (FEP-0837)."""

from typing import Any, get_args

from federation.read.fields import Document, count, embedded, entries, moment, reference, same_origin, text, unique
from federation.read.place import on_earth
from federation.read.text import line
from schemas.limits import CALL_EFFORT_HOURS, CALL_PLACES, SKILLS
from schemas.things import AnswerDoor, CallDetail, CallPurpose, CallState
from schemas.times import is_zone

_UTC = "UTC"


def detail(doc: Document) -> CallDetail | None:
    """Who is looking for whom, or None for what is no call or a malformed one: that is shown as a plain post.

    A foreign proposal without `coop:call` is read from the Intent alone.
    """
    intent = embedded(doc, "publishes")
    if intent.get("type") != "Intent":
        return None
    purpose = next((one for one in get_args(CallPurpose) if one == text(doc, "purpose").rpartition(":")[2]), None)
    if purpose is None:
        return None
    own = embedded(doc, "coop:call")
    zone = text(own, "timezone")
    places = _amount(intent, "resourceQuantity", "one", CALL_PLACES) or count(own, "places", CALL_PLACES)
    return CallDetail(
        purpose=purpose,
        skills=unique(map(_skill, entries(own, "skills")), SKILLS),
        effort=line(text(own, "commitment")),
        effort_hours=_amount(intent, "effortQuantity", "hour", CALL_EFFORT_HOURS) or None,
        remote=own.get("remote") is True,
        place=on_earth(doc),
        deadline=moment(intent, "due") or moment(doc, "endTime"),
        begins=moment(intent, "hasBeginning"),
        ends=moment(intent, "hasEnd"),
        zone=zone if is_zone(zone) else _UTC,
        places=places or None,
        places_taken=_taken(own, intent, places),
        respond_by=_doors(own),
        contact=line(text(own, "contact")),
        state=_state(own),
        intent_uri=_intent_uri(doc, intent),
    )


def titles(doc: Document) -> dict[str, str]:
    """The title in its languages: a call has no `name` on the wire."""
    told = embedded(embedded(doc, "coop:call"), "title")
    return {language: line(title) for language, title in told.items() if isinstance(title, str)}


def _intent_uri(doc: Document, intent: Document) -> str | None:
    """The Intent's id, if it lives where the call lives."""
    found = reference(intent, "id")
    return found if found and same_origin(found, text(doc, "id")) else None


def _skill(said: Any) -> str | None:
    if isinstance(said, dict):
        said = said.get("name")
    return line(said) if isinstance(said, str) else None


def _amount(intent: Document, key: str, unit: str, most: int) -> int | None:
    """A whole number in the given unit; ValueFlows writes numbers as strings."""
    told = embedded(intent, key)
    number = text(told, "hasNumericalValue")
    if text(told, "hasUnit").rpartition(":")[2] not in (unit, "") or not number.isascii():
        return None
    return min(int(number), most) if number.isdigit() and len(number) <= len(str(most)) else None


def _taken(own: Document, intent: Document, places: int | None) -> int:
    said = count(own, "placesTaken", CALL_PLACES)
    if said is not None or places is None:
        return said or 0
    free = _amount(intent, "availableQuantity", "one", CALL_PLACES)
    return 0 if free is None else max(places - free, 0)


def _doors(own: Document) -> tuple[AnswerDoor, ...]:
    said = ["mail" if isinstance(one, str) and one.startswith("mailto:") else one for one in entries(own, "respondBy")]
    found: tuple[AnswerDoor, ...] = tuple(door for door in get_args(AnswerDoor) if door in said)
    return found or ("reply", "offer")


def _state(own: Document) -> CallState:
    return next((state for state in get_args(CallState) if state == text(own, "state")), "open")
