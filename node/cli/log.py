"""`allmende log`: what moderation did, as a chain in which nothing can be changed unseen."""

from __future__ import annotations

import click

from node import chain
from node.cli.database import with_db
from node.cli.showing import show_table
from node.store.db import Db
from node.store.moderation import log as entries
from schemas.log_entry import LogEntry


@click.group()
def log() -> None:
    """Show and verify the log of moderation."""


@log.command("list")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="How many, newest first.")
@click.option("--before", type=int, help="Only entries before this number.")
def list_(limit: int, before: int | None) -> None:
    """Show the newest entries, as everybody may read them."""
    found = with_db(lambda db: entries.list_newest(db, before=before, limit=limit))
    if not found:
        click.echo("The log is empty.")
        return
    rows = ((str(entry.id), f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.kind, _words(entry)) for entry in found)
    show_table(("No.", "Time (UTC)", "What", "Public"), rows)


@log.command()
def verify() -> None:
    """Check that no entry was changed, removed or put in between since it was written."""
    count, broken = with_db(_verify)
    if broken is not None:
        raise click.ClickException(
            f"The log was tampered with: entry {broken} does not fit to what stands before it. "
            "Compare it with a back-up (`allmende backup`) from before."
        )
    click.echo(f"All {count} entries of the log fit together.")


async def _verify(db: Db) -> tuple[int, int | None]:
    chained = [entry async for entry in entries.entries(db)]
    return len(chained), chain.first_broken(chained)


def _words(entry: LogEntry) -> str:
    return f"(redacted: {entry.redacted_why})" if entry.redacted_why else entry.public or ""
