"""The web form of a draft: its fields become the JSON that API and command take too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from node.web.forms import Fields, counted
from schemas.limits import FORM_ENTRIES
from schemas.things import Place

Read = Callable[[Sequence[str]], Any]
VERSION_FIELDS = ("language", "name", "summary", "text", "current")
ACCESS_FIELDS = ("access", "access_note")
PLACE_FIELDS = ("name", "street", "postal_code", "locality", "region", "country", "latitude", "longitude")
REPEAT_FIELDS = ("every", "interval", "by", "count", "until")
POLL_FIELDS = ("options", "multiple", "minutes")
MEDIUM_FIELDS = ("media_id", "alt", "credit", "license", "drop")


def _text(values: Sequence[str]) -> str:
    return values[0] if values else ""


def _whole(values: Sequence[str]) -> int | str:
    text = _text(values)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else text


def _number(values: Sequence[str]) -> float | str:
    text = _text(values)
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


def _ticked(values: Sequence[str]) -> bool:
    return "true" in values


def _commas(values: Sequence[str]) -> list[str]:
    return [part.strip() for part in _text(values).replace("\n", ",").split(",") if part.strip()]


def _lines(values: Sequence[str]) -> list[str]:
    return [line.strip() for line in _text(values).split("\n") if line.strip()]


def _links(values: Sequence[str]) -> list[dict[str, str]]:
    parts = [line.partition(" ") for line in _lines(values)]
    return [{"url": url, "name": name.strip()} for url, _, name in parts]


def _chosen(values: Sequence[str]) -> list[str]:
    return [value for value in values if value]


_EVERY: dict[str, Read] = {"audience": _text, "acting_as": _text, "to": _commas, "group": _text}
_FOUND: dict[str, Read] = {"area": _text, "tags": _commas, "born_of": _text}
READERS: dict[str, dict[str, Read]] = {
    "event": {
        **dict.fromkeys(("starts", "ends", "zone", "online_url", "status", "join_mode"), _text),
        **dict.fromkeys(("external_url", "uid", "told_at"), _text),
        **dict.fromkeys(("organisers", "co_hosts"), _commas),
        "capacity": _whole,
        "waiting_list": _ticked,
        "categories": _chosen,
    }
    | _FOUND,
    "finding": {
        **dict.fromkeys(("finding_kind", "claim", "scope", "license", "correction"), _text),
        **dict.fromkeys(("reasons", "contributors"), _lines),
        "sources": _links,
    }
    | _FOUND,
    "call": {
        **dict.fromkeys(("purpose", "effort", "contact", "zone", "deadline", "begins", "ends"), _text),
        **dict.fromkeys(("effort_hours", "places"), _whole),
        "remote": _ticked,
        "skills": _commas,
        "respond_by": _chosen,
    }
    | _FOUND,
    "post": {**dict.fromkeys(("text", "language", "summary", "in_reply_to", "area"), _text), "sensitive": _ticked},
}
"""How each field of a kind is read; lists, places, series and polls have their own functions below."""


def names(kind: str, versions: int) -> set[str]:
    """The fields of the form, by which problems are put in their place."""
    found = set(READERS[kind]) | set(_EVERY) | {"known_place"}
    found |= {f"versions.{index}.{field}" for index in range(versions) for field in VERSION_FIELDS}
    found |= {f"place.{field}" for field in (*PLACE_FIELDS, *ACCESS_FIELDS)} | {
        f"repeat.{field}" for field in REPEAT_FIELDS
    }
    found |= {f"media.{index}.{field}" for index in range(FORM_ENTRIES) for field in MEDIUM_FIELDS}
    new = {f"new.{field}" for field in ("file", "alt", "credit", "license")}
    return found | {f"poll.{field}" for field in POLL_FIELDS} | {"place", "repeat"} | new


def to_raw(kind: str, entered: Fields, known_places: Mapping[str, Place]) -> dict[str, Any]:
    """The draft as JSON. What was left empty is left out; what is no number stays text, so that it is complained of."""
    raw: dict[str, Any] = {"kind": kind}
    if (acting := _text(entered.get("acting_as", ()))).startswith("@"):
        entered = {**entered, "acting_as": ["me"]}
        raw["organisation"] = acting.removeprefix("@")
    for name, read in {**_EVERY, **READERS[kind]}.items():
        value = read(entered.get(name, ()))
        if value not in ("", []):
            raw[name] = value
    if kind != "post":
        raw["versions"] = _versions(entered)
    if kind in ("event", "call") and (place := _place(entered, known_places)):
        raw["place"] = place
    if kind == "event" and _text(entered.get("repeat.every", ())):
        raw["repeat"] = _group(entered, "repeat", {"interval": _whole, "count": _whole})
        if raw["repeat"]["every"] == "week":
            raw["repeat"].pop("by", None)
    raw |= _media(kind, entered)
    if kind == "post" and _text(entered.get("poll.options", ())):
        raw["poll"] = _group(entered, "poll", {"options": _lines, "multiple": _ticked, "minutes": _whole})
    return raw


def renumbered(entered: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The same fields without language versions that were left empty, the first one always kept."""
    count = counted(entered, "versions")
    rest = {name: values for name, values in entered.items() if not name.startswith("versions.")}
    kept = [index for index in range(count) if index == 0 or any(_versioned(entered, index)[1:4])]
    for place, index in enumerate(kept):
        for field in VERSION_FIELDS:
            rest[f"versions.{place}.{field}"] = entered.get(f"versions.{index}.{field}", [])
    return rest


