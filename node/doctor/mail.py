"""Whether the mail server takes us: greeting, encryption and login as for a real mail, but nothing is sent."""

from __future__ import annotations

import ssl

import aiosmtplib

from node.doctor.remark import Remark, note, ok, wrong
from node.mailing.server import MailServer, Unsafe, connect, is_secret
from schemas.limits import DOCTOR_SECONDS


async def check_mail(server: MailServer | None, own_host: str, tls: ssl.SSLContext | None = None) -> list[Remark]:
    """Greet the mail server and log in. `tls` replaces the system's trust in tests."""
    if server is None:
        do = "Name one in the panel (Settings, Mail server), or set ALLMENDE_MAIL_URL to smtp://… or smtps://…."
        return [note("The hub sends no mail: no mail server is set.", do)]
    where = f"The mail server {server.host}:{server.port}"
    said = "in the panel (Settings, Mail server)" if server.from_panel else "in ALLMENDE_MAIL_URL"
    try:
        return [await _greet(server, where, own_host, tls)]
    except aiosmtplib.SMTPAuthenticationError as error:
        return [wrong(f"{where} refuses the login: {error.message}.", f"Check user and password {said}.")]
    except ssl.SSLError as error:
        return [wrong(f"{where} cannot be spoken to in secret: {error.reason}.", "Check its certificate and the port.")]
    except (aiosmtplib.SMTPException, OSError) as error:
        return [wrong(f"{where} does not answer as one: {_words(error)}.", f"Check host and port {said}.")]


async def _greet(server: MailServer, where: str, own_host: str, tls: ssl.SSLContext | None) -> Remark:
    try:
        client = await connect(server, own_host, DOCTOR_SECONDS, tls)
    except Unsafe:
        return wrong(
            f"{where} offers no encryption, and the password would travel for everybody to read.",
            "Use smtps://… (encrypted from the first byte) or a server that offers STARTTLS.",
        )
    async with client:
        how = "encrypted" if is_secret(client) else "unencrypted"
    return ok(f"{where} takes mail from us ({how}{', logged in' if server.user else ''}).")


def _words(error: Exception) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__
