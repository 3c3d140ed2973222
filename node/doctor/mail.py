"""Whether the mail server takes us: greeting, encryption and login as for a real mail, but nothing is sent."""

from __future__ import annotations

import ssl
from urllib.parse import unquote, urlsplit

import aiosmtplib
import msgspec

from node.doctor.remark import Remark, note, ok, wrong
from node.settings import Settings, is_loopback
from schemas.limits import DOCTOR_SECONDS

USUAL_PORTS = {"smtp": 587, "smtps": 465}


class MailServer(msgspec.Struct, frozen=True, kw_only=True):
    """What ALLMENDE_MAIL_URL says. `encrypted` from the first byte (smtps), else by STARTTLS where it is offered."""

    host: str
    port: int
    encrypted: bool
    user: str
    password: str


def mail_server(url: str) -> MailServer:
    """Read smtp://user:password@host:port or smtps://…; user, password and port may be left out."""
    parts = urlsplit(url)
    return MailServer(
        host=parts.hostname or "",
        port=parts.port or USUAL_PORTS[parts.scheme],
        encrypted=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


async def check_mail(settings: Settings, tls: ssl.SSLContext | None = None) -> list[Remark]:
    """Greet the mail server and log in. `tls` replaces the system's trust in tests."""
    if settings.mail_url is None:
        return [
            note("The hub sends no mail: no mail server is set.", "Set ALLMENDE_MAIL_URL to smtp://… or smtps://….")
        ]
    server = mail_server(settings.mail_url)
    where = f"The mail server {server.host}:{server.port}"
    try:
        return [await _greet(server, where, tls)]
    except aiosmtplib.SMTPAuthenticationError as error:
        return [wrong(f"{where} refuses the login: {error.message}.", "Check user and password in ALLMENDE_MAIL_URL.")]
    except ssl.SSLError as error:
        return [wrong(f"{where} cannot be spoken to in secret: {error.reason}.", "Check its certificate and the port.")]
    except (aiosmtplib.SMTPException, OSError) as error:
        return [wrong(f"{where} does not answer as one: {_words(error)}.", "Check host and port in ALLMENDE_MAIL_URL.")]


async def _greet(server: MailServer, where: str, tls: ssl.SSLContext | None) -> Remark:
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.encrypted,
        start_tls=False,
        tls_context=tls,
        timeout=DOCTOR_SECONDS,
    )
    async with client:
        await client.ehlo()
        secret = server.encrypted
        if not secret and client.supports_extension("starttls"):
            await client.starttls()
            secret = True
        if server.user and not secret and not is_loopback(server.host):
            return wrong(
                f"{where} offers no encryption, and the password would travel for everybody to read.",
                "Use smtps://… or a server that offers STARTTLS.",
            )
        if server.user:
            await client.login(server.user, server.password)
    how = "encrypted" if secret else "unencrypted"
    return ok(f"{where} takes mail from us ({how}{', logged in' if server.user else ''}).")


def _words(error: Exception) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__
