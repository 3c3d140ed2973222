"""`allmende announce TEXT`: tell all members something, until it is over or taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from federation.build.urls import Urls
from node.actions.announce import announce as tell
from node.actions.announce import withdraw_announcement
from node.cli.database import with_database
from node.errors import Invalid
from node.settings import Settings
from node.store.hub import hub
from node.store.pool import Database
from node.wording.language import gettext


@click.command()
@click.argument("text", required=False)
@click.option("--language", help="The language of TEXT; without it, the hub's.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="When it is over (UTC).")
@click.option("--withdraw", type=int, metavar="NUMBER", help="Take back the announcement of this number.")
def announce(text: str | None, language: str | None, until: datetime | None, withdraw: int | None) -> None:
    """Tell all members TEXT (Markdown) in their apps, and print the number by which it can be taken back."""
    if (text is None) == (withdraw is None):
        raise click.UsageError("Say TEXT, or --withdraw NUMBER.")

    async def run(settings: Settings, database: Database) -> int:
        async with database.pool.acquire() as db, db.transaction():
            if withdraw is not None:
                await withdraw_announcement(db, withdraw)
                return withdraw
            spoken = language or (await hub.prepare(db, settings.base_url)).language
            ends_at = until.replace(tzinfo=UTC) if until else None
            return await tell(db, Urls(settings.base_url), {spoken: text or ""}, ends_at=ends_at)

    try:
        click.echo(with_database(run))
    except Invalid as error:
        lines = [f"{one.field}: {gettext('en', one.reason, **one.values)}" for one in error.problems]
        raise click.ClickException("\n".join(lines)) from error
