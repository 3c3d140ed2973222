"""Deciding about who applied: a steward says yes or no, once, and a letter tells it."""

from __future__ import annotations

from collections.abc import Mapping

from federation.build.urls import Urls
from node.actions import accounts
from node.actions.accounts import NewAccount, Ready
from node.errors import Conflict, Forbidden, Invalid, NotFound
from node.store.db import Db
from node.store.hub import hub
from node.store.members import accounts as logins
from node.store.members import applications
from node.store.members import sign_ups as kept
from node.store.members.applications import Application
from node.store.moderation import log
from node.store.notices import mails
from node.store.people import actors
from schemas.limits import APPLICATION_NOTES_CHARS, SIGN_UP_LETTER_CHARS
from schemas.problems import Problem
from schemas.reasons import TOO_LONG
from schemas.records import Account, Viewer
from schemas.sign_ups import SignUps

RIGHT = "manage_members"
WELCOME = "/welcome"


async def accept(db: Db, urls: Urls, by: Viewer, application_id: int, keys: actors.Keys, words: str) -> None:
    """Make the account, with these keys for its actor, and write to them. Raises Forbidden, Invalid, and Conflict where
    it is decided already (case 144) or the name is gone."""
    found = await _waiting(db, by, application_id, words)
    await let_in(db, urls, found, keys, by, words)


async def decline(db: Db, urls: Urls, by: Viewer, application_id: int, words: str) -> None:
    """No, with the reason in the letter. Raises as `accept`."""
    found = await _waiting(db, by, application_id, words)
    await applications.decide(db, found.id, "declined", by.account.id)
    await write(db, found, "application_declined", {"words": words, "link": f"{urls.base_url}/contact"})


async def note(db: Db, by: Viewer, application_id: int, notes: str) -> None:
    """Remember something about an application, for the stewards alone."""
    _require(by)
    if len(notes) > APPLICATION_NOTES_CHARS:
        raise Invalid([Problem(field="notes", reason=TOO_LONG, values={"max": APPLICATION_NOTES_CHARS})])
    await applications.note(db, application_id, notes.strip())


async def let_in(
    db: Db, urls: Urls, application: Application, keys: actors.Keys, by: Viewer | None, words: str
) -> Account:
    """The account of who applied, with the password they chose; their app's token counts from now on."""
    new = NewAccount(
        name=application.name,
        display_name=application.display_name,
        email=application.email,
        password="",  # its hash is there already
        language=application.language,
        zone=(await hub.get(db)).zone,
    )
    ready = Ready(password_hash=application.password_hash or "", keys=keys)
    try:
        account = await accounts.create(db, urls, new, ready, given_by=by.account.id if by else None)
    except Invalid as error:
        raise Conflict("The name {name} is taken.", name=application.name) from error
    await applications.hand_over_token(db, application, account.id, account.actor_id)
    await applications.decide(db, application.id, "accepted", by.account.id if by else None, account.id)
    link = f"{urls.base_url}/sign-in?return_to={WELCOME}"
    await write(db, application, "application_accepted", {"words": words, "link": link})
    return await logins.find(db, account.id) or account


async def write(db: Db, application: Application, kind: str, facts: Mapping[str, str]) -> None:
    """A letter to who applied."""
    named = {**facts, "name": application.display_name}
    await mails.put(db, mails.MailDraft(kind=kind, to=application.email, language=application.language, facts=named))


async def set_up(db: Db, by: Viewer, wanted: SignUps) -> None:
    """How people come in from now on; the log says so where that changes. Raises Forbidden."""
    _require(by)
    before = (await hub.get(db)).sign_ups
    await kept.put(db, wanted)
    if before.mode != wanted.mode:
        await log.append(db, "hub.sign_ups", {"mode": wanted.mode, "by": by.actor.uri}, public=wanted.mode)


def wrong_words(words: str, field: str) -> list[Problem]:
    """What is wrong with what a letter is to say of the hub's own."""
    if len(words) <= SIGN_UP_LETTER_CHARS:
        return []
    return [Problem(field=field, reason=TOO_LONG, values={"max": SIGN_UP_LETTER_CHARS})]


async def _waiting(db: Db, by: Viewer, application_id: int, words: str) -> Application:
    _require(by)
    if wrong := wrong_words(words, "words"):
        raise Invalid(wrong)
    found = await applications.find(db, application_id, lock=True)
    if found is None:
        raise NotFound
    if found.state != "waiting":
        raise Conflict("This application is decided already.")
    return found


def _require(by: Viewer) -> None:
    if not by.may(RIGHT):
        raise Forbidden
