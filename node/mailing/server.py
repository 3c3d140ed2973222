"""The mail server that ALLMENDE_MAIL_URL names, else the one of the panel, and a connection to it on which mail can be
handed over."""

from __future__ import annotations

import ssl
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib
import msgspec

from node.settings import Settings, is_loopback
from node.store.db import Db
from node.store.hub import mail_server as kept_servers
from schemas.mail_addresses import is_mail_address

USUAL_PORTS = {"smtp": 587, "smtp+starttls": 587, "smtps": 465}


class Unsafe(Exception):
    """The server offers no encryption where it is needed."""


class MailServer(msgspec.Struct, frozen=True, kw_only=True):
    """What ALLMENDE_MAIL_URL or the panel (`from_panel`) says. `encrypted` from the first byte (smtps), else by
    STARTTLS where it is offered or, with smtp+starttls (`must_encrypt`), always. `sender` is the address letters come
    from; empty: nobody said."""

    host: str
    port: int
    encrypted: bool
    must_encrypt: bool
    user: str
    password: str
    sender: str
    from_panel: bool = False


async def server_of(db: Db, settings: Settings) -> MailServer | None:
    """Where mail is handed over: what the operator set wins over what stewards say in the panel. None: nowhere."""
    if settings.mail_url is not None:
        return mail_server(settings.mail_url)
    kept = await kept_servers.find(db)
    if kept is None:
        return None
    return MailServer(
        host=kept.host,
        port=kept.port,
        encrypted=kept.safety == "tls",
        must_encrypt=kept.safety == "starttls",
        user=kept.user,
        password=await kept_servers.password(db),
        sender=kept.sender,
        from_panel=True,
    )


async def sends(db: Db, settings: Settings) -> bool:
    """Whether letters leave this hub; else they are kept to be looked at."""
    return settings.mail_url is not None or await kept_servers.find(db) is not None


def mail_server(url: str) -> MailServer:
    """Read smtp://user:password@host:port?from=address, smtp+starttls://… or smtps://…; all but the host may be left
    out."""
    parts = urlsplit(url)
    return MailServer(
        host=parts.hostname or "",
        port=parts.port or USUAL_PORTS[parts.scheme],
        encrypted=parts.scheme == "smtps",
        must_encrypt=parts.scheme == "smtp+starttls",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=parse_qs(parts.query).get("from", [""])[0],
    )


def sender_of(server: MailServer | None, settings: Settings) -> str:
    """The address that letters come from: what was said, else the user where that is an address, else the hub's name
    at its host."""
    known = (server.sender, server.user) if server else ()
    return next((one for one in known if is_mail_address(one)), f"hub@{settings.host}")


async def connect(
    server: MailServer, own_host: str, seconds: float, tls: ssl.SSLContext | None = None
) -> aiosmtplib.SMTP:
    """Greet the server, encrypt and log in. `tls` replaces the system's trust in tests. The caller closes it. Raises
    Unsafe, aiosmtplib.SMTPException, ssl.SSLError and OSError."""
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.encrypted,
        start_tls=False,
        tls_context=tls,
        local_hostname=own_host,
        timeout=seconds,
    )
    await client.connect()
    try:
        await client.ehlo()
        if not server.encrypted and client.supports_extension("starttls"):
            await client.starttls()
        if not is_secret(client) and (server.must_encrypt or (server.user and not is_loopback(server.host))):
            raise Unsafe
        if server.user:
            await client.login(server.user, server.password)
    except BaseException:
        client.close()
        raise
    return client


def is_secret(client: aiosmtplib.SMTP) -> bool:
    """Whether nobody on the way can read what is said on this connection."""
    return client.transport is not None and client.transport.get_extra_info("sslcontext") is not None
