"""How the demo shows what happens: a line with a spinner while something is under way, with a tick once it is seen to
have happened. Where there is no terminal, only the lines with their ticks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text


class Steps:
    """Use inside `with steps.shown():`."""

    def __init__(self, console: Console) -> None:
        self._console = console
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        self._progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show what is under way for as long as the block lasts."""
        with self._progress:
            yield

    def chapter(self, title: str) -> None:
        """Begin a new part."""
        self._console.print(Text(f"\n{title}", style="bold"))

    @contextmanager
    def doing(self, *words: str | Text) -> Iterator[None]:
        """One step, done when the block ends."""
        text = Text.assemble(*words)
        task = self._progress.add_task(text.markup, total=None)
        began = time.monotonic()
        try:
            yield
        except Exception:
            self._console.print(Text.assemble("  ", ("✗", "bold red"), " ", text))
            raise
        else:
            taken = (f"  {time.monotonic() - began:.1f} s", "dim")
            self._console.print(Text.assemble("  ", ("✓", "green"), " ", text, taken))
        finally:
            self._progress.remove_task(task)

    def say(self, *words: str | Text) -> None:
        """A line that is no step."""
        self._console.print(Text.assemble(*words))
