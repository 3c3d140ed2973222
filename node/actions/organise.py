"""Organisations that publish here: an actor without a password, in whose name its editors speak."""

from __future__ import annotations

from typing import Literal

import msgspec

from federation.build.markup import paragraph, plain
from federation.build.urls import Urls
from node.actions.accounts import BAD_NAME, KEPT, NAME, NAME_TAKEN
from node.actions.register import NO_ACCOUNT, require
from node.errors import Conflict, Invalid, NotFound
from node.store.db import Db
from node.store.members import accounts, applications, members
from node.store.moderation import log
from node.store.people import actors, editors
from schemas.limits import ACCOUNT_NAME_CHARS, EDITORS_MOST, NAME_CHARS, ORGANISATIONS_MOST, SENTENCES_CHARS
from schemas.problems import Problem
from schemas.reasons import EMPTY, NOT_A_CHOICE, TOO_LONG, TOO_MANY
from schemas.records import Actor, Viewer

KINDS = ("Organization", "Group")


class NewOrganisation(msgspec.Struct, frozen=True, kw_only=True):
    """What a steward says about it. `name`: in its handle."""

    name: str
    display_name: str
    summary: str = ""
    kind: str = "Organization"


async def create(db: Db, urls: Urls, by: Viewer, new: NewOrganisation, keys: actors.Keys) -> Actor:
    """Make its actor, which anybody can follow, in the caller's transaction. Raises Forbidden, Invalid."""
    require(by)
    problems = _problems(new)
    taken = await accounts.is_reserved(db, new.name) or await applications.holds_name(db, new.name, "")
    if taken and not problems:
        problems.append(Problem(field="name", reason=NAME_TAKEN))
    if len(await editors.list_organisations(db, ORGANISATIONS_MOST)) >= ORGANISATIONS_MOST:
        problems.append(Problem(field="name", reason=TOO_MANY, values={"max": ORGANISATIONS_MOST}))
    if problems:
        raise Invalid(problems)
    kind: Literal["Group", "Organization"] = "Group" if new.kind == "Group" else "Organization"
    actor = await actors.insert_local(
        db,
        urls,
        actors.NewActor(
            role="group",
            kind=kind,
            name=new.name,
            display_name=new.display_name,
            summary=paragraph(plain(new.summary)) if new.summary else "",
        ),
        keys,
    )
    await log.append(db, "organisation.made", {"actor": actor.uri, "by": by.actor.uri}, public=actor.display_name)
    return actor


async def name_editor(db: Db, by: Viewer, actor_id: int, name: str) -> None:
    """A member may publish as it from now on; the log names no member in public. Raises Forbidden, NotFound, Invalid,
    and Conflict where they may already."""
    require(by)
    actor = await organisation(db, actor_id)
    account_id = await members.find_account(db, name.strip().removeprefix("@"))
    if account_id is None:
        raise Invalid([Problem(field="name", reason=NO_ACCOUNT)])
    if len(await editors.list_of(db, actor.id)) >= EDITORS_MOST:
        raise Invalid([Problem(field="name", reason=TOO_MANY, values={"max": EDITORS_MOST})])
    if not await editors.name(db, actor.id, account_id, by.account.id):
        raise Conflict("They may publish as it already.")
    content = {"actor": actor.uri, "account": account_id, "by": by.actor.uri}
    await log.append(db, "editor.named", content, public=actor.display_name)


async def drop_editor(db: Db, by: Viewer, actor_id: int, account_id: int) -> None:
    """They may not any more: their apps that act as it get no further answer. Raises Forbidden, NotFound."""
    require(by)
    actor = await organisation(db, actor_id)
    if not await editors.drop(db, actor.id, account_id):
        raise NotFound
    content = {"actor": actor.uri, "account": account_id, "by": by.actor.uri}
    await log.append(db, "editor.dropped", content, public=actor.display_name)


async def organisation(db: Db, actor_id: int) -> Actor:
    """The organisation with this id; NotFound for any other actor."""
    actor = await actors.get(db, actor_id)
    if not actor.local or actor.role_here != "group" or actor.deleted_at is not None:
        raise NotFound
    return actor


def _problems(new: NewOrganisation) -> list[Problem]:
    found = []
    if not NAME.fullmatch(new.name):
        found.append(Problem(field="name", reason=BAD_NAME, values={"max": ACCOUNT_NAME_CHARS}))
    elif new.name in KEPT:
        found.append(Problem(field="name", reason=NAME_TAKEN))
    if not new.display_name:
        found.append(Problem(field="display_name", reason=EMPTY))
    for field, most in (("display_name", NAME_CHARS), ("summary", SENTENCES_CHARS)):
        if len(getattr(new, field)) > most:
            found.append(Problem(field=field, reason=TOO_LONG, values={"max": most}))
    if new.kind not in KINDS:
        found.append(Problem(field="kind", reason=NOT_A_CHOICE, values={"choices": ", ".join(KINDS)}))
    return found
