"""`allmende demo`: three hubs on this machine that find each other, follow each other and work together."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from node.cli.showing import console
from node.demo.answers import answer
from node.demo.hub import DemoHub
from node.demo.notebook import Notebook
from node.demo.setting_up import email, make_hubs
from node.demo.steps import Steps
from node.demo.story import Story
from node.demo.waiting import DemoFailed, together
from node.settings import load

FOLDER = "demo"


@click.command()
@click.option("--once", is_flag=True, help="Stop when the story is told, instead of leaving the hubs running.")
def demo(once: bool) -> None:
    """Run three invented co-ops, in German, English and French, each with a hub of its own on this machine.

    They live in the folder demo of the data folder; a second run finds them again. Ctrl-C stops them.
    """
    folder = load().data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(_demo(folder, once=once))
    except DemoFailed as error:
        raise click.ClickException(str(error)) from error


async def _demo(folder: Path, *, once: bool) -> None:
    """Tell the story with Ctrl-C in mind: whatever happens, the hubs are stopped in order."""
    out, stop = console(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))
        notebook = Notebook(folder)
        hubs = make_hubs(folder, notebook, session)
        stack.push_async_callback(_stop, hubs, out)
        telling = asyncio.create_task(_tell(Story(hubs, notebook, Steps(out))))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({telling, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not telling.done():
            telling.cancel()
            await asyncio.wait({telling})
            raise DemoFailed("Stopped before the end of the story; the next run goes on from here.")
        telling.result()
        _show(out, hubs, notebook)
        if not once:
            out.print("\nThe hubs run until you press Ctrl-C.")
            await stop.wait()
        stopped.cancel()


async def _tell(story: Story) -> None:
    with story.steps.shown():
        await story.begin()
        await story.meet()
        await story.exchange()
        await answer(story)


async def _stop(hubs: list[DemoHub], out: Console) -> None:
    with out.status("Stopping the hubs …"):
        await together(*(hub.stop() for hub in hubs))
    out.print("The hubs have stopped.")


def _show(out: Console, hubs: list[DemoHub], notebook: Notebook) -> None:
    """Where to look, and with what to sign in."""
    table = Table("Hub", "Address", "Sign in as", "Password", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for hub in hubs:
        for person in hub.coop.people:
            first = person is hub.coop.steward
            table.add_row(
                hub.label if first else Text(),
                Text(hub.base_url if first else ""),
                Text(email(hub.coop, person)),
                Text(notebook.password(hub.coop.slug, person.name)),
            )
    out.print()
    out.print(table)
