"""JSON → draft. All that has the wrong shape is named at once, field by field, in sentences that can be translated."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args

import msgspec

from schemas import reasons
from schemas.access import AccessFeature
from schemas.drafts import KINDS, Draft
from schemas.limits import DRAFT_BYTES, DRAFT_PROBLEMS
from schemas.problems import Problem
from schemas.things import AnswerDoor, Audience, CallPurpose, EventStatus, FindingKind, JoinMode, QuotePolicy

CHOICES: dict[str, tuple[str, ...]] = {
    "kind": tuple(KINDS),
    "audience": get_args(Audience),
    "acting_as": ("me", "hub"),
    "status": get_args(EventStatus),
    "join_mode": get_args(JoinMode),
    "every": ("week", "month"),
    "by": ("day", "weekday"),
    "finding_kind": get_args(FindingKind),
    "purpose": get_args(CallPurpose),
    "respond_by": get_args(AnswerDoor),
    "quote_policy": get_args(QuotePolicy),
    "access": get_args(AccessFeature),
}
"""The fields with a closed list of answers, wherever they stand."""

_WRONG_TYPE = {
    "str": reasons.NOT_TEXT,
    "int": reasons.NOT_WHOLE,
    "float": reasons.NOT_A_NUMBER,
    "bool": reasons.NOT_YES_OR_NO,
    "array": reasons.NOT_A_LIST,
    "object": reasons.NOT_AN_OBJECT,
}
# What msgspec says (its messages carry the path at the end); a test holds every constraint of ours against this table.
_PATH = re.compile(r" - at `(?P<path>[^`]*)`$")
_MISSING = re.compile(r"Object missing required field `(?P<name>\w+)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>.*)`", re.DOTALL)
_LENGTH = re.compile(r"Expected `(?P<type>\w+)` of length (?:(?P<sign>[<>]=) )?(?P<n>\d+)")
_RANGE = re.compile(r"Expected `\w+` (?P<sign>[<>]=) (?P<n>-?[\d.]+)")
_TYPE = re.compile(r"Expected `(?P<type>\w+)(?: \| null)?`")
_CHOICE = re.compile(r"Invalid (?:enum )?value ")
_STEP = re.compile(r"\.(?P<key>[^.\[]+)|\[(?P<index>\d+)\]")

Path = tuple[str | int, ...]


class DraftError(Exception):
    """What was sent cannot be published as it is; `problems` says why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{one.field}: {one.reason}" for one in problems))
        self.problems = problems


def decode(data: bytes | dict[str, Any]) -> Draft:
    """Read a draft from JSON bytes or from an object already read; never changes its argument.

    Raises DraftError, and nothing else, with every field of the wrong shape.
    """
    raw = _copy(data)
    if problems := tuple(_not_text(raw)):
        raise DraftError(problems)
    return _convert(raw)


def wrong_shape(error: Exception) -> Problem:
    """What msgspec's complaint about JSON of any other shape means: the field, and a reason that can be translated."""
    if not isinstance(error, msgspec.ValidationError):
        return Problem(field="", reason=reasons.NOT_JSON)
    return _understand(str(error), Counter())[1]


def _copy(data: bytes | dict[str, Any]) -> Any:
    try:
        sent = data if isinstance(data, bytes) else msgspec.json.encode(data)
        if len(sent) > DRAFT_BYTES:
            raise DraftError((Problem(field="", reason=reasons.TOO_LARGE, values={"max": DRAFT_BYTES}),))
        return msgspec.json.decode(sent)
    except (msgspec.MsgspecError, UnicodeError, RecursionError, TypeError) as error:
        raise DraftError((Problem(field="", reason=reasons.NOT_JSON),)) from error


def _not_text(value: Any, path: Path = ()) -> Iterator[Problem]:
    # NUL is JSON, but no text to a database.
    if isinstance(value, str):
        if "\x00" in value:
            yield Problem(field=_written(path), reason=reasons.NO_TEXT)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _not_text(one, (*path, index))
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _not_text(one, (*path, key))


