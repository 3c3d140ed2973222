"""`allmende doctor`: what is wrong with this hub, and what to do about it."""

from __future__ import annotations

import asyncio

import click
from rich.console import Console
from rich.text import Text

from node.cli.database import begin
from node.cli.showing import console
from node.doctor import Remark, examine
from node.settings import Settings

SIGNS = {"ok": ("✓", "green"), "note": ("·", "cyan"), "warn": ("!", "yellow"), "wrong": ("✗", "bold red")}


@click.command()
def doctor() -> None:
    """Look at the hub from inside and from outside, and say what is wrong and what to do about it.

    Ends with 1 if something is wrong. Nothing is changed and nothing is sent to anybody else.
    """
    found = asyncio.run(_examine(begin(), console()))
    bad, doubtful = (sum(remark.level == level for remark in found) for level in ("wrong", "warn"))
    if bad:
        raise click.ClickException(f"{_counted(bad, 'thing')} to put right, see ✗ above.")
    click.echo(f"All is well, but see ! above ({_counted(doubtful, 'doubt')})." if doubtful else "All is well.")


async def _examine(settings: Settings, out: Console) -> list[Remark]:
    found: list[Remark] = []
    async for subject, remarks in examine(settings):
        if remarks:
            out.print(Text(subject, style="bold"))
        for remark in remarks:
            out.print(_shown(remark))
        found += remarks
    return found


def _shown(remark: Remark) -> Text:
    sign, style = SIGNS[remark.level]
    text = Text.assemble(" ", (sign, style), " ", remark.says)
    if remark.do:
        text.append(f"\n   → {remark.do}", style="dim" if remark.level == "note" else "")
    return text


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
