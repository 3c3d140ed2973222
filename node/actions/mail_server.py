"""Through which mail server letters go, said in the panel, and a letter by which a steward sees whether it works."""

from __future__ import annotations

import re

import msgspec

from federation.build.urls import Urls
from node.actions.hub_settings import require
from node.errors import Conflict, Invalid
from node.mailing import letters
from node.store.db import Db
from node.store.hub import mail_server
from node.store.hub.mail_server import KeptServer
from node.store.moderation import log
from schemas.limits import EMAIL_CHARS, HOST_CHARS, MAIL_PASSWORD_CHARS
from schemas.mail_addresses import is_mail_address
from schemas.problems import Problem
from schemas.reasons import EMPTY, NOT_A_CHOICE, TOO_LONG, msgid
from schemas.records import Viewer

TEST = "test_letter"
SAFETIES = ("starttls", "tls", "offered")
NO_HOST = msgid("Write the name of a server, such as mail.example.")
NO_PORT = msgid("A port is a number from 1 to 65535.")
NO_SENDER = msgid("Write a mail address, such as hub@coop.example.")
PASSWORD_AGAIN = msgid("For another server, port, encryption or user, type the password again.")


async def set_server(db: Db, by: Viewer, server: KeptServer, password: str | None) -> None:
    """Send letters through this server from now on. A password of None stays, but never goes to another server than it
    was typed for. Raises Forbidden, Invalid."""
    require(by)
    wrong = _problems(server, password)
    before = await mail_server.find(db)
    elsewhere = before is not None and _where(before) != _where(server)
    if server.user and password is None and elsewhere and await mail_server.has_password(db):
        wrong.append(Problem(field="password", reason=PASSWORD_AGAIN))
    if wrong:
        raise Invalid(wrong)
    await mail_server.put(db, server, password if server.user else "")
    said = {"host": server.host, "port": server.port, "safety": server.safety, "sender": server.sender}
    await log.append(db, "hub.mail", {"by": by.actor.uri, **said})


async def forget_server(db: Db, by: Viewer) -> None:
    """Send no letters any more; the password goes. Raises Forbidden."""
    require(by)
    await mail_server.put(db, None, None)
    await log.append(db, "hub.mail", {"by": by.actor.uri, "host": None})


async def send_test(db: Db, urls: Urls, by: Viewer) -> None:
    """Write a letter to whoever asks. Raises Forbidden, and Conflict for who has no address."""
    require(by)
    if not by.account.email:
        raise Conflict("Your account has no mail address to which a letter could go.")
    await letters.put(db, urls, by.account, TEST, {})


def _where(server: KeptServer) -> tuple[object, ...]:
    return msgspec.structs.astuple(server)[:4]


def _problems(server: KeptServer, password: str | None) -> list[Problem]:
    found = []
    if not server.host:
        found.append(Problem(field="host", reason=EMPTY))
    elif not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?", server.host) or len(server.host) > HOST_CHARS:
        found.append(Problem(field="host", reason=NO_HOST))
    if not 1 <= server.port <= 65535:
        found.append(Problem(field="port", reason=NO_PORT))
    if server.safety not in SAFETIES:
        found.append(Problem(field="safety", reason=NOT_A_CHOICE, values={"choices": ", ".join(SAFETIES)}))
    if len(server.user) > EMAIL_CHARS:
        found.append(Problem(field="user", reason=TOO_LONG, values={"max": EMAIL_CHARS}))
    if server.sender and (not is_mail_address(server.sender) or len(server.sender) > EMAIL_CHARS):
        found.append(Problem(field="sender", reason=NO_SENDER))
    if password and len(password) > MAIL_PASSWORD_CHARS:
        found.append(Problem(field="password", reason=TOO_LONG, values={"max": MAIL_PASSWORD_CHARS}))
    return found
