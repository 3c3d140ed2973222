"""Nothing in a title, a name or an address adds a header, and nothing is a template but templates."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import msgspec
import pytest

from node.mailing.message import compose
from node.mailing.rendering import Letter, write
from node.node import Node
from node.store.db import Db
from node.store.hub import hub
from node.store.notices import mails
from node.store.notices.mails import Mail
from tests.node.mailing.conftest import a_letter

LETTER = Letter(subject="News", text="Hello\n", html="<p>Hello</p>")


async def a_mail(db: Db, **more: object) -> Mail:
    found = await mails.find(db, await a_letter(db, **more))
    assert found
    return found


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "Ida <a@b.example>",
        "a\x01@b.example",
        "nobody",
        "",
    ],
)
async def test_what_is_no_plain_address_gets_no_letter(db: Db, sender: Node, address: str) -> None:
    with pytest.raises(ValueError, match="plain mail address"):
        await a_letter(db, to=address)


@pytest.mark.parametrize("title", ["News\r\nBcc: c@d.example", "News\nBcc: c@d.example", "News\x0bBcc: x", "News\0"])
async def test_case_85_a_title_adds_no_header(db: Db, sender: Node, title: str) -> None:
    mail = await a_mail(db, facts={"title": title.replace("\0", ""), "name": title.replace("\0", "")})
    letter = write(mail, await hub.get(db), sender.settings)
    read = message_from_bytes(compose(mail, letter, "hub@h.example", title, []), policy=default)
    assert read["Bcc"] is None
    assert read["Subject"].startswith("News")
    assert read["From"].addresses[0].addr_spec == "hub@h.example"


@pytest.mark.parametrize("address", ["https://x.example/>\r\nBcc: c@d.example", "https://x.example/ä", "https://x/ y"])
async def test_an_address_to_unsubscribe_adds_no_header(db: Db, sender: Node, address: str) -> None:
    with pytest.raises(ValueError, match="holds what no address does"):
        compose(await a_mail(db, unsubscribe=address), LETTER, "hub@h.example", "Hub", [])


async def test_case_145_values_are_no_templates_and_no_html(db: Db, sender: Node, templates: Path) -> None:
    nasty = "{{ 7*7 }} %s {0.__class__} {name} <b>"
    mail = await a_mail(db, facts={"title": nasty, "name": nasty})
    letter = write(mail, await hub.get(db), sender.settings)
    assert letter.subject == nasty
    assert f"Hello {nasty}" in letter.text
    assert "{{ 7*7 }} %s {0.__class__} {name} &lt;b&gt;" in letter.html


async def test_letters_about_one_thing_to_one_person_stand_together(db: Db, sender: Node) -> None:
    about, threads = (
        [({"thread": "e/1"}, "a@x.example")] * 2 + [({"thread": "e/1"}, "b@x.example"), ({}, "a@x.example")],
        [],
    )
    for facts, to in about:
        mail = await a_mail(db, facts=facts, to=to)
        read = message_from_bytes(compose(mail, LETTER, "hub@h.example", "Hub", []), policy=default)
        threads.append(read["References"])
        assert read["Message-ID"] != read["References"]
    assert threads[0] == threads[1] != threads[2]
    assert threads[3] is None


async def test_letters_reach_names_in_any_script(db: Db, sender: Node) -> None:
    mail = msgspec.structs.replace(await a_mail(db), recipient="josé@müller.example")
    raw = compose(mail, LETTER, "hub@h.example", "Bücherei", [])
    assert "josé@xn--mller-kva.example".encode() in raw
    assert "From: Bücherei <hub@h.example>".encode() in raw
