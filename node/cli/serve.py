"""`allmende serve`: the node itself, in one process or several on one port."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import click

from node.media.storage import storage_of
from node.observability import logs
from node.settings import Settings, SettingsError, load
from node.starting.supervising import Part, run_several
from node.store.embedded.cluster import Cluster
from node.store.errors import StoreError


@click.command()
@click.option("--only", type=click.Choice(["web", "worker"]), help="Answer requests only, or do the work only.")
@click.option("--siblings", type=click.Path(path_type=Path), hidden=True, help="Where processes of one `serve` meet.")
def serve(only: Part | None, siblings: Path | None) -> None:
    """Run the node until Ctrl-C or SIGTERM."""
    try:
        settings = load()
        storage_of(settings)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    logs.configure()
    try:
        with _database_ahead(settings):
            _run(settings, only, siblings)
    except StoreError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"The node cannot start on {settings.listen}: {error.strerror or error}.") from error
    sys.exit(0)


def _run(settings: Settings, only: Part | None, siblings: Path | None) -> None:
    import uvloop  # noqa: PLC0415 - while the database starts

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if settings.workers > 1 and not siblings:
            runner.run(run_several(settings, only))
        else:
            runner.run(_run_one(settings, only, siblings))


async def _run_one(settings: Settings, only: Part | None, siblings: Path | None) -> None:
    gc.disable()  # nothing of what is imported becomes garbage, so nothing is looked through for it
    from node.starting.processes import run_one  # noqa: PLC0415 - all that there is, while the database starts

    gc.freeze()
    gc.enable()
    await run_one(settings, only, siblings)


@contextmanager
def _database_ahead(settings: Settings) -> Iterator[None]:
    """Start the embedded database beside what follows, and be one of its users until the end. Raises StoreError."""
    if settings.database_url is not None:
        yield
        return
    cluster = Cluster(settings.data)
    with ThreadPoolExecutor(1) as beside:
        starting = beside.submit(cluster.join)
        try:
            yield
        finally:
            starting.result()
            cluster.leave()
