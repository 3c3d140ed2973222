"""Debian's Chromium, without scripts unless a test turns them on, looking at a hub with something to see."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import async_playwright

from tests.node.pages.conftest import base, cheap_passwords, hub, unfounded

__all__ = ["base", "cheap_passwords", "hub", "unfounded"]

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage",
         "--js-flags=--no-opt"]  # fmt: skip
"""No page is there for so long that it is worth compiling its scripts twice."""


@pytest.fixture(scope="session")
async def one_chromium() -> AsyncIterator[Chromium]:
    """The browser of this test process; `tests/install-browser` puts it there. The one without a window of its own
    takes half the time."""
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert program, "Chromium is missing: run tests/install-browser"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def chromium(one_chromium: Chromium) -> AsyncIterator[Chromium]:
    """The browser for one test: what windows share is the process only."""
    yield one_chromium
    for context in one_chromium.contexts:
        await context.close()
