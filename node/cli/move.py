"""`allmende account alias`, `move` and `move-back`: for a member, or for the hub itself (`hub`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import click

from node.actions import move as deeds
from node.actions.look_up import look_up
from node.cli.with_node import with_node
from node.errors import NotFound
from node.node import Node
from node.remote import learn_actor
from node.store.db import Db
from node.store.members import accounts
from node.store.people import actors
from schemas.records import Actor, Viewer

Deed = Callable[[Node, Db, Viewer, Actor], Awaitable[Actor]]


@click.command()
@click.argument("name")
@click.argument("former")
@click.option("--remove", is_flag=True, help="Take it back.")
def alias(name: str, former: str, remove: bool) -> None:
    """Say that NAME is the same as FORMER (@name@host, or an address), so that FORMER may move here."""

    async def run(node: Node) -> None:
        other = await _somebody(node, former)

        async def deed(node: Node, db: Db, viewer: Viewer, actor: Actor) -> Actor:
            if remove:
                return await deeds.remove_alias(node, db, viewer, actor, other.uri)
            return await deeds.add_alias(node, db, viewer, actor, other)

        await _do(node, name, deed)

    with_node(run)
    click.echo(f"{former} is no longer named by {name}." if remove else f"{former} may move to {name} now.")


@click.command()
@click.argument("name")
@click.argument("target")
def move(name: str, target: str) -> None:
    """Send the followers of NAME to TARGET (@name@host, or an address), which must name NAME as a former account."""

    async def run(node: Node) -> None:
        other = await _somebody(node, target)
        fresh = await learn_actor(node, other.uri, refresh=True) or other
        await _do(node, name, lambda node, db, viewer, actor: deeds.move_out(node, db, viewer, actor, fresh))

    with_node(run)
    click.echo(f"{name} has moved to {target}. The running node tells the followers.")


@click.command()
@click.argument("name")
def move_back(name: str) -> None:
    """Let NAME publish here again. Followers who have gone do not come back by themselves."""
    with_node(lambda node: _do(node, name, deeds.move_back))
    click.echo(f"{name} is back.")


async def _somebody(node: Node, named: str) -> Actor:
    found = await look_up(node, named)
    if found is None:
        raise NotFound("{name} is nobody whom this hub could find.", name=named)
    return found


async def _do(node: Node, name: str, deed: Deed) -> None:
    async with node.database.pool.acquire() as db, db.transaction():
        actor = await actors.find_local(db, name.removeprefix("@"))
        if actor is None:
            raise NotFound("{name} is nobody here.", name=name)
        await deed(node, db, await _operator(db, actor), actor)
    node.wake()


async def _operator(db: Db, actor: Actor) -> Viewer:
    """In whose name it is done: the member's own, or for the hub that of its first steward."""
    account = await accounts.find_by_actor(db, actor.id) or await accounts.first_steward(db)
    return Viewer(account=account, actor=actor, acting=actor, scopes=("*",))
