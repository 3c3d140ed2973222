"""The register of members: written by those who look after them, taken in from a file. Each
member reads what it says of them, and says what they agree to."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from node.actions.admit import RIGHT
from node.errors import Forbidden, Invalid, NotFound
from node.store.db import Db
from node.store.members import applications, members
from node.store.members.members import Member
from schemas.limits import MEMBERS_CSV_BYTES, MEMBERS_CSV_ROWS
from schemas.members import FIELDS, KINDS, PURPOSES, Entry, read
from schemas.problems import Problem
from schemas.reasons import EMPTY, NO_TEXT, TOO_LARGE, TOO_MANY, msgid
from schemas.records import Viewer

NO_ACCOUNT = msgid("There is no member of this name.")
TWICE = msgid("This number is in the register already, or stands here twice.")
NAMES = {
    "number": "number no nr nummer mitgliedsnummer numéro numero",
    "name": "name full_name fullname nom mitglied member vorname nachname familienname first_name last_name surname "
    "given_name family_name prénom prenom nom_de_famille",
    "kind": "kind art type",
    "class": "class klasse category kategorie catégorie mitgliedsart",
    "email": "email mail e-mail mailadresse courriel",
    "address": "address adresse anschrift straße strasse straße_und_hausnummer hausnummer plz postleitzahl ort stadt "
    "wohnort land street postal_code postcode zip town city country rue code_postal ville pays",
    "since": "since seit joined eintritt eintrittsdatum depuis entry",
    "until": "until bis left austritt austrittsdatum jusque",
    "shares": "shares anteile geschäftsanteile parts",
    "dues": "dues beitrag beiträge cotisation",
    "notes": "notes notizen bemerkung bemerkungen remarks",
    "keep_until": "keep_until aufbewahren löschen",
}
"""How the columns of files are called, in our three languages: a guess, which one corrects."""
JOINED: Mapping[str, str] = {"name": " ", "address": ", ", "notes": "; "}
"""Fields that several columns of a file may hold together, in their order, and what stands between."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a file as it would stand in the register, and what is wrong with it."""

    number: int
    entry: Entry
    problems: list[Problem]


async def write(
    db: Db, by: Viewer, member_id: int | None, typed: Mapping[str, str], purposes: Sequence[str], handle: str
) -> int:
    """Write an entry, a new one without an id; its id. `purposes`: those agreed to; since when is kept. Raises
    Forbidden, Invalid, NotFound, and Conflict where the number or the account is in the register."""
    require(by)
    known = await _find(db, member_id) if member_id is not None else None
    today = datetime.now(UTC).date().isoformat()
    before = known.consents if known else {}
    consents = {one: before.get(one, today) for one in PURPOSES if one in purposes}
    entry, problems = read(typed, consents)
    name = handle.strip().removeprefix("@")
    account_id = await members.find_account(db, name) if name else None
    if name and account_id is None:
        problems.append(Problem(field="handle", reason=NO_ACCOUNT))
    if problems:
        raise Invalid(problems)
    if member_id is None:
        return await members.insert(db, entry, account_id)
    await members.update(db, member_id, entry, account_id)
    return member_id


async def extract(db: Db, by: Viewer, member_id: int) -> dict[str, Any]:
    """Everything that the register and the application say of one member, for them to have (GDPR, article 15)."""
    require(by)
    member = await _find(db, member_id)
    told: dict[str, Any] = {"register": msgspec.to_builtins(member)}
    if member.account_id is not None:
        applied = await applications.of_account(db, member.account_id)
        told["application"] = (
            {
                "answers": msgspec.to_builtins(applied.answers),
                "notes": applied.notes,
                "sent": applied.created_at.isoformat(),
                "invited_by": applied.inviter,
            }
            if applied
            else None
        )
    return told


async def consent(db: Db, who: Viewer, purposes: Sequence[str]) -> None:
    """A member agrees to these uses of their data, and takes back the others. NotFound where the register does not
    know them."""
    mine = await members.of_account(db, who.account.id)
    if mine is None:
        raise NotFound
    today = datetime.now(UTC).date().isoformat()
    await members.set_consents(db, mine.id, {one: mine.consents.get(one, today) for one in PURPOSES if one in purposes})


def table_of(text: str) -> list[list[str]]:
    """The rows of a CSV file, whichever of , ; and tab stands between its cells. Invalid where it is too large or
    none."""
    if len(text.encode()) > MEMBERS_CSV_BYTES:
        raise Invalid([Problem(field="file", reason=TOO_LARGE, values={"max": MEMBERS_CSV_BYTES})])
    first = text.lstrip("\ufeff").partition("\n")[0]
    mark = max(",;\t", key=first.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=mark) if any(row)]
    except csv.Error as error:
        raise Invalid([Problem(field="file", reason=NO_TEXT)]) from error
    if len(rows) < 2:
        raise Invalid([Problem(field="file", reason=EMPTY)])
    if len(rows) > MEMBERS_CSV_ROWS + 1:
        raise Invalid([Problem(field="file", reason=TOO_MANY, values={"max": MEMBERS_CSV_ROWS})])
    return rows


def guessed(headings: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> list[str]:
    """For each column the field that it probably holds, else nothing; no field twice that is not JOINED. What is called
    a kind, and holds none in the `rows` below, is the class."""
    found: list[str] = []
    for heading in headings:
        plain = heading.strip().lower().replace(" ", "_")
        free = (one for one in FIELDS if one in JOINED or one not in found)
        field = next((one for one in free if plain in NAMES[one].split()), "")
        found.append(field)
    if "kind" in found:
        place = found.index("kind")
        if any(row[place] not in ("", *KINDS) for row in rows if len(row) > place):
            found[place] = "" if "class" in found else "class"
    return found


async def lines_of(db: Db, rows: Sequence[Sequence[str]], columns: Sequence[str]) -> list[Line]:
    """The lines below the headings as entries, by what each column holds; numbers that are taken are problems."""
    found = []
    for number, row in enumerate(rows[1:], start=2):
        typed: dict[str, str] = {}
        for field, cell in zip(columns, row, strict=False):
            if field in JOINED:
                typed[field] = JOINED[field].join(filter(None, (typed.get(field, ""), _cell(cell).strip())))
            elif field in FIELDS:
                typed[field] = _cell(cell)
        entry, problems = read(typed)
        found.append(Line(number=number, entry=entry, problems=problems))
    taken = await members.known_numbers(db, [one.entry.number for one in found if one.entry.number])
    for line in found:
        if line.entry.number in taken:
            line.problems.append(Problem(field="number", reason=TWICE))
        elif line.entry.number:
            taken.add(line.entry.number)
    return found


async def take_in(db: Db, by: Viewer, lines: Sequence[Line]) -> int:
    """Write the lines that are right; how many."""
    require(by)
    return await members.insert_many(db, [one.entry for one in lines if not one.problems])


def require(by: Viewer) -> None:
    """Forbidden for all but those who look after members."""
    if not by.may(RIGHT):
        raise Forbidden


def _cell(text: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from taking it for a formula."""
    return text[1:] if text.startswith(("'=", "'+", "'-", "'@")) else text


async def _find(db: Db, member_id: int) -> Member:
    found = await members.find(db, member_id)
    if found is None:
        raise NotFound
    return found
