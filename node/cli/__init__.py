"""The command `allmende`. Each command is a file here and a line below; it works beside a running node and without."""

from __future__ import annotations

import click

from node.cli.serve import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="allmende", prog_name="allmende")
def main() -> None:
    """A federated node for cooperatives and local hubs."""


main.add_command(serve)
