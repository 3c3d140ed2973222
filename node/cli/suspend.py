"""`allmende account suspend` and `unsuspend`: for a member here, or somebody elsewhere."""

from __future__ import annotations

import click

from federation.lookup import read_handle
from node.cli.database import with_db
from node.cli.measures import Terms, end_all, say, take, with_terms
from node.errors import NotFound
from node.store.db import Db
from node.store.people import actors
from schemas.records import Measure


@click.command()
@click.argument("name")
@with_terms
def suspend(name: str, terms: Terms) -> None:
    """Suspend NAME: a member, name@host of another server, or an address.

    What they said is hidden, nobody can sign in as them, and nothing more is taken from them.
    """

    async def run(db: Db) -> Measure:
        return await take(db, "suspend", "actor", await _find(db, name), terms)

    say(with_db(run), name)


@click.command()
@click.argument("name")
def unsuspend(name: str) -> None:
    """Lift the suspension of NAME. A member has to sign in again."""

    async def run(db: Db) -> list[Measure]:
        return await end_all(db, "actor", await _find(db, name))

    if not with_db(run):
        raise click.ClickException(f"{name} is not suspended.")
    click.echo(f"{name} is no longer suspended.")


async def _find(db: Db, name: str) -> str:
    """The id of the actor that an operator names; NotFound in words that name it."""
    handle = read_handle(name)
    if "://" in name:
        found = await actors.find(db, name)
    elif handle is not None:
        found = await actors.find_by_handle(db, handle.name, handle.domain)
    else:
        found = await actors.find_local(db, name.removeprefix("@"))
    if found is None:
        raise NotFound("{name} is nobody here, and nobody elsewhere whom this hub knows.", name=name)
    return found.uri
