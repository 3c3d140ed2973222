"""`allmende publish FILE.json`: an event, finding, call or post from a file, by the same deed as every other door."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from node.actions.acquaint import acquaint
from node.actions.publish import publish as publish_draft
from node.cli.files import upload_files
from node.cli.with_node import with_node
from node.errors import Forbidden, Invalid, NotFound
from node.node import Node
from node.store.db import Db
from node.store.members import accounts
from node.store.people import actors, naming
from node.wording.language import choose, gettext
from schemas.check import DraftError, read
from schemas.drafts import Draft
from schemas.limits import DRAFT_BYTES
from schemas.problems import Problem
from schemas.records import Viewer


class WrongFile(click.ClickException):
    """Something is wrong with what is in the file."""

    exit_code = 2


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--as", "name", metavar="NAME", help="The member in whose name; without it, the hub.")
def publish(file: BinaryIO, name: str | None) -> None:
    """Publish the event, finding, call or post in FILE (JSON, - for standard input) and print its address. Pictures and
    other files that it names are looked for beside it."""
    try:
        draft = read(file.read(DRAFT_BYTES + 1), datetime.now(UTC))
    except DraftError as error:
        raise _wrong(error.problems) from error
    try:
        click.echo(with_node(lambda node: _publish(node, draft, name, Path(file.name).parent)))
    except Invalid as error:
        raise _wrong(error.problems) from error


async def _publish(node: Node, draft: Draft, name: str | None, folder: Path) -> str:
    await acquaint(node, draft)
    async with node.database.pool.acquire() as db:
        who = await (_member(db, name) if name else _hub(db))
    draft = await upload_files(node, who.acting, draft, folder)
    async with node.database.pool.acquire() as db, db.transaction():
        post = await publish_draft(node, db, who, draft)
    node.wake()
    return post.url


async def _member(db: Db, name: str) -> Viewer:
    actor = await actors.find_local(db, name.removeprefix("@"))
    account = await accounts.find_by_actor(db, actor.id) if actor else None
    if actor is None or account is None:
        raise NotFound("There is no member of the name {name}.", name=name)
    return Viewer(account=account, actor=actor, acting=actor)


async def _hub(db: Db) -> Viewer:
    """The hub speaks through whoever may publish as it; whoever runs the command could take any account's place."""
    account_id = await naming.find_editor(db)
    account = await accounts.find(db, account_id) if account_id else None
    if account is None:
        raise Forbidden("Nobody may publish as the hub yet: set it up first, or say --as NAME.")
    return Viewer(account=account, actor=await actors.get(db, account.actor_id), acting=await actors.hub(db))


def _wrong(problems: tuple[Problem, ...]) -> WrongFile:
    """One line for each problem: the field, then the reason in the language of the terminal."""
    language = choose([os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")])
    lines = [f"{one.field or 'FILE'}: {gettext(language, one.reason, **one.values)}" for one in problems]
    return WrongFile("\n".join(lines))
