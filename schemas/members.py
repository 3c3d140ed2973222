"""An entry in the register of members: plain records, no accounting (features 61 to 65)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, TypeAlias, cast

import msgspec

from schemas.limits import EMAIL_CHARS, LINE_CHARS, MEMBER_NOTES_CHARS, MEMBER_NUMBER_CHARS, NAME_CHARS, SHARES_MOST
from schemas.mail_addresses import is_mail_address
from schemas.problems import Problem
from schemas.reasons import EMPTY, NO_DATE, NOT_A_CHOICE, NOT_WHOLE, TOO_BIG, TOO_LONG, msgid

Kind: TypeAlias = Literal["person", "organisation"]
Dues: TypeAlias = Literal["none", "due", "paid", "waived"]
KINDS: Final[tuple[Kind, ...]] = ("person", "organisation")
DUES: Final[tuple[Dues, ...]] = ("none", "due", "paid", "waived")
PURPOSES: Final = ("letters", "directory", "pictures", "partners")
"""For what a member may agree that their data are used, each by itself."""

FIELDS: Final = (
    "number", "name", "kind", "class", "email", "address", "since", "until", "shares", "dues", "notes", "keep_until",
)  # fmt: skip
"""What one types, and the columns of files, in their order."""

BAD_MAIL = msgid("This is no mail address.")
NOT_AFTER = msgid("The end must come after the start.")
_LONGEST = {
    "number": MEMBER_NUMBER_CHARS,
    "name": NAME_CHARS,
    "class": LINE_CHARS,
    "email": EMAIL_CHARS,
    "address": LINE_CHARS,
    "notes": MEMBER_NOTES_CHARS,
}
_DAY = re.compile(r"(?:(\d{4})-(\d\d?)-(\d\d?)|(\d\d?)\.(\d\d?)\.(\d{4}))")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What the register says of a member. `category`: the class; `consents`: purpose → when it was given."""

    number: str | None = None
    kind: Kind = "person"
    name: str
    email: str | None = None
    address: str = ""
    category: str = ""
    since: date | None = None
    until: date | None = None
    shares: int = 0
    dues: Dues = "none"
    notes: str = ""
    consents: dict[str, str] = {}
    keep_until: date | None = None


def read(typed: Mapping[str, str], consents: Mapping[str, str] | None = None) -> tuple[Entry, list[Problem]]:
    """An entry out of what somebody typed, and what is wrong with it: then the entry is not to be used."""
    said = {name: typed.get(name, "").strip() for name in FIELDS}
    found = [
        Problem(field=name, reason=TOO_LONG, values={"max": most})
        for name, most in _LONGEST.items()
        if len(said[name]) > most
    ]
    if not said["name"]:
        found.append(Problem(field="name", reason=EMPTY))
    if said["email"] and not is_mail_address(said["email"]):
        found.append(Problem(field="email", reason=BAD_MAIL))
    days = {name: _day(said[name], name, found) for name in ("since", "until", "keep_until")}
    begun, ended = days["since"], days["until"]
    if begun and ended and ended < begun:
        found.append(Problem(field="until", reason=NOT_AFTER))
    entry = Entry(
        number=said["number"] or None,
        kind=cast(Kind, _choice(said["kind"], KINDS, "kind", found)),
        name=said["name"],
        email=said["email"] or None,
        address=said["address"],
        category=said["class"],
        since=begun,
        until=ended,
        shares=_shares(said["shares"], found),
        dues=cast(Dues, _choice(said["dues"], DUES, "dues", found)),
        notes=said["notes"],
        consents=dict(consents or {}),
        keep_until=days["keep_until"],
    )
    return entry, found


def _day(text: str, field: str, found: list[Problem]) -> date | None:
    """A day, as 2026-03-07 or 7.3.2026."""
    parts = _DAY.fullmatch(text)
    try:
        if parts and parts[1]:
            return date(int(parts[1]), int(parts[2]), int(parts[3]))
        if parts:
            return date(int(parts[6]), int(parts[5]), int(parts[4]))
    except ValueError:
        parts = None
    if text:
        found.append(Problem(field=field, reason=NO_DATE))
    return None


def _choice(text: str, choices: tuple[str, ...], field: str, found: list[Problem]) -> str:
    wanted = text.lower() or choices[0]
    if wanted in choices:
        return wanted
    found.append(Problem(field=field, reason=NOT_A_CHOICE, values={"choices": ", ".join(choices)}))
    return choices[0]


def _shares(text: str, found: list[Problem]) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal()) or len(text) > 12:
        found.append(Problem(field="shares", reason=NOT_WHOLE))
        return 0
    if int(text) > SHARES_MOST:
        found.append(Problem(field="shares", reason=TOO_BIG, values={"max": SHARES_MOST}))
    return int(text)
