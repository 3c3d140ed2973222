"""Joining from a client, as the hub takes people in: the token counts once the address is confirmed and somebody has
agreed. Where client suites are tried on loopback (the setting `test_signups`) it counts at once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from aiohttp import web

from node.actions import accounts, join
from node.actions.accounts import NewAccount
from node.actions.join import Wish
from node.errors import Conflict, Forbidden, Invalid, Unauthorized
from node.mastodon.answers import as_json
from node.mastodon.asking import Ask
from node.mastodon.endpoint import Endpoint, post
from node.mastodon.entities.token import token_of
from node.mastodon.errors import Refused
from node.secrets import passwords
from node.store.access import tokens
from node.store.access.tokens import TOKEN_BYTES
from node.store.db import Db
from node.store.hub import hub
from node.store.members import accounts as logins
from node.web import throttle
from node.web.handlers import reading, writing
from node.web.limits import Rate
from node.wording.language import LANGUAGES, supported
from schemas.limits import PASSWORD_CHARS_LEAST_TRIAL, SIGN_UP_COUNT, SIGN_UP_SECONDS
from schemas.problems import Problem
from schemas.reasons import REQUIRED, TOO_LONG

CLOSED = "This action is not allowed"
FROM_ONE_NETWORK = Rate(count=SIGN_UP_COUNT, seconds=SIGN_UP_SECONDS)
FIELDS = {"name": "username", "answers.0": "reason", "agreed": "agreement"}
LEAST = PASSWORD_CHARS_LEAST_TRIAL

WORDS = {
    "ERR_BLANK": "can't be blank",
    "ERR_TAKEN": "has already been taken",
    "ERR_INVALID": "is invalid",
    "ERR_TOO_SHORT": f"is too short (minimum is {LEAST} characters)",
    "ERR_TOO_LONG": "is too long",
    "ERR_ACCEPTED": "must be accepted",
    "ERR_BLOCKED": "contains a disallowed e-mail provider",
}
KINDS = {
    accounts.NAME_TAKEN: "ERR_TAKEN",
    accounts.MAIL_TAKEN: "ERR_TAKEN",
    accounts.SHORT_PASSWORD: "ERR_TOO_SHORT",
    TOO_LONG: "ERR_TOO_LONG",
    REQUIRED: "ERR_BLANK",
    join.NOT_AGREED: "ERR_ACCEPTED",
    join.THROWN_AWAY: "ERR_BLOCKED",
}


class NewMember(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody enters in a client."""

    username: str = ""
    email: str = ""
    password: str = ""
    agreement: bool = False
    locale: str = ""
    reason: str = ""
    invite_code: str = ""


async def sign_up(ask: Ask) -> web.Response:
    """POST /api/v1/accounts, with an app's own token: the account and a token for it, usable at once."""
    app = ask.bearer
    if app is None or app.app_id is None:
        raise Unauthorized
    if not ask.node.settings.test_signups:
        return await _apply(ask, app.app_id, app.scopes)
    await throttle.count(ask.request, "sign up", throttle.network(ask.request), FROM_ONE_NETWORK)
    sent = ask.take(NewMember)
    async with reading(ask.request) as db:
        new = NewAccount(
            name=sent.username,
            email=sent.email.strip(),
            password=sent.password,
            language=supported(sent.locale) or LANGUAGES[0],
            zone=(await hub.get(db)).zone,
        )
        wrong = await _wrong(db, sent, new)
    if wrong:
        raise _refused(wrong)
    ready = await accounts.prepare(new, LEAST)
    try:
        async with writing(ask.request) as db:
            account = await accounts.create(db, ask.urls, new, ready)
            issued = await tokens.issue(
                db, app.app_id, app.scopes, account_id=account.id, acting_actor_id=account.actor_id
            )
    except Conflict as error:  # somebody else was quicker
        raise _refused({"username": "ERR_TAKEN"}) from error
    return as_json(token_of(issued))


async def _apply(ask: Ask, app_id: int, scopes: Sequence[str]) -> web.Response:
    """What an app sends waits like any application; its token counts once somebody has said yes."""
    sent = ask.take(NewMember)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    wish = Wish(
        name=sent.username,
        email=sent.email.strip(),
        password=sent.password,
        language=supported(sent.locale) or LANGUAGES[0],
        answers={0: sent.reason},
        agreed=sent.agreement,
        code=sent.invite_code or None,
        app_id=app_id,
        token=token,
        scopes=scopes,
    )
    async with reading(ask.request) as db:
        settings = (await hub.get(db)).sign_ups
        try:
            await join.way_in(db, settings, wish.code)
        except (Forbidden, Conflict) as error:
            raise Refused(403, CLOSED) from error
    await throttle.count(ask.request, "sign up", throttle.network(ask.request), FROM_ONE_NETWORK)
    asked = msgspec.structs.replace(settings, questions=settings.questions[:1])
    if problems := join.problems(wish, asked):
        raise _refused(_named(problems, sent))
    hashed = await passwords.hashed(wish.password)
    try:
        async with writing(ask.request) as db:
            await join.apply(db, ask.urls, wish, hashed)
    except Invalid as error:
        raise _refused(_named(error.problems, sent)) from error
    return as_json(token_of(tokens.Issued(id=0, token=token, scopes=tuple(scopes), created_at=datetime.now(UTC))))


def _named(problems: Sequence[Problem], sent: NewMember) -> dict[str, str]:
    """What is wrong, by field, as Mastodon names it."""
    found = {FIELDS.get(one.field, one.field): _kind(one) for one in problems}
    return found | {name: "ERR_BLANK" for name in found if hasattr(sent, name) and getattr(sent, name) == ""}


async def _wrong(db: Db, sent: NewMember, new: NewAccount) -> dict[str, str]:
    """What is wrong, by field, as Mastodon names it."""
    found = {FIELDS.get(one.field, one.field): _kind(one) for one in accounts.problems(new, LEAST)}
    blank = [name for name in ("username", "email", "password") if not getattr(sent, name).strip()]
    found |= dict.fromkeys(blank, "ERR_BLANK")
    if not sent.agreement:
        found["agreement"] = "ERR_ACCEPTED"
    if "username" not in found and await logins.is_reserved(db, new.name):
        found["username"] = "ERR_TAKEN"
    if "email" not in found and await logins.find_by_email(db, new.email):
        found["email"] = "ERR_TAKEN"
    return found


def _kind(problem: Problem) -> str:
    return KINDS.get(problem.reason, "ERR_INVALID")


def _refused(wrong: dict[str, str]) -> Refused:
    said = ", ".join(f"{name.capitalize()} {WORDS[kind]}" for name, kind in wrong.items())
    details = {name: [{"error": kind, "description": WORDS[kind]}] for name, kind in wrong.items()}
    return Refused(422, f"Validation failed: {said}", details)


async def send_again(ask: Ask) -> web.Response:
    """Send the mail that confirms an address again. Accounts here are confirmed from the start: nobody waits for it."""
    raise Refused(403, "This method is only available while the e-mail is awaiting confirmation")


ENDPOINTS: tuple[Endpoint, ...] = (
    post("/api/v1/accounts", sign_up, "write:accounts", asker="app", work="alone"),
    post("/api/v1/emails/confirmations", send_again, "write:accounts"),
)
