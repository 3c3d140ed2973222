"""The one table of the panel: it sorts, filters, turns pages, acts on what is ticked after a preview, and goes out as
CSV. What the reader chose stands in the address, so that it can be kept and sent to somebody.

    class Asked(Look, frozen=True, kw_only=True): state: str = "open"     # what this table is filtered by
    asked = query(request, Asked)
    rows = await store.list_of(db, …, asked.slice())                      # one more than fit on a page
    if asked.format == "csv": return as_csv("servers", COLUMNS, ((row.host, …) for row in rows), around)
    values["board"] = board(request, COLUMNS, asked, rows, key=lambda row: row.host, deeds=…)

and in the template `{% call(row, name) table(board, _("Servers")) %}…{% endcall %}` of `panel/table.html`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

import msgspec
from aiohttp import web
from multidict import MultiDictProxy

from node.errors import Invalid
from node.frame import Frame, with_query
from node.store.tabular import Slice
from schemas.limits import LIST_ITEMS, TABLE_CHOSEN, TABLE_CSV_ROWS, TABLE_PAGES
from schemas.problems import Problem
from schemas.reasons import EMPTY, TOO_MANY

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula (case 139)."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column: its name, its heading (a msgid), and whether rows can be ordered by it."""

    name: str
    label: str
    sorts: bool = True


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """What can be done with the ticked rows, and the words (msgids) on its button and above its preview."""

    name: str
    label: str
    danger: bool = False


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody wants to see a table; `sort` is a column's name, with a minus in front for the other way round."""

    q: str = ""
    sort: str = ""
    page: int = 1
    format: Literal["page", "csv"] = "page"

    def slice(self, *, newest_first: str = "") -> Slice:
        """What to ask the store for: a page and one row more, or all that fits into a file; from its end by this order
        unless another one is wanted."""
        csv_, sort = self.format == "csv", self.sort or (f"-{newest_first}" if newest_first else "")
        return Slice(
            words=self.q.strip(),
            order=sort.removeprefix("-"),
            descending=sort.startswith("-"),
            offset=0 if csv_ else (self.number - 1) * LIST_ITEMS,
            limit=TABLE_CSV_ROWS if csv_ else LIST_ITEMS + 1,
        )

    @property
    def number(self) -> int:
        """The page, within bounds."""
        return min(max(self.page, 1), TABLE_PAGES)


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """A column as it stands above the table: where its link leads, and how the rows are ordered by it now."""

    name: str
    label: str
    href: str | None
    sorted: Literal["ascending", "descending", None]


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """A table as the template shows it. One of several on a page (node.panel.sheets) has a `name`, brings its own line
    to filter with (`words`; `others` is what else stands in the address), and has all its rows at hand."""

    headings: Sequence[Heading]
    orders: Sequence[tuple[str, str]]
    sort: str
    rows: Sequence[Any]
    key: Callable[[Any], str]
    deeds: Sequence[Deed]
    action: str
    ends: dict[str, str | None]
    csv: str
    here: str
    narrowed: bool
    name: str = ""
    words: str = ""
    others: Sequence[tuple[str, str]] = ()
    columns: Sequence[Column] = ()
    all_rows: Sequence[Any] = ()
    cells: Callable[[Any], Sequence[object]] | None = None
    empty: bool = False


def board(
    request: web.Request,
    columns: Sequence[Column],
    look: Look,
    rows: Sequence[Any],
    *,
    key: Callable[[Any], str],
    deeds: Sequence[Deed] = (),
    action: str = "",
) -> Board:
    """The page of a table. `rows` has one more than a page if there are more; forms of `deeds` go to `action`."""
    return Board(
        headings=[_heading(request, one, look) for one in columns],
        orders=[(mark + one.name, one.label) for one in columns if one.sorts for mark in ("", "-")],
        sort=look.sort,
        rows=rows[:LIST_ITEMS],
        key=key,
        deeds=deeds,
        action=action or request.path,
        ends={
            "newer": with_query(request, page=look.number - 1 if look.number > 2 else None)
            if look.number > 1
            else None,
            "older": with_query(request, page=look.number + 1)
            if len(rows) > LIST_ITEMS and look.number < TABLE_PAGES
            else None,
        },
        csv=with_query(request, format="csv", page=None),
        here=with_query(request),
        narrowed=any(value for name, value in request.query.items() if name not in ("page", "lang")),
    )


def as_csv(name: str, columns: Sequence[Column], rows: Iterable[Sequence[object]], around: Frame) -> web.Response:
    """The table as a file for a spreadsheet, which takes none of its cells for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)  # where ; stands between cells, it would begin one in a name
    writer.writerow([around.say(one.label) for one in columns])
    writer.writerows([safe_cell(one) for one in row] for row in rows)
    return csv_file(name, text.getvalue())


def csv_file(name: str, text: str) -> web.Response:
    """A file of this name, kept by nobody."""
    return web.Response(
        body=text.encode(),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"},
    )


def safe_cell(value: object) -> str:
    """A cell's text; what looks like a formula gets an apostrophe in front."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def chosen(fields: MultiDictProxy[str]) -> list[str]:
    """Which rows were ticked. Invalid for none, or for more than fit on a page."""
    found = list(dict.fromkeys(fields.getall("chosen", [])))
    if not found:
        raise Invalid([Problem(field="chosen", reason=EMPTY)])
    if len(found) > TABLE_CHOSEN:
        raise Invalid([Problem(field="chosen", reason=TOO_MANY, values={"max": TABLE_CHOSEN})])
    return found


def _heading(request: web.Request, column: Column, look: Look) -> Heading:
    now = look.sort.removeprefix("-") == column.name
    descending = look.sort.startswith("-")
    onward = f"-{column.name}" if now and not descending else column.name
    return Heading(
        name=column.name,
        label=column.label,
        href=with_query(request, sort=onward, page=None) if column.sorts else None,
        sorted=("descending" if descending else "ascending") if now else None,
    )
