"""`allmende serve`: the node itself, in one process or several on one port."""

from __future__ import annotations

import asyncio
import sys
from typing import Literal

import click
import uvloop

from node import logs
from node.processes import run_one, run_several
from node.settings import SettingsError, load
from node.store.errors import StoreError

Part = Literal["web", "worker"]


@click.command()
@click.option("--only", type=click.Choice(["web", "worker"]), help="Answer requests only, or do the work only.")
@click.option("--one-of-several", is_flag=True, hidden=True, help="Started by a `serve` with several workers.")
def serve(only: Part | None, one_of_several: bool) -> None:
    """Run the node until Ctrl-C or SIGTERM."""
    try:
        settings = load()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    logs.configure()
    several = settings.workers > 1 and not one_of_several
    loop_factory = uvloop.new_event_loop
    try:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            if several:
                runner.run(run_several(settings, only))
            else:
                runner.run(run_one(settings, only, child=one_of_several))
    except StoreError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"The node cannot start on {settings.listen}: {error.strerror or error}.") from error
    sys.exit(0)
