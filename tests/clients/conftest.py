"""A real node as a process of its own, with members, for clients that know nothing of us; and its consent page."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from node.actions import setup
from node.actions.accounts import NewAccount, create, prepare
from node.actions.setup import Founding
from node.app import open_node
from node.settings import Settings, load
from tests.conftest import run
from tests.journeys.conftest import CHECKOUT, open_folder
from tests.ports import free_port

CLIENTS = CHECKOUT / ".venv/clients"
PASSWORD = "eine lange Losung"
PATIENCE = 90.0
"""A hang guard: the node answers after a few seconds."""


@dataclass
class Server:
    """A running hub with the steward `ada`."""

    folder: Path
    port: int

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("ALLMENDE_")}
        return inherited | {
            "ALLMENDE_BASE_URL": self.base_url,
            "ALLMENDE_LISTEN": f"127.0.0.1:{self.port}",
            "ALLMENDE_DATA": str(self.folder / "data"),
            "ALLMENDE_ALLOW_NETWORKS": "127.0.0.0/8",
            "ALLMENDE_RATE_LIMITS": "off",
            "ALLMENDE_TEST_SIGNUPS": "1",
            "PYTHONPATH": str(CHECKOUT),
        }

    def allmende(self, *arguments: str, stdin: str = "") -> str:
        """What a command prints."""
        return subprocess.run(
            [sys.executable, "-m", "node", *arguments],
            cwd=self.folder, env=self.environment, input=stdin, text=True, check=True, stdout=subprocess.PIPE,
        ).stdout  # fmt: skip

    @staticmethod
    def example(kind: str) -> Path:
        """A complete draft of this kind."""
        return CHECKOUT / f"schemas/examples/{kind}.json"

    def authorize(self, address: str, name: str, act_as: str = "") -> str:
        """The code that a member gets who signs in on the consent page at this address, says yes, and copies it."""
        browser = requests.Session()
        page = browser.get(address, timeout=PATIENCE)
        for _ in range(4):
            forms = Forms.of(page.text)
            if forms.code:
                return forms.code
            filled = forms.filled(name, act_as)
            page = browser.post(urljoin(page.url, filled.action), data=filled.fields, timeout=PATIENCE)
            assert page.ok, page.text
        raise AssertionError(f"no code after all forms: {page.text}")


@dataclass
class Filled:
    action: str
    fields: list[tuple[str, str]]


class Forms(HTMLParser):
    """The forms of a page, as far as a person without scripts sees them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[dict[str, str]]]] = []
        self.code = ""

    @classmethod
    def of(cls, page: str) -> Forms:
        parser = cls()
        parser.feed(page)
        return parser

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((values.get("action", ""), []))
        elif tag in ("input", "button") and self.forms and values.get("name"):
            self.forms[-1][1].append({"type": "submit" if tag == "button" else "text"} | values)
        if tag == "input" and values.get("name") == "code" and "readonly" in values:
            self.code = values["value"]

    def filled(self, name: str, act_as: str) -> Filled:
        """The form that asks for a password or a decision, filled in by this member: the first button means yes."""
        wanted = [one for one in self.forms if {field["name"] for field in one[1]} & {"password", "scope", "decision"}]
        action, inputs = wanted[0]
        fields, pressed = [], False
        for one in inputs:
            value = one.get("value", "")
            match one["type"]:
                case "password":
                    value = PASSWORD
                case "radio" if value != act_as if act_as else "checked" not in one:
                    continue
                case "checkbox" if "checked" not in one:
                    continue
                case "submit":
                    if pressed:
                        continue
                    pressed = True
                case "text" | "email":
                    value = value or name
            fields.append((one["name"], value))
        return Filled(action, fields)


@pytest.fixture(scope="module")
def program() -> str:
    """The module that runs as the node; a file of tests may name another."""
    return "node"


@pytest.fixture(scope="module")
def server(program: str) -> Iterator[Server]:
    """A hub with the steward `ada` and the members `bo` and `cem`, on its own database, for one file of tests."""
    server = Server(folder=open_folder(), port=free_port())
    log = server.folder / "node.log"
    run(_furnish(load(server.environment, server.folder)))
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", program, "serve"],
            cwd=server.folder,
            env=server.environment,
            stdout=file,
            stderr=file,
        )
    try:
        _wait(server, process, log)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
        shutil.rmtree(server.folder, ignore_errors=True)


async def _furnish(settings: Settings) -> None:
    steward, *members = [
        NewAccount(name=name, email=f"{name}@hub.example", password=PASSWORD, role=role)
        for name, role in (("ada", "steward"), ("bo", "member"), ("cem", "member"))
    ]
    areas = {"housing": setup.AREAS["housing"]}
    founding = Founding(
        name="Hub", language="en", languages=("en",), zone="Europe/Brussels", areas=areas, steward=steward
    )
    founded = await setup.ready(founding)
    ready = [await prepare(member) for member in members]
    async with open_node(settings) as (node, _), node.database.pool.acquire() as db, db.transaction():
        await setup.found(db, node.urls, founding, founded)
        for member, its in zip(members, ready, strict=True):
            await create(db, node.urls, member, its)


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            if requests.get(f"{server.base_url}/health", timeout=PATIENCE).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.05)
    pytest.fail(f"the node does not answer:\n{log.read_text()}")
