"""A real mail server on loopback (aiosmtpd) that takes letters, or is as badly behaved as a test asks for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope

from tests.ports import free_port

HOST = "127.0.0.9"
OK = "250 OK"


class MailServer:
    """What arrived, and what the server says to a recipient or to the letter itself: a reply, or None to say nothing
    at all and hang."""

    def __init__(self) -> None:
        self.port = free_port()
        self.arrived: list[bytes] = []
        self.to_recipient: Callable[[str], str] = lambda _: OK
        self.to_sender: Callable[[str], str] = lambda _: OK
        self.to_letter: Callable[[], str | None] = lambda: OK
        self.hung = asyncio.Event()

    @property
    def url(self) -> str:
        """As a hub is told of it."""
        return f"smtp://{HOST}:{self.port}"

    @property
    def letters(self) -> list[EmailMessage]:
        """What arrived, parsed."""
        return [message_from_bytes(one, policy=default) for one in self.arrived]  # type: ignore[arg-type]

    async def handle_MAIL(self, _: Any, __: Any, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        """From whom."""
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.to_sender(address)

    async def handle_RCPT(self, _: Any, __: Any, envelope: Envelope, address: str, ___: list[str]) -> str:  # noqa: N802
        """To whom."""
        answer = self.to_recipient(address)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _: Any, __: Any, envelope: Envelope) -> str:  # noqa: N802
        """The letter."""
        answer = self.to_letter()
        if answer is None:
            self.hung.set()
            await asyncio.Event().wait()
        if answer == OK:
            self.arrived.append(bytes(envelope.original_content or b""))
        return str(answer)

    @asynccontextmanager
    async def up(self) -> AsyncIterator[None]:
        """Be there, at the same port each time."""
        loop = asyncio.get_running_loop()
        protocols: list[SMTP] = []

        def protocol() -> SMTP:
            protocols.append(SMTP(self, hostname="mail.example", enable_SMTPUTF8=True, loop=loop))
            return protocols[-1]

        server = await loop.create_server(protocol, HOST, self.port)
        try:
            yield
        finally:
            server.close()
            for one in protocols:
                if one.transport is not None:
                    one.transport.abort()
            await server.wait_closed()
