"""A forgotten password is set anew with a link that was sent by mail: once, within the hour, and nothing leaks."""

from __future__ import annotations

import pyotp
import pytest

from node.store.access import factors, tokens
from tests.node.pages.conftest import PASSWORD, Browser, Hub
from tests.node.pages.letters import last, outbox

NEW = "thirteen loud parsnips"


async def forget(browser: Browser, who: str) -> str:
    """Ask for the letter; what the page says."""
    page = await browser.post("/password/forgotten", {"who": who})
    assert page.status == 200
    return page.words


async def test_case_129_a_forgotten_password_is_set_anew_and_everything_open_is_closed(
    hub: Hub, stranger: Browser
) -> None:
    open_one = await hub.signed_in("ida", language="de")
    ida = await hub.db.fetchrow("SELECT id FROM accounts WHERE email = 'ida@hub.example'")
    assert ida
    await tokens.insert(hub.db, ida["id"], ["read"])
    await forget(stranger, "IDA@hub.example")
    sent = await last(hub, "reset_password")
    assert (sent.mail.recipient, sent.letter.subject) == ("ida@hub.example", "Ein neues Passwort für Werkhof")
    link = sent.link("/password/new")
    page = await stranger.post(
        "/password/new", {"token": token_in(link), "password": NEW, "password_again": NEW}, form=link
    )
    assert "Your password is set" in page.words
    assert (await open_one.get("/desk")).status == 401
    assert not await hub.db.fetchval("SELECT count(*) FROM tokens WHERE revoked_at IS NULL")
    assert (await stranger.post("/sign-in", {"who": "ida", "password": NEW})).url.endswith("/desk")
    assert "Passwort" in (await last(hub, "account_changed")).letter.text


def token_in(link: str) -> str:
    return link.partition("token=")[2]


async def test_case_115_the_answer_is_the_same_for_somebody_unknown(hub: Hub, stranger: Browser) -> None:
    assert await forget(stranger, "ana@hub.example") == await forget(stranger, "nobody@hub.example")
    assert [one.mail.recipient for one in await outbox(hub)] == ["ana@hub.example"]


async def test_case_132_a_reset_link_works_once_and_a_second_factor_is_still_asked_for(
    hub: Hub, stranger: Browser
) -> None:
    ida, secret = await hub.member("ida"), pyotp.random_base32()
    await factors.begin_totp(hub.db, ida.account.id, secret)
    await factors.use_step(hub.db, ida.account.id, 1)
    await forget(stranger, "ida")
    link = (await last(hub, "reset_password")).link("/password/new")
    sent = {"token": token_in(link), "password": NEW, "password_again": NEW}
    assert (await stranger.post("/password/new", sent, form=link)).status == 200
    again = await stranger.post("/password/new", sent, form="/sign-in")
    assert again.status == 404 and "was used" in again.text
    assert (await stranger.get(link)).status == 404
    page = await stranger.post("/sign-in", {"who": "ida", "password": NEW})
    assert "/desk" not in page.url and 'name="code"' in page.text


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE mail_keys SET expires_at = now() - interval '1 second'",
        "UPDATE accounts SET email = 'other@hub.example' WHERE email = 'ida@hub.example'",
        "UPDATE accounts SET disabled_at = now() WHERE email = 'ida@hub.example'",
        "UPDATE mail_keys SET purpose = 'confirm'",
    ],
    ids=["too late", "address given up", "account closed", "a key for something else"],
)
async def test_a_link_that_is_not_good_any_more_sets_nothing(hub: Hub, stranger: Browser, spoil: str) -> None:
    await hub.member("ida")
    await forget(stranger, "ida")
    link = (await last(hub, "reset_password")).link("/password/new")
    await hub.db.execute(spoil)
    sent = {"token": token_in(link), "password": NEW, "password_again": NEW}
    assert (await stranger.post("/password/new", sent, form="/sign-in")).status == 404
    assert (await stranger.post("/sign-in", {"who": "ida", "password": NEW})).status == 422


async def test_case_137_pages_with_a_key_are_kept_by_nobody_and_a_bad_password_spends_no_key(
    hub: Hub, stranger: Browser
) -> None:
    await forget(stranger, "ana")
    link = (await last(hub, "reset_password")).link("/password/new")
    page = await stranger.get(link)
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "same-origin")
    sent = {"token": token_in(link), "password": "short", "password_again": "other"}
    page = await stranger.post("/password/new", sent, form=link)
    assert page.status == 422
    assert "at least 10 characters" in page.words and "not the same" in page.words
    assert (await stranger.get(link)).status == 200


async def test_a_second_letter_voids_the_first(hub: Hub, stranger: Browser) -> None:
    await forget(stranger, "ana")
    first = (await last(hub, "reset_password")).link("/password/new")
    await forget(stranger, "ana")
    second = (await last(hub, "reset_password")).link("/password/new")
    assert [(await stranger.get(link)).status for link in (first, second)] == [404, 200]


async def test_nobody_is_flooded_with_letters(hub: Hub, stranger: Browser) -> None:
    for _ in range(5):
        await forget(stranger, "ana")
    assert (await stranger.post("/password/forgotten", {"who": "ana"})).status == 429
    assert (await stranger.post("/password/forgotten", {"who": "nobody"})).status == 429, "whoever it is"
    assert len(await outbox(hub)) == 5


async def test_links_lead_to_the_hub_whatever_host_is_asked_for(hub: Hub, stranger: Browser) -> None:
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    await stranger.post("/password/forgotten", {"who": "ana"}, **evil)
    assert "evil" not in (await last(hub, "reset_password")).letter.text


async def test_nothing_typed_is_said(hub: Hub, stranger: Browser) -> None:
    page = await stranger.post("/password/forgotten", {"who": " "})
    assert page.status == 422 and "This is needed." in page.words


async def test_the_owner_hears_of_a_new_browser_and_of_a_changed_password(hub: Hub) -> None:
    first = await hub.signed_in("ida")
    assert await outbox(hub) == [], "the first browser is no news"
    other = hub.browser()
    await other.post("/sign-in", {"who": "ida", "password": PASSWORD}, **{"User-Agent": "Lynx <b>&"})
    sent = await last(hub, "new_device")
    assert "Lynx <b>&" in sent.letter.text and "Lynx &lt;b&gt;&amp;" in sent.letter.html
    await other.post("/sign-out", {}, form="/desk")
    await other.post("/sign-in", {"who": "ida", "password": PASSWORD})
    assert len(await outbox(hub)) == 1, "a browser that is known is no news"
    fields = {"password_now": PASSWORD, "password": NEW, "password_again": NEW}
    await first.post("/settings/security/password", fields, form="/settings/security")
    assert "the password of your account was changed" in (await last(hub, "account_changed")).letter.text
