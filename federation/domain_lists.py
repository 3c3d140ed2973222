"""Lists of domains as servers exchange them: Mastodon's CSV, GoToSocial's JSON and CSV, or one domain a line. Read line
by line and written without anything that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

import msgspec

from federation import sanitise
from federation.addresses import BadAddress, canonical_domain
from schemas.limits import LIST_LINES, REASON_CHARS

Kind = Literal["limit", "suspend", "reject_media", "reject_reports"]
HEADINGS = ("#domain", "#severity", "#reject_media", "#reject_reports", "#public_comment", "#obfuscate")
SEVERITIES: dict[str, tuple[Kind, ...]] = {"suspend": ("suspend",), "silence": ("limit",), "limit": ("limit",),
                                           "noop": (), "none": (), "": ("suspend",)}  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What a list wants of one domain (canonical). `reason` is for everybody, `private_reason` for the staff."""

    domain: str
    kinds: tuple[Kind, ...] = ("suspend",)
    reason: str = ""
    private_reason: str = ""


class _GoToSocial(msgspec.Struct, frozen=True):
    domain: str = ""
    public_comment: str | None = None
    comment: str | None = None
    private_comment: str | None = None


class BadList(ValueError):
    """It is no list of domains in any form we know."""


def read(body: bytes) -> Iterator[Entry | None]:
    """The entries of a list in any of its forms; None for a line that names no domain (obfuscated, empty, a slip).

    At most LIST_LINES. Raises BadList for what is no text or no such JSON.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadList("it is no text in UTF-8") from error
    found = _of_json(body) if text.lstrip().startswith("[") else _of_lines(text)
    for number, one in enumerate(found):
        if number >= LIST_LINES:
            raise BadList(f"it has more than {LIST_LINES} lines")
        yield one


def count(body: bytes) -> int:
    """About how many entries there are, without reading them."""
    return body.count(b'"domain"') if body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"[") else body.count(b"\n") + 1


def write_csv(entries: Iterable[Entry]) -> str:
    """Mastodon's CSV of blocks, which GoToSocial reads too."""
    return _csv(HEADINGS, (_row(one) for one in entries))


def write_allowed_csv(domains: Iterable[str]) -> str:
    """Mastodon's CSV of allowed domains."""
    return _csv(HEADINGS[:1], ([one] for one in domains))


def write_json(entries: Iterable[Entry]) -> str:
    """GoToSocial's JSON of blocked or allowed domains."""
    return msgspec.json.format(
        msgspec.json.encode([{"domain": one.domain, "public_comment": one.reason} for one in entries])
    ).decode()


def _of_json(body: bytes) -> Iterator[Entry | None]:
    try:
        found = msgspec.json.decode(body, type=list[_GoToSocial])
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadList("it is no list of domains as GoToSocial writes them") from error
    for one in found:
        yield _entry(one.domain, "", reason=one.public_comment or one.comment or "", private=one.private_comment or "")


def _of_lines(text: str) -> Iterator[Entry | None]:
    rows = csv.reader(io.StringIO(text))
    columns: list[str] = ["domain"]
    try:
        for number, row in enumerate(rows):
            cells = [cell.strip() for cell in row]
            names = [cell.lstrip("#").lower() for cell in cells]
            if number == 0 and "domain" in names:
                columns = names
            elif cells and cells[0] and not cells[0].startswith("#"):
                yield _of_row(dict(zip(columns, cells, strict=False)))
    except csv.Error as error:
        raise BadList("it is no CSV") from error


def _of_row(cells: dict[str, str]) -> Entry | None:
    more: tuple[Kind, ...] = tuple(
        kind for kind in ("reject_media", "reject_reports") if cells.get(kind, "").lower() in ("true", "1", "yes")
    )
    severity = cells.get("severity", "").lower()
    return _entry(
        cells.get("domain", ""), severity, more, cells.get("public_comment", ""), cells.get("private_comment", "")
    )


def _entry(written: str, severity: str, more: Sequence[Kind] = (), reason: str = "", private: str = "") -> Entry | None:
    kinds = SEVERITIES.get(severity)
    if kinds is None or "*" in written or "." not in written:
        return None
    try:
        domain = canonical_domain(written.strip().lower().removeprefix("*."))
    except BadAddress:
        return None
    wanted = kinds if "suspend" in kinds else (*kinds, *more)
    plain = [sanitise.plain(one, single_line=True)[:REASON_CHARS] for one in (reason, private)]
    return Entry(domain=domain, kinds=wanted, reason=plain[0], private_reason=plain[1]) if wanted else None


def _row(one: Entry) -> list[Any]:
    severity = "suspend" if "suspend" in one.kinds else "silence" if "limit" in one.kinds else "noop"
    rejects = [str("suspend" in one.kinds or kind in one.kinds).lower() for kind in ("reject_media", "reject_reports")]
    return [one.domain, severity, *rejects, one.reason, "false"]


def _csv(headings: Sequence[str], rows: Iterable[list[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([f"'{cell}" if str(cell).startswith(_FORMULA) else cell for cell in row] for row in rows)
    return text.getvalue()
