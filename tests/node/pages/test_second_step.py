"""Signing in by two steps: nothing opens in between, and no code is good twice (case 132)."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import msgspec
import pyotp
import pytest
import pytest_asyncio

from node.actions import factors as deeds
from node.store.access import attempts, factors
from node.web.keys import SETTINGS
from node.web.sessions import cookie_name
from schemas.limits import PENDING_TRIES, SIGN_IN_SECONDS, TOTP_SECONDS
from schemas.records import Viewer
from tests.node.mastodon.conftest import ClientHub, hub
from tests.node.pages.conftest import PASSWORD, Browser, Page
from tests.node.pages.form_reader import fields_of

__all__ = ["hub"]

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Guarded(msgspec.Struct, frozen=True):
    """A member with an authenticator app, and the recovery codes they wrote down."""

    who: Viewer
    secret: str
    codes: list[str]

    def code(self, ago: int = 0) -> str:
        """What the app shows, or showed some steps ago."""
        return pyotp.HOTP(self.secret).at(int(time.time()) // TOTP_SECONDS - ago)


async def guarded(hub: ClientHub) -> Guarded:
    """A new member whose account asks for a second step."""
    who, secret = await hub.newcomer(), deeds.new_secret()
    await factors.begin_totp(hub.db, who.account.id, secret)
    await hub.db.execute("UPDATE totp SET confirmed_at = now() WHERE account_id = $1", who.account.id)
    return Guarded(who, secret, await deeds.new_recovery_codes(hub.db, who.account.id))


@pytest_asyncio.fixture(loop_scope="module")
async def gil(hub: ClientHub) -> Guarded:
    """Such a member."""
    return await guarded(hub)


async def first_step(browser: Browser, gil: Guarded, **more: str) -> dict[str, str]:
    """Give the password; what the page of the second step would send."""
    page = await browser.post("/sign-in", {"who": gil.who.actor.name, "password": PASSWORD} | more, follow=False)
    assert page.status == 200
    assert "Second step" in page.words
    assert page.headers["Cache-Control"] == "no-store"
    return {name: values[0] for name, values in fields_of(page.text, "/sign-in/second").items()}


async def second_step(browser: Browser, sent: dict[str, str], code: str) -> Page:
    return await browser.post("/sign-in/second", sent | {"code": code}, form="/sign-in")


async def test_one_signs_in_with_a_code_and_goes_where_one_wanted(hub: ClientHub, gil: Guarded) -> None:
    browser = hub.browser()
    sent = await first_step(browser, gil, return_to="/events?area=it")
    page = await second_step(browser, sent, gil.code())
    assert page.url == f"{hub.base}/events?area=it"
    assert (await browser.get("/desk")).status == 200


@pytest.mark.parametrize("spelled", ["{}", " {} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}"])
async def test_blanks_in_a_code_do_not_matter(hub: ClientHub, gil: Guarded, spelled: str) -> None:
    browser = hub.browser()
    page = await second_step(browser, await first_step(browser, gil), spelled.format(gil.code()))
    assert page.url == f"{hub.base}/desk"


async def test_what_was_written_comes_back_after_the_second_step(hub: ClientHub, gil: Guarded) -> None:
    browser = hub.browser()
    sent = await first_step(browser, gil, kept="text=Long+words", return_to="/new/post")
    page = await second_step(browser, sent, gil.code())
    assert "What you wrote is still here" in page.words
    assert 'value="Long words"' in page.text


async def test_case_132_the_password_alone_opens_nothing(hub: ClientHub, gil: Guarded) -> None:
    browser = hub.browser()
    sent = await first_step(browser, gil)
    assert cookie_name(hub.app[SETTINGS], "session") not in browser.cookies()
    assert (await browser.get("/desk")).status == 401
    browser.keep(cookie_name(hub.app[SETTINGS], "session"), sent["key"])
    assert (await browser.get("/desk")).status == 401
    assert (await hub.client(sent["key"]).get("/api/v1/apps/verify_credentials")).status == 401


@pytest.mark.parametrize("code", ["", "000000", "abcdef", "٣٤٥٦٧٨", "x" * 5000, "aaaa-aaaa-aaaa-aaaa"])
async def test_case_132_a_wrong_code_is_refused(hub: ClientHub, gil: Guarded, code: str) -> None:
    browser = hub.browser()
    page = await second_step(browser, await first_step(browser, gil), code)
    assert page.status == 422
    assert "This is not the right code" in page.words
    assert (await browser.get("/desk")).status == 401


async def test_case_132_a_code_is_good_once(hub: ClientHub, gil: Guarded) -> None:
    code = gil.code()
    first, second = hub.browser(), hub.browser()
    sent, again = await first_step(first, gil), await first_step(second, gil)
    assert (await second_step(first, sent, code)).status == 200
    page = await second_step(second, again, code)
    assert page.status == 422
    assert (await second_step(second, again, gil.code(1))).status == 422  # nor is an earlier one


async def test_case_132_of_two_who_send_one_code_at_a_time_one_gets_in(hub: ClientHub, gil: Guarded) -> None:
    browsers = [hub.browser(), hub.browser()]
    sent = [await first_step(one, gil) for one in browsers]
    code = gil.code()
    pages = await asyncio.gather(*(second_step(one, mine, code) for one, mine in zip(browsers, sent, strict=True)))
    assert sorted(page.status for page in pages) == [200, 422]


async def test_case_132_an_old_code_is_refused(hub: ClientHub, gil: Guarded) -> None:
    browser = hub.browser()
    assert (await second_step(browser, await first_step(browser, gil), gil.code(3))).status == 422


async def test_a_recovery_code_opens_once(hub: ClientHub, gil: Guarded) -> None:
    browser = hub.browser()
    page = await second_step(browser, await first_step(browser, gil), gil.codes[0].upper())
    assert page.url == f"{hub.base}/desk"
    other = hub.browser()
    sent = await first_step(other, gil)
    assert (await second_step(other, sent, gil.codes[0])).status == 422
    assert (await second_step(other, sent, gil.codes[1].replace("-", ""))).status == 200


async def test_case_132_the_code_of_somebody_else_is_refused(hub: ClientHub, gil: Guarded) -> None:
    other, browser = await guarded(hub), hub.browser()
    sent = await first_step(browser, gil)
    assert (await second_step(browser, sent, other.code())).status == 422
    assert (await second_step(browser, sent, other.codes[0])).status == 422


async def test_case_132_a_first_step_ends_after_some_minutes_and_with_its_use(hub: ClientHub, gil: Guarded) -> None:
    browser = hub.browser()
    sent = await first_step(browser, gil)
    await hub.db.execute("UPDATE pending_sign_ins SET expires_at = now() WHERE account_id = $1", gil.who.account.id)
    page = await second_step(browser, sent, gil.code())
    assert page.status == 422
    assert "That took too long" in page.words
    sent = await first_step(browser, gil)
    assert (await second_step(browser, sent, gil.code())).status == 200
    other = hub.browser()
    assert (await second_step(other, sent, gil.codes[0])).status == 422


@pytest.mark.parametrize("key", ["", "nonsense", "\0"])
async def test_case_132_nobody_begins_with_the_second_step(hub: ClientHub, gil: Guarded, key: str) -> None:
    browser = hub.browser()
    page = await second_step(browser, {"key": key, "return_to": "/desk"}, gil.code())
    assert page.status in (400, 422)
    assert (await browser.get("/desk")).status == 401


async def test_case_136_the_second_step_leads_nowhere_else(hub: ClientHub, gil: Guarded) -> None:
    browser = hub.browser()
    sent = await first_step(browser, gil) | {"return_to": "//evil.example/", "code": gil.code()}
    page = await browser.post("/sign-in/second", sent, form="/sign-in", follow=False)
    assert (page.status, page.headers["Location"]) == (303, "/desk")


async def test_case_132_codes_cannot_be_tried_out(hub: ClientHub, gil: Guarded) -> None:
    settings = hub.app[SETTINGS]
    hub.app._state[SETTINGS] = msgspec.structs.replace(settings, rate_limits=True)
    try:
        statuses = []
        for _ in range(
            PENDING_TRIES + 1
        ):  # a new first step and another browser each time: it is the account that counts
            browser = hub.browser()
            statuses.append((await second_step(browser, await first_step(browser, gil), "000000")).status)
        browser = hub.browser()
        right = await second_step(browser, await first_step(browser, gil), gil.code())
    finally:
        hub.app._state[SETTINGS] = settings
    assert statuses == [422] * PENDING_TRIES + [429]
    assert right.status == 429


async def test_case_132_attempts_count_in_all_processes_and_for_a_time(hub: ClientHub) -> None:
    async def wait() -> float:
        return await attempts.wait(hub.db, "a test", "somebody", count=2, seconds=SIGN_IN_SECONDS)

    assert await wait() == await wait() == 0.0
    assert 0 < await wait() <= SIGN_IN_SECONDS
    # What one process counted another one sees: it stands in the database, and under a hash.
    assert not await hub.db.fetchval(
        "SELECT count(*) FROM attempts WHERE position('somebody' IN encode(who, 'escape')) > 0"
    )
    await hub.db.execute(
        "UPDATE attempts SET due_at = due_at - $1::interval WHERE subject = 'a test'",
        timedelta(seconds=SIGN_IN_SECONDS / 2),
    )
    assert await wait() == 0.0
    await hub.db.execute("UPDATE attempts SET due_at = now() - interval '1 second' WHERE subject = 'a test'")
    await attempts.forget_past(hub.db)
    assert not await hub.db.fetchval("SELECT count(*) FROM attempts WHERE subject = 'a test'")
