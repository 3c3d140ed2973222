"""What may go wrong in a command, as the sentence its user reads; the exit status is then 1."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from node.errors import Invalid, NodeError
from node.settings import SettingsError
from node.store.errors import StoreError


@contextmanager
def spoken() -> Iterator[None]:
    """Turn errors that have words for people into click's, which prints them on stderr and exits with 1."""
    try:
        yield
    except (SettingsError, StoreError) as error:
        raise click.ClickException(str(error)) from error
    except NodeError as error:
        raise click.ClickException(sentence(error)) from error


def sentence(error: NodeError) -> str:
    """The error in English, with every field that is wrong on a line of its own."""
    said = error.message.format_map(error.values)
    if not isinstance(error, Invalid):
        return said
    return "\n".join([said, *(f"  {one.field}: {one.reason.format_map(one.values)}" for one in error.problems)])
