"""A message to the stewards from anybody: kept, and told to each of them by mail; its writer gets a number."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from federation.sanitise import plain
from node.actions.accounts import BAD_MAIL
from node.errors import Invalid
from node.node import Node
from node.store.db import Db
from node.store.hub import contact
from node.store.hub.contact import Message
from node.store.notices import mails
from schemas.limits import CONTACT_BODY_CHARS, EMAIL_CHARS, LINE_CHARS, NAME_CHARS
from schemas.mail_addresses import is_mail_address
from schemas.problems import Problem
from schemas.reasons import REQUIRED, TOO_LONG

LONGEST = {"name": NAME_CHARS, "email": EMAIL_CHARS, "subject": LINE_CHARS, "body": CONTACT_BODY_CHARS}
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
NUMBER_CHARS = 12
"""Of 31 letters: 59 bits, by which nobody finds another's message."""


async def write(node: Node, db: Db, fields: Mapping[str, str], language: str) -> Message:
    """Keep the message (name, email, subject, body) and send it to everybody who may manage the hub. Invalid names what
    is missing or too long."""
    said = {name: plain(fields.get(name, ""), single_line=name != "body").strip() for name in LONGEST}
    if problems := _problems(said):
        raise Invalid(problems)
    number = "".join(secrets.choice(LETTERS) for _ in range(NUMBER_CHARS))
    message = await contact.insert(db, number, said, language)
    for address, theirs in await contact.stewards(db):
        facts = {
            "name": said["name"],
            "email": said["email"],
            "about": said["subject"] or said["name"],
            "body": said["body"],
            "number": number,
            "link": f"{node.urls.base_url}/admin/messages",
        }
        await mails.put(db, mails.MailDraft(kind="contact", to=address, language=theirs, facts=facts))
    return message


def _problems(said: Mapping[str, str]) -> list[Problem]:
    problems = [Problem(field=name, reason=REQUIRED) for name in ("name", "email", "body") if not said[name]]
    problems += [
        Problem(field=name, reason=TOO_LONG, values={"max": most})
        for name, most in LONGEST.items()
        if len(said[name]) > most
    ]
    if said["email"] and not is_mail_address(said["email"]):
        problems.append(Problem(field="email", reason=BAD_MAIL))
    return problems
