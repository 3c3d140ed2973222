"""A node that sends its letters to a mail server on loopback, and the loop that does so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from node.app import open_node
from node.mailing.sending import Sending
from node.node import Node
from node.settings import Settings
from node.siblings.waking import Bell
from node.store.db import Db
from node.store.notices.mails import Mail, MailDraft, find, put
from node.theming import theme
from tests.journeys.conftest import eventually
from tests.node.mailing.mail_server import MailServer

LETTER = (
    '{% if false %}{% endif %}Subject: {{ title }}\n\nHello {{ name }}: {{ say_moment("2026-12-04T18:00:00+00:00") }}\n'
)
HTML = "<!doctype html><title>{{ subject }}</title><p>Hello {{ name }}</p>"
Run = Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture
def server() -> MailServer:
    """The mail server, not yet there."""
    return MailServer()


@pytest.fixture
def templates(settings: Settings) -> Path:
    """A theme of the hub's own that knows letters of the kind `test`."""
    own = settings.data / "theme"
    (own / "mail").mkdir(parents=True)
    (own / "static").mkdir()
    (own / "theme.toml").write_text('name = "own"\n')
    (own / "mail/test.txt").write_text(LETTER)
    (own / "mail/test.html").write_text(HTML)
    return own


@pytest.fixture
async def sender(settings: Settings, server: MailServer, templates: Path) -> AsyncIterator[Node]:
    """A node that knows the mail server."""
    theme.load.cache_clear()
    async with open_node(msgspec.structs.replace(settings, mail_url=server.url)) as (node, _):
        yield node


@pytest.fixture
def sending(sender: Node) -> Run:
    """`async with sending():` the loop runs for as long as the block lasts."""

    @asynccontextmanager
    async def run() -> AsyncIterator[None]:
        bell = Bell()
        task = asyncio.create_task(Sending(sender, 7).run(bell))
        try:
            yield
        finally:
            bell.stop()
            await asyncio.wait_for(task, 30)

    return run


async def a_letter(db: Db, **more: object) -> int:
    """Put one into the outbox."""
    draft = MailDraft(kind="test", to="ida@home.example", language="en", facts={"title": "News", "name": "Ida"})
    return await put(db, msgspec.structs.replace(draft, **more))


async def until(db: Db, mail_id: int, what: Callable[[Mail], bool]) -> Mail:
    """Wait until that is true of a letter."""

    async def check() -> bool:
        mail = await find(db, mail_id)
        return mail is not None and what(mail)

    await eventually(check, "the letter is where it should be")
    found = await find(db, mail_id)
    assert found
    return found
