"""The outbox for stewards: they see what waits and what was refused, and read letters only where none is sent."""

from __future__ import annotations

import msgspec
import pytest

from node.mailing.kinds import SECRET
from node.panel.mail import readable
from node.store.notices import mails
from node.store.notices.mails import Attachment, MailDraft, put
from node.web.keys import SETTINGS
from node.wording import language
from tests.node.pages.conftest import Browser, Hub

FACTS = {"name": "<Ida>", "zone": "UTC", "link": "https://hub.example/settings/security", "agent": "<script>x</script>"}


async def a_letter(hub: Hub, kind: str = "new_device") -> int:
    facts = {**FACTS, "when": "2026-12-04T18:00:00+00:00", "new": True}
    files = (Attachment(name="a.ics", media_type="text/calendar", content=b"BEGIN"),)
    return await put(hub.db, MailDraft(kind=kind, to="ida@h.example", language="en", facts=facts, attachments=files))


async def test_case_141_without_a_mail_server_a_steward_reads_letters_and_nothing_in_them_runs(
    hub: Hub, ana: Browser
) -> None:
    mail_id = await a_letter(hub)
    await mails.keep(hub.db, mail_id)
    page = await ana.get("/admin/mail")
    assert "No mail server is set" in page.words and "ida@h.example" in page.words and "Kept (1)" in page.words
    page = await ana.get(f"/admin/mail/{mail_id}")
    assert "<script>x</script>" in page.words and "<script>x" not in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"] and "sandbox" in page.text
    html = await ana.get(f"/admin/mail/{mail_id}/html")
    assert "&lt;script&gt;" in html.text and "Hello &lt;Ida&gt;" in html.text
    assert html.headers["Content-Security-Policy"].endswith("sandbox")
    assert "script-src" not in html.headers["Content-Security-Policy"]
    assert (await ana.get("/admin/mail/999")).status == (await ana.get("/admin/mail/999/html")).status == 404


async def test_where_mail_is_sent_nobody_but_its_reader_reads_it(hub: Hub, ana: Browser) -> None:
    mail_id, kept = await a_letter(hub), hub.app[SETTINGS]
    hub.app._state[SETTINGS] = msgspec.structs.replace(kept, mail_url="smtp://mail.example")
    page, html = await ana.get(f"/admin/mail/{mail_id}"), await ana.get(f"/admin/mail/{mail_id}/html")
    hub.app._state[SETTINGS] = kept
    assert "for its reader only" in page.words and "signed in" not in page.words
    assert html.status == 404


@pytest.mark.parametrize("kind", SECRET)
async def test_letters_with_a_key_in_them_are_read_on_ones_own_machine_only(hub: Hub, kind: str) -> None:
    mail = await mails.find(hub.db, await a_letter(hub, kind))
    assert mail and readable(hub.app[SETTINGS], mail, sent=False)
    assert not readable(msgspec.structs.replace(hub.app[SETTINGS], base_url="https://hub.example"), mail, sent=False)


async def test_what_was_refused_is_shown_with_its_reason_and_sent_again(hub: Hub, ana: Browser) -> None:
    mail_id = await a_letter(hub)
    await mails.refuse(hub.db, mail_id, "550 <b>nobody</b>")
    page = await ana.get("/admin/mail?state=refused")
    assert "550 <b>nobody</b>" in page.words
    page = await ana.post(f"/admin/mail/{mail_id}", {}, form="/admin/mail")
    assert "The letter is sent once more." in page.text
    found = await mails.find(hub.db, mail_id)
    assert found and found.state == "waiting"
    assert (await ana.post(f"/admin/mail/{mail_id}", {}, form="/admin/mail")).status == 404, "only what was refused"
    await mails.refuse(hub.db, mail_id, "550 no")
    ticked = {"deed": "again", "chosen": str(mail_id), "return_to": "/admin/mail?state=refused"}
    sure = await ana.post("/admin/mail", ticked)
    assert "ida@h.example" in sure.words and "550 no" in (await ana.get("/admin/mail?format=csv&q=ida")).text
    await ana.post("/admin/mail", ticked | {"sure": "yes"})
    found = await mails.find(hub.db, mail_id)
    assert found and found.state == "waiting"


def test_each_kind_of_letter_has_a_name() -> None:
    named = (language.THEMES / "commons/panel/letters.html").read_text()
    kinds = {one.stem for one in (language.THEMES / "commons/mail").glob("*.txt")} - {"layout"}
    assert {one for one in kinds if f'"{one}"' not in named and not one.startswith("rsvp")} == set()
