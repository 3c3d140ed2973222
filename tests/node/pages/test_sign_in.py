"""Signing in and out, sessions, and the proof that a form is ours: cases 115, 129, 130, 131, 136, 137."""

from __future__ import annotations

import time
from datetime import timedelta

import msgspec
import pytest

from node.store.access import attempts, sessions
from node.web.keys import SETTINGS
from node.web.sessions import cookie_name
from schemas.limits import SIGN_IN_COUNT_NETWORK, SIGN_IN_SECONDS
from tests.node.pages.conftest import PASSWORD, Browser, Hub

UNSEEN = "seen_at = now() - interval '2 hours'"
RIGHT = {"who": "ana", "password": PASSWORD}


@pytest.mark.parametrize("who", ["ana", "@ana", "ANA", "ana@hub.example", "Ana@Hub.example"])
async def test_one_signs_in_by_name_or_mail_address(hub: Hub, who: str) -> None:
    page = await hub.browser().post("/sign-in", {"who": who, "password": PASSWORD})
    assert (page.status, page.url) == (200, f"{hub.base}/desk")
    assert "My desk" in page.words


@pytest.mark.parametrize(
    ("who", "password"), [("ana", "wrong password"), ("nobody", PASSWORD), ("", ""), ("hub", PASSWORD)]
)
async def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(hub: Hub, who: str, password: str) -> None:
    page = await hub.browser().post("/sign-in", {"who": who, "password": password})
    assert page.status == 422
    assert "This name and password do not belong together." in page.words
    assert password not in page.text or password == ""


async def test_case_115_a_wrong_name_takes_as_long_as_a_wrong_password(costly_passwords: None, hub: Hub) -> None:
    browser = hub.browser()
    await browser.post("/sign-in", {"who": "nobody", "password": "x"})  # the first one makes the empty hash

    async def seconds(who: str) -> float:
        started = time.process_time()
        await browser.post("/sign-in", {"who": who, "password": "wrong password"})
        return time.process_time() - started

    known = min([await seconds("ana") for _ in range(3)])
    unknown = min([await seconds("nobody") for _ in range(3)])
    assert unknown > known / 2


async def test_case_115_too_many_attempts_are_refused_whether_there_is_such_an_account_or_not(hub: Hub) -> None:
    for who in ("ana", "nobody"):
        browser = hub.browser()
        statuses = [(await browser.post("/sign-in", {"who": who, "password": "wrong"})).status for _ in range(11)]
        assert statuses == [422] * 10 + [429]
    assert (await hub.browser().post("/sign-in", RIGHT)).status == 429


async def test_case_125_one_network_does_not_try_one_password_on_everybody(hub: Hub) -> None:
    for _ in range(SIGN_IN_COUNT_NETWORK):
        await attempts.wait(hub.db, "sign in from", "127.0.0.1", count=SIGN_IN_COUNT_NETWORK, seconds=SIGN_IN_SECONDS)
    page = await hub.browser().post("/sign-in", RIGHT)
    assert page.status == 429
    assert "Too many attempts" in page.words
    spoofed = await hub.browser().post("/sign-in", RIGHT, **{"X-Forwarded-For": "192.0.2.1"})
    assert spoofed.status == 429


async def test_a_browser_may_call_itself_what_it_likes(hub: Hub) -> None:
    browser = hub.browser()
    await browser.post("/sign-in", RIGHT, **{"User-Agent": "<b>Fox</b> \u202e" + "x" * 500})
    page = await browser.get("/settings/security")
    assert page.status == 200
    assert "&lt;b&gt;Fox&lt;/b&gt; xxx" in page.text


async def test_case_131_the_session_gets_a_new_key_at_sign_in(hub: Hub) -> None:
    browser, name = hub.browser(), cookie_name(hub.app[SETTINGS], "session")
    browser.keep(name, "a key that an attacker knows")
    await browser.post("/sign-in", RIGHT)
    first = browser.cookies()[name]
    assert first != "a key that an attacker knows"
    await browser.post("/sign-out", {}, form="/desk")
    await browser.post("/sign-in", RIGHT)
    assert browser.cookies()[name] != first
    stale = hub.browser()
    stale.keep(name, first)
    assert (await stale.get("/desk")).status == 401


async def test_case_131_the_cookie_is_out_of_reach_for_scripts_and_other_sites(hub: Hub) -> None:
    page = await hub.browser().post("/sign-in", RIGHT, follow=False)
    cookie = page.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert cookie.startswith(f"session-{hub.base.rpartition(':')[2]}=")  # hubs on one host do not share cookies
    https = msgspec.structs.replace(hub.app[SETTINGS], base_url="https://hub.example")
    assert cookie_name(https, "session") == "__Host-session"


async def test_the_database_holds_no_session_key(hub: Hub, ana: Browser) -> None:
    key = ana.cookies()[cookie_name(hub.app[SETTINGS], "session")]
    kept = await hub.db.fetchval("SELECT key_hash FROM sessions")
    assert kept == sessions.hash_of(key)


async def test_case_129_signing_out_ends_the_session_for_good(hub: Hub, ana: Browser) -> None:
    name = cookie_name(hub.app[SETTINGS], "session")
    key = ana.cookies()[name]
    await ana.post("/sign-out", {}, form="/desk")
    assert (await ana.get("/desk")).status == 401
    ana.keep(name, key)
    assert (await ana.get("/desk")).status == 401


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE accounts SET disabled_at = now()",
        "UPDATE actors SET suspended_at = now() WHERE name = 'ana'",
        "UPDATE sessions SET expires_at = now()",
    ],
)
async def test_case_129_a_session_ends_with_its_account_and_its_time(hub: Hub, ana: Browser, change: str) -> None:
    assert (await ana.get("/desk")).status == 200
    await hub.db.execute(change)
    assert (await ana.get("/desk")).status == 401
    if "sessions" not in change:
        assert (await hub.browser().post("/sign-in", RIGHT)).status == 422


