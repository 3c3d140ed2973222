"""`allmende token`: a bearer token for scripts and programs."""

from __future__ import annotations

import click

from node.cli.database import with_db
from node.errors import Forbidden, NotFound
from node.store.access import tokens
from node.store.db import Db
from node.store.members import accounts
from node.store.people import actors
from schemas.limits import TOKEN_NAME_CHARS

SCOPES = ("read", "write", "follow", "push", "admin")


@click.command()
@click.argument("name")
@click.option("--scopes", default="read", show_default=True, help=f"What it may do, of: {' '.join(SCOPES)}.")
@click.option("--as-hub", is_flag=True, help="It acts as the hub (for editors).")
@click.option("--label", default="", help="What the account's owner sees it called.")
def token(name: str, scopes: str, as_hub: bool, label: str) -> None:
    """Print a bearer token for the account NAME. It is shown this once."""
    wanted = scopes.replace(",", " ").split()
    if unknown := [one for one in wanted if one.partition(":")[0] not in SCOPES]:
        raise click.BadParameter(f"unknown: {' '.join(unknown)}.", param_hint="--scopes")

    async def run(db: Db) -> str:
        actor = await actors.find_local(db, name.removeprefix("@"))
        account = await accounts.find_by_actor(db, actor.id) if actor else None
        if account is None:
            raise NotFound("There is no member of the name {name}.", name=name)
        if as_hub and "publish_as_hub" not in account.permissions:
            raise Forbidden("{name} may not act as the hub.", name=name)
        acting = (await actors.hub(db)).id if as_hub else None
        return await tokens.insert(
            db, account.id, wanted, name=(label or "allmende token")[:TOKEN_NAME_CHARS], acting_actor_id=acting
        )

    click.echo(with_db(run))
