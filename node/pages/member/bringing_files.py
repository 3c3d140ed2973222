"""Reads the files that Mastodon exports: follows, blocks, mutes, hidden servers, bookmarks. Everything in them is
somebody else's word: bounded, and each row by itself (case 139)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

from federation.addresses import BadAddress, canonical_domain, host_of
from federation.lookup import read_handle
from node.store.members.imports import Kind, Outcome, Row
from schemas.languages import canonical
from schemas.limits import CSV_CELL_CHARS, IMPORT_HOSTS, IMPORT_ROWS

HEADS = ("account address", "#account address", "account", "domain", "#domain")
"""What the first cell of a first line says that names columns."""


def read_rows(content: bytes, kind: Kind) -> tuple[list[Row], int]:
    """The rows of a file, each target once, and how many were too many. A row that makes no sense is there and says so;
    so is one that would ask one server more than IMPORT_HOSTS."""
    found: dict[str, Row] = {}
    hosts, cut = set[str](), 0
    for cells, names in _lines(content):
        target, host = _target(cells[0], kind)
        if target in found:
            continue
        if len(found) >= IMPORT_ROWS:
            cut += 1
            continue
        outcome: Outcome | None = None if host else "unreadable"
        if host and kind != "domain_blocks" and host not in hosts:
            if len(hosts) >= IMPORT_HOSTS:
                outcome = "refused"
            else:
                hosts.add(host)
        options = _options(dict(zip(names, cells, strict=False)), kind)
        found[target] = Row(position=len(found), target=target, host=host, options=options, outcome=outcome)
    return list(found.values()), cut


def _lines(content: bytes) -> Iterator[tuple[list[str], list[str]]]:
    """The lines that say something, each with the names of the columns, if a first line gives them."""
    text = content.decode("utf-8-sig", errors="replace").replace("\0", "")
    names: list[str] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=False)
    while True:
        try:
            line = next(islice(reader, 1), None)
        except csv.Error:  # a cell that never ends
            return
        if line is None:
            return
        cells = [cell.strip()[:CSV_CELL_CHARS] for cell in line]
        if not any(cells):
            continue
        if not names and cells[0].lower() in HEADS:
            names = [cell.lower() for cell in cells]
            continue
        yield cells, names


def _target(cell: str, kind: Kind) -> tuple[str, str]:
    """Whom a row means, in one way of writing it, and the host; no host where it means nobody."""
    written = cell.removeprefix("'").removeprefix("@") if kind != "bookmarks" else cell
    try:
        if kind == "domain_blocks":
            domain = canonical_domain(written)
            return domain, domain
        if kind == "bookmarks":
            return cell, host_of(cell)
    except BadAddress:
        return cell, ""
    handle = read_handle(written)
    return (f"{handle.name}@{handle.domain}", handle.domain) if handle else (cell, "")


def _options(cells: dict[str, str], kind: Kind) -> dict[str, Any]:
    if kind == "follows":
        spoken = [code for part in cells.get("languages", "").split(",") if (code := canonical(part.strip()))]
        chosen = {"boosts": _switch(cells.get("show boosts")), "notify": _switch(cells.get("notify on new posts"))}
        return {name: value for name, value in chosen.items() if value is not None} | (
            {"languages": spoken} if spoken else {}
        )
    if kind == "mutes" and (hidden := _switch(cells.get("hide notifications"))) is not None:
        return {"notifications": hidden}
    return {}


def _switch(cell: str | None) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get((cell or "").lower())
