"""`allmende account delete`: for a member who asks for it and cannot sign in, or leaves no word."""

from __future__ import annotations

import click

from node.actions import leave
from node.cli.with_node import with_node
from node.errors import NotFound
from node.node import Node
from node.store.members import accounts
from node.store.people import actors


@click.command()
@click.argument("name")
@click.option("--now", is_flag=True, help="At once, without days in which it can be taken back.")
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
def delete(name: str, now: bool, yes: bool) -> None:
    """Delete the account NAME with what it published; what it published as the hub stays. The name is never free again.

    Without --now the member has some days to take it back.
    """
    if not yes:
        click.confirm(f"Delete {name}?", abort=True)

    async def run(node: Node) -> str:
        async with node.database.pool.acquire() as db, db.transaction():
            actor = await actors.find_local(db, name.removeprefix("@"))
            account = await accounts.find_by_actor(db, actor.id) if actor and not actor.deleted_at else None
            if account is None:
                raise NotFound("{name} is nobody here.", name=name)
            day = await leave.ask(node, db, account, **({"days": 0} if now else {}))
        if now:
            await leave.delete_account(node, account.id)
        return f"{day:%Y-%m-%d %H:%M} UTC"

    day = with_node(run)
    click.echo(f"{name} is deleted." if now else f"{name} will be deleted on {day}.")
