"""Addresses and ports of the demo's hubs."""

from __future__ import annotations

import socket
from pathlib import Path

import aiohttp
import pytest

from node.demo.notebook import Notebook
from node.demo.setting_up import make_hubs
from node.demo.waiting import DemoFailed


async def test_hubs_have_addresses_of_their_own_and_keep_their_ports(folder: Path) -> None:
    async with aiohttp.ClientSession() as session:
        first = make_hubs(folder, Notebook(folder), session)
        again = make_hubs(folder, Notebook(folder), session)
    assert [hub.coop.address for hub in first] == ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
    assert [hub.base_url for hub in again] == [hub.base_url for hub in first]


async def test_a_port_that_is_taken_is_passed_by_but_a_kept_one_is_missed(folder: Path) -> None:
    async with aiohttp.ClientSession() as session:
        port = make_hubs(folder, Notebook(folder), session)[0].kept.port
        with socket.create_server(("127.0.0.1", port)):
            with pytest.raises(DemoFailed, match=f"127.0.0.1:{port}, where another program listens now"):
                make_hubs(folder, Notebook(folder), session)
            elsewhere = folder / "elsewhere"
            elsewhere.mkdir()
            assert make_hubs(elsewhere, Notebook(elsewhere), session)[0].kept.port != port


async def test_settings_of_another_hub_do_not_leak_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLMENDE_DATABASE_URL", "postgresql://db.example/hub")
    async with aiohttp.ClientSession() as session:
        hub = make_hubs(folder, Notebook(folder), session)[0]
    assert "ALLMENDE_DATABASE_URL" not in hub.environment
    assert hub.environment["ALLMENDE_BASE_URL"] == hub.base_url
