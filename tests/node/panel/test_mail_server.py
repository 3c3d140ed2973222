"""The mail server, said in the panel: kept with its password sealed, tried by a letter, its faults in plain words; what
the operator set wins."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from node.mailing.faults import OTHERWISE, plain
from node.mailing.sending import Sending
from node.mailing.server import server_of
from node.siblings.waking import Bell
from node.store.hub import mail_server
from node.store.notices import mails
from node.web.keys import SETTINGS
from tests.journeys.conftest import eventually
from tests.node.mailing.mail_server import MailServer
from tests.node.pages.conftest import Browser, Hub

PATH = "/admin/settings/mail"
ENTERED = {
    "host": "mail.example",
    "port": "587",
    "safety": "starttls",
    "user": "hub",
    "password": "s3cret-pass",
    "sender": "hub@coop.example",
    "deed": "save",
}


async def test_a_server_is_kept_and_its_password_is_shown_to_nobody(hub: Hub, ana: Browser) -> None:
    assert "First name a server." in (await ana.get(PATH)).words
    page = await ana.post(PATH, ENTERED)
    assert 'value="mail.example"' in page.text and "s3cret-pass" not in page.text
    server = await server_of(hub.db, hub.node.settings)
    assert server and (server.must_encrypt, server.password, server.sender) == (True, "s3cret-pass", "hub@coop.example")
    kept = await hub.db.fetchrow("SELECT mail::text AS mail, mail_password FROM hub")
    assert kept and "s3cret" not in kept["mail"] and b"s3cret" not in kept["mail_password"]
    assert "s3cret" not in (await hub.db.fetchval("SELECT string_agg(content, ' ') FROM log"))
    await ana.post(PATH, ENTERED | {"password": "", "sender": ""})
    assert await mail_server.password(hub.db) == "s3cret-pass", "an empty field leaves it as it is"
    await ana.post(PATH, {"deed": "forget"})
    assert await server_of(hub.db, hub.node.settings) is None
    assert not await mail_server.has_password(hub.db)


async def test_a_password_never_goes_to_another_server_than_it_was_typed_for(hub: Hub, ana: Browser) -> None:
    await ana.post(PATH, ENTERED)
    for changed in ({"host": "evil.example"}, {"port": "25"}, {"user": "other"}, {"safety": "offered"}):
        page = await ana.post(PATH, ENTERED | changed | {"password": ""})
        assert page.status == 422 and "type the password again" in page.words
    server = await server_of(hub.db, hub.node.settings)
    assert server and server.host == "mail.example"


@pytest.mark.parametrize(
    "wrong", [{"host": ""}, {"host": "a b"}, {"port": "0"}, {"port": "x"}, {"safety": "none"}, {"sender": "nobody"}]
)
async def test_what_is_no_server_is_refused_beside_its_field(hub: Hub, ana: Browser, wrong: dict[str, str]) -> None:
    assert (await ana.post(PATH, ENTERED | wrong)).status == 422
    assert await mail_server.find(hub.db) is None


async def test_what_the_operator_set_wins_and_is_only_looked_at(hub: Hub, ana: Browser) -> None:
    await ana.post(PATH, ENTERED)
    fixed = msgspec.structs.replace(hub.node.settings, mail_url="smtps://me:s3cret-pass@operator.example")
    hub.app._state[SETTINGS] = fixed
    page = await ana.get(PATH)
    assert "operator.example" in page.words and "ALLMENDE_MAIL_URL" in page.words
    assert "s3cret-pass" not in page.text and 'name="host"' not in page.text
    server = await server_of(hub.db, fixed)
    assert server and server.host == "operator.example"


async def test_a_letter_tries_the_server_that_was_just_named(hub: Hub, ana: Browser) -> None:
    server, bell = MailServer(), Bell()
    host, _, port = server.url.removeprefix("smtp://").partition(":")
    wrong = ENTERED | {"host": host, "port": "9", "safety": "offered", "user": "", "password": ""}
    sending = asyncio.create_task(Sending(hub.node, 7).run(bell))
    await ana.post(PATH, wrong)
    await ana.post(PATH, {"deed": "test"})

    async def failed() -> bool:
        return await mails.latest_failed(hub.db) is not None

    await eventually(failed, "it says why")
    assert "Nobody listens at that address and port." in (await ana.get(PATH)).words
    async with server.up():
        await ana.post(PATH, wrong | {"port": port})
        bell.ring()

        async def sent() -> bool:
            found = await mails.latest_of(hub.db, "test_letter")
            return found is not None and found.state == "sent"

        await eventually(sent, "another server is tried at once")
    bell.stop()
    await asyncio.wait_for(sending, 30)
    assert server.letters[0]["To"] == "ana@hub.example" and server.letters[0]["From"].endswith("<hub@coop.example>")
    assert "This letter arrived" in server.letters[0]["Subject"]


def test_faults_are_said_in_plain_words() -> None:
    said = {error: plain(error) for error in ("535 5.7.8 who are you", "It offers no encryption.", "Timed out", "zzz")}
    assert "password" in said["535 5.7.8 who are you"] and "encryption" in said["It offers no encryption."]
    assert "in time" in said["Timed out"] and said["zzz"] == OTHERWISE
