"""Debian's Chromium, without scripts unless a test turns them on, looking at a hub with something to see."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import async_playwright

from tests.node.pages.conftest import base, cheap_passwords, hub, unfounded

__all__ = ["base", "cheap_passwords", "hub", "unfounded"]

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]


@pytest.fixture
async def chromium() -> AsyncIterator[Chromium]:
    """The browser; `tests/install-browser` puts it there."""
    program = shutil.which("chromium")
    assert program, "Chromium is missing: run tests/install-browser"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        await browser.close()
