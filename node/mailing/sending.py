"""The worker's loop that hands letters to the mail server, one after the other over one connection. While the server is
down all of them wait; what it refuses for good is marked, for those who look after the hub."""

from __future__ import annotations

import asyncio
import contextlib
import random
import ssl
import time
from datetime import UTC, datetime

import aiosmtplib
import structlog

from federation.retry import retry_delay
from node.mailing.message import compose, mailbox
from node.mailing.rendering import write
from node.mailing.server import MailServer, Unsafe, connect, sender_of, server_of
from node.node import Node
from node.observability.logs import escape
from node.siblings.waking import Bell
from node.store.db import is_away
from node.store.hub import hub
from node.store.notices import mails
from node.store.notices.mails import Mail
from schemas.limits import (
    CHILD_RETRY_SECONDS,
    FAILURE_CHARS,
    MAIL_HORIZON_SECONDS,
    MAIL_PAUSE_SECONDS,
    MAIL_PAUSE_SECONDS_MOST,
    MAIL_SECONDS,
    POLL_SECONDS,
)

_log = structlog.get_logger("node.mailing")
PERMANENT = 500
"""Replies from here on are final (RFC 5321, 4.2.1)."""


class ServerAway(Exception):
    """The mail server cannot be spoken to, or lets nobody in: no letter is to blame."""


class Sending:
    """One per working process; `run` until cancelled. `tls` replaces the system's trust in tests."""

    def __init__(self, node: Node, worker: int, tls: ssl.SSLContext | None = None) -> None:
        self._node = node
        self._worker = worker
        self._tls = tls
        self._client: aiosmtplib.SMTP | None = None
        self._server: MailServer | None = None
        self._pause = 0.0
        self._not_before = 0.0

    async def run(self, bell: Bell) -> None:
        """Send what waits, until the bell stops or the task is cancelled."""
        while not bell.stopped:
            try:
                await self._look()
                await self._round(bell)
            except Exception as error:  # the edge of the worker: letters wait, and leases end by themselves
                if not is_away(error):
                    _log.error("sending failed", kind=type(error).__name__, exc_info=error)
            finally:
                await self._hang_up()
            pause = self._not_before - time.monotonic()
            await bell.wait(min(pause, POLL_SECONDS) if pause > 0 else POLL_SECONDS)

    async def _look(self) -> None:
        """See through which server letters go now; another one is tried at once."""
        async with self._node.database.pool.acquire() as db:
            now = await server_of(db, self._node.settings)
        if now != self._server:
            self._server, self._pause, self._not_before = now, 0.0, 0.0

    async def _round(self, bell: Bell) -> None:
        while not bell.stopped and time.monotonic() >= self._not_before:
            async with self._node.database.pool.acquire() as db:
                mail = await mails.lease(db, self._worker)
            if mail is None:
                return
            try:
                await self._send(mail)
                self._pause = 0.0
            except ServerAway as error:
                await self._wait(mail, str(error))

    async def _send(self, mail: Mail) -> None:
        """Hand one letter over and say what became of it; ServerAway with the reason."""
        try:
            message = await self._write(mail)
        except Exception as error:  # a template of the hub's own, or an address that no header may hold
            _log.error("letter cannot be written", letter=mail.kind, kind=type(error).__name__, exc_info=error)
            return await self._refuse(mail, f"It could not be written: {type(error).__name__}: {error}")
        if self._server is None:
            return await self._done(mail)
        client = await self._connected(self._server)
        try:
            async with asyncio.timeout(MAIL_SECONDS):
                await self._hand_over(client, mail, message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return await self._turned_away(mail, error.recipients[0].code, error.recipients[0].message)
        except aiosmtplib.SMTPNotSupported as error:
            return await self._refuse(mail, error.message)
        except aiosmtplib.SMTPSenderRefused as error:
            raise ServerAway(f"It does not take mail from us: {error.code} {error.message}") from error
        except aiosmtplib.SMTPResponseException as error:
            return await self._turned_away(mail, error.code, error.message)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise ServerAway(_words(error)) from error
        return await self._done(mail)

    async def _hand_over(self, client: aiosmtplib.SMTP, mail: Mail, message: bytes) -> None:
        to = mailbox(mail.recipient)
        if not to.isascii() and not client.supports_extension("smtputf8"):
            raise aiosmtplib.SMTPNotSupported("The mail server takes no such address.")
        wide = () if to.isascii() else ("SMTPUTF8",)
        await client.sendmail(sender_of(self._server, self._node.settings), [to], message, mail_options=wide)

    async def _write(self, mail: Mail) -> bytes:
        settings = self._node.settings
        async with self._node.database.pool.acquire() as db:
            itself = await hub.get(db)
            files = await mails.attachments(db, mail.id)
        called = itself.name or settings.host
        return compose(mail, write(mail, itself, settings), sender_of(self._server, settings), called, files)

    async def _connected(self, server: MailServer) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        try:
            async with asyncio.timeout(MAIL_SECONDS):
                self._client = await connect(server, self._node.settings.host, MAIL_SECONDS, self._tls)
        except Unsafe as error:
            raise ServerAway("It offers no encryption.") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise ServerAway(_words(error)) from error
        return self._client

    async def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=CHILD_RETRY_SECONDS)
            client.close()

    async def _wait(self, mail: Mail, why: str) -> None:
        self._pause = min(MAIL_PAUSE_SECONDS_MOST, 2 * self._pause or MAIL_PAUSE_SECONDS)
        self._not_before = time.monotonic() + self._pause * random.uniform(1, 1.25)  # noqa: S311 - jitter
        _log.warning("mail server away", reason=escape(why, FAILURE_CHARS), seconds=round(self._pause))
        await self._hang_up()
        async with self._node.database.pool.acquire() as db:
            await mails.release(db, mail.id, escape(why, FAILURE_CHARS))

    async def _turned_away(self, mail: Mail, code: int, message: str) -> None:
        """By a reply to this letter: for good, or for now."""
        why = escape(f"{code} {message}", FAILURE_CHARS)
        age = (datetime.now(UTC) - mail.created_at).total_seconds()
        delay = retry_delay(mail.attempts, age, random.random())  # noqa: S311 - jitter
        if code >= PERMANENT or delay is None or age + delay > MAIL_HORIZON_SECONDS:
            return await self._refuse(mail, why)
        async with self._node.database.pool.acquire() as db:
            await mails.put_off(db, mail.id, delay, why)
        return None

    async def _refuse(self, mail: Mail, why: str) -> None:
        async with self._node.database.pool.acquire() as db:
            await mails.refuse(db, mail.id, escape(why, FAILURE_CHARS))

    async def _done(self, mail: Mail) -> None:
        """It is sent, or kept where no mail server is set: written down whatever happens, lest it go out again."""
        while True:
            try:
                async with self._node.database.pool.acquire() as db:
                    await (mails.keep if self._server is None else mails.sent)(db, mail.id)
                return
            except Exception as error:
                if not is_away(error):
                    raise
                _log.warning("database away", kind=type(error).__name__)
            await asyncio.sleep(CHILD_RETRY_SECONDS)


def _words(error: Exception) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__
