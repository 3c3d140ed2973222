"""The page on which members look after their lock: the password, the second step, sessions and apps."""

from __future__ import annotations

import re
import time

import pyotp
import pytest

from node.store import happenings
from node.store.access import factors, sessions, tokens
from node.web.keys import SETTINGS
from node.web.sessions import cookie_name
from schemas.limits import TOTP_SECONDS
from schemas.records import Viewer
from tests.node.mastodon.conftest import ClientHub, hub
from tests.node.pages.conftest import PASSWORD, Browser

__all__ = ["hub"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEW = "nine loud turnips sing"
SECURITY = "/settings/security"
LOCKED = [
    ("/settings/security/password", {"password": NEW, "password_again": NEW}),
    ("/settings/security/totp/remove", {}),
    ("/settings/security/recovery-codes", {}),
    ("/settings/security/passkeys/remove", {"passkey_id": "1"}),
]


async def somebody(hub: ClientHub) -> tuple[Viewer, Browser]:
    """A new member with a browser, signed in."""
    who = await hub.newcomer()
    return who, await signed_in(hub, who)


async def signed_in(hub: ClientHub, who: Viewer, password: str = PASSWORD) -> Browser:
    browser = hub.browser()
    page = await browser.post("/sign-in", {"who": who.actor.name, "password": password})
    assert page.url == f"{hub.base}/desk"
    return browser


async def with_totp(hub: ClientHub, browser: Browser) -> tuple[str, list[str]]:
    """Set an authenticator app up; its secret, and the recovery codes that were shown."""
    page = await browser.get("/settings/security/totp")
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page.text)
    assert found
    # The page with the form draws another secret: so the token comes from elsewhere.
    for _ in range(2):  # the code of the step before is too old if the next step begins just now
        code = pyotp.HOTP(found[1]).at(int(time.time()) // TOTP_SECONDS - 1)
        sent = {"code": code, "password_now": PASSWORD}
        page = await browser.post("/settings/security/totp", sent, form=SECURITY)
        if page.status == 200:
            break
    assert page.status == 200
    return found[1], re.findall(r"<code class=\"whole\">([a-z0-9-]{19})</code>", page.text)


async def test_the_desk_and_the_menu_lead_there(hub: ClientHub) -> None:
    _, browser = await somebody(hub)
    page = await browser.get("/desk")
    for path in (SECURITY, "/settings/apps"):
        assert page.text.count(f'href="{path}"') == 2
        assert (await browser.get(path)).headers["Cache-Control"] == "no-store"  # case 137


@pytest.mark.parametrize("path", [SECURITY, "/settings/apps", f"{SECURITY}/totp", f"{SECURITY}/passkeys"])
async def test_strangers_see_none_of_it(hub: ClientHub, path: str) -> None:
    assert (await hub.browser().get(path)).status == 401


async def test_case_129_a_new_password_ends_whatever_the_old_one_opened(hub: ClientHub) -> None:
    who, browser = await somebody(hub)
    other = await signed_in(hub, who)
    client = await hub.client_of(who)
    app, _ = await hub.app_named("Herd")
    issued = await tokens.issue(hub.db, app.id, ("read",), account_id=who.account.id)
    before = browser.cookies()[cookie_name(hub.app[SETTINGS], "session")]
    place = await happenings.end(hub.db)
    sent = {"password_now": PASSWORD, "password": NEW, "password_again": NEW}
    page = await browser.post("/settings/security/password", sent, form=SECURITY)
    assert "Your password is changed." in page.words
    assert (await browser.get("/desk")).status == 200
    assert browser.cookies()[cookie_name(hub.app[SETTINGS], "session")] != before  # case 131
    assert (await other.get("/desk")).status == 401
    for token in (client.token, issued.token):
        assert (await hub.client(token).get("/api/v1/apps/verify_credentials")).status == 401
    ended = [one for one in await happenings.list_after(hub.db, place, 100) if one.kind == "token.revoked"]
    assert issued.id in [one.subject_id for one in ended]
    assert (await hub.browser().post("/sign-in", {"who": who.actor.name, "password": PASSWORD})).status == 422
    await signed_in(hub, who, NEW)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"password_now": "wrong"}, "This is not your password."),
        ({"password_now": ""}, "This is not your password."),
        ({"password": "short", "password_again": "short"}, "needs at least 10 characters"),
        ({"password": "x" * 257, "password_again": "x" * 257}, "256 characters at most"),
        ({"password_again": "another long one"}, "The two passwords are not the same."),
    ],
)
async def test_a_new_password_that_is_not_right_is_refused(hub: ClientHub, sent: dict[str, str], said: str) -> None:
    who, browser = await somebody(hub)
    usual = {"password_now": PASSWORD, "password": NEW, "password_again": NEW}
    page = await browser.post("/settings/security/password", usual | sent, form=SECURITY)
    assert page.status == 422
    assert said in page.words
    assert NEW not in page.text
    await signed_in(hub, who)


