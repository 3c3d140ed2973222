"""Debian's Chromium, without scripts unless a test turns them on, looking at a hub with something to see."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Playwright, async_playwright

from tests.node.pages.conftest import base, cheap_passwords, hub, unfounded

__all__ = ["base", "cheap_passwords", "hub", "unfounded"]

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]


@asynccontextmanager
async def launched(playwright: Playwright) -> AsyncIterator[Chromium]:
    """The browser; `tests/install-browser` puts it there."""
    program = shutil.which("chromium")
    assert program, "Chromium is missing: run tests/install-browser"
    browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
    yield browser
    await browser.close()


@pytest.fixture
async def chromium() -> AsyncIterator[Chromium]:
    """The browser for one test."""
    async with async_playwright() as playwright, launched(playwright) as browser:
        yield browser
