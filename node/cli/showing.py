"""How commands show lists: without lines around, and strangers' texts can neither move the cursor nor be markup."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from node.observability.logs import escape

PIPED_COLUMNS = 200  # where no terminal says how wide it is


def console() -> Console:
    """Standard output, with colours if it is a terminal."""
    return Console(width=None if sys.stdout.isatty() else PIPED_COLUMNS)


def show_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows of plain texts under their headings."""
    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(escape(cell)) for cell in row))
    console().print(table)