def without(entered: Mapping[str, list[str]], index: int) -> dict[str, list[str]]:
    """The same fields less one of the language versions; the first one stays."""
    emptied = {f"versions.{index}.{field}": [""] for field in VERSION_FIELDS} if index > 0 else {}
    return renumbered({**entered, **emptied})


def _media(kind: str, entered: Fields) -> dict[str, Any]:
    """The media a thing has, less those that were ticked off; a finding's and a call's picture is the first."""
    found = []
    for index in range(counted(entered, "media")):
        said = {field: _text(entered.get(f"media.{index}.{field}", ())) for field in MEDIUM_FIELDS}
        if not said.pop("drop") and said["media_id"]:
            found.append(said)
    if not found:
        return {}
    if kind == "post":
        return {"attachments": found}
    return {"image": found[0], "attachments": found[1:]} if kind == "finding" else {"image": found[0]}


def _versioned(entered: Fields, index: int) -> list[str]:
    return [_text(entered.get(f"versions.{index}.{field}", ())) for field in VERSION_FIELDS]


def _versions(entered: Fields) -> list[dict[str, Any]]:
    count = max(1, counted(entered, "versions"))
    said = [dict(zip(VERSION_FIELDS, _versioned(entered, index), strict=True)) for index in range(count)]
    return [{**one, "current": one["current"] == "true"} for one in said]


def _group(entered: Fields, base: str, readers: Mapping[str, Read]) -> dict[str, Any]:
    found = {}
    for name, values in entered.items():
        if name.startswith(f"{base}."):
            field = name.removeprefix(f"{base}.")
            value = readers.get(field, _text)(values)
            if value not in ("", []):
                found[field] = value
    return found


def _place(entered: Fields, known: Mapping[str, Place]) -> dict[str, Any] | None:
    readers: dict[str, Read] = {"latitude": _number, "longitude": _number, "access": _chosen}
    written = _group(entered, "place", readers)
    access = {name: written[name] for name in ACCESS_FIELDS if name in written}
    chosen = known.get(_text(entered.get("known_place", ())))
    if set(written) - {"country", *(access if chosen else ())}:
        return {"name": "", **written}
    if chosen is None:
        return None
    values = msgspec.to_builtins(chosen)
    return {name: values[name] for name in PLACE_FIELDS if values[name] not in ("", None)} | access
