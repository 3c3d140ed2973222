"""Accounts: making a login with its actor, and signing in with it."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta

import msgspec

from federation.build.urls import Urls
from node.errors import Invalid
from node.secrets import passwords
from node.store.access import pending_sign_ins, sessions, tokens
from node.store.db import Db
from node.store.members import accounts, mandates, members
from node.store.people import actors
from node.store.pool import Pool
from schemas.limits import (
    ACCOUNT_NAME_CHARS,
    EMAIL_CHARS,
    MANDATE_DAYS,
    PASSWORD_CHARS_LEAST,
    PASSWORD_CHARS_MOST,
)
from schemas.mail_addresses import is_mail_address
from schemas.problems import Problem
from schemas.reasons import TOO_LONG, msgid
from schemas.records import Account

NAME = re.compile(rf"[a-z0-9_]{{1,{ACCOUNT_NAME_CHARS}}}")
_KEPT_NAMES = """
    about admin administrator all everyone here hub info instance log mail moderator moderators news noreply
    postmaster root security steward stewards support system webmaster
"""
KEPT = frozenset(_KEPT_NAMES.split())
"""Names that would let somebody pass for the hub."""

BAD_NAME = msgid("Use small letters, digits and _, {max} characters at most.")
NAME_TAKEN = msgid("This name is taken or kept.")
MAIL_TAKEN = msgid("There is an account with this address.")
BAD_MAIL = msgid("This is no mail address.")
SHORT_PASSWORD = msgid("The password needs at least {min} characters.")
GUESSABLE = msgid("The password must not be your name or address.")
NO_ROLE = msgid("There is no such role. Roles are: {roles}.")


class NewAccount(msgspec.Struct, frozen=True, kw_only=True):
    """A login about to be made. Its role is held for a term; a member stays one."""

    name: str
    email: str
    password: str
    role: str = "member"
    display_name: str = ""
    language: str = "en"
    zone: str = "Europe/Brussels"
    confirmed: bool = True
    """False: nobody signs in before the address is confirmed (actions.addresses)."""


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """What took time and needed no database: the hash of the password and the keys of the actor."""

    password_hash: str
    keys: actors.Keys


def problems(new: NewAccount, least: int = PASSWORD_CHARS_LEAST) -> list[Problem]:
    """What is wrong with it, as far as that can be told without the database. `least`: characters of its password."""
    found = []
    if not NAME.fullmatch(new.name):
        found.append(Problem(field="name", reason=BAD_NAME, values={"max": ACCOUNT_NAME_CHARS}))
    elif new.name in KEPT:
        found.append(Problem(field="name", reason=NAME_TAKEN))
    if not is_mail_address(new.email) or len(new.email) > EMAIL_CHARS:
        found.append(Problem(field="email", reason=BAD_MAIL))
    return found + password_problems(new.password, new.name, new.email, least)


def password_problems(password: str, name: str, email: str | None, least: int = PASSWORD_CHARS_LEAST) -> list[Problem]:
    """What is wrong with a new password."""
    if len(password) < least:
        return [Problem(field="password", reason=SHORT_PASSWORD, values={"min": least})]
    if len(password) > PASSWORD_CHARS_MOST:
        return [Problem(field="password", reason=TOO_LONG, values={"max": PASSWORD_CHARS_MOST})]
    if password.casefold() in (name.casefold(), (email or name).casefold()):
        return [Problem(field="password", reason=GUESSABLE)]
    return []


async def prepare(new: NewAccount, least: int = PASSWORD_CHARS_LEAST) -> Ready:
    """Do what takes time, before any transaction. Raises Invalid."""
    if found := problems(new, least):
        raise Invalid(found)
    return Ready(password_hash=await passwords.hashed(new.password), keys=await asyncio.to_thread(actors.make_keys))


async def create(db: Db, urls: Urls, new: NewAccount, ready: Ready, *, given_by: int | None = None) -> Account:
    """Make the actor, the login, its mandate and its entry in the register, in the caller's transaction. Raises Invalid
    (taken, unknown role), and Conflict where somebody was quicker."""
    if new.role not in (known := await mandates.roles(db)):
        raise Invalid([Problem(field="role", reason=NO_ROLE, values={"roles": ", ".join(known)})])
    if await accounts.is_reserved(db, new.name):
        raise Invalid([Problem(field="name", reason=NAME_TAKEN)])
    if await accounts.find_by_email(db, new.email):
        raise Invalid([Problem(field="email", reason=MAIL_TAKEN)])
    person = actors.NewActor(
        role="member", kind="Person", name=new.name, display_name=new.display_name or new.name, discoverable=False
    )
    actor = await actors.insert_local(db, urls, person, ready.keys)
    made = await accounts.insert(
        db,
        actor,
        email=new.email,
        password_hash=ready.password_hash,
        language=new.language,
        zone=new.zone,
        confirmed=new.confirmed,
    )
    ends_at = None if new.role == "member" else datetime.now(UTC) + timedelta(days=MANDATE_DAYS)
    await mandates.insert(db, made.id, new.role, ends_at=ends_at, given_by=given_by)
    await members.enter(db, made.id, person.display_name, new.email, proved=new.confirmed)
    return await accounts.find(db, made.id) or made


async def sign_in(pool: Pool, who: str, password: str) -> Account | None:
    """The account with this mail address or name, if that is its password. Whatever is wrong, the answer and the time
    it takes are the same (case 115)."""
    async with pool.acquire() as db:
        account = await find_account(db, who.strip())
        usable = account is not None and await is_usable(db, account)
    right = await passwords.matches(account.password_hash if account else None, password[:PASSWORD_CHARS_MOST])
    if account is None or not usable or not right:
        return None
    if account.password_hash and passwords.is_outdated(account.password_hash):
        kept = await passwords.hashed(password)
        async with pool.acquire() as db:
            await accounts.set_password_hash(db, account.id, kept)
    return account


async def change_password(db: Db, account: Account, password_hash: str) -> None:
    """Whatever was opened with the old password ends: sessions, apps, half a sign-in (case 129)."""
    await accounts.set_password_hash(db, account.id, password_hash)
    await sessions.delete_of(db, account.id)
    await tokens.revoke_all(db, account.id)
    await pending_sign_ins.end_of(db, account.id)


async def find_account(db: Db, who: str) -> Account | None:
    """The account with this mail address or name, usable or not."""
    if "@" in who.lstrip("@"):
        return await accounts.find_by_email(db, who)
    actor = await actors.find_local(db, who.lstrip("@"))
    return await accounts.find_by_actor(db, actor.id) if actor else None


async def is_usable(db: Db, account: Account) -> bool:
    """Whether nobody has closed it, or its actor. Who is frozen signs in, to read and to take their data along."""
    actor = await actors.get(db, account.actor_id)
    closed = account.disabled_at is not None and actor.frozen_at is None
    return not (closed or actor.suspended_at or actor.deleted_at)
