"""`allmende backup FILE`: the whole hub in one file, while the node runs or while it does not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from node.cli.database import begin
from node.store.upkeep import backup as backups


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write the whole hub, its database and its media, into FILE. The node may go on running.

    The file holds passwords' hashes and private keys: keep it as safe as the hub itself.
    """
    made = asyncio.run(backups.backup(begin(), file.absolute()))
    rows, media = sum(made.rows.values()), len(made.files) - 1
    size = file.stat().st_size / 1_000_000
    click.echo(f"{file} holds the hub at {made.base_url}: {rows} rows and {media} media files, {size:.1f} MB.")
    if made.media_url is not None:
        click.echo(f"Media files lie in {made.media_url} and are not in it: back that up too.")