def _convert(raw: Any) -> Draft:
    """Convert, and after each complaint take the field away and try again, so that all complaints come at once."""
    found: dict[Path, Problem] = {(one.field,): one for one in _missing(raw)}
    taken: Counter[Path] = Counter()
    while len(found) < DRAFT_PROBLEMS:
        try:
            draft: Draft = msgspec.convert(raw, Draft)
        except (msgspec.ValidationError, RecursionError) as error:
            path, problem = _understand(str(error), taken)
            if not any(known[: len(path)] == path for known in found):
                found[path] = problem
            if not _take_away(raw, path, taken):
                break
        else:
            if not found:
                return draft
            break
    raise DraftError(tuple(found.values()))


def _missing(raw: Any) -> Iterator[Problem]:
    kind = raw.get("kind") if isinstance(raw, dict) else None
    for field in msgspec.structs.fields(KINDS[kind]) if isinstance(kind, str) and kind in KINDS else ():
        if field.required and field.name not in raw:
            yield Problem(field=field.name, reason=reasons.REQUIRED)


def _understand(message: str, taken: Counter[Path]) -> tuple[Path, Problem]:
    located = _PATH.search(message)
    path = _original(_steps(located["path"]) if located else (), taken)
    message = message[: located.start()] if located else message
    if missing := _MISSING.match(message):
        path = (*path, missing["name"])
        return path, Problem(field=_written(path), reason=reasons.REQUIRED)
    if unknown := _UNKNOWN.match(message):
        path = (*path, unknown["name"])
        return path, Problem(field=_written(path), reason=reasons.UNKNOWN_FIELD)
    reason, values = _reason(message, path)
    return path, Problem(field=_written(path), reason=reason, values=values)


def _reason(message: str, path: Path) -> tuple[str, dict[str, str | int]]:
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    if name in CHOICES and (_CHOICE.match(message) or "`str`" in message):
        return reasons.NOT_A_CHOICE, {"choices": ", ".join(CHOICES[name])}
    if length := _LENGTH.match(message):
        return _length(length["type"], length["sign"], int(length["n"]))
    if limit := _RANGE.match(message):
        number = int(float(limit["n"]))
        return (reasons.TOO_BIG, {"max": number}) if limit["sign"] == "<=" else (reasons.TOO_SMALL, {"min": number})
    if wrong := _TYPE.match(message):
        return _WRONG_TYPE.get(wrong["type"], reasons.NOT_VALID), {}
    return reasons.NOT_VALID, {}


def _length(kind: str, sign: str | None, number: int) -> tuple[str, dict[str, str | int]]:
    if sign is None:
        return reasons.NOT_SO_MANY, {"count": number}
    if sign == "<=":
        return (reasons.TOO_LONG if kind == "str" else reasons.TOO_MANY), {"max": number}
    return (reasons.EMPTY, {}) if number == 1 else (reasons.TOO_FEW, {"min": number})


def _steps(path: str) -> Path:
    return tuple(int(step["index"]) if step["index"] else step["key"] for step in _STEP.finditer(path))


def _original(path: Path, taken: Counter[Path]) -> Path:
    """Where the path was in what was sent: entries taken out of a list before had come earlier in it."""
    steps: list[str | int] = []
    for step in path:
        steps.append(step + taken[tuple(steps)] if isinstance(step, int) else step)
    return tuple(steps)


def _take_away(raw: Any, path: Path, taken: Counter[Path]) -> bool:
    """Remove what the path names, or what it stands in; False when nothing is left to remove."""
    for length in range(len(path), 0, -1):
        holder, here = raw, path[: length - 1]
        try:
            for depth, step in enumerate(here):
                holder = holder[step - taken[path[:depth]]] if isinstance(step, int) else holder[step]
            last = path[length - 1]
            del holder[last - taken[here] if isinstance(last, int) else last]
        except (KeyError, IndexError, TypeError):
            continue
        if isinstance(path[length - 1], int):
            taken[here] += 1
        return True
    return False


def _written(path: Path) -> str:
    return ".".join(str(step) for step in path)
