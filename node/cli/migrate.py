"""`allmende migrate`: bring the database up to date, as every start and every command does by itself, and say so."""

from __future__ import annotations

import asyncio

import click

from node.cli.database import begin
from node.settings import Settings
from node.store.pool import open_database
from node.store.upkeep.before_upgrade import bring_up_to_date


@click.command()
@click.option("--without-back-up", is_flag=True, help="Do not write the database into a file first.")
def migrate(without_back_up: bool) -> None:
    """Bring the database up to date, and say what was done.

    Before that, the database of a hub in use goes into a file below `backups/upgrades` in the data folder.
    """
    done = asyncio.run(_migrate(begin(), with_back_up=not without_back_up))
    for name in done:
        click.echo(f"Applied {name}.")
    if not done:
        click.echo("The database is up to date.")


async def _migrate(settings: Settings, *, with_back_up: bool) -> list[str]:
    async with open_database(settings) as database, database.direct() as db:
        return await bring_up_to_date(db, database, settings, with_back_up=with_back_up)