@pytest.mark.parametrize(("path", "sent"), LOCKED)
async def test_a_browser_left_open_does_not_change_the_lock(hub: ClientHub, path: str, sent: dict[str, str]) -> None:
    who, browser = await somebody(hub)
    await with_totp(hub, browser)
    codes = await hub.db.fetch("SELECT code_hash FROM recovery_codes WHERE account_id = $1", who.account.id)
    for typed in ("", "wrong"):
        page = await browser.post(path, sent | {"password_now": typed}, form=SECURITY)
        assert page.status == 422
        assert "This is not your password." in page.words
    assert (await factors.of(hub.db, who.account.id)).totp
    assert codes == await hub.db.fetch("SELECT code_hash FROM recovery_codes WHERE account_id = $1", who.account.id)


async def test_an_authenticator_app_is_set_up_by_a_picture_and_its_first_code(hub: ClientHub) -> None:
    who, browser = await somebody(hub)
    page = await browser.get("/settings/security/totp")
    assert "<svg" in page.text
    assert "<script" not in page.text
    assert not (await factors.of(hub.db, who.account.id)).any
    other = await signed_in(hub, who)
    _, codes = await with_totp(hub, browser)
    assert len(set(codes)) == 10
    assert (await factors.of(hub.db, who.account.id)).any
    assert (await browser.get("/desk")).status == 200
    assert (await other.get("/desk")).status == 401  # case 132: signed in before there was a second step
    again = await browser.get(SECURITY)
    assert codes[0] not in again.text
    assert "10 recovery codes are left." in again.words
    assert "A code from your authenticator app is asked for." in (await browser.get("/settings/security/totp")).words


@pytest.mark.parametrize("wrong", [{"code": "000000"}, {"code": ""}, {"password_now": "wrong"}])
async def test_without_the_first_code_and_the_password_nothing_is_asked_for(
    hub: ClientHub, wrong: dict[str, str]
) -> None:
    who, browser = await somebody(hub)
    await browser.get("/settings/security/totp")
    totp = await factors.find_totp(hub.db, who.account.id)
    assert totp
    sent = {"code": pyotp.TOTP(totp.secret).now(), "password_now": PASSWORD} | wrong
    page = await browser.post("/settings/security/totp", sent, form=SECURITY)
    assert page.status == 422
    assert totp.secret in page.text  # the same secret, for another try
    assert not (await factors.of(hub.db, who.account.id)).any


async def test_a_confirmed_secret_is_neither_shown_nor_changed(hub: ClientHub) -> None:
    who, browser = await somebody(hub)
    secret, _ = await with_totp(hub, browser)
    page = await browser.get("/settings/security/totp")
    assert secret not in page.text
    kept = await factors.find_totp(hub.db, who.account.id)
    assert kept
    assert kept.secret == secret
    sent = {"code": pyotp.TOTP(secret).now(), "password_now": PASSWORD}
    assert (await browser.post("/settings/security/totp", sent, form=SECURITY)).status == 422


async def test_the_second_step_can_be_given_up_and_its_codes_with_it(hub: ClientHub) -> None:
    who, browser = await somebody(hub)
    await with_totp(hub, browser)
    page = await browser.post("/settings/security/totp/remove", {"password_now": PASSWORD}, form=SECURITY)
    assert "No code is asked for any more." in page.words
    assert await factors.of(hub.db, who.account.id) == factors.Factors(totp=False, passkeys=0, recovery_codes=0)
    await signed_in(hub, who)