async def test_a_session_in_use_lives_on_and_no_longer_than_its_most(hub: Hub, ana: Browser) -> None:
    await hub.db.execute(
        "UPDATE sessions SET seen_at = now() - interval '2 hours', expires_at = now() + interval '1 day'"
    )
    await ana.get("/desk")
    left = await hub.db.fetchval("SELECT expires_at - now() FROM sessions")
    assert left > timedelta(days=29)
    await hub.db.execute(
        "UPDATE sessions SET seen_at = now() - interval '2 hours', created_at = now() - interval '179 days'"
    )
    await ana.get("/desk")
    left = await hub.db.fetchval("SELECT expires_at - now() FROM sessions")
    assert left < timedelta(days=2)


async def test_case_130_a_form_without_our_token_does_nothing(hub: Hub, ana: Browser) -> None:
    page = await ana.post_bare("/new/post", {"text": "planted", "audience": "public"}, Origin=hub.base)
    assert page.status == 403
    assert "open for too long" in page.words
    assert await hub.db.fetchval("SELECT count(*) FROM posts") == 0


async def test_case_130_a_form_with_the_token_of_another_browser_does_nothing(hub: Hub, ana: Browser) -> None:
    other = await hub.browser().get("/sign-in")
    token = other.text.partition('name="form_token" value="')[2].partition('"')[0]
    sent = {"text": "planted", "audience": "public", "form_token": token}
    assert (await ana.post_bare("/new/post", sent, Origin=hub.base)).status == 403
    assert await hub.db.fetchval("SELECT count(*) FROM posts") == 0


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
async def test_case_130_a_form_from_another_site_does_nothing(hub: Hub, ana: Browser, origin: str) -> None:
    token = (await ana.get("/new/post")).text.partition('name="form_token" value="')[2].partition('"')[0]
    sent = {"text": "planted", "audience": "public", "form_token": token}
    page = await ana.post_bare("/new/post", sent, Origin=origin)
    assert page.status == 403
    assert "planted" not in page.text  # nothing is offered to be sent again
    assert await hub.db.fetchval("SELECT count(*) FROM posts") == 0


async def test_case_130_signing_in_needs_a_form_of_ours_too(hub: Hub) -> None:
    browser = hub.browser()
    assert (await browser.post_bare("/sign-in", RIGHT, Origin="https://evil.example")).status == 403
    assert (await browser.get("/desk")).status == 401


async def test_case_130_a_session_alone_changes_nothing_through_the_api(hub: Hub, ana: Browser) -> None:
    draft = {"kind": "post", "text": "planted"}
    async with ana.session.post(
        f"{hub.base}/api/allmende/v1/posts", json=draft, headers={"Origin": hub.base}
    ) as answer:
        assert answer.status in (401, 403, 404, 405)
    assert await hub.db.fetchval("SELECT count(*) FROM posts") == 0


@pytest.mark.parametrize(
    "wish", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "\\\\evil"]
)
async def test_case_136_signing_in_leads_nowhere_else(hub: Hub, wish: str) -> None:
    page = await hub.browser().post("/sign-in", RIGHT | {"return_to": wish}, follow=False)
    assert (page.status, page.headers["Location"]) == (303, "/desk")


async def test_signing_in_leads_back_to_where_one_was(hub: Hub) -> None:
    page = await hub.browser().post("/sign-in", RIGHT | {"return_to": "/events?area=it"}, follow=False)
    assert page.headers["Location"] == "/events?area=it"


async def test_what_was_written_when_the_session_ended_comes_back_after_signing_in(hub: Hub, ana: Browser) -> None:
    token = (await ana.get("/new/post")).text.partition('name="form_token" value="')[2].partition('"')[0]
    await hub.db.execute("DELETE FROM sessions")
    sent = {"text": "Long & dear words", "audience": "public", "language": "en", "form_token": token}
    page = await ana.post_bare("/new/post", sent, Origin=hub.base)
    assert page.status == 401
    assert "What you wrote is kept" in page.words
    kept = page.text.partition('name="kept" value="')[2].partition('"')[0].replace("&amp;", "&")
    page = await ana.post("/sign-in", RIGHT | {"kept": kept, "return_to": "/new/post"})
    assert page.status == 200
    assert "What you wrote is still here" in page.words
    again = page.text.partition('name="form_token" value="')[2].partition('"')[0]
    page = await ana.post_bare("/new/post", sent | {"form_token": again}, Origin=hub.base)
    assert "Long & dear words" in page.words


async def test_case_137_what_a_signed_in_reader_sees_is_kept_by_nobody(
    hub: Hub, ana: Browser, stranger: Browser
) -> None:
    for path in ("/", "/events", "/desk"):
        assert (await ana.get(path)).headers["Cache-Control"] == "no-store"
    page = await stranger.get("/")
    assert page.headers["Cache-Control"] == "no-cache"
    assert "Cookie" in page.headers["Vary"]


async def test_reading_sets_no_cookie(stranger: Browser) -> None:
    for path in ("/", "/events", "/about", "/events.ics"):
        assert "Set-Cookie" not in (await stranger.get(path)).headers
