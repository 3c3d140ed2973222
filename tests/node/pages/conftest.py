"""A hub that answers on loopback under its own base URL, and people with browsers: cookies, forms, no scripts."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from html import unescape
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from argon2 import PasswordHasher
from yarl import URL

from federation.build.urls import Urls
from node.actions import setup
from node.actions.accounts import NewAccount, Ready
from node.actions.setup import Founding
from node.app import build_app
from node.node import Node
from node.secrets import passwords
from node.settings import Settings
from node.store.db import Db
from node.store.members import accounts, mandates
from node.store.people import actors
from node.web.keys import NODE
from schemas.records import Viewer
from tests.factories import keys
from tests.ports import free_port

PASSWORD = "twelve quiet carrots"
ZONE = "Europe/Berlin"
TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


class Page(msgspec.Struct, frozen=True):
    """What a browser got."""

    status: int
    url: str
    headers: Mapping[str, str]
    text: str

    @property
    def words(self) -> str:
        """The text of the page without its tags, as a reader sees it."""
        body = self.text.partition("<main")[2].partition("</main>")[0]
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


class Browser:
    """Keeps cookies, follows redirects and sends forms with what the page before carried."""

    def __init__(self, base: str) -> None:
        jar = aiohttp.CookieJar(unsafe=True)
        self.base = base
        self.session = aiohttp.ClientSession(cookie_jar=jar, headers={"Accept": "text/html", "Accept-Language": "en"})

    async def get(self, path: str, *, follow: bool = True, **headers: str) -> Page:
        """Open an address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.get(self.base + path, headers=named, allow_redirects=follow) as answer:
            return Page(answer.status, str(answer.url), answer.headers, await answer.text())

    async def post(
        self, path: str, fields: Mapping[str, Any], *, form: str | None = None, follow: bool = True, **headers: str
    ) -> Page:
        """Send a form that stands on the page `form` (by default at the address it is sent to)."""
        token = TOKEN.search((await self.get(form or path)).text)
        sent = [
            (name, one) for name, value in fields.items() for one in (value if isinstance(value, list) else [value])
        ]
        sent += [("form_token", token[1])] if token else []
        return await self.post_bare(path, sent, follow=follow, Origin=self.base, **headers)

    async def post_bare(
        self, path: str, sent: list[tuple[str, str]] | dict[str, str], *, follow: bool = True, **headers: str
    ) -> Page:
        """Send fields as they are, without a token."""
        async with self.session.post(self.base + path, data=sent, headers=headers, allow_redirects=follow) as answer:
            return Page(answer.status, str(answer.url), answer.headers, await answer.text())

    def cookies(self) -> dict[str, str]:
        """What the browser keeps for the hub."""
        return {cookie.key: cookie.value for cookie in self.session.cookie_jar}

    def keep(self, name: str, value: str) -> None:
        """Set a cookie by hand."""
        self.session.cookie_jar.update_cookies({name: value}, URL(self.base))


class Hub:
    """The running hub."""

    def __init__(self, app: web.Application, base: str, db: Db) -> None:
        self.app, self.base, self.db = app, base, db
        self.browsers: list[Browser] = []
        self.urls = Urls(base)
        self.runner: web.AppRunner

    @property
    def node(self) -> Node:
        """What the deeds need."""
        return self.app[NODE]

    def browser(self) -> Browser:
        """A browser without cookies."""
        made = Browser(self.base)
        self.browsers.append(made)
        return made

    async def member(self, name: str, role: str = "member", **more: Any) -> Viewer:
        """A new member with the password PASSWORD."""
        person = actors.NewActor(role="member", kind="Person", name=name, display_name=name.title())
        actor = await actors.insert_local(self.db, self.urls, person, keys())
        account = await accounts.insert(
            self.db,
            actor,
            email=f"{name}@hub.example",
            password_hash=await passwords.hashed(PASSWORD),
            language=more.get("language", "en"),
            zone=more.get("zone", ZONE),
        )
        await mandates.insert(self.db, account.id, role)
        found = await accounts.find(self.db, account.id)
        assert found
        return Viewer(account=found, actor=actor, acting=actor, scopes=("*",))

    async def signed_in(self, name: str, role: str = "member", **more: Any) -> Browser:
        """The browser of a new member who has signed in."""
        await self.member(name, role, **more)
        made = self.browser()
        page = await made.post("/sign-in", {"who": name, "password": PASSWORD})
        assert page.url == f"{self.base}/desk"
        return made


@pytest.fixture
def base() -> str:
    """A free address on loopback."""
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture
def costly_passwords() -> None:
    """For tests that look at what hashes cost."""
    passwords._nobody.cache_clear()


@pytest.fixture
def cheap_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost nothing, unless a test asks for `costly_passwords`: nobody attacks these."""
    if "costly_passwords" in request.fixturenames:
        return
    monkeypatch.setattr("node.secrets.passwords._HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
async def unfounded(settings: Settings, db: Db, base: str, cheap_passwords: None) -> AsyncIterator[Hub]:
    """A hub that nobody has set up."""
    settings = msgspec.structs.replace(settings, base_url=base, listen=base.partition("//")[2])
    app = build_app(settings, work=False)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", settings.listen_port).start()
    hub = Hub(app, base, db)
    hub.runner = runner
    yield hub
    for browser in hub.browsers:
        await browser.session.close()
    await runner.cleanup()


@pytest.fixture
async def hub(unfounded: Hub) -> Hub:
    """A hub with two areas; its steward is `ana`."""
    founding = Founding(
        name="Werkhof",
        description="We share workshops.",
        language="en",
        languages=("en", "de"),
        zone=ZONE,
        areas={one: setup.AREAS[one] for one in ("housing", "it")},
        steward=NewAccount(
            name="ana", email="ana@hub.example", password=PASSWORD, role="steward", zone="Europe/Berlin"
        ),
    )
    ready = Ready(password_hash=await passwords.hashed(PASSWORD), keys=keys())
    async with unfounded.db.transaction():
        await setup.found(unfounded.db, unfounded.urls, founding, setup.Founded(steward=ready, keys=[keys()] * 4))
    return unfounded


@pytest.fixture
async def ana(hub: Hub) -> Browser:
    """The steward's browser, signed in."""
    made = hub.browser()
    page = await made.post("/sign-in", {"who": "ana@hub.example", "password": PASSWORD})
    assert page.url == f"{hub.base}/desk"
    return made


@pytest.fixture
async def stranger(hub: Hub) -> Browser:
    """The browser of somebody without an account."""
    return hub.browser()