async def test_new_recovery_codes_make_the_old_ones_void(hub: ClientHub) -> None:
    who, browser = await somebody(hub)
    _, old = await with_totp(hub, browser)
    page = await browser.post("/settings/security/recovery-codes", {"password_now": PASSWORD}, form=SECURITY)
    new = re.findall(r"<code class=\"whole\">([a-z0-9-]{19})</code>", page.text)
    assert len(new) == 10
    assert not set(new) & set(old)
    assert not await factors.use_recovery_code(hub.db, who.account.id, old[0].replace("-", ""))
    assert await factors.use_recovery_code(hub.db, who.account.id, new[0].replace("-", ""))


@pytest.mark.parametrize("visited", [True, False])
async def test_a_passkey_that_no_device_made_is_not_kept(hub: ClientHub, visited: bool) -> None:
    who, browser = await somebody(hub)
    if visited:
        page = await browser.get("/settings/security/passkeys")
        assert 'data-passkey="create"' in page.text
        assert "hidden" in page.text.partition("data-passkey")[2].partition(">")[0]
    sent = {"passkey": '{"id": "x"}', "name": "key", "password_now": PASSWORD}
    page = await browser.post("/settings/security/passkeys", sent, form=SECURITY)
    assert page.status == 422
    assert "This passkey could not be kept." in page.words
    sent["password_now"] = "wrong"
    page = await browser.post("/settings/security/passkeys", sent, form=SECURITY)
    assert "This is not your password." in page.words
    assert not (await factors.of(hub.db, who.account.id)).any


async def test_sessions_are_listed_and_ended(hub: ClientHub) -> None:
    who, browser = await somebody(hub)
    other, third = await signed_in(hub, who), await signed_in(hub, who)
    page = await browser.get(SECURITY)
    assert page.words.count("this browser") == 1
    assert page.words.count("aiohttp") == 3
    key = other.cookies()[cookie_name(hub.app[SETTINGS], "session")]
    assert key not in page.text
    sent = {"session": sessions.hash_of(key).hex()}
    await browser.post("/settings/security/sessions", sent, form=SECURITY)
    assert [(await one.get("/desk")).status for one in (browser, other, third)] == [200, 401, 200]
    await browser.post("/settings/security/sessions", {"session": "others"}, form=SECURITY)
    assert [(await one.get("/desk")).status for one in (browser, third)] == [200, 401]


async def test_case_135_nobody_ends_the_session_or_the_app_of_somebody_else(hub: ClientHub) -> None:
    who, hers = await somebody(hub)
    _, browser = await somebody(hub)
    key = hers.cookies()[cookie_name(hub.app[SETTINGS], "session")]
    for named in (sessions.hash_of(key).hex(), "x" * 64, "..", ""):
        await browser.post("/settings/security/sessions", {"session": named}, form=SECURITY)
    client = await hub.client_of(who)
    token = (await tokens.list_of(hub.db, who.account.id))[0]
    for number in (str(token.id), "-1", "9" * 40, "x"):
        await browser.post("/settings/apps", {"token": number})
    assert (await hers.get("/desk")).status == 200
    assert await hub.db.fetchval("SELECT revoked_at IS NULL FROM tokens WHERE id = $1", token.id)
    assert client.token


async def test_apps_are_listed_with_what_they_may_do_and_shut_out(hub: ClientHub) -> None:
    editor = await hub.newcomer("editor")
    browser = await signed_in(hub, editor)
    assert "You have let no app in." in (await browser.get("/settings/apps")).words
    app, _ = await hub.app_named("Herd <b>")
    hubs = await hub.db.fetchval("SELECT id FROM actors WHERE local AND name = 'hub'")
    issued = await tokens.issue(hub.db, app.id, ("read:lists",), account_id=editor.account.id, acting_actor_id=hubs)
    await hub.client(issued.token).get("/api/v1/apps/verify_credentials")
    page = await browser.get("/settings/apps")
    assert "Herd &lt;b&gt;" in page.text
    assert "Read: lists." in page.words
    assert "In whose name Werkhof" in page.words
    assert "Never" not in page.words
    page = await browser.post("/settings/apps", {"token": str(issued.id)})
    assert "This app is shut out." in page.words
    assert "You have let no app in." in page.words
    assert (await hub.client(issued.token).get("/api/v1/apps/verify_credentials")).status == 401
