"""A hub, its members with browsers, and apps that ask to be let in."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec
import pytest_asyncio

from node.store.access.apps import App
from schemas.records import Viewer
from schemas.redirects import OUT_OF_BAND
from tests.node.mastodon.conftest import Answer, ClientHub, ana, bo, client, hub
from tests.node.pages.conftest import PASSWORD, Browser, Page
from tests.node.pages.form_reader import fields_of

__all__ = ["ana", "bo", "client", "hub"]

BACK = "https://herd.example/back?at=1"
VERIFIER = "a-verifier-that-is-long-enough-to-be-one-of-rfc-7636"


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class Herd(msgspec.Struct, frozen=True, kw_only=True):
    """An app: what it registered with, and how it asks."""

    hub: ClientHub
    app: App
    secret: str

    def address(self, **changes: Any) -> str:
        """Where it sends people; None takes a parameter out."""
        usual = {
            "client_id": self.app.client_id,
            "redirect_uri": self.app.redirect_uris[0],
            "response_type": "code",
            "scope": "read write",
            "state": "x&y=ü",
        }
        sent = {name: value for name, value in (usual | changes).items() if value is not None}
        return f"/oauth/authorize?{urlencode(sent, doseq=True)}"

    async def answered(self, browser: Browser, decision: str = "allow", **changes: Any) -> Page:
        """The page after somebody who is signed in has pressed a button."""
        page = await browser.get(
            self.address(**{name: changes.pop(name) for name in list(changes) if name != "acting"})
        )
        assert page.status == 200, page.words
        sent = {name: values[0] for name, values in fields_of(page.text, "/oauth/authorize").items()}
        return await browser.post(
            "/oauth/authorize", sent | changes | {"decision": decision}, form="/settings/apps", follow=False
        )

    async def code(self, browser: Browser, **changes: Any) -> str:
        """A code that somebody allowed it to have."""
        page = await self.answered(browser, **changes)
        if page.status == 200:
            found = re.search(r'name="code" value="([^"]+)"', page.text)
            assert found
            return unescape(found[1])
        return parse_qs(urlsplit(page.headers["Location"]).query)["code"][0]

    async def exchange(self, code: str, /, *, headers: dict[str, str] | None = None, **changes: Any) -> Answer:
        """Bring the code for a token; None takes a parameter out."""
        usual = {
            "grant_type": "authorization_code",
            "client_id": self.app.client_id,
            "client_secret": self.secret,
            "redirect_uri": self.app.redirect_uris[0],
            "code": code,
        }
        sent = {name: value for name, value in (usual | changes).items() if value is not None}
        return await self.hub.stranger.post("/oauth/token", data=sent, headers=headers)


async def a_herd(hub: ClientHub, *scopes: str, back: str = BACK, name: str = "Herd") -> Herd:
    """A newly registered app."""
    app, secret = await hub.app_named(name, *(scopes or ("read", "write", "profile")), redirect_uris=(back,))
    return Herd(hub=hub, app=app, secret=secret)


async def browser_of(hub: ClientHub, who: Viewer) -> Browser:
    """A browser in which a member has signed in."""
    browser = hub.browser()
    page = await browser.post("/sign-in", {"who": who.actor.name, "password": PASSWORD})
    assert page.url == f"{hub.base}/desk"
    return browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def anas(hub: ClientHub, ana: Viewer) -> Browser:
    """Ana's browser, signed in for all tests of a module."""
    return await browser_of(hub, ana)


__all__ += ["BACK", "OUT_OF_BAND", "PASSWORD", "VERIFIER", "Browser", "ClientHub", "Herd", "Page", "Viewer"]
