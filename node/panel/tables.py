"""The one table of the panel: it sorts, filters, turns pages, acts on what is ticked after a preview, and goes out as
CSV. What the reader chose stands in the address, so that it can be kept and sent to somebody.

    class Asked(Look, frozen=True, kw_only=True): state: str = "open"     # what this table is filtered by
    asked = query(request, Asked)
    rows = await store.list_of(db, …, asked.slice())                      # one more than fit on a page
    values["board"] = board(request, COLUMNS, asked, rows, key=lambda row: row.host, deeds=…)
    return await shown(request, "panel/servers.html", around, values)

and in the template `{% call(row, name) table(board, _("Servers")) %}…{% endcall %}` of `panel/table.html`.
"""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from html import unescape
from typing import Any, Literal

import msgspec
from aiohttp import web
from multidict import MultiDictProxy

from node.errors import Invalid
from node.store.tabular import Slice
from node.theming.frame import Frame, render, with_query
from schemas.limits import LIST_ITEMS, TABLE_CHOSEN, TABLE_CSV_ROWS, TABLE_PAGES
from schemas.problems import Problem
from schemas.reasons import TOO_MANY, msgid

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula (case 139)."""

NONE_TICKED = msgid("Tick at least one row first.")

NOTHING = "–"
"""What a cell without a value says on a page; in a file it is empty."""

_ENDS = re.compile(r"<(?:br|/p|/li|/div)\b[^>]*>")
_TAGS = re.compile(r"<[^>]*>")


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column: its name, its heading (a msgid), whether rows can be ordered by it, and whether it says something, so
    that it stands in a file: buttons and pictures do not."""

    name: str
    label: str
    sorts: bool = True
    says: bool = True


TO_DO = Column(name="todo", label=msgid("To do"), sorts=False, says=False)
"""The column with what can be done about a row."""


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
    """A table as the template shows it. One of several on a page (node.panel.sheets) has a `name` and brings its own
    line to filter with (`words`; `others` is what else stands in the address). `all_rows` are those of a file; where
    `filed` is a list, the template puts what their cells say there."""

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
    columns: Sequence[Column]
    all_rows: Sequence[Any]
    ticked: bool
    tick: str
    name: str = ""
    words: str = ""
    others: Sequence[tuple[str, str]] = ()
    empty: bool = False
    filed: list[list[str]] | None = None


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
        csv=with_query(request, format="csv", page=None, tick=None),
        here=with_query(request, tick=None),
        narrowed=any(value for name, value in request.query.items() if name not in ("page", "lang", "tick")),
        columns=columns,
        all_rows=rows,
        ticked=request.query.get("tick") == "all",
        tick=with_query(request, tick="all"),
    )


async def shown(
    request: web.Request, template: str, around: Frame, values: Mapping[str, Any], *, status: int = 200
) -> web.Response:
    """The page; or, where its address asks for one of its tables as a file, that: all its rows as they are filtered and
    sorted, each cell in the words of the page, moments in ISO 8601."""
    asked = next((one for one in values.values() if isinstance(one, Board) and _is_asked(request, one)), None)
    if asked is None:
        return render(request, template, around, values, status=status)
    filed = list[list[str]]()
    board = msgspec.structs.replace(asked, filed=filed)
    swapped = {name: board if value is asked else value for name, value in values.items()}
    await asyncio.to_thread(render, request, template, around, {**swapped, **_ISO})  # many rows take a while
    columns = [one for one in asked.columns if one.says]
    name = asked.name or request.path.rpartition("/")[2]
    return as_csv(name, columns, ([_said(one) for one in row] for row in filed), around)


def _is_asked(request: web.Request, board: Board) -> bool:
    return request.query.get("csv") == board.name if board.name else request.query.get("format") == "csv"


def _iso(instant: datetime | date) -> str:
    return instant.isoformat(timespec="seconds") if isinstance(instant, datetime) else instant.isoformat()


_ISO = {"say_moment": _iso, "say_age": _iso, "say_short_day": _iso, "say_day": _iso}


def _said(cell: str) -> str:
    """What a cell says, on one line."""
    text = " ".join(unescape(_TAGS.sub("", _ENDS.sub(" / ", cell))).split()).strip(" /")
    return "" if text == NOTHING else text


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
        raise Invalid([Problem(field="chosen", reason=NONE_TICKED)])
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
