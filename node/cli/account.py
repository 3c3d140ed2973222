"""`allmende account`: make accounts, suspend them and lift suspensions."""

from __future__ import annotations

import asyncio

import click

from federation.build.urls import Urls
from node.actions import accounts, offices
from node.actions import keys as keys_deed
from node.actions.accounts import NewAccount
from node.actions.setup import prepare
from node.cli.database import with_database
from node.cli.leave import delete
from node.cli.move import alias, move, move_back
from node.cli.password import password as password_command
from node.cli.prompt import read_password
from node.cli.suspend import suspend, unsuspend
from node.cli.with_node import with_node
from node.errors import Conflict, NotFound
from node.node import Node
from node.settings import Settings
from node.store.hub import hub
from node.store.members import mandates
from node.store.people import actors
from node.store.pool import Database


@click.group()
def account() -> None:
    """Make accounts, move them, suspend them and lift suspensions."""


@account.command()
@click.argument("name")
@click.option("--email", required=True, help="The mail address with which one can sign in, too.")
@click.option("--role", default="member", show_default=True, help="member, editor, moderator or steward.")
@click.option("--display-name", default="", help="The name as others read it.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(name: str, email: str, role: str, display_name: str, password_stdin: bool) -> None:
    """Make an account NAME. Without --password-stdin the password is asked for."""
    password = read_password(from_stdin=password_stdin)

    async def run(settings: Settings, database: Database) -> None:
        urls = Urls(settings.base_url)
        async with database.pool.acquire() as db:
            await prepare(db, urls)
            this = await hub.get(db)
        if this.set_up_at is None:
            raise Conflict("Set the hub up first: allmende init, or the link that allmende serve prints.")
        new = NewAccount(
            name=name,
            email=email,
            password=password,
            role=role,
            display_name=display_name,
            language=this.language,
            zone=this.zone,
        )
        ready = await accounts.prepare(new)
        async with database.pool.acquire() as db, db.transaction():
            made = await accounts.create(db, urls, new, ready)
            if held := await mandates.holds(db, made.id, role if role != "member" else ""):
                await offices.note(db, "mandate.begun", held, None)

    with_database(run)
    click.echo(f"{name} can sign in now, as {role}.")


@account.command()
@click.argument("name")
def rotate_keys(name: str) -> None:
    """Give NAME (a member, or hub) new keys, and tell the followers."""

    async def run(node: Node) -> None:
        keys = await asyncio.to_thread(actors.make_keys)
        async with node.database.pool.acquire() as db, db.transaction():
            actor = await actors.find_local(db, name)
            if actor is None:
                raise NotFound("{name} is nobody here.", name=name)
            await keys_deed.rotate_keys(node, db, actor, keys)
        node.wake()

    with_node(run)
    click.echo(f"{name} has new keys.")


account.add_command(alias)
account.add_command(move)
account.add_command(delete)
account.add_command(move_back)
account.add_command(suspend)
account.add_command(unsuspend)
account.add_command(password_command)
