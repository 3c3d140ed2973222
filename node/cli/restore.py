"""`allmende restore FILE`: a back-up in place of an empty hub."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from node.cli.database import begin, migrated
from node.settings import Settings
from node.store.upkeep import backup as backups


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Also in place of a hub that is used; what was there is kept aside.")
def restore(file: Path, replace: bool) -> None:
    """Put the hub of the back-up FILE in place of an empty one. The node must be stopped."""
    done = asyncio.run(_restore(begin(), file.absolute(), replace=replace))
    rows, media = sum(done.manifest.rows.values()), len(done.manifest.files) - 1
    click.echo(f"The hub at {done.manifest.base_url} is back as of {done.manifest.made_at:%Y-%m-%d %H:%M} UTC:")
    if done.manifest.media_url is not None:
        click.echo(f"Media are none in it; those in {done.manifest.media_url} were left as they are.")
    click.echo(f"{rows} rows and {media} media files. Start it with `allmende serve`.")
    if done.kept_schema:
        click.echo(f"The tables that were here are kept in the schema {done.kept_schema}; drop it when all is well.")
    if done.kept_media:
        click.echo(f"The media that were here are kept in {done.kept_media}.")


async def _restore(settings: Settings, file: Path, *, replace: bool) -> backups.Restored:
    """Restore, and bring up to date what an older version wrote."""
    done = await backups.restore(settings, file, replace=replace)
    async with migrated(settings):
        return done
