"""Whether the mail server takes us: greeting, encryption and login as for a real mail, but nothing is sent."""

from __future__ import annotations

import ssl

import aiosmtplib

from node.doctor.remark import Remark, note, ok, wrong
from node.mailing.server import MailServer, Unsafe, connect, is_secret
from schemas.limits import DOCTOR_SECONDS
from schemas.reasons import msgid

CHECK_LOGIN = {
    True: msgid("Check user and password in the panel (Settings, Mail server)."),
    False: msgid("Check user and password in ALLMENDE_MAIL_URL."),
}
CHECK_HOST = {
    True: msgid("Check host and port in the panel (Settings, Mail server)."),
    False: msgid("Check host and port in ALLMENDE_MAIL_URL."),
}
"""By whether the server was named in the panel."""
TAKES_MAIL = {
    (True, True): msgid("The mail server {server} takes mail from us (encrypted, logged in)."),
    (True, False): msgid("The mail server {server} takes mail from us (encrypted)."),
    (False, True): msgid("The mail server {server} takes mail from us (unencrypted, logged in)."),
    (False, False): msgid("The mail server {server} takes mail from us (unencrypted)."),
}
"""By whether it is spoken to in secret, and whether somebody logs in."""


async def check_mail(server: MailServer | None, own_host: str, tls: ssl.SSLContext | None = None) -> list[Remark]:
    """Greet the mail server and log in. `tls` replaces the system's trust in tests."""
    if server is None:
        do = msgid("Name one in the panel (Settings, Mail server), or set ALLMENDE_MAIL_URL to smtp://… or smtps://….")
        return [note(msgid("The hub sends no mail: no mail server is set."), do)]
    where = f"{server.host}:{server.port}"
    try:
        return [await _greet(server, where, own_host, tls)]
    except aiosmtplib.SMTPAuthenticationError as error:
        says, do = msgid("The mail server {server} refuses the login: {why}."), CHECK_LOGIN[server.from_panel]
        return [wrong(says, do, server=where, why=str(error.message))]
    except ssl.SSLError as error:
        says = msgid("The mail server {server} cannot be spoken to in secret: {why}.")
        return [wrong(says, msgid("Check its certificate and the port."), server=where, why=str(error.reason))]
    except (aiosmtplib.SMTPException, OSError) as error:
        says, do = msgid("The mail server {server} does not answer as one: {why}."), CHECK_HOST[server.from_panel]
        return [wrong(says, do, server=where, why=_words(error))]


async def _greet(server: MailServer, where: str, own_host: str, tls: ssl.SSLContext | None) -> Remark:
    try:
        client = await connect(server, own_host, DOCTOR_SECONDS, tls)
    except Unsafe:
        return wrong(
            msgid("The mail server {server} offers no encryption: the password would travel for everybody to read."),
            msgid("Use smtps://… (encrypted from the first byte) or a server that offers STARTTLS."),
            server=where,
        )
    async with client:
        return ok(TAKES_MAIL[is_secret(client), bool(server.user)], server=where)


def _words(error: Exception) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__
