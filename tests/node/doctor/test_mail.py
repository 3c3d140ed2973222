"""The mail server: a real one is greeted, nothing is sent."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from node.doctor.mail import check_mail
from node.mailing.server import mail_server
from tests.peer import raw_server, server_tls, trust

HOST = "127.0.0.8"
GREETING = "220 mail.example ESMTP"
LOGIN = base64.b64encode(b"\0hub@example.org\0p@ss").decode()


@asynccontextmanager
async def mail(
    *, starttls: bool = False, auth: bool = False, greeting: str = "220 mail.example ESMTP"
) -> AsyncIterator[str]:
    """A small mail server; yields host:port. It knows one login and takes no mail."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(*lines: str) -> None:
            writer.write("".join(f"{line}\r\n" for line in lines).encode())

        say(greeting)
        secret = False
        while line := (await reader.readline()).decode().strip():
            verb, _, rest = line.partition(" ")
            if verb in ("EHLO", "HELO"):
                offers = ["STARTTLS"] * (starttls and not secret) + ["AUTH PLAIN"] * auth
                say("250-mail.example", *(f"250-{offer}" for offer in offers), "250 8BITMIME")
            elif verb == "STARTTLS":
                say("220 go on")
                await writer.drain()
                await writer.start_tls(server_tls(HOST))
                secret = True
            elif verb == "AUTH":
                say("235 welcome" if rest == f"PLAIN {LOGIN}" else "535 5.7.8 who are you")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("502 not here")

    async with raw_server(talk, HOST) as url:
        yield url.removeprefix("http://")


async def test_no_mail_server_is_a_note() -> None:
    assert [remark.level for remark in await check_mail(None, "localhost")] == ["note"]


async def test_a_mail_server_that_takes_us_is_fine() -> None:
    async with mail(auth=True) as where:
        remarks = await check_mail(mail_server(f"smtp://hub%40example.org:p%40ss@{where}"), "localhost")
    assert [remark.level for remark in remarks] == ["ok"]
    assert "unencrypted, logged in" in remarks[0].says


async def test_encryption_is_used_where_it_is_offered() -> None:
    async with mail(starttls=True, auth=True) as where:
        remarks = await check_mail(mail_server(f"smtp://hub%40example.org:p%40ss@{where}"), "localhost", trust(HOST))
    assert "(encrypted, logged in)" in remarks[0].says


async def test_a_certificate_that_nobody_trusts_is_said() -> None:
    async with mail(starttls=True) as where:
        remarks = await check_mail(mail_server(f"smtp://{where}"), "localhost", ssl.create_default_context())
    assert [remark.level for remark in remarks] == ["wrong"]
    assert "cannot be spoken to in secret" in remarks[0].says
    assert remarks[0].do.startswith("Check its certificate")


async def test_a_wrong_password_is_said() -> None:
    async with mail(auth=True) as where:
        remarks = await check_mail(mail_server(f"smtp://hub:wrong@{where}"), "localhost")
    assert [remark.level for remark in remarks] == ["wrong"]
    assert "refuses the login: 5.7.8 who are you" in remarks[0].says
    assert "wrong" not in remarks[0].says


@pytest.mark.parametrize("greeting", ["554 go away", "HTTP/1.1 400 Bad Request"])
async def test_what_is_no_mail_server_is_said(greeting: str) -> None:
    async with mail(greeting=greeting) as where:
        remarks = await check_mail(mail_server(f"smtp://{where}"), "localhost")
    assert [remark.level for remark in remarks] == ["wrong"]
    assert "does not answer as one" in remarks[0].says


async def test_nobody_there_is_said() -> None:
    remarks = await check_mail(mail_server(f"smtp://{HOST}:9"), "localhost")
    assert [remark.level for remark in remarks] == ["wrong"]


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("smtp://mail.example", ("mail.example", 587, False, False, "", "", "", False)),
        ("smtps://a:b%2Fc@mail.example", ("mail.example", 465, True, False, "a", "b/c", "", False)),
        ("smtp://mail.example:25", ("mail.example", 25, False, False, "", "", "", False)),
        (
            "smtp+starttls://mail.example?from=hub@coop.example",
            ("mail.example", 587, False, True, "", "", "hub@coop.example", False),
        ),
    ],
)
def test_the_address_of_a_mail_server_is_read(url: str, read: tuple[object, ...]) -> None:
    assert msgspec.structs.astuple(mail_server(url)) == read
