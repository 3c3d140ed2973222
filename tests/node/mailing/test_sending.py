"""Letters reach a real mail server once, wait while it is away, and are marked where it refuses them for good."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from node.mailing import sending as loop
from node.mailing.sending import Sending
from node.node import Node
from node.siblings.waking import Bell
from node.store.db import Db
from node.store.notices import mails
from node.store.notices.mails import Attachment
from node.store.queues import leases
from tests.node.mailing.conftest import Run, a_letter, until
from tests.node.mailing.mail_server import MailServer


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits between two attempts that a test can sit through."""
    monkeypatch.setattr(loop, "MAIL_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(loop, "MAIL_PAUSE_SECONDS_MOST", 0.1)


async def test_a_letter_is_sent_once_and_forgotten_here(db: Db, server: MailServer, sending: Run) -> None:
    files = (Attachment(name="date.ics", media_type="text/calendar; method=REQUEST", content=b"BEGIN:VCALENDAR"),)
    mail_id = await a_letter(db, unsubscribe="https://hub.example/mail/off/" + "a" * 120, attachments=files)
    async with server.up(), sending():
        mail = await until(db, mail_id, lambda one: one.state == "sent")
        await until(db, await a_letter(db), lambda one: one.state == "sent")
    first, second = server.letters
    assert (first["To"], first["Subject"], first["Message-ID"]) == ("ida@home.example", "News", f"<{mail.message_id}>")
    assert first["From"] == "localhost <hub@localhost>"
    assert first["List-Unsubscribe"] == f"<https://hub.example/mail/off/{'a' * 120}>"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first["Auto-Submitted"] == "auto-generated"
    assert b"List-Unsubscribe: <https" in server.arrived[0], "on one line, as programs look for it"
    text, html = first.get_body(("plain",)), first.get_body(("html",))
    assert text and "Hello Ida: 4 Dec 2026, 19:00" in text.get_content()
    assert html and "<p>Hello Ida</p>" in html.get_content()
    [file] = first.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file["Content-Type"].params["method"]) == (
        "date.ics",
        "text/calendar",
        "REQUEST",
    )
    assert second["List-Unsubscribe"] is None
    assert mail.facts == {} and not await mails.attachments(db, mail_id), "nobody can read it here any more"


async def test_letters_wait_while_the_server_is_down_and_none_is_lost(db: Db, server: MailServer, sending: Run) -> None:
    ids = [await a_letter(db) for _ in range(3)]
    async with sending():
        down = await until(db, ids[0], lambda one: one.last_error is not None)
        assert (down.state, down.attempts) in {("waiting", 0), ("waiting", 1)}
        async with server.up():
            for one in ids:
                await until(db, one, lambda mail: mail.state == "sent")
    assert len({one["Message-ID"] for one in server.letters}) == len(server.letters) == 3


async def test_a_letter_refused_for_good_is_marked_and_goes_out_when_asked_again(
    db: Db, server: MailServer, sending: Run
) -> None:
    server.to_recipient = lambda _: "550 5.1.1 nobody of that name"
    mail_id = await a_letter(db)
    async with server.up(), sending():
        mail = await until(db, mail_id, lambda one: one.state == "refused")
        assert mail.last_error == "550 5.1.1 nobody of that name"
        server.to_recipient = lambda _: "250 OK"
        assert await mails.try_again(db, mail_id)
        again = await until(db, mail_id, lambda one: one.state == "sent")
    assert server.letters[0]["Message-ID"] == f"<{again.message_id}>"
    assert not await mails.try_again(db, mail_id), "what was sent is not sent again"


async def test_a_letter_put_off_is_tried_later_and_refused_after_days(db: Db, server: MailServer, sending: Run) -> None:
    server.to_letter = lambda: "451 4.7.1 greylisted"
    fresh, old = await a_letter(db), await a_letter(db)
    await db.execute("UPDATE mails SET created_at = now() - interval '6 days' WHERE id = $1", old)
    async with server.up(), sending():
        waits = await until(db, fresh, lambda one: one.last_error is not None)
        assert (waits.state, waits.attempts, waits.next_at > waits.created_at) == ("waiting", 1, True)
        assert (await until(db, old, lambda one: one.state != "waiting")).state == "refused"


async def test_a_server_that_takes_nothing_from_us_is_not_the_fault_of_letters(
    db: Db, server: MailServer, sending: Run
) -> None:
    server.to_sender = lambda _: "550 5.7.1 who are you"
    mail_id = await a_letter(db)
    async with server.up(), sending():
        mail = await until(db, mail_id, lambda one: one.last_error is not None)
        assert mail.state == "waiting"
        server.to_sender = lambda _: "250 OK"
        await until(db, mail_id, lambda one: one.state == "sent")


async def test_a_server_that_hangs_holds_nobody_up_for_ever(
    db: Db, server: MailServer, sending: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "MAIL_SECONDS", 0.3)
    server.to_letter = lambda: None
    mail_id = await a_letter(db)
    async with server.up(), sending():
        await asyncio.wait_for(server.hung.wait(), 30)
        await until(db, mail_id, lambda one: one.last_error is not None)
        server.to_letter = lambda: "250 OK"
        await until(db, mail_id, lambda one: one.state == "sent")
    assert len(server.arrived) == 1


async def test_a_worker_killed_after_sending_leaves_a_letter_that_is_repeated_under_the_same_id(
    db: Db, server: MailServer, sender: Node, sending: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = asyncio.Event()

    async def killed(_: Sending, __: object) -> None:
        gone.set()
        await asyncio.Event().wait()

    mail_id = await a_letter(db)
    async with server.up():
        with monkeypatch.context() as patched:
            patched.setattr(Sending, "_done", killed)
            task = asyncio.create_task(Sending(sender, 9).run(Bell()))
            await asyncio.wait_for(gone.wait(), 30)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        async with sending():
            await leases.free_dead(db)
            await until(db, mail_id, lambda one: one.state == "sent")
    assert [one["Message-ID"] for one in server.letters] == [server.letters[0]["Message-ID"]] * 2


async def test_without_a_mail_server_letters_are_kept_to_be_read(db: Db, sender: Node) -> None:
    bell, mail_id = Bell(), await a_letter(db)
    quiet = msgspec.structs.replace(sender, settings=msgspec.structs.replace(sender.settings, mail_url=None))
    task = asyncio.create_task(Sending(quiet, 7).run(bell))
    kept = await until(db, mail_id, lambda one: one.state == "kept")
    bell.stop()
    await asyncio.wait_for(task, 30)
    assert kept.facts["name"] == "Ida"


async def test_letters_nobody_can_switch_off_go_first(db: Db, sender: Node) -> None:
    await a_letter(db, unsubscribe="https://hub.example/mail/off/x")
    urgent = await a_letter(db)
    leased = await mails.lease(db, 7)
    assert leased and leased.id == urgent


async def test_a_letter_that_cannot_be_written_is_marked(
    db: Db, server: MailServer, sending: Run, templates: Path
) -> None:
    (templates / "mail/test.txt").write_text("Subject: {{ nothing_of_that_name }}\n")
    mail_id = await a_letter(db)
    async with server.up(), sending():
        mail = await until(db, mail_id, lambda one: one.state == "refused")
    assert "nothing_of_that_name" in str(mail.last_error)
