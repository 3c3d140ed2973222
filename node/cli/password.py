"""`allmende account password`: for somebody who forgot theirs, or lost the device of their second step."""

from __future__ import annotations

import click

from node.actions import accounts as deeds
from node.cli.database import with_database
from node.cli.prompt import read_password
from node.errors import Invalid, NotFound
from node.secrets import passwords
from node.settings import Settings
from node.store.access import factors
from node.store.members import accounts
from node.store.people import actors
from node.store.pool import Database


@click.command()
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--without-second-step", is_flag=True, help="Forget the authenticator app, passkeys and recovery codes.")
def password(name: str, password_stdin: bool, without_second_step: bool) -> None:
    """Give the member NAME a new password. Whatever they are signed in with is signed out, apps too."""
    typed = read_password(from_stdin=password_stdin)

    async def run(_: Settings, database: Database) -> None:
        async with database.pool.acquire() as db:
            actor = await actors.find_local(db, name.removeprefix("@"))
            account = await accounts.find_by_actor(db, actor.id) if actor else None
        if actor is None or account is None:
            raise NotFound("{name} is nobody here.", name=name)
        if problems := deeds.password_problems(typed, actor.name, account.email):
            raise Invalid(problems)
        made = await passwords.hashed(typed)
        async with database.pool.acquire() as db, db.transaction():
            await deeds.change_password(db, account, made)
            if without_second_step:
                await factors.remove_all(db, account.id)

    with_database(run)
    click.echo(f"{name} has a new password{', and no second step' if without_second_step else ''}.")
