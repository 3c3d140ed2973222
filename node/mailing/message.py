"""A letter as mail programs read it (RFC 5322): text and HTML, files beside them, and headers that nothing in a name,
a title or an address can add to."""

from __future__ import annotations

import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

import idna

from node.mailing.rendering import Letter
from node.store.notices.mails import Attachment, Mail

THREAD = "thread"
"""The fact of a letter that names what it is one of several letters about."""


def compose(mail: Mail, letter: Letter, sender: str, called: str, files: list[Attachment]) -> bytes:
    """The message, from the address `sender` with the name `called`. ValueError for what no header may hold."""
    name, _, domain = mailbox(mail.recipient).rpartition("@")
    message = EmailMessage(policy=SMTP if name.isascii() and domain.isascii() else SMTPUTF8)
    message["From"] = Address(display_name=_tidy(called), addr_spec=sender)
    message["To"] = Address(username=name, domain=domain)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Content-Language"] = mail.language
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers a machine
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    for one in files:
        main, _, rest = one.media_type.partition("/")
        subtype, _, more = rest.partition(";")
        said = dict(part.strip().split("=", 1) for part in more.split(";") if "=" in part)
        message.add_attachment(one.content, maintype=main, subtype=subtype.strip(), filename=one.name, params=said)
    return _whole_lines(mail).encode() + message.as_bytes()


def mailbox(address: str) -> str:
    """An address as servers know it: its domain as a host name. One that no mail program could reach stays as it is."""
    name, _, domain = address.rpartition("@")
    try:
        return f"{name}@{domain if domain.isascii() else idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        return address


def _whole_lines(mail: Mail) -> str:
    """Headers that must not be folded: Python would encode a long address in pieces, and then it is none."""
    lines = {"Message-ID": f"<{mail.message_id}>"}
    if isinstance(thread := mail.facts.get(THREAD), str):
        # A name that no letter has: mail programs put together what refers to the same one. It tells nothing.
        digest = hashlib.sha256(f"{thread} {mail.recipient}".encode()).hexdigest()[:32]
        lines["References"] = f"<{digest}@{mail.message_id.rpartition('@')[2]}>"
    if mail.unsubscribe:
        lines["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        lines["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    for value in lines.values():
        if not (value.isascii() and value.isprintable()) or set(value[1:-1]) & {"<", ">", " "}:
            raise ValueError("an address in a header holds what no address does")
    return "".join(f"{name}: {value}\r\n" for name, value in lines.items())


def _tidy(name: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
