"""The page on which a member lets an app in: what it says, where it leads, and whom it turns away (case 126)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from node.store.access import bearers
from schemas.records import Viewer
from schemas.redirects import OUT_OF_BAND
from tests.node.oauth.conftest import BACK, VERIFIER, ClientHub, a_herd, browser_of, challenge_of
from tests.node.pages.conftest import PASSWORD, Browser
from tests.node.pages.form_reader import fields_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

TRICKS = [
    "https://herd.example/back",
    "https://herd.example/back?at=1&more=2",
    "https://herd.example/back?at=1#x",
    "https://herd.example/back/?at=1",
    "https://herd.example/back/../evil?at=1",
    "https://HERD.example/back?at=1",
    "http://herd.example/back?at=1",
    "https://herd.example:443/back?at=1",
    "https://herd.example@evil.example/back?at=1",
    "https://herd.example.evil.example/back?at=1",
    "https://evil.example/back?at=1",
    "//evil.example/back",
    "/back",
    "javascript:alert(1)//https://herd.example/back?at=1",
    "https://herd.example/back%3Fat=1",
    " https://herd.example/back?at=1",
    OUT_OF_BAND,
    "",
]


async def test_a_member_lets_an_app_in(hub: ClientHub, anas: Browser) -> None:
    herd, browser = await a_herd(hub), anas
    page = await browser.get(herd.address())
    assert page.status == 200
    assert "Let Herd in?" in page.words
    assert "Read all that you can read here" in page.words
    assert "You will be sent on to herd.example." in page.words
    answer = await herd.answered(browser)
    assert answer.status == 303
    assert answer.headers["Location"].startswith(f"{BACK}&code=")
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["state"] == ["x&y=ü"]
    assert answer.headers["Cache-Control"] == "no-store"


async def test_the_address_with_a_slash_behind_it_is_the_same(hub: ClientHub, anas: Browser) -> None:
    herd, browser = await a_herd(hub), anas
    page = await browser.get(herd.address().replace("/authorize?", "/authorize/?"))
    assert "Let Herd in?" in page.words
    assert (await browser.post("/oauth/authorize/", {"decision": "allow"}, form="/settings/apps")).status == 400


async def test_who_says_no_sends_the_app_away(hub: ClientHub, anas: Browser) -> None:
    herd, browser = await a_herd(hub), anas
    answer = await herd.answered(browser, decision="deny")
    assert answer.headers["Location"] == f"{BACK}&error=access_denied&state=x%26y%3D%C3%BC"
    assert await hub.db.fetchval("SELECT count(*) FROM authorization_codes WHERE app_id = $1", herd.app.id) == 0


@pytest.mark.parametrize("back", ["icecubesapp://", "https://elk.example/api/x/oauth/https%3A%2F%2Felk.example"])
async def test_the_apps_address_is_answered_at_byte_for_byte(hub: ClientHub, anas: Browser, back: str) -> None:
    herd, browser = await a_herd(hub, back=back), anas
    answer = await herd.answered(browser, state=None)
    assert answer.headers["Location"].startswith(f"{back}?code=")


async def test_without_an_address_the_code_is_shown(hub: ClientHub, anas: Browser) -> None:
    herd, browser = await a_herd(hub, back=OUT_OF_BAND), anas
    page = await herd.answered(browser)
    assert page.status == 200
    assert "Your code for Herd" in page.words
    assert page.headers["Cache-Control"] == "no-store"
    refused = await herd.answered(browser, decision="deny")
    assert "Herd got nothing." in refused.words
    assert 'name="code"' not in refused.text


async def test_who_is_not_signed_in_does_that_first_and_comes_back(hub: ClientHub, ana: Viewer) -> None:
    herd, browser = await a_herd(hub, back="https://elk.example/https%3A%2F%2Fx"), hub.browser()
    page = await browser.get(herd.address(lang="de"))
    assert "/sign-in?" in page.url
    assert "Anmelden" in page.words
    sent = {name: values[0] for name, values in fields_of(page.text, "/sign-in").items()}
    page = await browser.post("/sign-in", sent | {"who": "ana", "password": PASSWORD})
    assert "Herd hereinlassen?" in page.words
    assert "Alles lesen, was du hier lesen kannst" in page.words


async def test_an_app_may_ask_to_sign_in_anew(hub: ClientHub, ana: Viewer, bo: Viewer) -> None:
    herd, browser = await a_herd(hub), await browser_of(hub, ana)
    page = await browser.get(herd.address(force_login="true"))
    assert "/sign-in?" in page.url
    sent = {name: values[0] for name, values in fields_of(page.text, "/sign-in").items()}
    page = await browser.post("/sign-in", sent | {"who": "bo", "password": PASSWORD})
    assert "Let Herd in?" in page.words
    assert "@bo" in page.words
    assert "Let Herd in?" in (await browser.get(herd.address(force_login="false"))).words


async def test_an_editor_chooses_to_act_as_the_hub(hub: ClientHub, ana: Viewer) -> None:
    editor = await hub.newcomer("editor")
    herd, browser = await a_herd(hub), await browser_of(hub, editor)
    assert "As the hub: Werkhof" in (await browser.get(herd.address())).words
    for acting, name in (("hub", "hub"), ("me", editor.actor.name)):
        issued = await herd.exchange(await herd.code(browser, acting=acting))
        bearer = await bearers.find(hub.db, issued.json["access_token"])
        assert bearer
        assert bearer.viewer
        assert bearer.viewer.acting.name == name


async def test_a_member_without_that_right_acts_as_oneself_only(hub: ClientHub, anas: Browser) -> None:
    herd, browser = await a_herd(hub), anas
    assert "As the hub" not in (await browser.get(herd.address())).words
    assert (await herd.answered(browser, acting="hub")).status == 403


@pytest.mark.parametrize("trick", TRICKS)
async def test_case_126_an_address_that_is_not_the_registered_one_is_never_sent_anybody(
    hub: ClientHub, anas: Browser, trick: str
) -> None:
    herd, browser = await a_herd(hub), anas
    page = await browser.get(herd.address(redirect_uri=trick), follow=False)
    assert page.status == 400
    assert "Location" not in page.headers
    assert "an address that it did not register" in page.words
    good = await browser.get(herd.address())
    sent = {name: values[0] for name, values in fields_of(good.text, "/oauth/authorize").items()}
    for decision in ("allow", "deny"):
        changed = sent | {"redirect_uri": trick, "decision": decision}
        page = await browser.post("/oauth/authorize", changed, form="/settings/apps", follow=False)
        assert page.status == 400
        assert "Location" not in page.headers


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"client_id": "a\0b"},
        {"client_id": "' OR 1=1 --"},
        {"redirect_uri": None},
        {"redirect_uri": [BACK, "https://evil.example/"]},
        {"client_id": ["a", "b"]},
        {"response_type": "token"},
        {"response_type": None},
        {"response_mode": "fragment"},
        {"scope": "read write follow"},
        {"scope": "everything"},
        {"scope": "admin:read"},
        {"code_challenge": challenge_of(VERIFIER)},
        {"code_challenge": challenge_of(VERIFIER), "code_challenge_method": "plain"},
        {"code_challenge": "short", "code_challenge_method": "S256"},
        {"code_challenge_method": "S256"},
        {"state": "x" * 4097},
    ],
)
async def test_a_wish_that_is_not_right_is_shown_and_leads_nowhere(
    hub: ClientHub, anas: Browser, wrong: dict[str, Any]
) -> None:
    herd, browser = await a_herd(hub), anas
    page = await browser.get(herd.address(**wrong), follow=False)
    assert page.status == 400
    assert "Location" not in page.headers
    assert "text/html" in page.headers["Content-Type"]


async def test_narrow_scopes_of_a_broad_one_may_be_asked_for(hub: ClientHub, anas: Browser) -> None:
    herd, browser = await a_herd(hub, "read", "write"), anas
    page = await browser.get(herd.address(scope="read:statuses read:lists write:media"))
    assert "Read: posts, lists." in page.words
    assert "Change in your name: pictures and other media." in page.words
    issued = await herd.exchange(await herd.code(browser, scope="read:statuses"))
    assert issued.json["scope"] == "read:statuses"


async def test_the_name_of_an_app_is_text_and_nothing_else(hub: ClientHub, anas: Browser) -> None:
    herd, browser = await a_herd(hub, name="<script>alert(1)</script>"), anas
    page = await browser.get(herd.address())
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text


async def test_case_130_the_page_can_be_framed_by_nobody_and_its_form_may_lead_to_the_app(
    hub: ClientHub, anas: Browser
) -> None:
    herd, browser = await a_herd(hub), anas
    page = await browser.get(herd.address())
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "form-action" not in policy
    assert "default-src 'none'" in policy
    assert page.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"  # the app's window waits for this one
    assert page.headers["Cache-Control"] == "no-store"
    assert "form-action 'self'" in (await browser.get("/desk")).headers["Content-Security-Policy"]


async def test_case_130_nobody_says_yes_for_somebody_else(hub: ClientHub, anas: Browser) -> None:
    herd, browser = await a_herd(hub), anas
    good = await browser.get(herd.address())
    sent = {name: values[0] for name, values in fields_of(good.text, "/oauth/authorize").items()}
    sent |= {"decision": "allow"}
    assert (await browser.post_bare("/oauth/authorize", sent, follow=False)).status == 403
    page = await browser.post("/oauth/authorize", sent, form="/settings/apps", follow=False)
    assert page.status == 303
    assert await hub.db.fetchval("SELECT count(*) FROM authorization_codes WHERE app_id = $1", herd.app.id) == 1


async def test_who_is_signed_out_meanwhile_signs_in_and_is_asked_again(hub: ClientHub, ana: Viewer) -> None:
    herd, browser = await a_herd(hub), await browser_of(hub, ana)
    page = await browser.get(herd.address())
    sent = {name: values[0] for name, values in fields_of(page.text, "/oauth/authorize").items()}
    await browser.post("/sign-out", {}, form="/desk")
    answer = await browser.post("/oauth/authorize", sent | {"decision": "allow"}, form="/sign-in", follow=False)
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/sign-in?return_to=/oauth/authorize?client_id")
    assert await hub.db.fetchval("SELECT count(*) FROM authorization_codes WHERE app_id = $1", herd.app.id) == 0


async def test_a_token_lets_no_app_in_and_opens_no_page(hub: ClientHub, ana: Viewer) -> None:
    narrow = await hub.client_of(ana, "read:lists")
    herd = await a_herd(hub)
    answer = await narrow.get(herd.address())
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/sign-in?")
    assert (await narrow.get("/settings/security")).status == 401
