"""Asking to become a member: a form, a letter that confirms the address, then in, or into the queue of the stewards.

Nobody learns here who has an account: an address that is known gets a letter that says so, and the page is the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from federation.build.urls import Urls
from federation.sanitise import plain
from node.actions import accounts, admit
from node.actions.accounts import NAME_TAKEN, NewAccount
from node.errors import Conflict, Forbidden, Invalid
from node.store.db import Db
from node.store.hub import hub
from node.store.members import accounts as logins
from node.store.members import applications, invitations
from node.store.members.applications import Answer, Application, NewApplication
from node.store.members.invitations import Invitation
from node.store.notices import mails
from node.store.people import actors
from schemas.limits import APPLICATION_ANSWER_CHARS, NAME_CHARS, PASSWORD_CHARS_LEAST
from schemas.problems import Problem
from schemas.reasons import REQUIRED, TOO_LONG, msgid
from schemas.rules.disposable import is_disposable
from schemas.sign_ups import SignUps

CONFIRM = "/join/confirm"
THROWN_AWAY = msgid("This is an address to throw away. Please name one that you will still read next month.")
NOT_AGREED = msgid("Please agree to the rules.")
CLOSED = msgid("This hub takes in nobody at present.")
INVITED_ONLY = msgid("Here one comes in with an invitation.")
USED_UP = msgid("This invitation has ended, or all its places are taken.")


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody sent. `answers`: by the number of the question; `proved`: their browser did the work of a proof;
    `app_id`, `token`, `scopes`: of the app that they used."""

    name: str
    display_name: str = ""
    email: str
    password: str
    language: str
    answers: Mapping[int, str] = {}
    agreed: bool = False
    proved: bool = False
    code: str | None = None
    app_id: int | None = None
    token: str | None = None
    scopes: Sequence[str] = ()


def problems(wish: Wish, settings: SignUps, least: int = PASSWORD_CHARS_LEAST) -> list[Problem]:
    """What is wrong with it, as far as that can be told without the database."""
    found = accounts.problems(_login(wish), least)
    if is_disposable(wish.email, settings.refused, settings.allowed):
        found.append(Problem(field="email", reason=THROWN_AWAY))
    if len(wish.display_name) > NAME_CHARS:
        found.append(Problem(field="display_name", reason=TOO_LONG, values={"max": NAME_CHARS}))
    for number, question in enumerate(settings.questions):
        answer = wish.answers.get(number, "")
        if question.needed and not answer.strip():
            found.append(Problem(field=f"answers.{number}", reason=REQUIRED))
        if len(answer) > APPLICATION_ANSWER_CHARS:
            most: dict[str, str | int] = {"max": APPLICATION_ANSWER_CHARS}
            found.append(Problem(field=f"answers.{number}", reason=TOO_LONG, values=most))
    if not wish.agreed:
        found.append(Problem(field="agreed", reason=NOT_AGREED))
    return found


async def way_in(db: Db, settings: SignUps, code: str | None) -> Invitation | None:
    """The invitation that a code stands for. Forbidden where nobody comes in this way; Conflict for one that ended."""
    if settings.mode == "closed":
        raise Forbidden(CLOSED)
    if code:
        found = await invitations.find_open(db, code)
        if found is None:
            raise Conflict(USED_UP)
        return found
    if not settings.takes_anybody:
        raise Forbidden(INVITED_ONLY)
    return None


async def apply(db: Db, urls: Urls, wish: Wish, password_hash: str) -> None:
    """Keep the application, in the caller's transaction, and send the letter that confirms its address. Raises Invalid
    (the name is taken), Forbidden and Conflict as `way_in`."""
    settings = (await hub.get(db)).sign_ups
    invitation = await way_in(db, settings, wish.code)
    if await logins.is_reserved(db, wish.name) or await applications.holds_name(db, wish.name, wish.email):
        raise Invalid([Problem(field="name", reason=NAME_TAKEN)])
    if await logins.find_by_email(db, wish.email) or await applications.waits_for(db, wish.email):
        await _write(db, wish, "application_known", {"link": f"{urls.base_url}/sign-in"})
        return
    new = _application(wish, settings, invitation, password_hash)
    key = await applications.insert(db, new)
    if invitation and not await invitations.take(db, invitation.id):
        raise Conflict(USED_UP)
    await _write(db, wish, "application_confirm", {"link": f"{urls.base_url}{CONFIRM}?token={key}"})


def goes_in(settings: SignUps, application: Application) -> bool:
    """Whether nobody has to decide: a member stands for them, or the hub is open and nothing raises doubts."""
    if application.invited_by is not None:
        return settings.mode != "closed" and not settings.look_at_invited
    return settings.mode == "open" and not application.doubts


async def confirm(db: Db, urls: Urls, key: str, keys: actors.Keys | None) -> Application | None:
    """The address is confirmed, in the caller's transaction: now they are in (with these keys for their actor), or
    wait. None for a key that opens nothing, as for whoever comes second."""
    found = await applications.find_by_key(db, key)
    if found is None or not await applications.confirm(db, found.id):
        return None
    settings = (await hub.get(db)).sign_ups
    if keys is not None and goes_in(settings, found):
        await admit.let_in(db, urls, found, keys, None, settings.words(True, found.language))
    else:
        await admit.write(db, found, "application_received", {"link": urls.base_url})
    return await applications.find(db, found.id)


def _login(wish: Wish) -> NewAccount:
    return NewAccount(name=wish.name, email=wish.email, password=wish.password, language=wish.language)


def _application(wish: Wish, settings: SignUps, invitation: Invitation | None, password_hash: str) -> NewApplication:
    answers = [
        Answer(question=question.text(wish.language), answer=plain(said, single_line=False).strip())
        for number, question in enumerate(settings.questions)
        if (said := wish.answers.get(number, "")).strip()
    ]
    return NewApplication(
        name=wish.name,
        display_name=plain(wish.display_name, single_line=True).strip() or wish.name,
        email=wish.email,
        password_hash=password_hash,
        language=wish.language,
        answers=tuple(answers),
        doubts=() if wish.proved else ("app",) if wish.app_id else ("no_proof",),
        invitation_id=invitation.id if invitation else None,
        invited_by=invitation.made_by if invitation else None,
        app_id=wish.app_id,
        token=wish.token,
        scopes=wish.scopes,
    )


async def _write(db: Db, wish: Wish, kind: str, facts: Mapping[str, str]) -> None:
    named = {**facts, "name": wish.display_name or wish.name}
    await mails.put(db, mails.MailDraft(kind=kind, to=wish.email, language=wish.language, facts=named))
