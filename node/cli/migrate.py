"""`allmende migrate`: bring the database up to date, as every start and every command does by itself, and say so."""

from __future__ import annotations

import asyncio

import click

from node.cli.database import begin
from node.settings import Settings
from node.store import migrate as migrations
from node.store.pool import open_database


@click.command()
def migrate() -> None:
    """Bring the database up to date, and say what was done."""
    done = asyncio.run(_migrate(begin()))
    for name in done:
        click.echo(f"Applied {name}.")
    if not done:
        click.echo("The database is up to date.")


async def _migrate(settings: Settings) -> list[str]:
    async with open_database(settings) as database, database.direct() as db:
        return await migrations.migrate(db)
