"""The command `allmende`. Each command is a file here, `node/cli/<name>.py`, with a click command `<name>` in it, and a
line below; it is imported when it is used, and works beside a running node and without one."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from node.cli.failures import spoken

COMMANDS: Mapping[str, str] = {
    "serve": "Run the node until Ctrl-C or SIGTERM.",
    "init": "Set the hub up: its name, language, areas and first steward.",
    "account": "Make accounts, suspend them and lift suspensions.",
    "token": "Print a bearer token for the API.",
    "publish": "Publish an event, a finding, a call or a post from a file.",
    "announce": "Tell all members something.",
    "domain": "Limit or block other servers.",
    "log": "Show and verify the log of moderation.",
    "doctor": "Say what is wrong, and what to do about it.",
    "migrate": "Bring the database up to date.",
    "backup": "Write the whole hub into one file.",
    "restore": "Put the hub of a back-up in place of an empty one.",
    "demo": "Run three hubs on this machine that federate.",
}


class Commands(click.Group):
    """Finds a command in the file of its name; what a command may say went wrong becomes one plain sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"{__name__}.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        with spoken():
            return super().invoke(ctx)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="allmende", prog_name="allmende")
def main() -> None:
    """A federated node for cooperatives and local hubs."""
