"""Tables of the panel that are read whole: of a few hundred rows at most, several of them on one page. They sort,
filter, turn pages, act on what is ticked and go out as CSV like the large ones, and each keeps its view in the address
under a name of its own (`hosts.sort`, `jobs.page`).

    hosts = sheet(request, "hosts", COLUMNS, rows, lambda row: (row.host, row.waiting), key=…, deeds=…)
    return await shown(request, "panel/queue.html", around, {"hosts": hosts})

and in the template `{% call(row, name) table(hosts, _("Servers")) %}…{% endcall %}`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cmp_to_key
from typing import Any

from aiohttp import web

from node.panel.tables import Board, Column, Deed, Heading
from node.theming.frame import with_query
from schemas.limits import LINE_CHARS, LIST_ITEMS, TABLE_PAGES

Cells = Sequence[object]


def sheet(
    request: web.Request,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Any],
    cells: Callable[[Any], Cells],
    *,
    key: Callable[[Any], str] = str,
    deeds: Sequence[Deed] = (),
    action: str = "",
) -> Board:
    """The page of a table that the address asks for. `cells` gives the values of a row, one for each column, words as
    the reader sees them: by them it is sorted and searched. Forms of `deeds` go to `action`."""
    words = request.query.get(f"{name}.q", "").strip()[:LINE_CHARS]
    sort = request.query.get(f"{name}.sort", "")
    found = _searched(rows, cells, words)
    ordered = _sorted(found, columns, cells, sort)
    page = min(_number(request.query.get(f"{name}.page", "")), max(1, -(-len(ordered) // LIST_ITEMS)))
    shown = ordered[(page - 1) * LIST_ITEMS : page * LIST_ITEMS]
    turn, tick = f"{name}.page", f"{name}.tick"
    return Board(
        name=name,
        words=words,
        others=[(one, value) for one, value in request.query.items() if not one.startswith(f"{name}.")],
        headings=[_heading(request, name, one, sort) for one in columns],
        orders=[(mark + one.name, one.label) for one in columns if one.sorts for mark in ("", "-")],
        sort=sort,
        rows=shown,
        all_rows=ordered,
        columns=columns,
        empty=not rows,
        key=key,
        deeds=deeds,
        action=action or request.path,
        ends={
            "newer": with_query(request, **{turn: page - 1 if page > 2 else None}) if page > 1 else None,
            "older": with_query(request, **{turn: page + 1}) if page * LIST_ITEMS < len(ordered) else None,
        },
        csv=with_query(request, **{"csv": name, turn: None, tick: None}),
        here=with_query(request, **{"csv": None, tick: None}),
        ticked=request.query.get(tick) == "all",
        tick=with_query(request, **{"csv": None, tick: "all"}),
        narrowed=bool(words or sort),
    )


def _searched(rows: Sequence[Any], cells: Callable[[Any], Cells], words: str) -> list[Any]:
    wanted = words.casefold().split()
    if not wanted:
        return list(rows)
    texts = (" ".join(str(one) for one in cells(row) if one is not None).casefold() for row in rows)
    return [row for row, text in zip(rows, texts, strict=True) if all(word in text for word in wanted)]


def _sorted(rows: list[Any], columns: Sequence[Column], cells: Callable[[Any], Cells], sort: str) -> list[Any]:
    """In the order of a column, what has no value there last; else as they come."""
    names = [one.name for one in columns if one.sorts]
    if sort.removeprefix("-") not in names:
        return rows
    at = [one.name for one in columns].index(sort.removeprefix("-"))
    there = [row for row in rows if cells(row)[at] not in (None, "")]
    missing = [row for row in rows if cells(row)[at] in (None, "")]
    there.sort(key=cmp_to_key(lambda a, b: _compared(cells(a)[at], cells(b)[at])), reverse=sort.startswith("-"))
    return there + missing


def _compared(one: object, other: object) -> int:
    a, b = _comparable(one, other)
    return 0 if a == b else 1 if a > b else -1


def _comparable(one: object, other: object) -> tuple[Any, Any]:
    for kind in (int | float, datetime):
        if isinstance(one, kind) and isinstance(other, kind):
            return one, other
    return str(one).casefold(), str(other).casefold()


def _number(text: str) -> int:
    return min(int(text), TABLE_PAGES) if text.isascii() and text.isdecimal() and 0 < len(text) < 9 and int(text) else 1


def _heading(request: web.Request, name: str, column: Column, sort: str) -> Heading:
    now, descending = sort.removeprefix("-") == column.name, sort.startswith("-")
    onward = f"-{column.name}" if now and not descending else column.name
    return Heading(
        name=column.name,
        label=column.label,
        href=with_query(request, **{f"{name}.sort": onward, f"{name}.page": None}) if column.sorts else None,
        sorted=("descending" if descending else "ascending") if now else None,
    )
