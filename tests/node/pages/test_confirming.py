"""An address counts once its reader has opened the link that was sent to it; before that the account opens nothing."""

from __future__ import annotations

import pytest

from node.actions import accounts, addresses
from node.actions.accounts import NewAccount, Ready
from node.errors import Conflict
from node.store.members import accounts as logins
from schemas.records import Account
from tests.factories import keys
from tests.node.pages.conftest import PASSWORD, Browser, Hub
from tests.node.pages.letters import last, outbox


async def newcomer(hub: Hub) -> Account:
    """Somebody who has made an account and not opened the letter yet."""
    new = NewAccount(name="nia", email="nia@home.example", password=PASSWORD, confirmed=False)
    ready = Ready(password_hash=await accounts.passwords.hashed(PASSWORD), keys=keys())
    async with hub.db.transaction():
        made = await accounts.create(hub.db, hub.urls, new, ready)
        await addresses.ask_to_confirm(hub.db, hub.urls, made)
    return made


def token_in(link: str) -> str:
    return link.partition("token=")[2]


async def test_an_account_acts_once_its_address_is_confirmed(hub: Hub, stranger: Browser) -> None:
    await newcomer(hub)
    page = await stranger.post("/sign-in", {"who": "nia", "password": PASSWORD})
    assert page.status == 403 and "nia@home.example" in page.words
    assert (await stranger.get("/desk")).status == 401
    link = (await last(hub, "confirm_address")).link("/confirm")
    assert (await stranger.get(link)).status == 200
    assert (await stranger.post("/sign-in", {"who": "nia", "password": PASSWORD})).status == 403, (
        "looking is not enough"
    )
    assert "Address confirmed" in (await stranger.post("/confirm", {"token": token_in(link)}, form=link)).words
    assert (await stranger.post("/sign-in", {"who": "nia", "password": PASSWORD})).url.endswith("/desk")
    assert (await stranger.post("/confirm", {"token": token_in(link)}, form="/desk")).status == 404, "once"


async def test_a_wrong_password_does_not_say_that_an_account_waits(hub: Hub, stranger: Browser) -> None:
    await newcomer(hub)
    page = await stranger.post("/sign-in", {"who": "nia", "password": "not this one"})
    assert page.status == 422 and "nia@home.example" not in page.words


async def test_a_session_of_an_unconfirmed_account_opens_nothing(hub: Hub) -> None:
    ida = await hub.signed_in("ida")
    await hub.db.execute("UPDATE accounts SET confirmed_at = NULL WHERE email = 'ida@hub.example'")
    assert (await ida.get("/desk")).status == 401


async def test_the_letter_is_sent_again_and_the_older_link_is_void(hub: Hub, stranger: Browser) -> None:
    nia = await newcomer(hub)
    first = (await last(hub, "confirm_address")).link("/confirm")
    page = await stranger.post("/sign-in", {"who": "nia", "password": PASSWORD})
    again = page.text.partition('name="again" value="')[2].partition('"')[0]
    sent = {"account": str(nia.id), "again": again}
    assert "Sent once more" in (await stranger.post("/confirm/again", sent, form="/sign-in")).words
    assert (await stranger.get(first)).status == 404
    for account, mark in ((str(nia.id + 1), again), (str(nia.id), "0" * 64), ("x", again)):
        forged = await stranger.post("/confirm/again", {"account": account, "again": mark}, form="/sign-in")
        assert forged.status == 404
    for _ in range(4):
        await stranger.post("/confirm/again", sent, form="/sign-in")
    assert (await stranger.post("/confirm/again", sent, form="/sign-in")).status == 429


async def change(browser: Browser, address: str, password: str = PASSWORD) -> str:
    fields = {"email": address, "password_now": password}
    return (await browser.post("/settings/mail/address", fields, form="/settings/mail")).words


async def test_an_address_changes_once_it_is_confirmed_and_the_old_one_hears_of_it(hub: Hub) -> None:
    ida = await hub.signed_in("ida")
    await change(ida, "new@home.example")
    assert "Waits to be confirmed: new@home.example" in (await ida.get("/settings/mail")).words
    assert await logins.find_by_email(hub.db, "ida@hub.example"), "nothing has changed yet"
    asked = await last(hub, "account_changed")
    assert (asked.mail.recipient, "as soon as the new one is confirmed" in asked.letter.text) == (
        "ida@hub.example",
        True,
    )
    sent = await last(hub, "confirm_address")
    assert sent.mail.recipient == "new@home.example"
    link = sent.link("/confirm")
    await hub.browser().post("/confirm", {"token": token_in(link)}, form=link)
    assert await logins.find_by_email(hub.db, "new@home.example")
    told = await last(hub, "account_changed")
    assert (told.mail.recipient, "last letter" in told.letter.text) == ("ida@hub.example", True)


async def test_case_115_an_address_of_somebody_else_gets_no_letter_and_the_page_does_not_tell(hub: Hub) -> None:
    ida = await hub.signed_in("ida")
    said = await change(ida, "ANA@hub.example")
    assert said.replace("ANA@hub.example", "free@home.example") == await change(ida, "free@home.example")
    assert [one.mail.recipient for one in await outbox(hub, "confirm_address")] == ["free@home.example"]


@pytest.mark.parametrize(
    ("address", "password", "words"),
    [
        ("nobody", PASSWORD, "This is no mail address."),
        ("a@b.example\nBcc: c@d.example", PASSWORD, "This is no mail address."),
        ("new@home.example", "wrong password", "This is not your password."),
    ],
)
async def test_what_is_wrong_with_a_new_address_is_said_beside_it(
    hub: Hub, address: str, password: str, words: str
) -> None:
    ida = await hub.signed_in("ida")
    assert words in await change(ida, address, password)
    assert await outbox(hub) == []


async def test_case_144_of_two_who_confirm_one_address_the_first_has_it(hub: Hub) -> None:
    ida, tom = await hub.member("ida"), await hub.member("tom")
    for one in (ida, tom):
        await addresses.ask_to_confirm(hub.db, hub.urls, one.account, "both@home.example")
    first, second = [token_in(one.link("/confirm")) for one in await outbox(hub, "confirm_address")]
    assert await addresses.confirm(hub.db, hub.urls, first) == "both@home.example"
    with pytest.raises(Conflict):
        async with hub.db.transaction():
            await addresses.confirm(hub.db, hub.urls, second)
